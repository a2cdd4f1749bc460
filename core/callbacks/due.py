"""What is due for a promised call now, and when to check again. Pure.

A person keeps the promise: they are reminded before the window, the next person up is told if
nobody has claimed it, and after the window it is broken. If the buyer allowed it, the agent calls
in the window itself, and hands over to a person what it may not or cannot do.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from core.callbacks.dial import May, may_dial
from core.callbacks.record import Promise
from knowledge.profile import Company

AFTER_TRIES = timedelta(days=1)
"""How long a person has to reach a buyer whom the agent called in the window without success."""
LOOK = timedelta(minutes=1)
"""How long after an action to check its result."""


@dataclass(frozen=True, slots=True)
class Remind:
    """Tell its owner, or whoever claimed it, that it is due."""


@dataclass(frozen=True, slots=True)
class Escalate:
    """Nobody has claimed it: tell the next person up."""


@dataclass(frozen=True, slots=True)
class Break:
    """The window has passed and nobody reported a call."""


@dataclass(frozen=True, slots=True)
class Dial:
    """The agent must call now."""


@dataclass(frozen=True, slots=True)
class HandOn:
    """The agent does not call; a person must. `why` is a reason from `dial`."""

    why: str


Step = Remind | Escalate | Break | Dial | HandOn
Mode = Literal["person", "agent"]


@dataclass(frozen=True, slots=True)
class Due:
    """The one action due now, if any, and when to check again; None: never."""

    step: Step | None
    again: datetime | None


def due(promise: Promise, now: datetime, company: Company, *, barred: bool = False) -> Due:
    """One step at a time: after performing it, call again with the result."""
    if promise.over:
        return Due(None, None)
    if mode(promise, company) == "agent":
        return _by_agent(promise, now, company, barred)
    return _by_person(promise, now, company)


def mode(promise: Promise, company: Company) -> Mode:
    """Whether a person or the agent calls."""
    wanted = company.callbacks.ai_calls and promise.consent.state == "given"
    left = promise.claimed_by or promise.handed_on
    return "agent" if wanted and not left else "person"


def closes(promise: Promise, company: Company) -> datetime:
    """When it is broken unless kept."""
    grace = timedelta(minutes=company.flags.callback_grace_minutes)
    return promise.end + (AFTER_TRIES if promise.tried else grace)


def _by_agent(promise: Promise, now: datetime, company: Company, barred: bool) -> Due:
    answer = may_dial(promise, now, company, barred=barred)
    if isinstance(answer, May):
        return Due(Dial(), now + LOOK)
    if answer.again is None:
        return Due(HandOn(answer.reason), now)
    return Due(None, answer.again)


def _by_person(promise: Promise, now: datetime, company: Company) -> Due:
    rules, last = company.callbacks, closes(promise, company)
    remind = promise.start - timedelta(minutes=rules.remind_minutes)
    escalate = promise.start - timedelta(minutes=rules.escalate_minutes)
    if now >= last:
        return Due(Break(), None)
    if not promise.reminded and now >= remind:
        return Due(Remind(), now)
    unclaimed = not promise.claimed_by and not promise.escalated
    if unclaimed and now >= escalate:
        return Due(Escalate(), now)
    times = [last]
    times += [remind] if not promise.reminded else []
    times += [escalate] if unclaimed else []
    return Due(None, min(times))
