"""Reps' calendars on a real CalDAV server: booked once, looked at anew, moved, watched."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import anyio
import httpx
import pytest

from core.errors import CalendarFailed
from core.events import ConversationEnded, ConversationStarted
from core.handoff.meeting import entry
from core.ports import Matter
from core.projections.document import document
from core.scheduling.ports import Entry
from core.scheduling.slots import Busy, Slot, free_slots
from core.scheduling.tools import Booked, BookSlot, CancelBooking, Cancelled, MoveBooking, Refused
from core.store.desk import StoredDesk
from core.store.personal import certified
from core.store.unit_of_work import Store
from knowledge.profile import Rep, Steward
from tests.contracts.desk import COMPANY, MAYA, NOW, who
from tests.fakes import stores
from tests.fakes.jobs import MemoryJobs
from tests.fakes.radicale import Radicale, radicale
from voice_agent.adapters.caldav_wire import CalDav, Target
from voice_agent.adapters.calendar_caldav import STALE, CalDavCalendar
from voice_agent.adapters.calendar_embedded import EmbeddedCalendar
from voice_agent.adapters.calendars import Calendars, caldav_targets
from voice_agent.audio.archive import Archive
from voice_agent.calendar_watch import CalendarWatch, ours
from voice_agent.errors import ConfigError
from voice_agent.taking_back import TakingBack
from voice_agent.workflows.erasure import Eraser

pytestmark = pytest.mark.real_clock
TOM = "tom-beckett"
PEOPLE = (MAYA.id, TOM)
MAYA_ZONE = ZoneInfo(MAYA.timezone)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    with radicale(tmp_path_factory.mktemp("radicale"), *PEOPLE) as running:
        yield running


class Flaky(httpx.AsyncBaseTransport):
    """The network to the server: loses answers after they took effect, or does not answer."""

    def __init__(self) -> None:
        self.inner = httpx.AsyncHTTPTransport()
        self.lost: list[str] = []
        self.dead = False
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.method)
        if self.dead:
            raise httpx.ConnectError("nobody there")
        answer = await self.inner.handle_async_request(request)
        if request.method in self.lost:
            self.lost.remove(request.method)
            await answer.aread()
            raise httpx.ReadError("the line went dead")
        return answer

    async def aclose(self) -> None:
        await self.inner.aclose()


class Told:
    def __init__(self) -> None:
        self.matters: list[tuple[str, Matter]] = []

    async def tell(self, person: Rep | Steward, matter: Matter) -> None:
        self.matters.append((person.id, matter))


@dataclass
class Office:
    """Everything around one calendar server, on a clock of its own."""

    server: Radicale
    store: Store
    net: Flaky
    jobs: MemoryJobs
    calendar: CalDavCalendar
    desk: StoredDesk
    told: Told

    async def offered(self) -> list[Slot]:
        board = await self.desk.look("c1", None, self.jobs.now)
        meeting = COMPANY.meeting_types[0]
        return list(free_slots(MAYA, COMPANY, meeting, board.busy[MAYA.id], self.jobs.now))

    async def written(self, conversation_id: str) -> Entry:
        """The calendar step of a wrap-up."""
        made: dict[str, Any] = document(
            conversation_id, await self.store.log.read(conversation_id), company=COMPANY
        )
        booking = made["booking"]
        change = {
            "booked": self.calendar.create,
            "moved": self.calendar.move,
            "cancelled": self.calendar.cancel,
        }[booking["status"]]
        wanted = entry(booking, "What was said.")
        await change(wanted)
        return wanted

    def ours(self, person: str) -> list[str]:
        return [t for t in self.server.texts(person) if ".voice-agent" in t.replace("\r\n ", "")]


@asynccontextmanager
async def office(server: Radicale, folder: Path) -> AsyncIterator[Office]:
    store, net, jobs = Store(stores.sqlite(folder / "d.db")), Flaky(), MemoryJobs(NOW)
    targets = {person: server.target(person) for person in PEOPLE}
    async with httpx.AsyncClient(transport=net) as client:
        books = partial(ours, store)
        calendar = CalDavCalendar(CalDav(client), targets, lambda: COMPANY, books, jobs.clock)
        both = Calendars(EmbeddedCalendar(store), calendar)
        told = Told()
        CalendarWatch(store, calendar, told, lambda: COMPANY, jobs.clock).serve(jobs)
        yield Office(
            server, store, net, jobs, calendar, StoredDesk(store, both, lambda: COMPANY), told
        )
    await store.aclose()


@pytest.fixture
async def at_work(server: Radicale, tmp_path: Path) -> AsyncIterator[Office]:
    server.empty()
    async with office(server, tmp_path) as made:
        started = ConversationStarted(
            "voice", "inbound", None, None, None, COMPANY.id, "1", "1", False
        )
        await made.store.log.append("c1", NOW, [started])
        yield made


async def book(made: Office, slot: Slot, turn: int = 3) -> Booked:
    receipt = await made.desk.perform(BookSlot(who(1, turn), slot), made.jobs.now)
    assert isinstance(receipt, Booked), receipt
    return receipt


async def test_a_booking_is_there_once_though_answers_are_lost_and_the_server_dies(at_work):
    slot = (await at_work.offered())[0]
    await book(at_work, slot)
    at_work.net.lost = ["PUT"]
    with pytest.raises(CalendarFailed):
        await at_work.written("c1")
    assert len(at_work.ours(MAYA.id)) == 1, "it took effect, and nobody knows"
    at_work.net.lost = ["PUT"]
    with pytest.raises(CalendarFailed):
        await at_work.written("c1")
    # The process is killed here and another one tries the step again.
    fresh = httpx.AsyncClient()
    again = CalDavCalendar(
        CalDav(fresh), {p: at_work.server.target(p) for p in PEOPLE}, lambda: COMPANY,
        partial(ours, at_work.store), at_work.jobs.clock,
    )  # fmt: skip
    await replace(at_work, calendar=again).written("c1")
    await fresh.aclose()
    (text,) = at_work.ours(MAYA.id)
    assert f"DTSTART;TZID={MAYA.timezone}:" in text and "SCHEDULE-AGENT=CLIENT" in text
    assert "METHOD" not in text and not at_work.ours(TOM)


async def test_two_at_once_make_one_event(at_work):
    await book(at_work, (await at_work.offered())[0])
    async with anyio.create_task_group() as tasks:
        for _ in range(5):
            tasks.start_soon(at_work.written, "c1")
    assert len(at_work.ours(MAYA.id)) == 1


async def test_a_day_off_is_not_offered_and_a_time_taken_meanwhile_is_refused(at_work):
    first = await at_work.offered()
    day = first[0].start.date()
    zone_day = f"{first[0].start.astimezone(MAYA_ZONE):%Y%m%d}"
    at_work.server.put(
        MAYA.id, "off", f"DTSTART;VALUE=DATE:{zone_day}", "TRANSP:TRANSPARENT", "SUMMARY:PTO"
    )
    # The caller still has the old times in their ear; the desk looks anew.
    refused = await at_work.desk.perform(BookSlot(who(), first[0]), at_work.jobs.now)
    assert isinstance(refused, Refused) and refused.reason == "it is taken"
    assert refused.board is not None
    then = await at_work.offered()
    assert then and day not in {s.start.astimezone(MAYA_ZONE).date() for s in then}
    at_work.server.put(
        MAYA.id, "weekly", f"DTSTART:{then[0].start - timedelta(days=14):%Y%m%dT%H%M%SZ}",
        "DURATION:PT30M", "RRULE:FREQ=WEEKLY",
    )  # fmt: skip
    refused = await at_work.desk.perform(BookSlot(who(), then[0]), at_work.jobs.now)
    assert isinstance(refused, Refused), "an occurrence of a series takes it"


async def test_a_meeting_is_moved_once_and_called_off(at_work):
    slots = await at_work.offered()
    booked = await book(at_work, slots[0])
    await at_work.written("c1")
    tool = MoveBooking(who(1, 5), booked.booking, slots[4])
    moved = await at_work.desk.perform(tool, at_work.jobs.now)
    assert isinstance(moved, Booked) and moved.moved, "our own event does not stand in the way"
    at_work.net.lost = ["PUT"]
    with pytest.raises(CalendarFailed):
        await at_work.written("c1")
    await at_work.written("c1")
    (text,) = at_work.ours(MAYA.id)
    assert f"DTSTART:{slots[4].start:%Y%m%dT%H%M%SZ}" in text and "SEQUENCE:1" in text
    gone = await at_work.desk.perform(CancelBooking(who(1, 7), moved.booking), at_work.jobs.now)
    assert isinstance(gone, Cancelled)
    at_work.net.lost = ["DELETE"]
    with pytest.raises(CalendarFailed):
        await at_work.written("c1")
    await at_work.written("c1")
    assert not at_work.ours(MAYA.id)


async def test_a_meeting_that_goes_to_another_rep_leaves_the_first_ones_calendar(at_work):
    await book(at_work, (await at_work.offered())[0])
    wanted = await at_work.written("c1")
    await at_work.calendar.move(replace(wanted, rep=TOM, sequence=1))
    assert not at_work.ours(MAYA.id) and len(at_work.ours(TOM)) == 1


async def test_what_people_do_to_a_meeting_is_flagged_and_told_once(at_work):
    slots = [s for s in await at_work.offered() if s.start > NOW + timedelta(days=1)]
    await book(at_work, slots[0])
    wanted = await at_work.written("c1")
    await at_work.jobs.run(3_600)
    assert not at_work.told.matters, "nothing was changed"
    start = slots[0].start.astimezone(MAYA_ZONE)
    at_work.server.rewrite(
        MAYA.id, wanted.uid,
        (f"DTSTART;TZID={MAYA.timezone}:{start:%Y%m%dT%H%M%S}",
         f"DTSTART;TZID={MAYA.timezone}:{start + timedelta(minutes=15):%Y%m%dT%H%M%S}"),
    )  # fmt: skip
    await at_work.jobs.run(3_600)
    ((person, matter),) = at_work.told.matters[:1]
    assert person == MAYA.id and "was moved to" in matter.title
    flags = document("c1", await at_work.store.log.read("c1"))["flags"]
    assert [f["kind"] for f in flags] == ["calendar_changed"], "looked at four times, flagged once"
    assert {m.key for _, m in at_work.told.matters} == {matter.key}
    busy = await at_work.calendar.busy([MAYA.id], NOW, NOW + timedelta(days=14), fresh=True)
    assert len(busy[MAYA.id]) == 1, "the time it was moved to is taken"
    at_work.server.remove(MAYA.id, wanted.uid)
    await at_work.jobs.run(3_600)
    assert "was removed" in at_work.told.matters[-1][1].title


async def test_a_guest_who_declines_is_noticed(at_work):
    await book(at_work, (await at_work.offered())[0])
    made: dict[str, Any] = document("c1", await at_work.store.log.read("c1"), company=COMPANY)
    wanted = replace(entry(made["booking"], ""), guest="jane@acme.example")
    await at_work.calendar.create(wanted)
    at_work.server.rewrite(MAYA.id, wanted.uid, ("RSVP=TRUE", "PARTSTAT=DECLINED"))
    await at_work.jobs.run(1_800)
    assert "The buyer declined" in at_work.told.matters[0][1].title


async def test_while_a_server_is_away_what_was_read_lately_is_offered_but_nothing_booked(at_work):
    slots = await at_work.offered()
    at_work.net.dead = True
    at_work.jobs.now += timedelta(minutes=1)
    assert len(await at_work.offered()) in (len(slots), len(slots) - 1)
    asked = len(at_work.net.asked)
    await at_work.offered()
    assert len(at_work.net.asked) == asked, "who is down is not asked with every conversation"
    with pytest.raises(CalendarFailed):
        await at_work.desk.perform(BookSlot(who(), slots[0]), at_work.jobs.now)
    at_work.jobs.now += STALE
    assert not await at_work.offered(), "what was read long ago is not offered"
    everyone = await at_work.desk.look("c1", None, at_work.jobs.now)
    others = [r.id for r in COMPANY.team if r.id not in PEOPLE]
    assert not any(everyone.busy[rep] for rep in others), "other reps are"
    at_work.net.dead = False
    at_work.jobs.now += timedelta(minutes=1)
    assert await at_work.offered()


async def test_errors_name_the_remedy(at_work):
    good = at_work.server.target(MAYA.id)
    wrong = {
        "CALDAV_ACCOUNTS": replace(good, password="old"),
        "`calendar` of the rep": Target(f"{at_work.server.url}/{MAYA.id}/none/", good.user,
                                        good.password),
    }  # fmt: skip
    async with httpx.AsyncClient() as client:
        for remedy, target in wrong.items():
            with pytest.raises(CalendarFailed) as failed:
                await CalDav(client).between(target, NOW, NOW + timedelta(days=1))
            assert remedy in str(failed.value) and not failed.value.retryable
            assert good.password not in str(failed.value)
        assert await CalDav(client).is_calendar(good)
        home = replace(good, url=f"{at_work.server.url}/{MAYA.id}/")
        assert not await CalDav(client).is_calendar(home)


async def test_a_server_that_is_slow_is_away_for_who_is_on_the_telephone(at_work):
    class Slow(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await anyio.sleep(60)
            raise AssertionError("nobody waits for this")

    async with httpx.AsyncClient(transport=Slow()) as client:
        targets = {MAYA.id: at_work.server.target(MAYA.id)}
        slow = CalDavCalendar(
            CalDav(client), targets, lambda: COMPANY, partial(ours, at_work.store),
            at_work.jobs.clock, read_s=0.05,
        )  # fmt: skip
        with pytest.raises(CalendarFailed):
            await slow.busy([MAYA.id], NOW, NOW + timedelta(days=1))
        both = Calendars(EmbeddedCalendar(at_work.store), slow)
        at: datetime = NOW + timedelta(days=1)
        found = await both.busy([MAYA.id, TOM], NOW, at)
        assert found == {MAYA.id: (Busy(NOW, at),), TOM: ()}


def test_accounts_are_given_to_reps_with_an_address_and_mistakes_are_named():
    address = "https://dav.example/maya/work"
    team = tuple(at_address(r, address if r.id == MAYA.id else r.calendar) for r in COMPANY.team)
    company = COMPANY.model_copy(update={"team": team})
    found = caldav_targets(company, "*=sales:p%3Aw maya-lindqvist=maya:s%20p")
    assert found == {MAYA.id: Target(address + "/", "maya", "s p")}
    assert caldav_targets(company, "*=sales:p%3Aw")[MAYA.id].password == "p:w"
    for wrong in ("maya-lindqvist", "=a:b", "maya-lindqvist=justauser", "nobody=a:b"):
        with pytest.raises(ConfigError, match="rep=user:password"):
            caldav_targets(company, wrong)
    plain = COMPANY.model_copy(update={"team": (at_address(MAYA, "http://dav.example/maya"),)})
    with pytest.raises(ConfigError, match="in the clear"):
        caldav_targets(plain, "*=a:b")


def at_address(rep: Rep, calendar: str | None) -> Rep:
    return rep.model_copy(update={"calendar": calendar})


async def test_an_entry_of_a_forgotten_person_keeps_its_time_and_says_nothing(at_work, tmp_path):
    await book(at_work, (await at_work.offered())[0])
    wanted = replace(await at_work.written("c1"), guest="jane@acme.com")
    at_work.server.rewrite(
        MAYA.id, wanted.uid, ("TRANSP:OPAQUE", "LOCATION:Jane's office\r\nTRANSP:OPAQUE"),
        ("END:VEVENT", "ATTENDEE:mailto:jane@acme.com\r\nATTENDEE:mailto:"
         f"{MAYA.email}\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT5M\r\n"
         "DESCRIPTION:Jane\r\nEND:VALARM\r\nEND:VEVENT"),
    )  # fmt: skip
    (before,) = at_work.ours(MAYA.id)
    await at_work.store.conversations.mark_wrapped("c1", NOW)
    person = await at_work.store.people.person_of("c1")
    await at_work.store.log.append("c1", NOW, [ConversationEnded("booked", "caller", 9)])
    assert (await Eraser(at_work.store, Archive(tmp_path), lambda: NOW).erase(person)).done
    taking = TakingBack(at_work.store, None, at_work.calendar, at_work.jobs.clock)
    at_work.net.dead = True
    assert await taking.sweep() == 0
    assert [w["system"] for w in (await left(at_work, person))[1]] == ["calendar"]
    at_work.net.dead = False
    at_work.jobs.now += timedelta(minutes=11)
    assert await taking.sweep() == 1 and await taking.sweep() == 0
    (after,) = at_work.ours(MAYA.id)
    assert "jane" in before.lower() and "jane" not in after.lower()
    assert "What was said" not in after and MAYA.email in after and "SUMMARY:[erased]" in after
    start = next(line for line in before.splitlines() if line.startswith("DTSTART;"))
    assert start in after
    assert (await left(at_work, person))[1:] == ([], {"calendar_entries": 1})


async def left(made: Office, person: str) -> Any:
    return await made.store.query(lambda c: certified(c, person))
