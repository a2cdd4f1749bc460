"""Mail in the database: received once, settled once with its reply, told once of a meeting."""

from datetime import timedelta

import sqlalchemy as sa

from core.store.mail_tables import MailboxRow, MailInRow, MailOutRow
from core.store.mails import newest
from core.store.store import Store
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


async def test_the_newest_mails_of_a_thread_are_those_of_all_its_conversations(store: Store):
    for n, part in enumerate(("mail-1", "mail-1-2", "mail-11")):
        await store.mails.receive(came(part, minutes=n))
        await store.mails.settle(part, {"status": "answered", "conversation_id": part})
        await store.mails.queue(made(part, conversation_id=part, status="sent"))
    last = await store.mails.last_in(["mail-1", "mail-1-2"])
    assert last is not None and last.key == "mail-1-2"
    told = await store.mails.newest_to(["mail-1", "mail-1-3"])
    assert told is not None and told.id == "mail-1"


def test_a_threads_mails_are_found_by_its_conversations_and_not_among_all():
    table = MailInRow.__table__
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        table.create(connection)
        query = newest(table, ["mail-1"], "answered", table.c.received_at)
        told = query.compile(connection, compile_kwargs={"literal_binds": True})
        (search, *_) = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {told}").all()
    engine.dispose()
    assert "ix_mail_in_conversation_id" in search[-1]


async def test_a_mailbox_is_never_read_backwards_unless_renumbered(store: Store):
    def box(validity: int, uid: int) -> MailboxRow:
        return MailboxRow(name="b", validity=validity, uid=uid, since=AT)

    for row, uid in ((box(2**31, 5), 5), (box(2**31, 3), 5), (box(2**31, 9), 9), (box(7, 1), 1)):
        await store.mails.mark_read(row)
        kept = await store.mails.mailbox("b")
        assert kept is not None and (kept.uid, kept.since) == (uid, AT)
