"""The source of recalled facts: in which earlier conversation they were said, and when."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.events import Earlier, Fact, PersonRecalled
from core.facts.standing import callback, latest, meeting
from knowledge.profile import Company

WHERE = {"voice": "by phone", "chat": "in chat", "email": "by email"}


def recalled(facts: Sequence[Fact]) -> PersonRecalled | None:
    """What was known about the buyer from before; None when they are nobody we know."""
    found = latest(facts, PersonRecalled)
    return found if found is not None and found.person_id else None


def source(facts: Sequence[Fact], conversation_id: str) -> Earlier | None:
    """The recalled earlier conversation with this id."""
    known = recalled(facts)
    found = known.conversations if known else ()
    return next((e for e in found if e.conversation_id == conversation_id), None)


def barred_before(facts: Sequence[Fact]) -> PersonRecalled | None:
    """The recalled person, if they asked not to be contacted and have not asked for it since."""
    known = recalled(facts)
    if known is None or not known.opted_out or callback(facts) or meeting(facts):
        return None
    return known


def worded(one: Earlier, company: Company | None) -> str:
    """An earlier conversation as a rep refers to it, dated in the company's zone."""
    try:
        at = datetime.fromisoformat(one.at)
        if company and at.tzinfo:
            at = at.astimezone(ZoneInfo(company.timezone))
    except (ValueError, OverflowError):
        return WHERE[one.channel]
    return f"{WHERE[one.channel]} on {at:%A}, {at.day} {at:%b}"


def placed(one: Earlier, company: Company | None) -> dict[str, Any]:
    """An earlier conversation, in the call document."""
    return {**asdict(one), "words": worded(one, company)}


def origin(facts: Sequence[Fact], conversation_id: str, company: Company | None) -> dict[str, Any]:
    """The `origin` of something recalled, in the call document."""
    if (one := source(facts, conversation_id)) is not None:
        return placed(one, company)
    return {"conversation_id": conversation_id, "channel": None, "at": None, "words": "earlier"}
