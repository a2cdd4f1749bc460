"""The desks: their contract, and what only a database can show."""

from collections.abc import AsyncIterator
from datetime import timedelta

import anyio
import pytest
import sqlalchemy as sa

from core.events import (
    ConversationStarted,
    MeetingRecorded,
    RouteChosen,
    VerdictReached,
)
from core.facts.standing import unmerged
from core.scheduling.board import Assigned
from core.scheduling.memory import MemoryDesk
from core.scheduling.ports import CalendarEntry
from core.scheduling.slots import Busy
from core.scheduling.tools import Booked, BookSlot, CancelBooking, MoveBooking, Refused
from core.store.card_tables import CardRow
from core.store.cards import fill, of
from core.store.desk import StoredDesk
from core.store.forgotten import note
from core.store.people_tables import ErasureRow
from core.store.store import Store
from tests.contracts.desk import CALLER, COMPANY, MAYA, NOW, DeskContract, offered, who
from voice_agent.adapters.calendar_embedded import EmbeddedCalendar


async def seen(store: Store, conversation_id: str) -> CardRow:
    """A conversation's card after a rebuild, as after a restart with a newer fold."""
    await store.write(conversation_id, lambda c: fill(c, conversation_id, NOW))
    return await store.query(lambda c: of(c, conversation_id))


class TestMemoryDesk(DeskContract):
    @pytest.fixture
    def desk(self) -> MemoryDesk:
        return MemoryDesk(COMPANY)


@pytest.fixture
def store(both: Store) -> Store:
    return both


@pytest.fixture
def stored(store: Store) -> StoredDesk:
    return StoredDesk(store, EmbeddedCalendar(store), lambda: COMPANY)


class TestStoredDesk(DeskContract):
    @pytest.fixture
    def desk(self, stored: StoredDesk) -> StoredDesk:
        return stored

    async def test_the_fact_is_logged_with_the_change(self, desk, store):
        slot = (await offered(desk))[0]
        booked = await desk.perform(BookSlot(who(), slot), NOW)
        await desk.perform(BookSlot(who(), slot), NOW)
        await desk.perform(CancelBooking(who(), booked.booking), NOW)
        facts = [entry.fact for entry in await store.log.read("c1")]
        assert [(f.status, f.sequence) for f in facts] == [("booked", 0), ("cancelled", 1)]
        assert all(isinstance(f, MeetingRecorded) for f in unmerged(facts))
        assert facts[0].booking_id == booked.booking.id

    async def test_a_change_in_another_conversation_reaches_the_one_that_booked(self, desk, store):
        started = ConversationStarted("chat", "inbound", None, None, None, "t", "1", "1", False)
        await store.log.append("c1", NOW, [started])
        first, later = (await offered(desk))[:2]
        booked = (await desk.perform(BookSlot(who(), first), NOW)).booking
        moved = await desk.perform(MoveBooking(who(2), booked, later), NOW)
        await desk.perform(MoveBooking(who(2), booked, later), NOW)
        assert (await seen(store, "c1")).meeting_at == later.start
        await desk.perform(CancelBooking(who(3), moved.booking), NOW)
        assert (await seen(store, "c1")).meeting_at is None
        meetings = [
            (fact.status, fact.sequence, fact.turn)
            for entry in await store.log.read("c1")
            if isinstance(fact := entry.fact, MeetingRecorded)
        ]
        assert meetings == [("booked", 0, 3), ("moved", 1, 0), ("cancelled", 2, 0)]

    async def test_a_forgotten_buyers_conversation_is_told_of_no_change(self, desk, store):
        booked = (await desk.perform(BookSlot(who(), (await offered(desk))[0]), NOW)).booking
        asked = ErasureRow(id="p", persons=["p"], conversations=["c1"], counts={}, requested_at=NOW)

        def forget(c: sa.Connection) -> None:
            c.execute(sa.insert(ErasureRow).values(asked.model_dump()))
            note(c, "p", ["c1"])

        await store.write("c1", forget)
        await desk.perform(CancelBooking(who(2), booked), NOW)
        assert len(await store.log.read("c1")) == 1

    async def test_fifty_buyers_for_one_slot_make_one_booking(self, desk, store):
        slot = (await offered(desk))[0]
        receipts = []

        async def buy(n: int) -> None:
            receipts.append(await desk.perform(BookSlot(who(n, caller=None), slot), NOW))

        async with anyio.create_task_group() as tasks:
            for n in range(50):
                tasks.start_soon(buy, n)
        won = [r for r in receipts if isinstance(r, Booked)]
        lost = [r for r in receipts if isinstance(r, Refused)]
        assert (len(won), len(lost)) == (1, 49)
        for refused in lost:
            assert refused.board.busy[MAYA.id][0].start == slot.start

    async def test_blocked_time_is_neither_offered_nor_booked(self, desk, store):
        slots = await offered(desk)
        calendar = EmbeddedCalendar(store)
        day = slots[0].start.date()
        start = NOW.replace(hour=6, minute=0)
        whole = CalendarEntry("away-1", 0, MAYA.id, "Dentist", "", start, start + timedelta(days=1))
        await calendar.block(whole)
        assert day not in {s.start.date() for s in await offered(desk)}
        refused = await desk.perform(BookSlot(who(), slots[0]), NOW)
        assert isinstance(refused, Refused) and refused.reason == "it is taken"


async def test_two_servers_cannot_book_the_same_quarter_of_an_hour(url: str):
    """Each has its own writer and its own connections; overlapping meetings, not the same one."""
    stores = [Store(url, server=f"boot-{n}") for n in range(2)]
    desks = [StoredDesk(s, EmbeddedCalendar(s), lambda: COMPANY) for s in stores]
    slots = await offered(desks[0])
    receipts = []

    async def buy(n: int) -> None:
        slot = slots[n % 3]
        receipts.append(await desks[n % 2].perform(BookSlot(who(n, caller=None), slot), NOW))

    async with anyio.create_task_group() as tasks:
        for n in range(24):
            tasks.start_soon(buy, n)
    booked = sorted(Busy(r.booking.start, r.booking.end) for r in receipts if isinstance(r, Booked))
    assert booked and all(a.end <= b.start for a, b in zip(booked, booked[1:], strict=False))
    for opened in stores:
        await opened.aclose()


async def lead(store: Store, n: str, rep: str | None, verdict: str, caller: str, days: int) -> None:
    at = NOW - timedelta(days=days)
    started = ConversationStarted("voice", "inbound", caller, None, None, "t", "1", "1", False)
    facts = [
        started,
        RouteChosen("priya-nair", "callback", (), (), False, 1),
        VerdictReached(verdict, None, 0.5, (), (), (), "1", 2),
        RouteChosen(rep, "book" if rep else "resources", (), (), False, 2),
    ]
    await store.log.append(n, at, facts)


async def test_the_ledger_counts_leads_by_their_last_route(stored, store):
    await lead(store, "a", "maya-lindqvist", "qualified", "+14155550101", 9)
    await lead(store, "b", "maya-lindqvist", "needs_human", "+14155550102", 3)
    await lead(store, "c", "priya-nair", "insufficient", "+14155550103", 2)
    await lead(store, "d", None, "disqualified", "+14155550104", 2)
    await lead(store, "e", "priya-nair", "qualified", CALLER, 40)
    board = await stored.look("now", CALLER, NOW)
    assert board.load == {"maya-lindqvist": 2}
    assert board.ledger == {"maya-lindqvist": Assigned(2, NOW - timedelta(days=3))}
    assert board.met == ("priya-nair",)
    own = await stored.look("a", "+14155550101", NOW)
    assert own.load == {"maya-lindqvist": 1} and own.met == ()


async def test_an_opened_database_outlives_its_desk(sqlite_url: str) -> None:
    async def desk() -> AsyncIterator[StoredDesk]:
        opened = Store(sqlite_url, server="boot")
        yield StoredDesk(opened, EmbeddedCalendar(opened), lambda: COMPANY)
        await opened.aclose()

    async for first in desk():
        slot = (await offered(first))[0]
        booked = await first.perform(BookSlot(who(), slot), NOW)
    async for second in desk():
        assert await second.booking(booked.booking.id) == booked.booking
        assert await second.booking("nobody") is None
        assert isinstance(await second.perform(BookSlot(who(5), slot), NOW), Refused)
