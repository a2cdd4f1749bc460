"""Mail sent once, retried, given up, bounced, held for approval."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import StoreFailed
from core.events import Flagged, Noted
from core.store.mail_tables import MailOutRow
from core.store.store import Store
from tests.channels.email.mails import COST, OURS, SNOWFLAKE, buyer_mail, words
from tests.channels.email.rig import TOKEN, Rig, rig
from tests.channels.email.test_robots import BOUNCE
from tests.fakes.mail_sink import Sink
from voice_agent.audio.archive import Archive
from voice_agent.channels.email.outbox import named
from voice_agent.channels.email.settings import Account
from voice_agent.channels.email.smtp import NotSent, Smtp
from voice_agent.patience import TWO_DAYS
from voice_agent.workflows.erasure import Eraser

pytestmark = pytest.mark.real_clock
BEARER = {"Authorization": f"Bearer {TOKEN}"}


async def sent_id(mail: Rig) -> str:
    (row,) = await mail.store.mails.outbox("sent")
    return row.id


async def flags(mail: Rig, conversation_id: str) -> list[str]:
    logged = await mail.store.log.read(conversation_id)
    return [e.fact.kind for e in logged if isinstance(e.fact, Flagged)]


async def test_a_mail_the_server_puts_off_is_sent_later(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        mail_server.answers = ["451 later", "421 not now"]
        await mail.get(buyer_mail(COST))
        assert not mail_server.mails
        mail.clock.later(seconds=TWO_DAYS.pauses_s[0])
        await mail.jobs.run()
        mail.clock.later(seconds=TWO_DAYS.pauses_s[1])
        await mail.jobs.run()
        assert len(mail_server.mails) == 1


async def test_a_refused_mail_is_given_up_and_the_rep_is_told(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        mail_server.refused = {"dana@northwind.example"}
        await mail.get(buyer_mail(COST))
        (row,) = await store.mails.outbox("failed")
        assert "no such user" in row.why
        assert "mail_undeliverable" in await flags(mail, row.conversation_id)


@pytest.mark.parametrize("where", ["EHLO", "MAIL"])
async def test_a_server_that_refuses_us_and_not_the_mail_is_tried_again(
    store: Store, mail_server: Sink, where: str
):
    async with rig(store, mail_server) as mail:
        mail_server.shut = where
        await mail.get(buyer_mail(COST))
        assert not await store.mails.outbox("failed")
        mail_server.shut = ""
        mail.clock.later(seconds=TWO_DAYS.pauses_s[0])
        await mail.jobs.run()
        assert len(mail_server.mails) == 1


async def test_who_has_no_mailbox_is_not_written_to_by_a_copy_to_a_colleague(mail_server: Sink):
    dana, ben = "dana@northwind.example", "ben@northwind.example"
    smtp = Smtp(Account("127.0.0.1", mail_server.port, "none"))
    mail_server.refused = {dana}
    with pytest.raises(NotSent, match="no such user") as refused:
        await smtp.send(b"Subject: hi\r\n\r\nhi\r\n", OURS, dana, ben)
    assert refused.value.final
    mail_server.refused, mail_server.put_off = set(), {dana}
    with pytest.raises(NotSent, match="try later") as put_off:
        await smtp.send(b"Subject: hi\r\n\r\nhi\r\n", OURS, dana, ben)
    assert not put_off.value.final and not mail_server.mails, "or the colleague gets it twice"
    mail_server.put_off = {ben}
    await smtp.send(b"Subject: hi\r\n\r\nhi\r\n", OURS, dana, ben)
    assert [one.rcpt_tos for one in mail_server.envelopes] == [[dana]]


async def test_a_server_that_is_gone_is_tried_for_two_days(store: Store, mail_server: Sink):
    class Gone:
        async def send(self, raw: bytes, sender: str, recipient: str, *copies: str) -> None:
            raise NotSent("connection refused", final=False)

    async with rig(store, mail_server, sender=Gone()) as mail:
        await mail.get(buyer_mail(COST))
        for pause in TWO_DAYS.pauses_s:
            mail.clock.later(seconds=pause)
            await mail.jobs.run()
        assert len(await store.mails.outbox("failed")) == 1


async def test_a_mail_sent_again_after_a_crash_is_the_same_mail(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        await mail.get(buyer_mail(COST))
        mail_id = await sent_id(mail)
        await store.mails.change(mail_id, "sent", status="queued")  # the mark was lost in the crash
        await mail.room.outbox.send(mail_id, 0)
        one, two = mail_server.envelopes
        assert one.original_content == two.original_content
        assert await mail.room.outbox.send(mail_id, 0) is None and len(mail_server.mails) == 2


@pytest.mark.parametrize("kind, told", [("follow_up", "reminder"), ("reply", "reply")])
def test_a_flag_calls_a_mail_as_people_do(kind: str, told: str):
    assert named(MailOutRow(id="1", kind=kind)) == told


async def test_a_reply_that_comes_back_is_marked_for_the_rep(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        await mail.get(buyer_mail(COST))
        mail_id = await sent_id(mail)
        key = await mail.get(
            BOUNCE.replace(b"va.reply.00ff@tideline.example", mail_id.encode()), returned_to=""
        )
        assert (await mail.status(key))[0] == "recorded"
        (row,) = await store.mails.outbox("returned")
        assert (row.id, "no such user" in row.why) == (mail_id, True)
        assert "mail_undeliverable" in await flags(mail, row.conversation_id)


async def test_a_bounce_without_headers_is_known_by_the_address_it_comes_to(
    store: Store, mail_server: Sink
):
    async with rig(store, mail_server) as mail:
        await mail.get(buyer_mail(COST))
        to = str(mail_server.envelopes[0].mail_from)
        bounce = buyer_mail(
            "It failed.", sender="mailer-daemon@mx.example", to=to, subject="Returned mail"
        )
        await mail.get(bounce, returned_to="")
        assert len(await store.mails.outbox("returned")) == 1


async def test_a_draft_waits_is_edited_and_sent_when_approved(store: Store, mail_server: Sink):
    async with rig(store, mail_server, approval=True) as mail:
        await mail.get(buyer_mail(COST))
        assert not mail_server.mails
        (draft,) = (await mail.http.get("/api/v1/drafts", headers=BEARER)).json()["drafts"]
        assert draft["to"] == "dana@northwind.example" and "$1,200" in draft["text"]
        path = f"/api/v1/drafts/{draft['id']}"
        told = await mail.http.post(f"{path}/edit", headers=BEARER, json={"text": "Hi <Dana>!\n"})
        assert told.json()["status"] == "draft"
        mail.clock.later(hours=5)
        assert (await mail.http.post(f"{path}/approve", headers=BEARER)).status_code == 200
        await mail.jobs.run()
        assert words(mail_server.mails[0]) == "Hi <Dana>!\n"
        dated = mail_server.mails[0]["date"].datetime
        assert abs(dated - mail.clock()) < timedelta(seconds=2)  # as its reader's inbox sorts it
        html = mail_server.mails[0].get_body(("html",))
        assert html is not None and "Hi &lt;Dana&gt;!" in html.get_content()
        again = await mail.http.post(f"{path}/reject", headers=BEARER)
        assert again.status_code == 409


async def test_a_rejected_draft_is_never_sent(store: Store, mail_server: Sink):
    async with rig(store, mail_server, approval=True) as mail:
        await mail.get(buyer_mail(COST))
        (draft,) = (await mail.http.get("/api/v1/drafts", headers=BEARER)).json()["drafts"]
        path = f"/api/v1/drafts/{draft['id']}"
        await mail.http.post(f"{path}/reject", headers=BEARER, json={"why": "I called"})
        assert (await mail.http.post(f"{path}/approve", headers=BEARER)).status_code == 409
        mail.clock.later(days=10)
        await mail.jobs.run()
        assert not mail_server.mails


async def test_a_meeting_whose_draft_is_discarded_is_flagged_and_its_invitation_comes_later(
    store: Store, mail_server: Sink
):
    async with rig(store, mail_server, approval=True) as mail:

        async def draft_for(text: str) -> MailOutRow:
            sent = mail_server.mails[-1:]
            await mail.get(buyer_mail(text, answers=sent[0] if sent else None))
            return (await store.mails.outbox("draft"))[-1]

        async def approved(text: str) -> None:
            await mail.room.drafts.approve((await draft_for(text)).id)
            await mail.jobs.run()

        await approved(f"{SNOWFLAKE} We are a healthcare company with 200 people.")
        await approved("Please set up a demo with your team.")
        booked = await draft_for("The first one is fine.")
        assert booked.invitation
        assert await mail.room.drafts.reject(booked.id, "not now")
        assert "meeting_untold" in await flags(mail, booked.conversation_id)
        mail.clock.later(minutes=1)
        after = await draft_for(COST)
        assert after.invitation == booked.invitation


@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer no", "Basic x"])
async def test_drafts_are_for_who_has_the_token(store: Store, mail_server: Sink, token: str):
    async with rig(store, mail_server) as mail:
        for method, path in (("GET", "drafts"), ("GET", "mails"), ("POST", "drafts/x/approve")):
            told = await mail.http.request(
                method, f"/api/v1/{path}", headers={"Authorization": token}
            )
            assert told.status_code == 401


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("x/edit", "{}", 422),
        ("x/edit", '{"text": " "}', 422),
        ("x/edit", "[1]", 422),
        ("x/edit", "[" * 50_000, 422),
        ("x/edit", '{"text": "hello"}', 409),
        ("x/shred", "{}", 404),
    ],
)
async def test_a_wrong_request_says_what_is_wrong(
    store: Store, mail_server: Sink, path: str, body: str, status: int
):
    async with rig(store, mail_server) as mail:
        told = await mail.http.post(f"/api/v1/drafts/{path}", headers=BEARER, content=body)
        assert told.status_code == status and told.json()["error"]["message"]


@pytest.mark.parametrize(
    "query", ["mails?status=open", "mails?since=2026-01-01", "mails?limit=501", "drafts?status=x"]
)
async def test_a_filter_that_is_none_is_refused(store: Store, mail_server: Sink, query: str):
    async with rig(store, mail_server) as mail:
        told = await mail.http.get(f"/api/v1/{query}", headers=BEARER)
        assert told.status_code == 422 and told.json()["error"]["message"]
        fine = await mail.http.get("/api/v1/mails?status=held&limit=500", headers=BEARER)
        assert fine.json() == {"mails": []}


async def test_follow_ups_come_on_their_days_and_say_who_writes(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        await mail.get(buyer_mail(f"{SNOWFLAKE}\n\nBest,\nDana"))
        mail.clock.later(days=2.9)
        await mail.jobs.run()
        assert len(mail_server.mails) == 1
        mail.clock.later(days=0.2)
        await mail.jobs.run()
        reminder = mail_server.mails[1]
        assert "whether my answer helped" in words(reminder)
        assert reminder["References"].split()[-1] == mail_server.mails[0]["Message-ID"]
        assert reminder["Auto-Submitted"] == "auto-generated"
        mail.clock.later(days=30)
        await mail.jobs.run()
        assert len(mail_server.mails) == 3, "two follow-ups, no more"
        logged = await store.log.read((await store.mails.outbox("sent"))[0].conversation_id)
        kinds = [e.fact.data["kind"] for e in logged if isinstance(e.fact, Noted)]
        assert kinds == ["reply", "follow_up", "follow_up"]


async def test_an_answer_stops_the_follow_ups_of_the_mail_before(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        await mail.get(buyer_mail(SNOWFLAKE))
        mail.clock.later(days=1)
        await mail.get(buyer_mail(COST, answers=mail_server.mails[0]))
        mail.clock.later(days=2.5)
        await mail.jobs.run()
        assert len(mail_server.mails) == 2, "the timers began anew"
        mail.clock.later(days=1)
        await mail.jobs.run()
        assert len(mail_server.mails) == 3


async def test_a_machines_note_that_somebody_is_away_stops_nothing(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        await mail.get(buyer_mail(SNOWFLAKE))
        mail.clock.later(minutes=1)
        away = buyer_mail("Away.", answers=mail_server.mails[0], Auto_Submitted="auto-replied")
        await mail.get(away)
        mail.clock.later(days=3)
        await mail.jobs.run()
        assert len(mail_server.mails) == 2


async def test_a_booked_meeting_stops_the_follow_ups(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        await mail.get(buyer_mail("Please set up a demo with your team."))
        await mail.get(buyer_mail("The first one is fine.", answers=mail_server.mails[0]))
        assert "booked" in words(mail_server.mails[1])
        mail.clock.later(days=40)
        await mail.jobs.run()
        assert len(mail_server.mails) == 2


async def test_unsubscribing_by_link_takes_effect_at_once(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        await mail.get(buyer_mail(SNOWFLAKE))
        link = str(mail_server.mails[0]["List-Unsubscribe"]).strip("<>")
        asked = await mail.http.get(link)
        assert asked.status_code == 200 and "<form method=post" in asked.text
        assert not await store.mails.stopped("dana@northwind.example"), "a link checker only looks"
        done = await mail.http.post(link, data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
        assert await store.mails.stopped("dana@northwind.example")
        mail.clock.later(days=30)
        await mail.jobs.run()
        assert len(mail_server.mails) == 1
        await mail.get(buyer_mail(COST))
        assert len(mail_server.mails) == 2, "who asks again is answered"


async def test_a_forged_unsubscribe_link_does_nothing(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        for token in ("", "x", "ZGFuYUBub3J0aHdpbmQuZXhhbXBsZQ.aaaaaaaaaaaaaaaa"):
            assert (await mail.http.post(f"/email/unsubscribe?t={token}")).status_code == 404
        assert not await store.mails.stopped("dana@northwind.example")


async def test_asking_in_words_to_be_removed_stops_everything(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        await mail.get(buyer_mail(SNOWFLAKE))
        await mail.get(buyer_mail("Please remove me from your list.", answers=mail_server.mails[0]))
        assert "don't want to be contacted" in words(mail_server.mails[1])
        assert await store.mails.stopped("dana@northwind.example")
        mail.clock.later(days=30)
        await mail.jobs.run()
        assert len(mail_server.mails) == 2


@contextmanager
def dying_after(owner: object, name: str) -> Iterator[None]:
    """The server dies right after a commit: everything that follows it is left undone."""
    do = getattr(owner, name)

    async def last(*args: Any, **more: Any) -> None:
        await do(*args, **more)
        died = StoreFailed("the server died")
        died.retryable = True
        raise died

    setattr(owner, name, last)
    with suppress(StoreFailed):
        yield
    setattr(owner, name, do)


async def test_a_server_that_dies_when_a_mail_is_settled_loses_no_opt_out(
    store: Store, mail_server: Sink
):
    async with rig(store, mail_server) as mail:
        await mail.get(buyer_mail(SNOWFLAKE))
        asked = buyer_mail("Please remove me from your list.", answers=mail_server.mails[0])
        with dying_after(store.mails, "settle"):
            await mail.get(asked)
        await mail.room.tend()
        await mail.jobs.run()
        assert "don't want to be contacted" in words(mail_server.mails[1])
        assert await store.mails.stopped("dana@northwind.example")


async def test_a_server_that_dies_when_a_mail_is_settled_still_follows_up(
    store: Store, mail_server: Sink
):
    async with rig(store, mail_server) as mail:
        with dying_after(store.mails, "settle"):
            await mail.get(buyer_mail(SNOWFLAKE))
        await mail.room.tend()
        await mail.jobs.run()
        mail.clock.later(days=3.1)
        await mail.jobs.run()
        assert len(mail_server.mails) == 2 and "whether my answer" in words(mail_server.mails[1])


async def test_a_server_that_dies_when_a_draft_is_approved_still_follows_up(
    store: Store, mail_server: Sink
):
    async with rig(store, mail_server, approval=True) as mail:
        await mail.get(buyer_mail(SNOWFLAKE))
        (draft,) = await store.mails.outbox("draft")
        with dying_after(store.mails, "change"):
            await mail.http.post(f"/api/v1/drafts/{draft.id}/approve", headers=BEARER)
        await mail.room.tend()
        await mail.jobs.run()
        mail.clock.later(days=3.1)
        await mail.jobs.run()
        drafts = await store.mails.outbox("draft")
        assert len(mail_server.mails) == 1 and [row.kind for row in drafts] == ["follow_up"]


async def test_a_report_as_spam_is_an_opt_out(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        await mail.get(buyer_mail(SNOWFLAKE))
        report = BOUNCE.replace(b"message/delivery-status", b"message/feedback-report")
        mail_id = await sent_id(mail)
        await mail.get(report.replace(b"va.reply.00ff@tideline.example", mail_id.encode()))
        assert await store.mails.stopped("dana@northwind.example")


async def test_an_erased_person_leaves_no_words_in_the_mail(store: Store, mail_server: Sink):
    async with rig(store, mail_server) as mail:
        raw = buyer_mail(SNOWFLAKE)
        key = await mail.get(raw)
        row = await store.mails.arrived(key)
        assert row is not None
        await mail.writing.close(row.conversation_id, "silence")
        person = await store.conversations.get(row.conversation_id)
        assert person is not None and person.person_id
        await Eraser(store, Archive(Path("none")), mail.clock).erase(person.person_id)
        gone = await store.mails.arrived(key)
        assert gone is not None and (gone.raw, gone.correspondent, gone.subject) == (b"", "", "")
        (out,) = await store.mails.outbox("erased")
        assert (out.recipient, out.text, out.letter) == ("", "", {})
        mail.clock.later(days=30)
        await mail.jobs.run()
        await mail.get(raw)
        assert len(mail_server.mails) == 1, "neither reminded, nor answered again"
