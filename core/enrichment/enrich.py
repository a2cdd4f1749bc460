"""Company data from outside sources, looked up by domain or name; the buyer's word goes first.

A looked-up value stands only while the buyer has said nothing on the same subject, whichever came
first; it helps to find the segment, a target account and a route, and disqualifies nobody. Pure.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from core.conversation.parts import Signals
from core.conversation.state import ConversationState
from core.enrichment.enriched import Enriched, Subject
from core.enrichment.intent import intents
from core.events import Fact, IdentifierSeen, SignalCaptured
from core.facts.standing import every, live_signals
from core.geography.places import place_named
from core.identity.domains import company_domain
from core.quantity import bounds
from knowledge.profile import Company

LONGEST = 200
CRITERIA = ("company", "employees", "industry", "location", "tech_stack", "intent")
_SIZE = re.compile(r"\s*(<?)\s*([\d,. ]+)(?:\s*(?:-|–|to)\s*([\d,. ]+))?\s*(\+?)\s*")


class Enricher(Protocol):
    """A source of company data."""

    @property
    def name(self) -> str:
        """The source's name in reports."""

    async def look_up(self, subject: Subject) -> Mapping[str, Any] | None:
        """Its data: `company`, `employees`, `industry`, `location` (texts or a number),
        `tech_stack` (a list of texts) and `intent` (a list of `topic`, `strength`, `seen_at`), each
        if known; None if it does not know the company.

        Raises: EnrichmentFailed.
        """


def subject_of(facts: Sequence[Fact]) -> Subject:
    """The lookup keys of the buyer's company. A mail provider's domain is not one."""
    said = [s for s in live_signals(facts) if s.basis != "enriched" and s.polarity != "negative"]
    emails = [s.value for s in said if s.criterion == "email"]
    emails += [i.value for i in every(facts, IdentifierSeen) if i.kind == "email"]
    domains = [d for email in emails if (d := company_domain(email))]
    names = [s.value for s in said if s.criterion == "company"]
    return Subject(domains[-1] if domains else "", names[-1] if names else "")


def usable(
    found: Mapping[str, Any], source: str, company: Company, day: date
) -> tuple[Enriched, ...]:
    """The usable part of an answer on a day: values as signals store them, in the vocabulary."""
    intent = intents(found.get("intent"), source, company, day)
    return (*_usable(found, source, company), *intent)


def _usable(found: Mapping[str, Any], source: str, company: Company) -> Iterator[Enriched]:
    words = company.vocabulary
    names = {n.lower(): n for n in words.industries}
    tools = {n.lower(): n for n in (*words.integrations, *words.tools)}
    also = {said.lower(): name for said, name in words.synonyms.items()}
    name, size = _text(found.get("company")), size_of(found.get("employees"))
    if name:
        yield Enriched("company", name, source)
    if size:
        yield Enriched("employees", size, source)
    trade = _text(found.get("industry")).lower()
    if known := names.get(trade) or names.get(also.get(trade, "").lower()):
        yield Enriched("industry", known, source)
    if place := place_named(_text(found.get("location"))):
        yield Enriched("location", place, source)
    stack = found.get("tech_stack")
    for item in stack[:20] if isinstance(stack, list) else ():
        tool = _text(item).lower()
        if known := tools.get(tool) or tools.get(also.get(tool, "").lower()):
            yield Enriched("tech_stack", known, source)


def enrich(
    state: ConversationState, found: Sequence[Enriched]
) -> tuple[ConversationState, tuple[Fact, ...]]:
    """The state with the looked-up values, and their facts; idempotent.

    Earlier looked-up values that are missing now are removed.
    """
    if not found:
        return state, ()
    old = [s for s in state.signals.own if s.basis == "enriched"]
    gone_before = state.signals.superseded
    standing = {(s.criterion, s.value): s for s in old if s.signal_id not in gone_before}
    new = [e for e in dict.fromkeys(found) if (e.criterion, e.value) not in standing]
    if not new:
        return state, ()
    kept = {(e.criterion, e.value) for e in found}
    gone = [s for key, s in standing.items() if key not in kept]
    made = []
    for n, one in enumerate(new, start=len(old) + 1):
        before = next((s for s in gone if s.criterion == one.criterion), None)
        made.append(
            SignalCaptured(
                f"e{n}", one.criterion, one.value, "positive", "enriched", one.sure,
                one.quote, 0, 0, 0,
                supersedes=before.signal_id if before else None,
            )
        )  # fmt: skip
    superseded = gone_before | {s.signal_id for s in gone}
    signals = Signals((*made, *state.signals.all), superseded)
    return replace(state, signals=signals), tuple(made)


def size_of(value: Any) -> str:
    """A headcount as signals store it: `200`, `50-100`, `500+`; empty for anything else."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return str(int(value)) if 0 < value < 10_000_000 else ""
    match = _SIZE.fullmatch(str(value or ""))
    if match is None:
        return ""
    below, low, high, more = match.groups()
    low, high = (re.sub(r"[,. ]", "", part or "") for part in (low, high))
    made = f"{low}-{high}" if high else f"{below}{low}{more}"
    return made if low and bounds(made) is not None else ""


def _text(value: Any) -> str:
    return value.strip()[:LONGEST] if isinstance(value, str) else ""
