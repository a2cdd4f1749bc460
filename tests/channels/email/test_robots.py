import pytest

from core.store.conversations import Filters
from core.store.store import Store
from tests.channels.email.mails import OURS, buyer_mail
from tests.channels.email.rig import rig
from tests.fakes.mail_sink import Sink
from voice_agent.channels.email.message import read
from voice_agent.channels.email.robots import judged
from voice_agent.channels.email.thread import mail_id

BOUNCE = b"""From: MAILER-DAEMON@mx.example
To: sales+x@tideline.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

I could not deliver it.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; dana@northwind.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user
--b
Content-Type: text/rfc822-headers

Message-ID: <va.reply.00ff@tideline.example>
Subject: Re: x
--b--
"""


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; reason=x"},
        {"Precedence": "bulk"},
        {"X_Auto_Response_Suppress": "All"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<announce.example>"},
        {"List_Unsubscribe": "<mailto:x@y.example>"},
        {"Return_Path": "<>"},
    ],
    ids=str,
)
def test_marked_mail_of_machines_is_not_answered(headers):
    assert judged(read(buyer_mail("Hello", **headers)), OURS).kind == "robot"


async def test_a_mail_from_somebody_of_the_team_waits_for_a_person(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        key = await mail.get(
            buyer_mail("I'll call her.", sender="Maya <Maya.Lindqvist@tideline.example>")
        )
        assert await mail.status(key) == ("held", "from a colleague, who is no buyer")
        assert not mail_server.mails


@pytest.mark.parametrize("kind", ["notice", "weekly"])
async def test_a_colleagues_answer_to_a_notice_waits_for_a_person(
    store: Store, mail_server: Sink, kind: str
):
    notice = f"<{mail_id(kind, 'n1', OURS)}>"
    async with rig(store, mail_server) as mail:
        sam = "Sam <sam@tideline.example>"
        key = await mail.get(buyer_mail("I'll take it.", sender=sam, In_Reply_To=notice))
        assert (await mail.status(key))[0] == "held" and not mail_server.mails
        assert not (await store.conversations.page(Filters(), limit=1)).conversations


@pytest.mark.parametrize(
    "subject",
    ["Automatic reply: A few questions", "Out of Office: back on Monday", "Abwesenheitsnotiz"],
)
def test_an_absence_without_any_mark_is_known_by_its_subject(subject):
    assert judged(read(buyer_mail("I am away.", subject=subject)), OURS).kind == "robot"


@pytest.mark.parametrize(
    "sender", ["no-reply@x.example", "MAILER-DAEMON@x.example", "bounce@x.example"]
)
def test_an_address_that_reads_nothing_is_not_answered(sender):
    assert judged(read(buyer_mail("Hello", sender=sender)), OURS).kind == "robot"


def test_the_null_path_of_the_envelope_is_a_machine():
    assert judged(read(buyer_mail("Hello")), OURS, returned_to="").kind == "robot"


@pytest.mark.parametrize(
    ("mail", "kind"),
    [
        (buyer_mail("Hello"), "answer"),
        (buyer_mail("Hello", Auto_Submitted="no"), "answer"),
        (buyer_mail("Hello", subject="Out of stock?"), "answer"),
        (buyer_mail("", subject="Do you do SSO?"), "answer"),
        (buyer_mail("Hello", sender=OURS), "ours"),
        (buyer_mail("Hello", sender="sales+x@tideline.example"), "ours"),
        (buyer_mail("Hello", X_Voice_Agent="1"), "ours"),
        (buyer_mail("Hello", Reply_To=OURS), "ours"),
        (buyer_mail("Hello", sender="nobody"), "no_sender"),
        (b"", "no_sender"),
    ],
)
def test_people_are_answered_and_we_never_answer_ourselves(mail, kind):
    assert judged(read(mail), OURS).kind == kind


def test_a_bounce_names_the_mail_that_came_back():
    told = judged(read(BOUNCE), OURS)
    assert (told.kind, told.about) == ("bounce", "va.reply.00ff@tideline.example")
    assert "no such user" in told.why


def test_a_delay_is_no_bounce_and_a_complaint_is_told_apart():
    assert judged(read(BOUNCE.replace(b"Action: failed", b"Action: delayed")), OURS).kind == "robot"
    complaint = BOUNCE.replace(b"message/delivery-status", b"message/feedback-report")
    assert judged(read(complaint), OURS).kind == "complaint"


def test_an_answer_to_an_invitation_is_recorded():
    made = buyer_mail("x").replace(b'text/plain; charset="utf-8"', b"text/calendar; method=REPLY")
    assert judged(read(made), OURS).kind == "robot"


def test_a_form_is_answered_where_its_buyer_is_named():
    form = {"sender": "forms@tideline.example", "Precedence": "bulk"}
    known = {"forms": ("forms@tideline.example",)}
    assert (
        judged(read(buyer_mail("Hi", **form, Reply_To="a@b.example")), OURS, **known).kind
        == "answer"
    )
    assert judged(read(buyer_mail("Hi", **form)), OURS, **known).kind == "no_sender"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            "Hi,\n\nI'm on annual leave until 14 December and will reply when I'm back. If it's"
            " urgent please reach out to my colleague Bill Tran (bill@northwind.example).\n\nDana",
            "robot",
        ),
        (
            "Thank you for your mail. I am currently out of the office and return on Monday.",
            "robot",
        ),
        ("I'm out of the office until Monday. Could we talk on Tuesday?", "answer"),
        ("I'm away until Friday, please send the contract in the meantime.", "answer"),
    ],
)
def test_who_only_says_that_they_are_away_waits_for_no_answer(text, kind):
    answered = {"In_Reply_To": "<a@tideline.example>", "References": "<a@tideline.example>"}
    assert judged(read(buyer_mail(text, **answered)), OURS).kind == kind
