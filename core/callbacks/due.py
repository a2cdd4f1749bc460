"""What is due for a promised call now, and when to look again. Pure.

A person keeps it: they are reminded before the window, the next one up is told when nobody has
claimed it, and after the window it is broken. Where the buyer allowed it, the agent calls in the
window itself, and hands on to a person what it may not or cannot do.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from core.callbacks.dial import May, may_dial
from core.callbacks.record import Promise
from knowledge.profile import Company

AFTER_TRIES = timedelta(days=1)
"""How long a person has for a buyer whom the agent called in the window and did not reach."""
LOOK = timedelta(minutes=1)
"""After something was done, when to look what came of it."""


@dataclass(frozen=True, slots=True)
class Remind:
    """Its owner, or who claimed it, is to know that it is due."""


@dataclass(frozen=True, slots=True)
class Escalate:
    """Nobody has claimed it: the next one up is to know."""


@dataclass(frozen=True, slots=True)
class Break:
    """The window has passed and nobody said that it was kept."""


@dataclass(frozen=True, slots=True)
class Dial:
    """The agent is to call now."""


@dataclass(frozen=True, slots=True)
class HandOn:
    """The agent does not call: a person is to. `why` is a reason of `dial`."""

    why: str


Step = Remind | Escalate | Break | Dial | HandOn
Mode = Literal["person", "agent"]


@dataclass(frozen=True, slots=True)
class Due:
    """The one thing to do now, if any, and when to look again; None: never."""

    step: Step | None
    again: datetime | None


def due(promise: Promise, now: datetime, company: Company, *, barred: bool = False) -> Due:
    """One step at a time: whoever performs it looks again with what came of it."""
    if promise.over:
        return Due(None, None)
    if mode(promise, company) == "agent":
        return _by_agent(promise, now, company, barred)
    return _by_person(promise, now, company)


def mode(promise: Promise, company: Company) -> Mode:
    """Who is to call."""
    wanted = company.callbacks.ai_calls and promise.consent.state == "given"
    left = promise.claimed_by or promise.handed_on
    return "agent" if wanted and not left else "person"


def closes(promise: Promise, company: Company) -> datetime:
    """When it is broken, unless it is kept."""
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
