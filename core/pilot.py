"""Which conversations the agent takes during a pilot. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.presence import is_open
from knowledge.profile import Company

Why = Literal["taken", "off", "number", "hours", "share"]


@dataclass(frozen=True, slots=True)
class Switch:
    """Whether the agent takes conversations at all, as last set by a person."""

    on: bool = True
    by: str = ""
    why: str = ""
    at: datetime | None = None


def decided(
    company: Company, switch: Switch, at: datetime, *,
    who: str, called: str | None = None, known: bool = False,
) -> Why:  # fmt: skip
    """`taken`, or why not. `who`: what stays the same for one person, such as their number.

    `known`: they were taken before and stay in whatever the share has become; a share of 0 takes
    nobody. Without a stable identity, `who` identifies just this conversation.
    """
    pilot = company.pilot
    if not switch.on:
        return "off"
    if pilot is None:
        return "taken"
    if pilot.numbers and called is not None and called not in pilot.numbers:
        return "number"
    if pilot.when != "always" and is_open(company, at) != (pilot.when == "in_hours"):
        return "hours"
    inside = pilot.share > 0 and (known or place(company.id, who) < pilot.share)
    return "taken" if inside else "share"


def place(company: str, who: str) -> float:
    """A person's stable position in [0, 1); a share takes the positions below it."""
    digest = hashlib.sha256(f"{company}\x1f{who}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
