"""What one conversation shows about identity: a fold over its facts, with confidences.

An address belongs to one person; a number or a browser may be shared. A name tells people on one
line apart and never merges anybody by itself; a domain identifies the account, never the person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.caller_id import e164
from core.events import (
    ConversationStarted,
    Fact,
    IdentifierSeen,
    PersonAnswered,
    SignalCaptured,
    TurnMerged,
)
from core.facts.standing import CONTACT_FIELDS, SIGNALS, contact, every, latest, unmerged
from core.identity.domains import company_domain

Kind = Literal["email", "cookie", "phone", "name", "domain"]
How = Literal["verified", "device", "caller_id", "stated"]

JOINS = 0.8
"""Confidence from which an address or a browser identifies its person."""
CONFIRMED = 0.99
"""The confidence `reduce` gives to a detail that was read back and confirmed."""
MISHEARD = 0.5
"""Highest confidence in a dictated address that was never confirmed."""
CALLER_ID, STATED_NUMBER, DEVICE, TYPED = 0.7, 0.6, 0.9, 0.9
TELLING = (ConversationStarted, *SIGNALS, IdentifierSeen, PersonAnswered, TurnMerged)
"""Kinds of facts this fold reads."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """One potential identifier of a person. `value` is normalised for comparison."""

    kind: Kind
    value: str
    how: How
    confidence: float
    """0..1"""

    @property
    def key(self) -> tuple[str, str]:
        """The lookup key."""
        return self.kind, self.value


def identifiers(facts: Sequence[Fact]) -> tuple[Identifier, ...]:
    """The identifiers that stand, surest first; each kind and value once.

    Corrected ones, those of a rolled-back turn, and those recalled from earlier conversations do
    not count.
    """
    own = [f for f in unmerged(facts) if not (isinstance(f, SignalCaptured) and f.origin)]
    found = [*_by_itself(own), *_said(own)]
    found += [
        Identifier("domain", domain, i.how, i.confidence)
        for i in found
        if i.kind == "email" and (domain := company_domain(i.value))
    ]
    best: dict[tuple[str, str], Identifier] = {}
    for one in sorted(found, key=lambda i: -i.confidence):
        best.setdefault(one.key, one)
    return tuple(best.values())


def tells_who(facts: Sequence[Fact]) -> bool:
    """Whether these facts may change who a conversation is with."""
    return any(
        f.criterion in CONTACT_FIELDS and not f.origin and f.basis != "enriched"
        if isinstance(f, SignalCaptured)
        else isinstance(f, TELLING)
        for f in facts
    )


def answers(facts: Sequence[Fact]) -> dict[str, bool]:
    """Whether they confirmed being the assumed person, by person."""
    return {a.person_id: a.yes for a in every(unmerged(facts), PersonAnswered)}


def address(text: str) -> str | None:
    """An email address normalised for comparison; None if it is not one."""
    plain = text.strip().lower()
    local, at, domain = plain.rpartition("@")
    return plain if at and local and "." in domain and " " not in plain else None


def _by_itself(facts: Sequence[Fact]) -> list[Identifier]:
    """What the channel itself knows."""
    found: list[Identifier] = []
    started = latest(facts, ConversationStarted)
    if started is not None and (number := e164(started.caller)):
        found.append(Identifier("phone", number, "caller_id", CALLER_ID))
    for seen in every(facts, IdentifierSeen):
        if seen.kind == "cookie" and seen.value:
            found.append(Identifier("cookie", seen.value, "device", DEVICE))
        elif seen.kind == "email" and (mail := address(seen.value)):
            how: How = "verified" if seen.verified else "stated"
            found.append(Identifier("email", mail, how, CONFIRMED if seen.verified else TYPED))
    return found


def _said(facts: Sequence[Fact]) -> list[Identifier]:
    """What the buyer said. An address dictated by phone counts once confirmed."""
    started = latest(facts, ConversationStarted)
    spoken = started is None or started.channel == "voice"
    found: list[Identifier] = []
    for field, signal in contact(facts).items():
        if signal.polarity == "negative":
            continue
        if field == "email" and (mail := address(signal.value)):
            heard = signal.confidence
            sure = heard if heard >= CONFIRMED else min(heard, MISHEARD) if spoken else heard
            found.append(Identifier("email", mail, "stated", sure))
        elif field == "phone" and (number := e164(signal.value)):
            found.append(Identifier("phone", number, "stated", STATED_NUMBER))
        elif field == "name" and signal.value.strip():
            found.append(Identifier("name", signal.value.strip(), "stated", signal.confidence))
    return found
