"""A buyer who follows up: an apology if something did not come, and who takes care of it.

Pure.
"""

from core.commands import Chase
from core.plan import Act, Point, Tell
from core.policy.agreements import promise, writes
from core.policy.stands import call_stands, meeting_stands
from core.policy.view import View


def sorry(view: View) -> tuple[Point, ...]:
    """An apology, once, to a buyer we let down."""
    missed = any(isinstance(c, Chase) and c.missed for c in view.commands)
    said = view.state.once.apologised or view.state.judged.disqualified
    return (Tell("let_down", sets="apologised"),) if missed and not said else ()


def chased(view: View, said: tuple[Point, ...]) -> Act | None:
    """What is arranged, for a buyer who only follows up on it; else who will get back to them, and
    once they told where, that it will reach them there."""
    state = view.state
    reached = state.once.apologised and any(s.criterion == "email" for s in view.learned)
    if not (view.has(Chase) or reached):
        return None
    if state.callback is not None:
        return Act("chased", (*said, call_stands(view, state.callback)))
    if state.meeting.booking is not None:
        return Act("chased", (*said, meeting_stands(view, state.meeting.booking)))
    owner = state.answers_last or view.rep or view.company.default_owner
    if state.signals.value("email") is not None:
        return Act("chased", (*said, writes(view, owner)))
    if state.written and not state.wants.meeting:
        line = Tell("chased", (("name", view.name_of(owner)),), kind="next_step", promise=owner)
        return Act("chased", (*said, line, Tell("ask_email", kind="ask", asks="email")))
    return promise(view, said, owner)
