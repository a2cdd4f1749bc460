"""Answers to a buyer who asks about the meeting or call being arranged. Pure."""

from zoneinfo import ZoneInfo

from core.commands import AskArranged, RequestMeeting
from core.conversation.understanding.times.wishes import wish_of
from core.conversation.words.dates import spoken_day
from core.conversation.words.phone import home_region, spoken_phone
from core.geography.zones import zone_name
from core.plan import ANYTHING_ELSE, Act, Point, Tell
from core.policy.agreements import asked_to_send, writes
from core.policy.booking import booking, still_offered, times_again
from core.policy.offering import how_they_meet
from core.policy.stands import answer_stands, call_stands, meeting_stands
from core.policy.view import View
from core.presence import local_day
from core.scheduling.board import Booking
from core.scheduling.slots import Slot, meeting_for
from core.scheduling.spoken import clock
from core.scheduling.spoken_hours import said_on, said_week
from knowledge.profile import MeetingType

SAYS = {
    "length": "meeting_lasts", "content": "meeting_about", "who": "meeting_with",
    "how": "meeting_about", "reminder": "meeting_about",
}  # fmt: skip


def arranged(view: View, said: tuple[Point, ...]) -> Act | None:
    """How long the meeting is, what it is about, who attends; when the promised call comes; our
    hours."""
    asked = [c.about for c in view.commands if isinstance(c, AskArranged)]
    if not asked:
        return None
    state = view.state
    if (rule := _RULES.get(asked[0])) and (act := rule(view, said)):
        return act
    if asked[0] == "when" and state.meeting.booking is not None:
        stands = meeting_stands(view, state.meeting.booking)
        return Act("booked", (*said, stands, *_which_now(view)))
    if asked[0] == "when" and state.callback is None and state.times.slots:
        return Act("times", (*said, *times_again(view)))
    if state.callback is not None and (asked[0] == "when" or state.meeting.booking is None):
        return Act("callback", (*said, call_stands(view, state.callback, "callback_will")))
    if asked[0] == "answer":
        return _hears_back(view, said)
    meeting, rep = _meeting(view)
    if meeting is None:
        return None
    person = view.company.rep(rep)
    told = (
        ("name", view.name_of(rep)), ("meeting", _bare(meeting.label.lower())),
        ("minutes", str(meeting.minutes)), ("title", person.title if person else "our team"),
    )  # fmt: skip
    line = Tell(SAYS[asked[0]], told, kind="next_step")
    if state.meeting.booking is not None:
        return Act("booked", (*said, line, meeting_stands(view, state.meeting.booking)))
    if view.has(RequestMeeting):
        return booking(view, (*said, line))
    return Act("times", (*said, line, *still_offered(view)))


def _bare(label: str) -> str:
    """The name of a meeting type without its article."""
    first, _, rest = label.partition(" ")
    return rest if first in ("a", "an", "the") else label


def _which_now(view: View) -> tuple[Point, ...]:
    """Alternative times, while the meeting is being moved."""
    return still_offered(view) if view.state.meeting.moving else (ANYTHING_ELSE,)


def _guests(view: View, said: tuple[Point, ...]) -> Act:
    return Act("guests", (*said, Tell("guests_welcome"), *still_offered(view)))


def _number(view: View, said: tuple[Point, ...]) -> Act:
    """The number we will call."""
    number = (("number", view.state.said_number),)
    line = Tell("number_is", number, kind="next_step")
    if view.state.callback is None or view.state.meeting.booking is not None:
        return Act("number", (*said, line, *still_offered(view)))
    return Act("number", (*said, line, call_stands(view, view.state.callback, "callback_will")))


def _reach(view: View, said: tuple[Point, ...]) -> Act:
    """How to reach us again, and whom."""
    name = view.name_of(_person(view) or view.owner)
    line = Tell("reach_us", (("name", name),), kind="next_step")
    return Act("reach", (*said, line, *_then(view)))


def _open(view: View, said: tuple[Point, ...]) -> Act:
    """The company's hours: in an ordinary week, or on the day they ask about."""
    company = view.company
    quote = next(c.span.quote for c in view.commands if isinstance(c, AskArranged))
    today = local_day(company, view.now)
    days = sorted(wish_of(quote.lower(), today).days)
    if not days or len(days) > MOST_DAYS:
        line = Tell("open_hours", (("when", said_week(company)),))
    else:
        hours, day = said_on(company, days[0]), spoken_day(days[0], today)
        line = Tell("open_then" if hours else "closed_then", (("day", day), ("when", hours)))
    return Act("hours", (*said, line, ANYTHING_ELSE))


def _our_number(view: View, said: tuple[Point, ...]) -> Act:
    """The number they called, or else our own."""
    numbers = view.company.numbers
    called = view.state.opened.called
    number = called if called in numbers else numbers[0]
    told = (("number", spoken_phone(number, home_region(numbers))),)
    return Act("our_number", (*said, Tell("our_number", told, kind="answer"), *_then(view)))


def _our_time(view: View, said: tuple[Point, ...]) -> Act:
    """What time it is at the company."""
    zone = view.company.timezone
    time = f"{clock(view.now.astimezone(ZoneInfo(zone)))} {zone_name(zone)}"
    return Act(
        "our_time", (*said, Tell("our_time", (("time", time),), kind="answer"), *_then(view))
    )


def _then(view: View) -> tuple[Point, ...]:
    """What was being arranged, or whether there is anything else."""
    return still_offered(view) or (ANYTHING_ELSE,)


MOST_DAYS = 2
"""Most days of which the first's hours are told: "at the weekend"."""


def _how(view: View, said: tuple[Point, ...]) -> Act | None:
    """By phone, or on site."""
    slot = _slot(view)
    if slot is None:
        return None
    line = how_they_meet(view, slot)
    more = () if line.asks else still_offered(view) or (ANYTHING_ELSE,)
    return Act("how", (*said, line, *more))


def _reminder(view: View, said: tuple[Point, ...]) -> Act | None:
    """The invitation is what they get; where it goes, or the question where."""
    booked, email = view.state.meeting.booking, view.state.signals.value("email")
    if booked is None or view.state.awaited.read_back is not None:
        return None
    if email is None:
        return Act("reminder", (*said, Tell("where_to_send_email", kind="ask", asks="email")))
    line = Tell("invitation_goes", (("email", email),), kind="next_step")
    return Act("reminder", (*said, line, ANYTHING_ELSE))


def _looks_after(view: View, said: tuple[Point, ...]) -> Act | None:
    """Which of us it would be, and the times on offer with them."""
    person = view.company.rep(_person(view) or "")
    if person is None:
        return None
    told = (("name", person.name), ("title", person.title))
    line = Tell("contact_is", told, kind="next_step")
    return Act("contact", (*said, line, *still_offered(view)))


def _person(view: View) -> str | None:
    """The person something is arranged with, or who would be."""
    state = view.state
    if (slot := _slot(view)) is not None:
        return slot.rep
    return state.callback.owner if state.callback else state.wants.keeper or view.rep


def _hears_back(view: View, said: tuple[Point, ...]) -> Act | None:
    """Who answers, and when they will see the question; nobody can promise when they are done."""
    owner = view.state.answers_last
    if owner is None and (asked_to_send(view.state) or view.state.signals.value("email")):
        owner = view.owner
    if owner is None:
        return None
    line = writes(view, owner) if view.state.signals.value("email") else answer_stands(view, owner)
    if not view.sees:
        return Act("chased", (*said, line))
    slots = (("name", view.name_of(owner)), ("when", view.sees))
    seen = Tell("message_next", slots, kind="next_step")
    return Act("chased", (*said, seen, line))


def _slot(view: View) -> Booking | Slot | None:
    """The meeting that is booked or held, or the first on offer."""
    state = view.state
    return state.meeting.booking or state.meeting.held or next(iter(state.times.slots), None)


def _meeting(view: View) -> tuple[MeetingType | None, str]:
    """The meeting type under discussion, and with whom."""
    state, kinds = view.state, {m.id: m for m in view.company.meeting_types}
    if (slot := _slot(view)) is not None:
        return kinds.get(slot.meeting), slot.rep
    segment = state.judged.segment
    return meeting_for(view.company, segment, visit=state.wants.visit), view.rep or ""


_RULES = {
    "guests": _guests, "contact": _looks_after, "hours": _open, "number": _number, "reach": _reach,
    "how": _how, "reminder": _reminder,
    "our_number": _our_number, "our_time": _our_time,
}  # fmt: skip
"""Answers that do not depend on what is arranged."""
