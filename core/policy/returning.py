"""The reply to a caller returning our call: only the person who made it knows about it. Pure."""

from core.asking import Offer
from core.commands import RequestCallback, ReturnsCall
from core.plan import Act, Defer, Give, Point, Tell
from core.policy.stands import call_stands
from core.policy.transferring import put_through, taker
from core.policy.view import View


def returned(view: View, said: tuple[Point, ...]) -> Act | None:
    """A transfer to the person who called, if available; else an offer that they call again. Who
    asks to be called has answered that."""
    back = next((c for c in view.commands if isinstance(c, ReturnsCall)), None)
    if back is None or view.has(RequestCallback) or any(isinstance(p, Give | Defer) for p in said):
        return None
    state = view.state
    if state.callback is not None:
        return Act("returned", (*said, call_stands(view, state.callback)))
    if person := taker(view, back.rep, "human"):
        line, through = put_through(view, person, "returns a call")
        return Act("returned", (*said, line), through)
    topic = "returned_call_of" if back.rep else "returned_call"
    who = (("name", view.name_of(back.rep or view.rep)),)
    return Act("returned", (*said, Tell(topic, who, kind="next_step", asks=Offer("callback"))))
