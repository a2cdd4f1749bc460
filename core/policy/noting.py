"""Words that say something we cannot read: noted for whoever follows up. Pure."""

from core.commands import Unclear
from core.plan import Tell
from core.policy.booking import still_offered
from core.policy.view import View

NOTED = ("noted", "noted_for")
"""Lines that only note what was said; the brief lists it."""
TOLD = ("waits", "theirs", "states")
"""What unreadable words may still do, so that they are noted."""


def let_be(view: View, unclear: Unclear) -> Tell | None:
    """The reply to words that want nothing now: they will ask someone first, or add to what is
    arranged."""
    if unclear.kind == "waits":
        return Tell("declined")
    if (rep := view.state.expects) is None:
        return None
    return Tell("noted_for", (("name", view.name_of(rep)),)) if unclear.kind else Tell("noted")


def offered_still(view: View) -> tuple[Tell, ...]:
    """The question which of the times just offered they want, asked once after such words."""
    again = view.state.awaited.offer == "slots" and view.state.unclear == 1
    return still_offered(view) if again else ()
