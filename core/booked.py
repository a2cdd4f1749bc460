"""What is true and what is said after a tool has run. The only place that says "booked". Pure.

`settle` turns a receipt into a new state and points to say; without a receipt there are none.
"""

from dataclasses import dataclass
from datetime import datetime

from core.asking import Offer
from core.conversation.consenting import kept as settled
from core.conversation.remembering import carried
from core.conversation.state import ConversationState, replace
from core.events import BOOKING_REFUSED, Fact, Noted
from core.plan import ANYTHING_ELSE, Act, Point, Tell
from core.policy.promising import callback_by, elsewhere, requested
from core.scheduling.board import Booking
from core.scheduling.openings import Openings
from core.scheduling.slots import Slot
from core.scheduling.spoken import said_time, said_times
from core.scheduling.tools import (
    Booked,
    BookSlot,
    CancelBooking,
    Cancelled,
    Held,
    HoldSlot,
    MoveBooking,
    Receipt,
    Refused,
    Tool,
)
from core.scheduling.wishes import Wish
from knowledge.profile import Company


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a receipt made true, and what to say about it."""

    state: ConversationState
    act: Act
    facts: tuple[Fact, ...] = ()


def settle(
    state: ConversationState, tool: Tool, receipt: Receipt, company: Company, now: datetime
) -> Outcome:
    """The state and the points to say after a tool ran. The same receipt gives the same outcome."""
    match receipt:
        case Held(slot):
            kept = _taken(_meeting(state, held=slot))
            return Outcome(kept, Act("held", _held(kept, slot, company, now)))
        case Booked(booking, moved):
            known = replace(
                _meeting(_taken(state), booking=booking, heard=False, held=None),
                wants=replace(state.wants, meeting=False), callback=None,
            )  # fmt: skip
            return Outcome(known, Act("booked", _booked(known, booking, moved, company, now)))
        case Cancelled(booking):
            left = _cleared(_meeting(_without(state, booking), held=None))
            said = Tell("cancelled", _named(left, booking, company, now), kind="next_step",
                        must_hear=True)  # fmt: skip
            return Outcome(left, Act("cancelled", (said, ANYTHING_ELSE)))
        case Refused():
            return _refused(state, tool, receipt, company, now)


def kept(base: ConversationState, now: ConversationState) -> ConversationState:
    """The state before a turn that is rolled back, keeping whatever was booked during that turn."""
    base = settled(carried(base, now), now)
    was, made = base.meeting, now.meeting
    if made.booking == was.booking and made.held == was.held:
        return replace(base, board=now.board)
    awaited = replace(base.awaited, offer=now.awaited.offer)
    return replace(base, meeting=made, times=now.times, awaited=awaited, board=now.board)


def _booked(
    state: ConversationState, booking: Booking, moved: bool, company: Company, now: datetime
) -> tuple[Point, ...]:
    """Confirms the booking in both time zones, how they will talk and where the invite goes."""
    owner = booking.rep
    said = [
        Tell("moved" if moved else "booked", _named(state, booking, company, now, full=True),
             kind="next_step", must_hear=True, promise=owner, sets="booking")
    ]  # fmt: skip
    if state.number and not moved:
        slots = (("name", _rep_name(company, owner)), ("number", state.said_number))
        visit = company.is_visit(booking.meeting)
        said.append(Tell("rep_comes" if visit else "rep_calls", slots, kind="next_step"))
    email = state.signals.value("email")
    if email and state.awaited.read_back is None:
        topic = "invitation_updated" if moved else "invitation_goes"
        said.append(Tell(topic, (("email", email),), kind="next_step"))
    elif not email and "email" not in state.asks.declined and state.asks.count("email") <= moved:
        said.append(Tell("where_to_send_email", kind="ask", asks="email"))
        return tuple(said)
    return (*said, ANYTHING_ELSE)


def _held(
    state: ConversationState, slot: Slot, company: Company, now: datetime
) -> tuple[Point, ...]:
    when = _when(state, slot.rep, slot.start, company, now)
    ask = Tell("how_to_reach_email", kind="ask", asks="email")
    return Tell("held", (("when", when),), kind="next_step"), ask


def _refused(
    state: ConversationState, tool: Tool, receipt: Refused, company: Company, now: datetime
) -> Outcome:
    """Offers other times, or says who calls and when; the buyer always learns what happens next."""
    state = replace(_meeting(_cleared(state), held=None), board=receipt.board)
    if isinstance(tool, CancelBooking):
        gone = Tell("meeting_gone", kind="next_step")
        return Outcome(_without(state, tool.booking), Act("refused", (gone, ANYTHING_ELSE)))
    slot = tool.slot
    opening = Tell("slot_gone" if receipt.board else "desk_away", kind="next_step")
    times = _others(state, tool, slot, company, now)
    if times:
        zone = state.zone
        rep = company.rep(slot.rep)
        assert rep is not None, "times are those of a rep"
        starts, dated = [t.start for t in times], state.by_mail
        said = said_times(starts, zone, rep.timezone, rep.name, now, dated=dated)
        topic = "other_times" if len(times) > 1 else "other_times_one"
        offer = Tell(topic, (("name", rep.name), ("times", said)), kind="next_step",
                     asks=Offer("slots"), offers=times)  # fmt: skip
        moving = tool.booking if isinstance(tool, MoveBooking) else None
        state = _meeting(state, moving=moving)
        state = replace(state, times=state.times.offering(times, state.turn))
        return Outcome(state, Act("refused", (opening, offer)))
    return _call_instead(state, slot, opening, company, now, receipt.reason)


def _others(
    state: ConversationState, tool: HoldSlot | BookSlot | MoveBooking, slot: Slot,
    company: Company, now: datetime,
) -> tuple[Slot, ...]:  # fmt: skip
    if state.board is None:
        return ()
    judged = state.judged
    openings = Openings(
        company, state.board, slot.rep, judged.segment, judged.fast_track, state.zone, now,
        visit=state.wants.visit,
    )  # fmt: skip
    moving = tool.booking if isinstance(tool, MoveBooking) else None
    return openings.offer(Wish(), (slot.id, *state.times.passed), moving)[0]


def _call_instead(
    state: ConversationState, slot: Slot, opening: Tell, company: Company, now: datetime, why: str
) -> Outcome:
    """No time could be booked, so the rep calls at the team's next working time."""
    failed = Noted(BOOKING_REFUSED, {"turn": state.turn, "reason": why})
    if not state.number:
        ask = Tell("ask_phone", kind="ask", asks="phone")
        wants = replace(state.wants, meeting=True)
        return Outcome(replace(state, wants=wants), Act("refused", (opening, ask)), (failed,))
    rep = slot.rep
    quote = (state.history.by("caller") or ("",))[-1]
    callback = callback_by(rep, state, company, now, quote)
    number = ("number", state.said_number)
    slots = (("name", _rep_name(company, rep)), ("when", callback.when), number)
    line = Tell("callback_set", slots, kind="next_step", must_hear=True, promise=rep)
    fact = requested(callback, state, company, state.turn)
    agreed = replace(state, callback=callback)
    points = (opening, line, *elsewhere(callback), ANYTHING_ELSE)
    return Outcome(agreed, Act("refused", points), (fact, failed))


def _cleared(state: ConversationState) -> ConversationState:
    """The state with nothing on offer."""
    awaited = replace(state.awaited, offer=None)
    return replace(_meeting(state, moving=None), times=state.times.cleared(), awaited=awaited)


def _taken(state: ConversationState) -> ConversationState:
    """The state after one offered time was taken; the others can still replace it."""
    return replace(_cleared(state), times=state.times.taken(state.turn))


def _meeting(state: ConversationState, **changes: object) -> ConversationState:
    return replace(state, meeting=replace(state.meeting, **changes))  # type: ignore[arg-type]


def _without(state: ConversationState, booking: Booking) -> ConversationState:
    """The state after a meeting is gone."""
    board = state.board
    if board is not None:
        left = tuple(b for b in board.booked if b.id != booking.id)
        board = replace(board, booked=left)
    own = state.meeting.booking
    if own and own.id == booking.id:
        own = None
    return _meeting(replace(state, board=board), booking=own)


def _named(
    state: ConversationState, booking: Booking, company: Company, now: datetime, *,
    full: bool = False,
) -> tuple[tuple[str, str], ...]:  # fmt: skip
    when = _when(state, booking.rep, booking.start, company, now, full=full)
    return ("name", _rep_name(company, booking.rep)), ("when", when)


def _when(
    state: ConversationState, rep_id: str, start: datetime, company: Company, now: datetime, *,
    full: bool = False,
) -> str:  # fmt: skip
    rep = company.rep(rep_id)
    zone = state.zone
    timezone = rep.timezone if rep else company.timezone
    name, dated = _rep_name(company, rep_id), state.by_mail
    return said_time(start, zone, timezone, name, now, full=full, dated=dated)


def _rep_name(company: Company, rep_id: str) -> str:
    rep = company.rep(rep_id)
    return rep.name if rep else "a colleague"
