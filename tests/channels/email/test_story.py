"""The whole story over real servers: a form, its answer, two questions, a meeting, its invitation."""  # noqa: E501

from datetime import timedelta

import pytest
from anyio import to_thread

from core.events import UtteranceRecorded
from core.store.store import Store
from tests.channels.email.mails import COST, SNOWFLAKE, buyer_mail, words
from tests.channels.email.rig import Rig, rig
from tests.core.talk import MONDAY_NOON
from tests.fakes.dovecot import PASSWORD, USER, dovecot
from tests.fakes.mail_sink import Sink
from voice_agent.channels.email.imap import Mailbox
from voice_agent.channels.email.settings import Account
from voice_agent.channels.events import WrittenLine

pytestmark = pytest.mark.real_clock
FORM = "forms@tideline.example"


async def test_from_a_form_to_a_meeting_by_mailbox_and_smtp(store: Store, mail_server: Sink):
    with dovecot() as server:
        async with rig(store, mail_server, forms=(FORM,)) as mail:
            account = Account("127.0.0.1", server.port, "none", USER, PASSWORD)
            receive = mail.room._by_imap
            box = Mailbox(account, store.mails, receive, mail.clock, 1_000_000)

            async def arrives(raw: bytes, name: str) -> str:
                server.deliver(raw, name)
                await to_thread.run_sync(box._look)
                await mail.jobs.run()
                return words(mail_server.mails[-1])

            await to_thread.run_sync(box._look)
            form = buyer_mail(
                SNOWFLAKE, sender=FORM, Reply_To="Dana Whitfield <dana@northwind.example>"
            )  # noqa: E501
            assert "natively to Snowflake" in await arrives(form, "form")
            asked = f"{COST} And do you support BigQuery? We are a healthcare company, 200 people."
            told = await arrives(buyer_mail(asked, answers=mail_server.mails[-1]), "two")
            assert told.index("$1,200") < told.index("natively to BigQuery")
            meet = "Please set up a demo with your team."
            await arrives(buyer_mail(meet, answers=mail_server.mails[-1]), "meet")
            first = buyer_mail("The first one is fine.", answers=mail_server.mails[-1])
            assert "booked" in await arrives(first, "first")
            (calendar,) = (
                part for part in mail_server.mails[-1].walk()
                if part.get_content_type() == "text/calendar"
            )  # fmt: skip
            assert "BEGIN:VEVENT" in calendar.get_content()
            assert {one.rcpt_tos[0] for one in mail_server.envelopes} == {"dana@northwind.example"}


async def test_a_loop_with_another_responder_stops(store: Store, mail_server: Sink):
    """One that marks its mails is not answered at all; one that marks nothing, so often an hour."""
    async with rig(store, mail_server, replies_per_hour=4) as mail:
        await mail.get(buyer_mail(COST))
        marked = buyer_mail(
            "We got your mail.", answers=mail_server.mails[0], Auto_Submitted="auto-replied"
        )  # noqa: E501
        await mail.get(marked)
        assert len(mail_server.mails) == 1
        for _ in range(10):
            await mail.get(buyer_mail("We got your mail.", answers=mail_server.mails[-1]))
            mail.clock.later(minutes=1)
        assert len(mail_server.mails) == 4


def booked(status: str = "booked", sequence: int = 0) -> dict[str, object]:
    start = MONDAY_NOON + timedelta(days=1)
    return {
        "id": "c1", "channel": "voice",
        "booking": {
            "id": "b1", "rep": "maya-lindqvist", "meeting": "intro", "status": status,
            "title": "Introductory call",
            "start": start.isoformat(), "end": (start + timedelta(minutes=30)).isoformat(),
            "buyer_zone": "America/Denver", "uid": "u1", "sequence": sequence,
            "guest": "dana@northwind.example", "phone": "+14155550100",
        },
    }  # fmt: skip


async def unasked(mail: Rig, document: dict[str, object]) -> None:
    await mail.post.unasked.tell(document)
    await mail.room.tend()
    await mail.jobs.run()


async def test_a_meeting_booked_by_phone_comes_by_mail_once_for_each_change(
    store: Store, mail_server: Sink
):
    async with rig(store, mail_server) as mail:
        for _ in range(2):
            await unasked(mail, booked())
        (sent,) = mail_server.mails
        assert sent["Subject"] == "Invitation: Introductory call: Tideline"
        text = words(sent)
        assert "Maya Lindqvist on Tuesday, December 1 at 10 AM Mountain" in text
        assert [p.get_filename() for p in sent.iter_attachments()] == ["invite.ics"]
        await unasked(mail, booked("cancelled", sequence=1))
        assert mail_server.mails[1]["Subject"].startswith("Cancelled:")
        assert "METHOD:CANCEL" in str(mail_server.mails[1].get_body(("plain",)).as_string()) or any(
            part.get_param("method") == "CANCEL" for part in mail_server.mails[1].walk()
        )


@pytest.mark.parametrize("changes", [{"guest": None}, {"guest": "no address"}, {"rep": "nobody"}])
async def test_without_an_address_nothing_is_mailed(
    store: Store, mail_server: Sink, changes: dict[str, object]
):
    async with rig(store, mail_server) as mail:
        told = booked()
        told["booking"] = {**told["booking"], **changes}  # type: ignore[dict-item]
        await unasked(mail, told)
        await unasked(mail, {**booked(), "channel": "email"})
        assert not mail_server.mails


async def test_a_chat_is_mailed_to_who_asks_for_it_and_fills_no_mailbox(
    store: Store, mail_server: Sink
):
    async with rig(store, mail_server) as mail:
        await mail.get(buyer_mail(COST, sender="x@y.example"))
        row = (await store.mails.inbox(None, 1))[0]
        lines = await mail.writing.lines(row["conversation_id"])
        assert isinstance(lines[0], WrittenLine)
        send = mail.post.unasked.send_transcript
        assert not await send("no address", lines)
        for n in range(1, len(lines) + 1):
            assert await send("ana@buyer.example", lines[:n])
            assert await send("ana@buyer.example", lines[:n])
        for n in range(20):
            mail.clock.later(seconds=1)
            await send("ana@buyer.example", lines[: 1 + n % len(lines)])
        await mail.room.tend()
        await mail.jobs.run()
        sent = [m for m in mail_server.mails if "ana@" in str(m["To"])]
        assert 1 <= len(sent) <= 3
        assert f"You: {COST}" in words(sent[0])


async def test_a_chat_is_mailed_to_nobody_who_wants_no_mail_and_without_what_it_links_to(
    store: Store, mail_server: Sink
):
    lure = (
        "Win at https://evil.example/a?b=1, evil.example/x or WWW.evil.example. I'm ana@b.example."
    )
    said = UtteranceRecorded(1, "caller", lure, 0, 0)
    ours = UtteranceRecorded(1, "agent", "See https://tideline.example/docs.", 0, 0)
    lines = [WrittenLine(n, MONDAY_NOON, one) for n, one in enumerate((said, ours), start=1)]
    async with rig(store, mail_server) as mail:
        send = mail.post.unasked.send_transcript
        await mail.room.inbox.stop("ben@buyer.example", "unsubscribed by link")
        assert await send("ben@buyer.example", lines) and await send("ana@buyer.example", lines)
        await mail.room.tend()
        await mail.jobs.run()
        (sent,) = mail_server.mails
        text = words(sent)
        assert "ana@buyer.example" in str(sent["To"]) and "evil.example" not in text
        assert "ana@b.example." in text and "https://tideline.example/docs" in text
