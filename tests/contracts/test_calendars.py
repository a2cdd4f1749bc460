"""Every calendar on a server: booked once, read afresh, moved, watched, forgotten."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import anyio
import httpx
import pytest

from core.clock import Clock
from core.errors import CalendarFailed
from core.events import ConversationEnded
from core.projections.document import document
from core.scheduling.ports import CalendarEntry
from core.scheduling.slots import Busy
from core.scheduling.tools import Booked, BookSlot, CancelBooking, Cancelled, MoveBooking, Refused
from core.store.personal import certified
from knowledge.profile import Rep
from tests.contracts.calendar_office import Office, office
from tests.contracts.calendar_rigs import (
    MAYA,
    PEOPLE,
    TOM,
    GoogleRig,
    MicrosoftRig,
    RadicaleRig,
    Rig,
    address,
)
from tests.contracts.desk import COMPANY, NOW, who
from tests.fakes.google_calendar import GoogleCalendar
from tests.fakes.graph import Graph
from tests.fakes.radicale import Radicale, radicale
from voice_agent.adapters.calendar_embedded import EmbeddedCalendar
from voice_agent.adapters.calendar_served import STALE, ServedCalendar
from voice_agent.adapters.calendars import Calendars
from voice_agent.adapters.diary import Diary
from voice_agent.audio.archive import Archive
from voice_agent.calendar_watch import ours
from voice_agent.taking_back import TakingBack
from voice_agent.workflows.erasure import Eraser

pytestmark = pytest.mark.real_clock
ZONE = ZoneInfo(COMPANY.rep(MAYA).timezone)
FORTNIGHT = timedelta(days=14)


@pytest.fixture(scope="module")
def dav(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    with radicale(tmp_path_factory.mktemp("radicale"), *PEOPLE) as running:
        yield running


@pytest.fixture(params=["caldav", "google", "microsoft"])
async def at_work(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    addresses = [address(person) for person in PEOPLE]
    with ExitStack() as running:

        def rig(clock: Clock) -> Rig:
            if request.param == "google":
                google = running.enter_context(GoogleCalendar(*addresses, now=clock, page=2))
                return GoogleRig(google, google.settings(tmp_path))
            if request.param == "microsoft":
                return MicrosoftRig(running.enter_context(Graph(*addresses, now=clock, page=2)))
            server: Radicale = request.getfixturevalue("dav")
            server.empty()
            return RadicaleRig(server)

        async with office(tmp_path, rig) as made:
            yield made


async def test_a_booking_is_there_once_though_answers_are_lost_and_the_server_dies(at_work):
    slot = (await at_work.offered())[0]
    await at_work.book(slot)
    for _ in range(2):
        at_work.net.lost = [at_work.rig.create]
        with pytest.raises(CalendarFailed):
            await at_work.written()
        assert len(at_work.rig.ours(MAYA)) == 1, "it took effect, and nobody knows"
    # The process is killed here and another one tries the step again.
    async with httpx.AsyncClient() as fresh:
        await replace(at_work, calendar=at_work.server(fresh)).written()
    (seen,) = at_work.rig.ours(MAYA)
    assert (seen.start, seen.sequence) == (slot.start, 0) and "What was said." in seen.text
    assert not at_work.rig.ours(TOM)


async def test_two_servers_at_once_make_one_event_and_move_it_once(at_work):
    slots = await at_work.offered()
    booked = await at_work.book(slots[0])
    async with httpx.AsyncClient() as fresh:
        servers = [at_work, replace(at_work, calendar=at_work.server(fresh))] * 3

        async def all_at_once() -> None:
            async with anyio.create_task_group() as tasks:
                for one in servers:
                    tasks.start_soon(one.written)

        await all_at_once()
        assert len(at_work.rig.ours(MAYA)) == 1
        tool = MoveBooking(who(1, 5), booked.booking, slots[4])
        assert isinstance(await at_work.desk.perform(tool, at_work.jobs.now), Booked)
        await all_at_once()
    (seen,) = at_work.rig.ours(MAYA)
    assert (seen.start, seen.sequence) == (slots[4].start, 1)


async def test_a_day_off_is_not_offered_and_a_time_taken_meanwhile_is_refused(at_work):
    first = await at_work.offered()
    day = first[0].start.astimezone(ZONE)
    at_work.rig.put(MAYA, day, 0, "PTO", free=True, days=1)
    # The caller still has the old times in their ear; the desk looks anew.
    refused = await at_work.desk.perform(BookSlot(who(), first[0]), at_work.jobs.now)
    assert isinstance(refused, Refused) and refused.reason == "it is taken"
    assert refused.board is not None
    then = await at_work.offered()
    assert then and day.date() not in {s.start.astimezone(ZONE).date() for s in then}
    at_work.rig.put(MAYA, then[0].start - FORTNIGHT, 30, weekly=True)
    refused = await at_work.desk.perform(BookSlot(who(), then[0]), at_work.jobs.now)
    assert isinstance(refused, Refused), "an occurrence of a series takes it"


async def test_everything_is_read_however_many_answers_it_takes(at_work):
    slots = (await at_work.offered())[:7]
    for slot in slots:
        at_work.rig.put(MAYA, slot.start, 15, "private")
    at_work.rig.put(MAYA, slots[6].end + timedelta(hours=1), 15, "lunch", free=True)
    busy = await at_work.calendar.busy([MAYA, TOM], NOW, NOW + FORTNIGHT, fresh=True)
    quarter = timedelta(minutes=15)
    assert list(busy[MAYA]) == [Busy(s.start, s.start + quarter) for s in slots]
    assert busy[TOM] == ()


async def test_a_meeting_is_moved_once_and_called_off(at_work):
    slots = await at_work.offered()
    booked = await at_work.book(slots[0])
    wanted = await at_work.written()
    at_work.rig.note(MAYA, wanted.uid, "Room 7")
    tool = MoveBooking(who(1, 5), booked.booking, slots[4])
    moved = await at_work.desk.perform(tool, at_work.jobs.now)
    assert isinstance(moved, Booked) and moved.moved, "our own event does not stand in the way"
    at_work.net.lost = [at_work.rig.change]
    with pytest.raises(CalendarFailed):
        await at_work.written()
    await at_work.written()
    (seen,) = at_work.rig.ours(MAYA)
    assert (seen.start, seen.sequence) == (slots[4].start, 1)
    assert "Room 7" in seen.text, "what people added stays"
    gone = await at_work.desk.perform(CancelBooking(who(1, 7), moved.booking), at_work.jobs.now)
    assert isinstance(gone, Cancelled)
    at_work.net.lost = ["DELETE"]
    with pytest.raises(CalendarFailed):
        await at_work.written()
    await at_work.written()
    assert not at_work.rig.ours(MAYA)


async def test_a_meeting_that_goes_to_another_rep_and_back_is_in_one_calendar(at_work):
    await at_work.book((await at_work.offered())[0])
    wanted = await at_work.written()
    await at_work.calendar.move(replace(wanted, rep=TOM, sequence=1))
    assert not at_work.rig.ours(MAYA) and len(at_work.rig.ours(TOM)) == 1
    await at_work.calendar.move(replace(wanted, sequence=2))
    assert len(at_work.rig.ours(MAYA)) == 1 and not at_work.rig.ours(TOM)
    await at_work.calendar.cancel(replace(wanted, sequence=3))
    assert not at_work.rig.ours(MAYA) and not at_work.rig.ours(TOM)


async def test_a_change_that_comes_late_does_not_put_in_again_what_was_called_off(at_work):
    booked = await at_work.book((await at_work.offered())[0])
    wanted = await at_work.written()
    gone = await at_work.desk.perform(CancelBooking(who(1, 5), booked.booking), at_work.jobs.now)
    assert isinstance(gone, Cancelled)
    await at_work.written()
    await at_work.calendar.create(wanted)
    await at_work.calendar.move(wanted)
    assert not at_work.rig.ours(MAYA)


class Slow:
    """A calendar in which something happens before an event reaches it."""

    def __init__(self, diary: Diary, meanwhile: Callable[[], Awaitable[object]]) -> None:
        self._diary = diary
        self._meanwhile = meanwhile

    def __getattr__(self, name: str) -> Any:
        return getattr(self._diary, name)

    async def add(self, rep: Rep, entry: CalendarEntry) -> bool:
        await self._meanwhile()
        return await self._diary.add(rep, entry)


async def test_a_meeting_called_off_while_it_is_put_in_does_not_stay_there(at_work):
    booked = await at_work.book((await at_work.offered())[0])
    calendar, diary = at_work.calendar, at_work.calendar._diaries[MAYA]

    async def called_off() -> None:
        calendar._diaries[MAYA] = diary
        tool = CancelBooking(who(1, 5), booked.booking)
        assert isinstance(await at_work.desk.perform(tool, at_work.jobs.now), Cancelled)
        await at_work.written()

    calendar._diaries[MAYA] = Slow(diary, called_off)
    await at_work.written()
    assert not at_work.rig.ours(MAYA)


async def test_a_meeting_moved_while_it_is_put_in_stays_as_moved(at_work):
    slots = await at_work.offered()
    booked = await at_work.book(slots[0])
    calendar, diary = at_work.calendar, at_work.calendar._diaries[MAYA]

    async def moved() -> None:
        calendar._diaries[MAYA] = diary
        tool = MoveBooking(who(1, 5), booked.booking, slots[4])
        assert isinstance(await at_work.desk.perform(tool, at_work.jobs.now), Booked)
        await at_work.written()

    calendar._diaries[MAYA] = Slow(diary, moved)
    await at_work.written()
    (seen,) = at_work.rig.ours(MAYA)
    assert (seen.start, seen.sequence) == (slots[4].start, 1)


async def test_a_meeting_its_rep_removed_is_there_again_when_the_buyer_moves_it(at_work):
    await at_work.book((await at_work.offered())[0])
    wanted = await at_work.written()
    at_work.rig.remove(MAYA, wanted.uid)
    assert not at_work.rig.ours(MAYA)
    later = timedelta(days=1)
    moved = replace(wanted, sequence=1, start=wanted.start + later, end=wanted.end + later)
    await at_work.calendar.move(moved)
    (seen,) = at_work.rig.ours(MAYA)
    assert seen.start == moved.start and "What was said." in seen.text
    at_work.rig.remove(MAYA, wanted.uid)
    await at_work.calendar.cancel(replace(moved, sequence=2))
    await at_work.calendar.blank(MAYA, wanted.uid)
    assert not at_work.rig.ours(MAYA), "what is gone is no error, and stays so"


async def test_what_people_do_to_a_meeting_is_flagged_and_told_once(at_work):
    slots = [s for s in await at_work.offered() if s.start > NOW + timedelta(days=1)]
    await at_work.book(slots[0])
    wanted = await at_work.written()
    await at_work.jobs.run(3_600)
    assert not at_work.told.matters, "nothing was changed"
    at_work.rig.push(MAYA, wanted.uid, timedelta(minutes=15))
    await at_work.jobs.run(3_600)
    ((person, matter),) = at_work.told.matters[:1]
    assert person == MAYA and "was moved to" in matter.title
    flags = document("c1", await at_work.store.log.read("c1"))["flags"]
    assert [f["kind"] for f in flags] == ["calendar_changed"], "looked at four times, flagged once"
    assert {m.key for _, m in at_work.told.matters} == {matter.key}
    busy = await at_work.calendar.busy([MAYA], NOW, NOW + FORTNIGHT, fresh=True)
    assert len(busy[MAYA]) == 1, "the time it was moved to is taken"
    at_work.rig.remove(MAYA, wanted.uid)
    await at_work.jobs.run(3_600)
    assert "was removed" in at_work.told.matters[-1][1].title


async def test_meetings_are_looked_after_in_one_round_once_they_are_in_a_calendar(at_work):
    slots = [s for s in await at_work.offered() if s.start > NOW + timedelta(days=1)]
    one, two = [(await at_work.book(slots[n], turn=n + 3)).booking for n in (0, 4)]
    assert await at_work.jobs.run(3_600) == 4 and not at_work.told.matters
    wanted = await at_work.written()
    await at_work.calendar.create(replace(wanted, uid=one.uid, start=one.start, end=one.end))
    assert await at_work.jobs.run(3_600) == 4
    assert not at_work.told.matters, "nothing was changed"
    at_work.rig.remove(MAYA, one.uid)
    at_work.rig.remove(MAYA, two.uid)
    await at_work.jobs.run(900)
    assert {m.about for _, m in at_work.told.matters} == {one.id, two.id}


async def test_a_guest_in_the_calendar_who_declines_is_noticed(at_work):
    await at_work.book((await at_work.offered())[0])
    wanted = await at_work.written()
    at_work.rig.along(MAYA, wanted.uid, "jane@acme.example", declined=True)
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
    assert sorted(at_work.failed) == sorted(PEOPLE)
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


async def test_a_calendar_that_is_gone_keeps_no_other_from_being_right(at_work):
    await at_work.book((await at_work.offered())[0])
    wanted = await at_work.written()
    at_work.rig.close(TOM)
    at_work.jobs.now += timedelta(minutes=1)
    assert await at_work.offered()
    await at_work.calendar.move(replace(wanted, sequence=1))
    assert at_work.rig.ours(MAYA)[0].sequence == 1
    with pytest.raises(CalendarFailed) as failed:
        await at_work.calendar.create(replace(wanted, rep=TOM, uid="x@y.voice-agent"))
    assert not failed.value.retryable and "company.yaml" in str(failed.value)


async def test_a_server_that_is_slow_is_away_for_who_is_on_the_telephone(at_work):
    class Slow(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await anyio.sleep(60)
            raise AssertionError("nobody waits for this")

    async with httpx.AsyncClient(transport=Slow()) as client:
        kept = at_work.rig.diaries(client, at_work.jobs.clock)
        books = partial(ours, at_work.store)
        slow = ServedCalendar(
            {MAYA: kept[MAYA]}, lambda: COMPANY, books, at_work.jobs.clock, read_s=0.05
        )
        with pytest.raises(CalendarFailed):
            await slow.busy([MAYA], NOW, NOW + timedelta(days=1))
        both = Calendars(EmbeddedCalendar(at_work.store), slow)
        at: datetime = NOW + timedelta(days=1)
        found = await both.busy([MAYA, TOM], NOW, at)
        assert found == {MAYA: (Busy(NOW, at),), TOM: ()}


async def test_an_entry_of_a_forgotten_person_keeps_its_time_and_says_nothing(at_work, tmp_path):
    await at_work.book((await at_work.offered())[0])
    wanted = await at_work.written()
    at_work.rig.note(MAYA, wanted.uid, "Jane's office")
    at_work.rig.along(MAYA, wanted.uid, "jane@acme.example")
    at_work.rig.along(MAYA, wanted.uid, address(TOM))
    (before,) = at_work.rig.ours(MAYA)
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
    (after,) = at_work.rig.ours(MAYA)
    assert "jane" in before.text.lower() and "jane" not in after.text.lower()
    assert "What was said" not in after.text and "[erased]" in after.text
    assert address(TOM) in after.text, "colleagues stay"
    assert (after.start, after.sequence) == (before.start, before.sequence)
    assert (await left(at_work, person))[1:] == ([], {"calendar_entries": 1})


async def left(made: Office, person: str) -> Any:
    return await made.store.query(lambda c: certified(c, person))
