"""Everything around reps' calendars on one server, with its own clock."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from core.clock import Clock
from core.events import ConversationStarted
from core.handoff.meeting import entry
from core.projections.document import document
from core.scheduling.ports import CalendarEntry
from core.scheduling.slots import Slot, free_slots
from core.scheduling.tools import Booked, BookSlot
from core.store.desk import StoredDesk
from core.store.store import Store
from tests.contracts.calendar_rigs import Rig
from tests.contracts.desk import COMPANY, MAYA, NOW, who
from tests.fakes import stores
from tests.fakes.jobs import MemoryJobs
from tests.fakes.notified import Notified
from voice_agent.adapters.calendar_embedded import EmbeddedCalendar
from voice_agent.adapters.calendar_served import ServedCalendar
from voice_agent.adapters.calendars import Calendars
from voice_agent.calendar_watch import CalendarWatch, entered, ours


class Flaky(httpx.AsyncBaseTransport):
    """The network to the server: loses responses after they took effect, or does not respond."""

    def __init__(self) -> None:
        self.inner = httpx.AsyncHTTPTransport()
        self.lost: list[str] = []
        """Methods whose responses are lost; token requests never are."""
        self.dead = False
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.method)
        if self.dead:
            raise httpx.ConnectError("nobody there")
        answer = await self.inner.handle_async_request(request)
        if request.method in self.lost and not request.url.path.endswith("/token"):
            self.lost.remove(request.method)
            await answer.aread()
            raise httpx.ReadError("the line went dead")
        return answer

    async def aclose(self) -> None:
        await self.inner.aclose()


@dataclass
class Office:
    """A desk, its bookings, and what watches the calendars."""

    rig: Rig
    store: Store
    net: Flaky
    jobs: MemoryJobs
    calendar: ServedCalendar
    desk: StoredDesk
    told: Notified
    failed: list[str]
    """Whose calendar could not be read, each time."""

    async def offered(self) -> list[Slot]:
        board = await self.desk.look("c1", None, self.jobs.now)
        meeting = COMPANY.meeting_types[0]
        return list(free_slots(MAYA, COMPANY, meeting, board.busy[MAYA.id], self.jobs.now))

    async def book(self, slot: Slot, turn: int = 3) -> Booked:
        receipt = await self.desk.perform(BookSlot(who(1, turn), slot), self.jobs.now)
        assert isinstance(receipt, Booked), receipt
        return receipt

    async def written(self) -> CalendarEntry:
        """The calendar step of a wrap-up."""
        made: dict[str, Any] = document("c1", await self.store.log.read("c1"), company=COMPANY)
        booking = made["booking"]
        change = {
            "booked": self.calendar.create,
            "moved": self.calendar.move,
            "cancelled": self.calendar.cancel,
        }[booking["status"]]
        wanted = entry(booking, "What was said.")
        await change(wanted)
        return wanted

    def server(self, client: httpx.AsyncClient) -> ServedCalendar:
        """The calendars as another of our servers has them."""
        kept = self.rig.diaries(client, self.jobs.clock)
        books = partial(ours, self.store)
        return ServedCalendar(kept, lambda: COMPANY, books, self.jobs.clock)


@asynccontextmanager
async def office(folder: Path, made: Callable[[Clock], Rig]) -> AsyncIterator[Office]:
    """An office with a conversation in progress; `made` returns its server, given its clock."""
    store, net, jobs = Store(stores.sqlite(folder / "d.db")), Flaky(), MemoryJobs(NOW)
    rig, told, books = made(jobs.clock), Notified(), partial(ours, store)
    async with httpx.AsyncClient(transport=net) as client:
        kept, failed = rig.diaries(client, jobs.clock), list[str]()
        calendar = ServedCalendar(
            kept, lambda: COMPANY, books, jobs.clock, failed=failed.append,
            written=partial(entered, store),
        )  # fmt: skip
        both = Calendars(EmbeddedCalendar(store), calendar)
        watch = CalendarWatch(store, calendar, told, lambda: COMPANY, jobs.clock, jobs)
        await watch.begin()
        desk = StoredDesk(store, both, lambda: COMPANY)
        started = ConversationStarted(
            "voice", "inbound", None, None, None, COMPANY.id, "1", "1", False
        )
        await store.log.append("c1", NOW, [started])
        yield Office(rig, store, net, jobs, calendar, desk, told, failed)
    await store.aclose()
