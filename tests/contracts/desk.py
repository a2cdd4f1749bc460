"""The contract of every desk; a test class inherits this and provides a `desk` with free
calendars."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.scheduling.ports import Desk
from core.scheduling.slots import free_slots
from core.scheduling.tools import (
    Booked,
    Bookee,
    BookSlot,
    CancelBooking,
    Cancelled,
    Held,
    HoldSlot,
    MoveBooking,
    Refused,
)
from tests.core.talk import sample

COMPANY = sample().company
MAYA = COMPANY.rep("maya-lindqvist")
NOW = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
CALLER = "+14155550100"


def who(n: int = 1, turn: int = 3, caller: str | None = CALLER) -> Bookee:
    return Bookee(f"c{n}", turn, caller, "America/Los_Angeles")


async def offered(desk: Desk, n: int = 1):
    board = await desk.look(f"c{n}", CALLER, NOW)
    return list(free_slots(MAYA, COMPANY, COMPANY.meeting_types[0], board.busy[MAYA.id], NOW))


class DeskContract:
    async def test_a_free_slot_is_booked_and_is_then_nobody_elses(self, desk: Desk):
        slot = (await offered(desk))[0]
        receipt = await desk.perform(BookSlot(who(), slot), NOW)
        assert isinstance(receipt, Booked) and not receipt.moved
        booking = receipt.booking
        assert (booking.rep, booking.start, booking.end) == (slot.rep, slot.start, slot.end)
        assert booking.zone == "America/Los_Angeles" and booking.uid and booking.sequence == 0
        other = await desk.perform(BookSlot(who(2), slot), NOW)
        assert isinstance(other, Refused) and other.reason == "it is taken"
        assert slot not in await offered(desk, 2)
        assert other.board is not None and other.board.busy[MAYA.id]

    async def test_booking_the_same_turn_again_changes_nothing(self, desk: Desk):
        slot = (await offered(desk))[0]
        first = await desk.perform(BookSlot(who(), slot), NOW)
        assert await desk.perform(BookSlot(who(), slot), NOW) == first

    async def test_the_buffer_after_a_meeting_is_kept(self, desk: Desk):
        slots = await offered(desk)
        slot = slots[2]
        await desk.perform(BookSlot(who(), slot), NOW)
        beside = await desk.perform(BookSlot(who(2), slots[3]), NOW)
        assert slots[3].start == slot.end and isinstance(beside, Refused)

    async def test_a_hold_keeps_a_slot_for_its_conversation_until_it_runs_out(self, desk: Desk):
        slot = (await offered(desk))[0]
        assert await desk.perform(HoldSlot(who(), slot), NOW) == Held(slot)
        assert slot not in await offered(desk, 2)
        assert isinstance(await desk.perform(BookSlot(who(2), slot), NOW), Refused)
        assert slot in await offered(desk, 1)
        late = NOW + timedelta(minutes=11)
        assert isinstance(await desk.perform(BookSlot(who(2), slot), late), Booked)
        lost = await desk.perform(BookSlot(who(1, turn=9), slot), late)
        assert isinstance(lost, Refused) and lost.reason == "it is taken"

    async def test_a_hold_that_ran_out_can_still_be_booked_while_nobody_took_it(self, desk: Desk):
        slot = (await offered(desk))[0]
        await desk.perform(HoldSlot(who(), slot), NOW)
        late = NOW + timedelta(minutes=11)
        assert isinstance(await desk.perform(BookSlot(who(), slot), late), Booked)

    async def test_a_conversation_holds_one_slot_and_gives_it_back(self, desk: Desk):
        slots = await offered(desk)
        await desk.perform(HoldSlot(who(), slots[0]), NOW)
        await desk.perform(HoldSlot(who(), slots[-1]), NOW)
        assert slots[0] in await offered(desk, 2) and slots[-1] not in await offered(desk, 2)
        await desk.release("c1")
        assert await offered(desk, 2) == slots

    async def test_moving_frees_the_old_time_and_keeps_the_entry(self, desk: Desk):
        slots = await offered(desk)
        booked = await desk.perform(BookSlot(who(), slots[0]), NOW)
        assert isinstance(booked, Booked)
        moved = await desk.perform(MoveBooking(who(2), booked.booking, slots[-1]), NOW)
        assert isinstance(moved, Booked) and moved.moved
        assert moved.booking.uid == booked.booking.uid and moved.booking.sequence == 1
        assert moved.booking.start == slots[-1].start
        free = await offered(desk, 3)
        assert slots[0] in free and slots[-1] not in free
        again = await desk.perform(MoveBooking(who(2), booked.booking, slots[-1]), NOW)
        assert again == moved

    async def test_a_move_that_is_refused_leaves_the_meeting_where_it_was(self, desk: Desk):
        slots = await offered(desk)
        mine = await desk.perform(BookSlot(who(), slots[0]), NOW)
        await desk.perform(BookSlot(who(2), slots[-1]), NOW)
        assert isinstance(mine, Booked)
        refused = await desk.perform(MoveBooking(who(), mine.booking, slots[-1]), NOW)
        assert isinstance(refused, Refused)
        assert slots[0] not in await offered(desk, 3)
        board = await desk.look("c9", CALLER, NOW)
        assert [b.start for b in board.booked] == [slots[0].start, slots[-1].start]

    async def test_a_meeting_moves_into_its_own_time(self, desk: Desk):
        """Half an hour later overlaps the buffer of the meeting itself."""
        slots = await offered(desk)
        booked = await desk.perform(BookSlot(who(), slots[0]), NOW)
        assert isinstance(booked, Booked)
        moved = await desk.perform(MoveBooking(who(), booked.booking, slots[1]), NOW)
        assert isinstance(moved, Booked) and moved.booking.start == slots[1].start

    async def test_cancelling_frees_the_time_once(self, desk: Desk):
        slot = (await offered(desk))[0]
        booked = await desk.perform(BookSlot(who(), slot), NOW)
        assert isinstance(booked, Booked)
        gone = await desk.perform(CancelBooking(who(2), booked.booking), NOW)
        assert isinstance(gone, Cancelled) and gone.booking.sequence == 1
        assert slot in await offered(desk, 3)
        assert await desk.perform(CancelBooking(who(2), booked.booking), NOW) == gone
        assert isinstance(
            await desk.perform(MoveBooking(who(), booked.booking, slot), NOW), Refused
        )
        unknown = replace(booked.booking, id="nobody")
        assert isinstance(await desk.perform(CancelBooking(who(), unknown), NOW), Refused)

    async def test_what_has_passed_or_was_never_free_is_refused(self, desk: Desk):
        slot = (await offered(desk))[0]
        after = await desk.perform(BookSlot(who(), slot), slot.start + timedelta(seconds=1))
        assert isinstance(after, Refused) and after.reason == "it has passed"
        night = replace(
            slot, start=slot.start + timedelta(hours=9), end=slot.end + timedelta(hours=9)
        )
        assert isinstance(await desk.perform(BookSlot(who(), night), NOW), Refused)
        ghost = replace(slot, rep="nobody")
        assert isinstance(await desk.perform(BookSlot(who(), ghost), NOW), Refused)

    async def test_a_caller_sees_their_own_meetings_to_come(self, desk: Desk):
        slot = (await offered(desk))[0]
        booked = await desk.perform(BookSlot(who(), slot), NOW)
        assert isinstance(booked, Booked)
        assert (await desk.look("c2", CALLER, NOW)).booked == (booked.booking,)
        assert (await desk.look("c2", "+14155550199", NOW)).booked == ()
        assert (await desk.look("c2", None, NOW)).booked == ()
        assert (await desk.look("c2", CALLER, slot.end)).booked == ()
