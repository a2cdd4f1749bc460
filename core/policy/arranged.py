"""What is said to who asks of the meeting or the call that is being arranged. Pure."""

from zoneinfo import ZoneInfo

from core.commands import AskArranged, RequestMeeting
from core.conversation.understanding.times.wishes import wish_of
from core.conversation.words.dates import spoken_day
from core.plan import ANYTHING_ELSE, Act, Point, Tell
from core.policy.agreements import asked_to_send, writes
from core.policy.booking import booking, still_offered
from core.policy.stands import answer_stands, call_stands, meeting_stands
from core.policy.view import View
from core.scheduling.slots import meeting_for
from core.scheduling.spoken_hours import said_on, said_week
from knowledge.profile import MeetingType

SAYS = {"length": "meeting_lasts", "content": "meeting_about", "who": "meeting_with"}


def arranged(view: View, said: tuple[Point, ...]) -> Act | None:
    """How long the meeting is, what it is about, who is there; when the promised call comes; when
    we are there."""
    asked = [c.about for c in view.commands if isinstance(c, AskArranged)]
    if not asked:
        return None
    state = view.state
    if asked[0] == "guests":
        return Act("guests", (*said, Tell("guests_welcome"), *still_offered(view)))
    if asked[0] == "contact":
        return _looks_after(view, said)
    if asked[0] == "hours":
        return _open(view, said)
    if state.callback is not None and (asked[0] == "when" or state.booking is None):
        return Act("callback", (*said, call_stands(view, state.callback, "callback_will")))
    if asked[0] == "answer":
        return _hears_back(view, said)
    meeting, rep = _meeting(view)
    if meeting is None:
        return None
    person = view.company.rep(rep)
    told = (
        ("name", view.name_of(rep)), ("meeting", meeting.label.lower()),
        ("minutes", str(meeting.minutes)), ("title", person.title if person else "our team"),
    )  # fmt: skip
    line = Tell(SAYS[asked[0]], told, kind="next_step")
    if state.booking is not None:
        return Act("booked", (*said, line, meeting_stands(view, state.booking)))
    if view.has(RequestMeeting):
        return booking(view, (*said, line))
    return Act("times", (*said, line, *still_offered(view)))


def _open(view: View, said: tuple[Point, ...]) -> Act:
    """When the company is there: in an ordinary week, or on the day that is asked after."""
    company = view.company
    quote = next(c.span.quote for c in view.commands if isinstance(c, AskArranged))
    today = view.now.astimezone(ZoneInfo(company.timezone)).date()
    days = sorted(wish_of(quote.lower(), today).days)
    if not days or len(days) > MOST_DAYS:
        line = Tell("open_hours", (("when", said_week(company)),))
    else:
        hours, day = said_on(company, days[0]), spoken_day(days[0], today)
        line = Tell("open_then" if hours else "closed_then", (("day", day), ("when", hours)))
    return Act("hours", (*said, line, ANYTHING_ELSE))


MOST_DAYS = 2
"""Of a weekday that is named on that very day it may be either: this week's, or the next."""


def _looks_after(view: View, said: tuple[Point, ...]) -> Act | None:
    """Who of us it would be, and the times on offer with them."""
    slot = view.state.booking or view.state.held or next(iter(view.state.slots), None)
    person = view.company.rep(slot.rep if slot else view.state.keeper or view.rep or "")
    if person is None:
        return None
    told = (("name", person.name), ("title", person.title))
    line = Tell("contact_is", told, kind="next_step")
    return Act("contact", (*said, line, *still_offered(view)))


def _hears_back(view: View, said: tuple[Point, ...]) -> Act | None:
    """Who answers, and when they will have the question: nobody here can say when they are done."""
    owner = view.state.answers_last
    if owner is None and asked_to_send(view.state):
        owner = view.owner
    if owner is None:
        return None
    line = writes(view, owner) if view.state.value("email") else answer_stands(view, owner)
    if not view.sees:
        return Act("chased", (*said, line))
    slots = (("name", view.name_of(owner)), ("when", view.sees))
    seen = Tell("message_next", slots, kind="next_step")
    return Act("chased", (*said, seen, line))


def _meeting(view: View) -> tuple[MeetingType | None, str]:
    """What kind of meeting is spoken of, and with whom."""
    state, kinds = view.state, {m.id: m for m in view.company.meeting_types}
    slot = state.booking or state.held or next(iter(state.slots), None)
    if slot is not None:
        return kinds.get(slot.meeting), slot.rep
    segment = state.verdict.segment if state.verdict else None
    return meeting_for(view.company, segment, visit=state.wants_visit), view.rep or ""
