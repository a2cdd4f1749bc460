"""Passes on requests to see or delete personal data, and says who answers. Pure."""

from core.commands import DataRequest
from core.plan import Act, Point, Tell
from core.policy.view import View


def passed_on(view: View) -> tuple[Point, ...]:
    """Says that the request has been passed to its owner, whatever else the turn is about."""
    asked = [c.about for c in view.commands if isinstance(c, DataRequest)]
    if not asked:
        return ()
    owner = view.owner
    slots = (("name", view.name_of(owner)),)
    topic = f"data_{asked[0]}"
    if view.state.ending.opted_out:  # a buyer who opted out is promised nothing
        return (Tell(f"{topic}_only", slots, kind="next_step", must_hear=True),)
    return (Tell(topic, slots, kind="next_step", must_hear=True, promise=owner),)


def data_asked(view: View, said: tuple[Point, ...]) -> Act | None:
    """Ask nothing beyond where to send the answer."""
    if not view.has(DataRequest):
        return None
    state = view.state
    if state.signals.value("email") is None and not state.asks.tried("email"):
        said = (*said, Tell("ask_email", kind="ask", asks="email"))
    return Act("data_asked", said)
