"""Meetings: which times are offered, when one is booked, moved or cancelled. Pure.

Nothing here says that something is booked: an act names the tool, and the tool's receipt decides
what may be said (`core/booked.py`).
"""

from dataclasses import replace as changed

from core.asking import Offer
from core.commands import (
    Affirm,
    AskNext,
    AskProduct,
    AskRepeat,
    Busy,
    CancelMeeting,
    ChooseSlot,
    Deny,
    KeepMeeting,
    MoveMeeting,
    OffTopic,
    PassSlots,
    ProvideContact,
    ReadyToBuy,
    RequestCallback,
    RequestMeeting,
    Smalltalk,
    Unclear,
)
from core.conversation.state import ConversationState, replace
from core.conversation.understanding.times.beyond import later_than
from core.conversation.understanding.times.carried import carried, of_the_offered
from core.conversation.understanding.times.choosing import (
    beside,
    own_zone,
    said_of_time,
)
from core.conversation.understanding.times.wishes import wish_of
from core.plan import ANYTHING_ELSE, Act, Defer, Give, Point, Tell
from core.policy.agreements import phone_given, promise
from core.policy.offering import bookee, how_they_meet, offer, which
from core.policy.stands import meeting_stands, said_of
from core.policy.transferring import offered
from core.policy.view import View
from core.scheduling.board import Booking
from core.scheduling.slots import Slot, meeting_for
from core.scheduling.tools import BookSlot, CancelBooking, HoldSlot, MoveBooking
from core.scheduling.wishes import Wish

MOST_ROUNDS = 3
"""How many rounds of times are offered unasked before a callback is offered instead."""


def booking(view: View, said: tuple[Point, ...]) -> Act | None:
    """Continue with a meeting that is being found, is booked, or is being changed."""
    state = view.state
    if state.board is None or (state.judged.disqualified and state.meeting.booking is None):
        return None
    for rule in (_changed, _chosen, _reachable_now, _passed, _wished, _again, _back):
        if act := rule(view, said):
            return act
    return None


def propose(view: View) -> Tell | None:
    """Offer a qualified buyer a person now, or times to meet; None where only a callback can be."""
    state, route = view.state, view.state.judged.route
    if state.meeting.booking is None and (now := offered(view)):
        return now
    if view.openings is None or route is None or route.action not in ("book", "transfer"):
        return None
    if state.meeting.booking is not None or "slots" in state.proposals.refused:
        return None
    times, _ = view.openings.offer(Wish())
    return offer(view, "offer_times", times) if times else None


def proposed_again(view: View) -> Tell | None:
    """The last proposal, neither accepted nor declined, if it still stands."""
    if view.state.awaited.offer == "transfer" and (now := offered(view)):
        return changed(now, topic="transfer_stands")
    if view.state.awaited.offer == "slots" and view.state.times.slots and view.openings is not None:
        return offer(view, "times_stand", view.state.times.slots)
    return None


def unchosen(view: View) -> tuple[Tell, ...] | None:
    """The times they asked for, repeated after another question was answered, though not every
    time. None if none are pending."""
    state = view.state
    if not state.times.slots or not state.wants.meeting or view.openings is None:
        return None
    if state.arranged or "slots" in {*state.proposals.refused, *view.refused}:
        return None
    if not state.times.fresh(state.turn):
        return None
    said_again = state.times.turn == state.turn - 1 and state.proposals.made.count("slots") > 1
    return () if said_again else (offer(view, "times_stand", state.times.slots),)


def still_offered(view: View) -> tuple[Tell, ...]:
    """Which of the offered times they want, without repeating the times."""
    slots = view.state.times.slots
    if not slots:
        return ()
    topic = "one_of_those" if len(slots) > 1 else "that_one"
    return (Tell(topic, kind="ask", asks=Offer("slots"), offers=slots),)


def times_again(view: View) -> tuple[Tell, ...]:
    """The offered times in full, for a buyer who lost track of them."""
    return (offer(view, "times_again", view.state.times.slots, again=True),)


def standing(view: View) -> Booking | None:
    """The meeting a caller refers to: the one made here, else their next one."""
    state = view.state
    if state.meeting.booking is not None:
        return state.meeting.booking
    return state.board.booked[0] if state.board and state.board.booked else None


def with_offer(state: ConversationState, act: Act) -> ConversationState:
    """The state after an act that offers times; the previous ones did not suit."""
    offers = [p.offers for p in act.points if isinstance(p, Tell) and p.offers]
    if not offers:
        return state
    slots = offers[-1]
    if set(slots) <= set(state.times.slots):
        return replace(state, times=state.times.narrowed(slots, state.turn))
    meeting = replace(state.meeting, moving=act.moving)
    return replace(state, times=state.times.renewed(slots, state.turn), meeting=meeting)


# --- rules, in their order -----------------------------------------------------------------------


def _changed(view: View, said: tuple[Point, ...]) -> Act | None:
    """Ask before cancelling, and cancel after a yes; or look for another time."""
    state, meeting = view.state, standing(view)
    if meeting is None:
        if not view.has(CancelMeeting, MoveMeeting):
            return None
        none = Tell("no_meeting", (("name", view.name_of(view.rep)),), asks=Offer("callback"))
        return Act("no_meeting", (*said, none))
    if view.has(CancelMeeting) and state.by_mail:  # asking for confirmation would cost a day
        return Act("cancel", said, tool=CancelBooking(bookee(view), meeting))
    sure = state.awaited.offer == "cancel" and view.has(Affirm, CancelMeeting)
    if view.has(CancelMeeting) and not sure:
        name = (("name", view.name_of(meeting.rep)), ("when", said_of(view, meeting)))
        ask = Tell("confirm_cancel", name, kind="confirm", asks=Offer("cancel"))
        return Act("cancel", (*said, ask))
    if sure:
        return Act("cancel", said, tool=CancelBooking(bookee(view), meeting))
    if "cancel" in view.refused or view.has(KeepMeeting):
        kept = meeting_stands(view, meeting, "booking_kept")
        return Act("cancel", (*said, kept, ANYTHING_ELSE))
    wanted = next((c for c in view.commands if isinstance(c, MoveMeeting)), None)
    return _times(view, said, wanted.when, meeting) if wanted else None


def _chosen(view: View, said: tuple[Point, ...]) -> Act | None:
    """Book a chosen time if we can reach the buyer, else hold it until we can. If only one time is
    on offer, an address or a number means yes."""
    state = view.state
    choice = next((c for c in view.commands if isinstance(c, ChooseSlot)), None)
    if choice is not None and not choice.slots and state.times.slots:
        times = offer(view, "times_again", state.times.slots, again=True)
        return Act("choose", (*said, times))
    fits = [s for s in state.times.slots or state.times.choices if choice and s.id in choice.slots]
    agreed = view.has(Affirm) and state.awaited.offer == "slots"
    agreed = (agreed or _accepted_by_contact(view)) and not view.has(PassSlots)
    if not fits and agreed and not view.has(RequestMeeting):
        fits = list(state.times.slots)
    if not fits:
        return None
    if choice is not None and choice.asked:
        times = offer(view, "times_stand", tuple(fits), again=True)
        return Act("choose", (*said, times), moving=state.meeting.replaced)
    if len(fits) > 1 and state.times.asked < 1:
        return Act("choose", (*said, which(view, tuple(fits))), moving=state.meeting.replaced)
    return _take(view, said, fits[0])


def _accepted_by_contact(view: View) -> bool:
    """Whether they answer the one time on offer with an address or a number, confirmed where we
    read it back."""
    state = view.state
    given = any(s.criterion in ("email", "phone") for s in view.learned)
    if not given or state.awaited.read_back or view.has(Deny, AskProduct):
        return False
    pending = state.awaited.offer == "slots" or (not state.written and state.wants.meeting)
    return len(state.times.slots) == 1 and pending and state.times.fresh(state.turn)


def _take(view: View, said: tuple[Point, ...], slot: Slot) -> Act:
    state = view.state
    if (moving := state.meeting.replaced) is not None:
        return Act("book", said, tool=MoveBooking(bookee(view), moving, slot))
    if state.reachable:
        return Act("book", said, tool=BookSlot(bookee(view), slot))
    return Act("hold", said, tool=HoldSlot(bookee(view), slot))


def _reachable_now(view: View, said: tuple[Point, ...]) -> Act | None:
    """A chosen time that waited for a number or an address can now be booked."""
    state, held = view.state, view.state.meeting.held
    if held is None or state.awaited.read_back is not None or view.has(RequestMeeting):
        return None
    if state.reachable:
        return Act("book", said, tool=BookSlot(bookee(view), held))
    both = {"phone", "email"} <= state.asks.given_up
    if both or state.asks.count("email") + state.asks.count("phone") > 2:
        return Act("book", (*said, Tell("no_way_to_reach", kind="next_step")))
    if view.has(Deny) or not view.has(ProvideContact):
        field = "phone" if "email" in state.asks.given_up else "email"
        return Act("book", (*said, Tell(f"how_to_reach_{field}", kind="ask", asks=field)))
    return None


def _passed(view: View, said: tuple[Point, ...]) -> Act | None:
    """None of the times suits: offer others, and after a few rounds a callback. A plain no leaves
    open when or whether, so ask."""
    state = view.state
    if not state.times.slots or view.has(RequestMeeting):
        return None
    if view.has(PassSlots):
        return _times(view, said, "", state.meeting.moving)
    if any(isinstance(c, Deny) and c.for_now for c in view.commands) and view.mere:
        return Act("considers", (*said, Tell("takes_time"), ANYTHING_ELSE))
    if view.has(Busy) or ("slots" in view.refused and state.wants.meeting and view.mere):
        name = (("name", view.name_of(state.times.slots[0].rep)),)
        line = Tell("when_else", name, kind="ask", asks=Offer("callback"), offers=state.times.slots)
        return Act("times", (*said, line), moving=state.meeting.moving)
    return None  # a plain no to an unrequested offer


def _wished(view: View, said: tuple[Point, ...]) -> Act | None:
    """They asked for a meeting, or for other kinds of times."""
    state = view.state
    if view.has(AskNext) and not state.arranged:
        proposal = propose(view)
        return Act("next", (*said, proposal)) if proposal else None
    wanted = next((c for c in view.commands if isinstance(c, RequestMeeting)), None)
    booked = state.meeting.booking and state.meeting.moving is None
    if wanted is None or (booked and not state.times.slots):
        return None
    if isinstance(wanted, ReadyToBuy) and not wanted.when and (now := offered(view)):
        return Act("buy", (*said, now))
    stand = state.times.slots and state.times.fresh(state.turn)
    if not wanted.when and state.meeting.moving is None and stand:
        return Act("times", (*said, which(view, state.times.slots)))  # "let's set something up"
    when = said_of_time(wanted, state.history.lines[-1][1])
    return _times(view, (*said, *_call_first(view, wanted)), when, state.meeting.moving)


def _call_first(view: View, wanted: RequestMeeting) -> tuple[Tell, ...]:
    """Tell a buyer who wants a visit if the meeting on offer is a call."""
    segment = view.state.judged.segment
    meeting = meeting_for(view.company, segment, visit=wanted.visit)
    return (Tell("call_first"),) if wanted.visit and meeting and not meeting.visit else ()


def _again(view: View, said: tuple[Point, ...]) -> Act | None:
    """A meeting is booked: say so when asked, and where the invitation goes or which number we
    call."""
    state = view.state
    if state.meeting.booking is None:
        return None
    called = [c for c in view.commands if isinstance(c, RequestCallback) and not c.when]
    if called or view.has(AskNext, RequestMeeting):
        return Act("booked", (*said, meeting_stands(view, state.meeting.booking), ANYTHING_ELSE))
    if state.awaited.read_back is not None:
        return None
    email = next((s.value for s in view.learned if s.criterion == "email"), None)
    if email:
        line = Tell("invitation_goes", (("email", email),), kind="next_step")
        return Act("booked", (*said, line, ANYTHING_ELSE))
    if phone_given(view) and state.callback is None:
        return Act("booked", (*said, how_they_meet(view, state.meeting.booking), ANYTHING_ELSE))
    return None


def _back(view: View, said: tuple[Point, ...]) -> Act | None:
    """Times they asked for are still on offer: return to them before anything else."""
    state, times = view.state, view.state.times
    answering = any(isinstance(p, Give | Defer) for p in said)
    if not times.slots or not times.fresh(state.turn):
        return None
    if not (state.wants.meeting or _left_contact(state)) or "slots" in state.proposals.refused:
        return None
    if state.callback is not None:
        return None
    if answering or state.awaited.read_back or state.ending.closing or view.openings is None:
        return None
    if view.has(Unclear, Smalltalk, AskRepeat, RequestCallback, OffTopic):
        return None
    again = offer(view, "back_to_times", times.slots)
    return Act("times", (*said, again), moving=state.meeting.moving)


def _left_contact(state: ConversationState) -> bool:
    """Whether they answered an offer of times by saying where to reach them, which accepts it."""
    given = (s for s in state.signals.active if s.criterion in ("email", "phone"))
    return any(s.turn > state.times.turn for s in given)


# --- parts ---------------------------------------------------------------------------------------


def _times(view: View, said: tuple[Point, ...], when: str, moving: Booking | None) -> Act | None:
    """Offer times that fit the words, or the nearest ones; None if the rep has none."""
    state = view.state
    if view.openings is None or (state.times.rounds > MOST_ROUNDS and not when):
        return None
    rep = moving.rep if moving else view.openings.rep
    today = view.openings.now.astimezone(own_zone(state, view.company, rep)).date()
    zone = own_zone(state, view.company, rep)
    held = (state.meeting.held,) if state.meeting.held else ()
    offered: tuple[Slot | Booking, ...] = state.times.slots or held
    if moving is not None and not offered and not wish_of(when.lower(), today).days:
        offered = (moving,)
    wish = wish_of(when.lower(), today, bare=bool(offered))
    days = {s.start.astimezone(zone).date() for s in offered}
    wish = wish or beside(when.lower(), offered, zone)
    wish = carried(when.lower(), wish, moving, zone) if moving else wish
    wish = of_the_offered(wish, days)
    until = view.openings.until
    if moving is None and until and later_than(when, wish, today, until):
        return promise(view, (*said, Tell("too_far")), view.openings.rep)
    passed = () if wish.names_a_time else (*state.times.passed, *(s.id for s in state.times.slots))
    times: tuple[Slot, ...] = ()
    exact = False
    if wish.names_an_hour and days and not (wish.days or wish.not_days):
        those = changed(wish, days=frozenset(days))  # another hour on the days in question
        times, exact = view.openings.offer(those, passed, moving)
    elif moving and len(wish.days) == 1 and not wish.names_an_hour and not state.times.slots:
        same = changed(wish, at=moving.start.astimezone(zone).time())  # if free, at its own hour
        times, exact = view.openings.offer(same, passed, moving)
        wish = same if exact else wish
    if not exact and not (times and len(days) == 1):
        times, exact = view.openings.offer(wish, passed, moving)
    if not times:
        return None
    if state.by_mail and exact and wish.at and wish.days and state.reachable:
        # Asking whether the time they named suits them would cost a day.
        tool = MoveBooking(bookee(view), moving, times[0]) if moving else None
        return Act("book", said, tool=tool or BookSlot(bookee(view), times[0]))
    named = len(times) == 1 and wish.at is not None  # exactly the time they asked for
    topic = "other_times" if state.times.slots and not named else "times"
    topic = topic if exact else "nearest_times"
    return Act("times", (*said, offer(view, topic, times)), moving=moving)
