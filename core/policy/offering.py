"""Offered times as they are said: which of them, in full or in short, and for whom. Pure."""

from zoneinfo import ZoneInfo

from core.asking import Offer
from core.plan import Tell
from core.policy.view import View
from core.scheduling.board import Booking
from core.scheduling.slots import Slot
from core.scheduling.spoken import said_shortly, said_times, were_heard
from core.scheduling.tools import Bookee


def offer(view: View, topic: str, times: tuple[Slot, ...], *, again: bool = False) -> Tell:
    """Times to choose from; a single one is a yes-or-no question. `again`: in full once more."""
    one = "_one" if len(times) == 1 else ""
    topic = _AS_A_VISIT.get(topic, topic) if view.company.is_visit(times[0].meeting) else topic
    slots = (("name", view.name_of(times[0].rep)), ("times", _named(view, times, again=again)))
    return Tell(topic + one, slots, kind="next_step", asks=Offer("slots"), offers=times)


_AS_A_VISIT = {"offer_times": "offer_visit", "times": "visit_times"}


def which(view: View, fits: tuple[Slot, ...]) -> Tell:
    """Which of several times: those that their words fit, or all if they named none."""
    topic = "which_slot" if len(fits) < len(view.state.times.slots) else "which_of_all"
    times = (("times", _named(view, fits)),)
    return Tell(topic, times, kind="ask", asks=Offer("slots"), offers=fits)


def _named(view: View, times: tuple[Slot, ...], *, again: bool = False) -> str:
    """The times in full, or in short form for a buyer who heard them; a mail is read without the
    previous one at hand."""
    rep = view.company.rep(times[0].rep)
    state, zone = view.state, view.state.zone
    assert rep is not None and view.openings is not None, "slots are made of reps"
    now, starts = view.openings.now, [s.start for s in times]
    own = zone.zone if zone else ZoneInfo(rep.timezone)
    known = set(times) <= set(state.times.slots) and not state.by_mail
    heard = " ".join(state.history.by("agent"))
    picked = len(times) == 1 < len(state.times.slots)  # of several: the hour tells which
    if known and not (again or picked) and were_heard(starts, own, now, heard):
        return said_shortly(starts, own, now)
    return said_times(starts, zone, rep.timezone, rep.name, now, dated=state.by_mail)


def how_they_meet(view: View, meeting: Booking | Slot) -> Tell:
    """Whether we call, and on which number, or come by; without a number, ask for one."""
    visit = view.company.is_visit(meeting.meeting)
    slots = (("name", view.name_of(meeting.rep)), ("number", view.state.said_number))
    if view.state.number:
        return Tell("rep_comes" if visit else "rep_calls", slots, kind="next_step")
    return Tell("number_to_visit" if visit else "number_to_call", slots, kind="ask", asks="phone")


def bookee(view: View) -> Bookee:
    """For whom a time is booked."""
    state = view.state
    zone = state.zone
    opened = state.opened
    return Bookee(opened.conversation_id, state.turn, opened.caller, zone.name if zone else "")
