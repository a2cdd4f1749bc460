"""How a promise to a buyer is said: a call, a meeting, an answer. Pure."""

from core.conversation.appointments import Callback
from core.plan import Tell
from core.policy.view import View
from core.scheduling.board import Booking
from core.scheduling.spoken import said_time


def call_stands(
    view: View, callback: Callback, topic: str = "callback_stands", sets: str | None = None
) -> Tell:
    """Who calls (its owner, or our AI if the buyer allowed that) and when."""
    by_ai = view.state.ai_call[0] == "given"
    name = f"{view.company.name}'s AI assistant" if by_ai else view.name_of(callback.owner)
    return Tell(topic, (("name", name), ("when", callback.when)), kind="next_step", sets=sets)


def meeting_stands(
    view: View, meeting: Booking, topic: str = "booking_stands", sets: str | None = None
) -> Tell:
    """Whom they meet, and when."""
    name = view.name_of(meeting.rep)
    return Tell(topic, (("name", name), ("when", said_of(view, meeting))), "next_step", sets=sets)


def answer_stands(view: View, owner: str, sets: str | None = None) -> Tell:
    """Who gets back to them with an answer."""
    name = (("name", view.name_of(owner)),)
    return Tell("recap_owed", name, kind="next_step", promise=owner, sets=sets)


def said_of(view: View, meeting: Booking) -> str:
    """The meeting's time in its spoken form."""
    rep = view.company.rep(meeting.rep)
    zone = view.state.zone
    timezone = rep.timezone if rep else view.company.timezone
    now = view.openings.now if view.openings else meeting.start
    name, dated = view.name_of(meeting.rep), view.state.by_mail
    return said_time(meeting.start, zone, timezone, name, now, dated=dated)
