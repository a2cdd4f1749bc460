"""Repeats what the buyer told us, when they ask whether we remember. Pure."""

from core.commands import AskTold
from core.enumeration import listed
from core.events import SignalCaptured
from core.plan import Tell
from core.policy.view import View
from core.quantity import is_day
from knowledge.profile import Company

_MOST = 6


def recalled(view: View) -> Tell | None:
    """What they told us in this conversation about the subject; says so honestly if nothing.

    Facts of an earlier conversation may have come from somebody else, and stay unsaid.
    """
    asked = next((c for c in view.commands if isinstance(c, AskTold)), None)
    if asked is None:
        return None
    told = [
        s for s in view.state.signals.active
        if s.basis == "stated" and s.polarity != "negative" and not s.origin
        and s.criterion != "disqualifier" and asked.about in ("", s.criterion)
    ]  # fmt: skip
    if not told:
        return Tell("told_nothing", kind="answer")
    if asked.about:
        said = list(dict.fromkeys(_value(s) for s in told))
        return Tell("told_that", (("text", listed(said)),), kind="answer")
    items: dict[str, list[str]] = {}
    for signal in told:
        items.setdefault(_label(signal.criterion, view.company), []).append(_value(signal))
    each = [f"{listed(list(dict.fromkeys(v)))} as {name}" for name, v in items.items()]
    text = listed(each[:_MOST]) if len(items) == len(told) else "; ".join(each[:_MOST])
    return Tell("told_all", (("text", text),), kind="answer")


def _value(signal: SignalCaptured) -> str:
    """Figures and dates in their own words, everything else by our name for it."""
    own = signal.criterion in ("employees", "timeline", "budget") or is_day(signal.value)
    figure = f"{int(signal.value):,}" if signal.value.isdecimal() else signal.value
    return signal.quote or figure if own else figure


def _label(criterion: str, company: Company) -> str:
    if criterion == "tech_stack":
        return "tools"  # of all kinds, whichever the criterion asks for
    known = next(
        (c.label for c in company.criteria if c.name == criterion), criterion.replace("_", " ")
    )
    return known.lower()
