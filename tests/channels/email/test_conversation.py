"""A buyer writes, gets an answer, writes again, books: over real SMTP."""

import email
from email.policy import default

import pytest

from core.events import CallbackRequested, DisclosureHeard, Flagged, IdentifierSeen, SignalCaptured
from core.projections.document import document
from core.store.store import Store
from tests.channels.email.mails import COST, DANA, OURS, SNOWFLAKE, buyer_mail, words
from tests.channels.email.rig import Rig, rig
from tests.fakes.mail_sink import Sink
from voice_agent.channels.writing import OVER

pytestmark = pytest.mark.real_clock
SIGNED = f"Hi,\n\n{SNOWFLAKE}\n\nBest regards,\nDana Whitfield\nCOO, Northwind\n"


async def facts(mail: Rig, key: str) -> list[object]:
    row = await mail.store.mails.arrived(key)
    assert row is not None
    return [entry.fact for entry in await mail.store.log.read(row.conversation_id)]


async def test_a_question_is_answered_with_its_source(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        key = await mail.get(buyer_mail(SIGNED, message_id="<q1@northwind.example>"))
        assert await mail.status(key) == ("answered", "")
        (reply,) = mail_server.mails
        text = words(reply)
        assert text.startswith("Hi Dana,\n\nThis is Marina, Tideline's AI assistant.\n")
        assert "natively to Snowflake, in both directions. [1]" in text
        assert "[1] Snowflake: https://tideline.example/integrations/snowflake" in text
        assert (reply["Subject"], reply["In-Reply-To"]) == (
            "Re: A few questions",
            "<q1@northwind.example>",
        )
        assert reply["Auto-Submitted"] == "auto-replied"
        assert str(reply["List-Unsubscribe"]).startswith("<https://agent.example/email/unsub")
        assert reply["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail_server.envelopes[0].rcpt_tos == ["dana@northwind.example"]
        html = reply.get_body(("html",))
        assert html is not None
        assert 'href="https://tideline.example/integrations/snowflake"' in html.get_content()
        found = await facts(mail, key)
        assert [f for f in found if isinstance(f, DisclosureHeard)]
        told = {f.criterion: f.value for f in found if isinstance(f, SignalCaptured)}
        assert told["email"] == "dana@northwind.example" and told["name"] == "Dana Whitfield"
        assert told["role"] == "COO" and told["company"] == "Northwind"


async def test_a_signature_fills_the_lead_and_its_number_asks_for_no_call(
    store: Store, mail_server: Sink
):
    signed = (
        f"Hi,\n\n{SNOWFLAKE}\n\nBest,\n\nDana Whitfield\nHead of Data | Northwind BV\n"
        "Rotterdam, Netherlands\nT: +31 6 1234 5678\nwww.northwind.example\n"
    )
    async with rig(store, mail_server) as mail:
        found = await facts(mail, await mail.get(buyer_mail(signed)))
        told = {f.criterion: f.value for f in found if isinstance(f, SignalCaptured)}
        assert told["role"] == "head of data" and told["company"] == "Northwind BV"
        assert told["location"] == "Rotterdam" and told["phone"] == "+31612345678"
        assert not [f for f in found if isinstance(f, CallbackRequested)]


async def test_two_questions_are_answered_in_their_order_under_their_words(
    store: Store, mail_server: Sink
):
    async with rig(store, mail_server) as mail:
        await mail.get(buyer_mail(SIGNED))
        asked = f"Thanks, that helps. {COST} And do you support BigQuery?"
        await mail.get(buyer_mail(asked, answers=mail_server.mails[0]))
        text = words(mail_server.mails[1])
        cost, bigquery = (
            text.index("> What does the Growth plan cost?"),
            text.index("> Do you supp"),
        )
        assert cost < text.index("$1,200") < bigquery < text.index("natively to BigQuery")
        assert "AI assistant.\n" not in text, "who writes was said in the first reply"
        assert mail_server.mails[1]["References"].split()[-1] != mail_server.mails[0]["Message-ID"]


async def test_all_of_five_questions_are_answered(store: Store, mail_server: Sink):
    asked = (
        "Do you support Snowflake?\nDo you support BigQuery?\nWhat does the Growth plan cost?\n"
        "Do you have an audit log?\nDo you have an API?\n"
    )
    async with rig(store, mail_server) as mail:
        await mail.get(buyer_mail(asked))
        text = words(mail_server.mails[0])
        assert text.count("\n> ") == 5
        assert "[5]" in text


async def test_a_meeting_booked_by_mail_comes_with_its_invitation(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        await mail.get(buyer_mail(f"{SNOWFLAKE} We are a healthcare company with 200 people."))
        ask = "Please set up a demo with your team."
        await mail.get(buyer_mail(ask, answers=mail_server.mails[0]))
        key = await mail.get(buyer_mail("The first one is fine.", answers=mail_server.mails[1]))
        reply = mail_server.mails[2]
        assert "booked" in words(reply)
        calendar = [part for part in reply.walk() if part.get_content_type() == "text/calendar"]
        assert calendar[0].get_param("method") == "REQUEST"
        ics = calendar[0].get_content()
        assert "METHOD:REQUEST" in ics and "mailto:dana@northwind.example" in ics.replace(
            "\r\n ", ""
        )
        assert [part.get_filename() for part in reply.iter_attachments()] == ["invite.ics"]
        row = await mail.store.mails.arrived(key)
        assert row is not None
        made = document(row.conversation_id, await mail.store.log.read(row.conversation_id))
        assert made["channel"] == "email" and made["booking"]["status"] == "booked"


async def test_the_same_mail_by_two_ways_is_answered_once(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        raw = buyer_mail(SIGNED)
        first = await mail.get(raw)
        again = await mail.get(b"Received: from elsewhere\r\n" + raw)
        assert first == again and len(mail_server.mails) == 1


async def test_an_answer_by_the_address_alone_goes_on_with_the_thread(
    store: Store, mail_server: Sink
):
    async with rig(store, mail_server) as mail:
        first = await mail.get(buyer_mail(SIGNED))
        to = str(mail_server.mails[0]["Reply-To"])
        second = await mail.get(buyer_mail(COST, to=to))
        rows = [await mail.store.mails.arrived(key) for key in (first, second)]
        assert len({row.conversation_id for row in rows if row}) == 1


async def test_a_stranger_who_names_the_thread_gets_a_conversation_of_their_own(
    store: Store, mail_server: Sink
):
    async with rig(store, mail_server) as mail:
        first = await mail.get(buyer_mail(SIGNED))
        reply = mail_server.mails[0]
        forged = str(reply["Reply-To"]).replace(">", "").split("<")[-1]
        forged = forged[:20] + ("a" if forged[20] != "a" else "b") + forged[21:]
        stranger, colleague = "Eve <eve@elsewhere.example>", "Leo <leo@northwind.example>"
        keys = [
            await mail.get(buyer_mail(COST, sender=stranger, answers=reply)),
            await mail.get(buyer_mail(COST, sender=colleague, answers=reply)),
            await mail.get(buyer_mail(COST, sender=DANA, to=forged)),
        ]
        rows = [await mail.store.mails.arrived(key) for key in (first, *keys)]
        assert len({row.conversation_id for row in rows if row}) == 4


async def test_only_our_own_mail_system_proves_a_sender(store: Store, mail_server: Sink):
    proof = "dmarc=pass header.from=northwind.example"
    async with rig(store, mail_server, authserv_id="mx.tideline.example") as mail:
        for server, proven in (("mx.tideline.example", True), ("mx.evil.example", False)):
            raw = buyer_mail(COST, Authentication_Results=f"{server}; {proof}")
            found = await facts(mail, await mail.get(raw))
            assert [f.verified for f in found if isinstance(f, IdentifierSeen)] == [proven]
        elsewhere = {"Reply_To": "eve@elsewhere.example"}
        raw = buyer_mail(COST, Authentication_Results=f"mx.tideline.example; {proof}", **elsewhere)
        seen = [f for f in await facts(mail, await mail.get(raw)) if isinstance(f, IdentifierSeen)]
        assert [(f.value, f.verified) for f in seen] == [("eve@elsewhere.example", False)]


async def test_a_thread_goes_on_in_a_new_conversation_after_the_old_one_ended(
    store: Store, mail_server: Sink
):
    async with rig(store, mail_server) as mail:
        first = await mail.get(buyer_mail(SIGNED))
        row = await mail.store.mails.arrived(first)
        assert row is not None
        await mail.writing.close(row.conversation_id, "silence")
        mail.clock.now += OVER["email"]
        second = await mail.get(buyer_mail(COST, answers=mail_server.mails[0]))
        third = await mail.get(buyer_mail("Do you have an API?", answers=mail_server.mails[1]))
        later = [await mail.store.mails.arrived(key) for key in (second, third)]
        assert [r and r.conversation_id for r in later] == [f"{row.conversation_id}-2"] * 2
        assert any("$1,200" in words(sent) for sent in mail_server.mails)


async def test_a_web_form_is_answered_to_the_buyer(store: Store, mail_server: Sink):
    async with rig(store, mail_server, forms=("forms@tideline.example",)) as mail:
        raw = buyer_mail(
            COST,
            sender="Website <forms@tideline.example>",
            Reply_To="Ana Ruiz <ana@buyer.example>",
            Auto_Submitted="auto-generated",
            Precedence="bulk",
        )
        await mail.get(raw)
        assert mail_server.envelopes[0].rcpt_tos == ["ana@buyer.example"]
        assert words(mail_server.mails[0]).startswith("Hi Ana,")


async def test_what_was_attached_is_said_to_be_unread_and_flagged(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        made = email.message_from_bytes(buyer_mail(SNOWFLAKE), policy=default)
        made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="rfp.pdf")
        key = await mail.get(made.as_bytes())
        assert "I can't open attachments, so I haven't read rfp.pdf." in words(mail_server.mails[0])
        flags = [f for f in await facts(mail, key) if isinstance(f, Flagged)]
        assert [(f.kind, f.note) for f in flags] == [("attachment", "rfp.pdf")]


async def test_a_person_answers_when_one_address_writes_too_often(store: Store, mail_server: Sink):
    async with rig(store, mail_server, replies_per_hour=2) as mail:
        keys = [await mail.get(buyer_mail(COST, subject=f"n{n}")) for n in range(3)]
        assert [(await mail.status(key))[0] for key in keys] == ["answered", "answered", "held"]
        mail.clock.later(hours=1, seconds=1)
        assert (await mail.status(await mail.get(buyer_mail(COST))))[0] == "answered"
        assert len(mail_server.mails) == 3


async def test_mail_to_several_is_answered_to_its_sender_alone(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        await mail.get(buyer_mail(COST, to=f"{OURS}, boss@northwind.example"))
        assert mail_server.envelopes[0].rcpt_tos == ["dana@northwind.example"]


async def test_every_question_is_quoted_once_in_the_order_asked_with_what_it_gets(
    store: Store, mail_server: Sink
):
    asked = (
        "Which zebras do you sell?\nHow often can a sync run?\n"
        "Do you have a SOC 2 Type IV report you can share?\n"
    )
    async with rig(store, mail_server) as mail:
        await mail.get(buyer_mail(asked))
        text = words(mail_server.mails[0])
        parts = [
            "> Which zebras", "Maya Lindqvist", "> How often can a sync run?", "every hour",
            "> Do you have a SOC 2", 'If you mean "', "something else, Maya",
        ]  # fmt: skip
        places = [text.index(part) for part in parts]
        assert places == sorted(places) and text.count("\n> ") == 3
        assert "other question" not in text and "else would you" not in text


async def test_a_colleague_of_the_buyers_is_sent_the_invitation_too_and_a_stranger_is_not(
    store: Store, mail_server: Sink
):
    ask = (
        "We use Snowflake and want a demo. Could you do Thursday at 1:30pm Eastern? Please invite"
        " my colleague Ravi (ravi@northwind.example) as well, and cc sue@other.example.\n"
    )
    async with rig(store, mail_server) as mail:
        key = await mail.get(buyer_mail(ask))
        (reply,), (sent,) = mail_server.mails, mail_server.envelopes
        assert sent.rcpt_tos == ["dana@northwind.example", "ravi@northwind.example"]
        assert reply["Cc"] == "ravi@northwind.example"
        assert "inviting ravi@northwind.example too" in words(reply)
        assert "to invite sue@other.example" in words(reply)
        ics = next(p for p in reply.walk() if p.get_content_type() == "text/calendar")
        text = ics.get_content().replace("\r\n ", "")
        assert text.count("ATTENDEE") == 2 and "T123000" in text
        await mail.get(buyer_mail("Please add marc@northwind.example too.", answers=reply))
        assert len(mail_server.envelopes[1].rcpt_tos) == 3
        assert "text/calendar" in [p.get_content_type() for p in mail_server.mails[1].walk()]
        row = await mail.store.mails.arrived(key)
        assert row is not None
        made = document(row.conversation_id, await mail.store.log.read(row.conversation_id))
        assert made["booking"]["colleagues"] == ["ravi@northwind.example", "marc@northwind.example"]
        assert "sue@other.example" in made["handoff"]["summary"]
