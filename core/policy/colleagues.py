"""What is said about a colleague of the buyer who is to be invited as well. Pure."""

from core.colleagues import invited
from core.commands import InviteColleague
from core.plan import Point, Tell
from core.policy.view import View


def along(view: View) -> tuple[Point, ...]:
    """Who is added to the invitation and who is left to the rep: we mail nobody outside the buyer's
    company."""
    asked = [c for c in view.commands if isinstance(c, InviteColleague)]
    if not asked:
        return ()
    addresses = [c.email for c in asked]
    own = invited(addresses, view.state.signals.value("email") or "")
    owner = view.owner
    said: list[Point] = []
    if own:
        said.append(Tell("colleague_invited", (("value", " and ".join(own)),), kind="next_step"))
    if others := [a for a in addresses if a not in own]:
        slots = (("value", " and ".join(others)), ("name", view.name_of(owner)))
        said.append(Tell("colleague_left", slots, kind="next_step", promise=owner))
    return tuple(said)
