"""Mail in the database: taken once, settled once with its reply, told once of a meeting."""

from datetime import timedelta

from core.store.mail_tables import MailboxRow, MailInRow, MailOutRow
from core.store.unit_of_work import Store
from tests.core.talk import MONDAY_NOON as AT

ANA = "ana@buyer.example"


def came(key: str, minutes: int = 0) -> MailInRow:
    at = AT + timedelta(minutes=minutes)
    return MailInRow(key=key, raw=b"\x00\xff", source="imap", received_at=at)


def made(mail_id: str, **more: object) -> MailOutRow:
    return MailOutRow(
        id=mail_id, recipient=ANA, letter={"at": AT.isoformat()}, created_at=AT, **more
    )


async def test_a_mail_is_taken_once_and_settled_once_with_its_reply(store: Store):
    assert await store.mails.receive(came("k"))
    assert not await store.mails.receive(came("k"))
    assert await store.mails.waiting(AT) == ["k"]
    changes = {"status": "answered", "correspondent": ANA, "conversation_id": "mail-1"}
    assert await store.mails.settle("k", changes, made("r1"))
    assert not await store.mails.settle("k", changes, made("r2"))
    row = await store.mails.arrived("k")
    assert row is not None and (row.status, row.raw) == ("answered", b"\x00\xff")
    assert [out.id for out in await store.mails.outbox("queued")] == ["r1"]


async def test_a_reply_is_kept_though_the_meeting_was_told_meanwhile(store: Store):
    assert await store.mails.queue(made("i", invitation="u#0", kind="invitation"))
    assert not await store.mails.queue(made("j", invitation="u#0", kind="invitation"))
    await store.mails.receive(came("k"))
    await store.mails.settle("k", {"status": "answered"}, made("r", invitation="u#0"))
    kept = await store.mails.out("r")
    assert kept is not None and kept.invitation is None


async def test_an_opt_out_drops_what_waits_unasked(store: Store):
    await store.mails.queue(made("f", kind="follow_up"))
    await store.mails.queue(made("r"))
    assert await store.mails.stop(ANA, AT, "by link")
    assert not await store.mails.stop(ANA, AT, "by link")
    assert [out.id for out in await store.mails.outbox("queued")] == ["r"]
    assert await store.mails.stopped(ANA)


async def test_who_has_written_is_unknown_while_mail_waits(store: Store):
    await store.mails.receive(came("k", minutes=1))
    assert await store.mails.wrote(ANA, AT) is None
    await store.mails.settle("k", {"status": "recorded", "correspondent": ANA})
    assert await store.mails.wrote(ANA, AT) is False
    await store.mails.receive(came("l", minutes=2))
    await store.mails.settle("l", {"status": "held", "correspondent": ANA})
    assert await store.mails.wrote(ANA, AT) is True


async def test_a_mailbox_is_never_read_backwards_unless_renumbered(store: Store):
    def box(validity: int, uid: int) -> MailboxRow:
        return MailboxRow(name="b", validity=validity, uid=uid, since=AT)

    for row, uid in ((box(2**31, 5), 5), (box(2**31, 3), 5), (box(2**31, 9), 9), (box(7, 1), 1)):
        await store.mails.mark_read(row)
        kept = await store.mails.mailbox("b")
        assert kept is not None and (kept.uid, kept.since) == (uid, AT)
