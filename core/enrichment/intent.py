"""Intent data: topics a buyer's company was seen researching, with strength and date, from outside
sources. Pure.

It is an observer's guess: it can help (a fast track, a weight, a hint to the rep), yields to what
the buyer denies, and never counts against anybody.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from core.enrichment.enriched import Enriched
from core.facts.standing import INTENT
from knowledge.checks.company import names
from knowledge.profile import Company

WORDS = {"low": 30, "medium": 60, "high": 90}
"""Named strengths on a scale of 100."""
STRONG, FAIR = 80, 50
"""Strengths from which an intent is called high, and medium."""
UNTOLD = WORDS["medium"]
MOST, LONGEST = 10, 50
"""Most topics kept, strongest first; most items read."""


def intents(found: Any, source: str, company: Company, day: date) -> tuple[Enriched, ...]:
    """The relevant part of a source's list: topics the company knows, strong and recent enough."""
    if not isinstance(found, list):
        return ()
    best: dict[str, tuple[int, str]] = {}
    for item in found[:LONGEST]:
        for topic, strength, seen in _read(item, company, day):
            best[topic] = max(best.get(topic, (0, "")), (strength, seen))
    ranked = sorted(best.items(), key=lambda one: (-one[1][0], one[0]))
    return tuple(
        Enriched(INTENT, topic, source, strength / 100, noted(strength, seen))
        for topic, (strength, seen) in ranked[:MOST]
    )


def noted(strength: int, seen: str) -> str:
    """Strength and day as stored, e.g. `high, seen 2026-11-20`."""
    word = "high" if strength >= STRONG else "medium" if strength >= FAIR else "low"
    return f"{word}, seen {seen}" if seen else word


def worded(note: str) -> str:
    """A note in readable form, e.g. `high, seen 20 Nov`."""
    strength, _, day = note.partition(", seen ")
    on = date.fromisoformat(day) if day else None
    return f"{strength}, seen {on.day} {on:%b}" if on else strength


def _read(item: Any, company: Company, day: date) -> Iterator[tuple[str, int, str]]:
    """One item: topic, strength out of 100, and day in ISO form; empty if it does not count."""
    told = item if isinstance(item, dict) else {}
    wanted = company.systems.enrichment.intent
    topic = topic_of(told.get("topic"), company)
    strength, seen = strength_of(told.get("strength")), _day(told.get("seen_at"))
    if topic and strength is not None and strength >= wanted.at_least:
        if seen is None:
            yield topic, strength, ""
        elif 0 <= (day - seen).days <= wanted.within_days:
            yield topic, strength, seen.isoformat()


def topic_of(told: Any, company: Company) -> str:
    """A source's topic under the company's name for it; empty if it has none."""
    said = told.strip().lower() if isinstance(told, str) else ""
    known = {name.lower(): name for name in names(company)}
    also = {s.lower(): name for s, name in company.vocabulary.synonyms.items()}
    theirs = {s.lower(): name for s, name in company.systems.enrichment.intent.topics.items()}
    return theirs.get(said) or known.get(said) or known.get(also.get(said, "").lower(), "")


def strength_of(told: Any) -> int | None:
    """A strength out of 100, from a figure or a word; None for anything else."""
    if told is None or told == "":
        return UNTOLD
    if isinstance(told, str):
        word = told.strip().lower()
        if word in WORDS:
            return WORDS[word]
        told = int(word) if word.isascii() and word.isdigit() else None
    if isinstance(told, bool) or not isinstance(told, int | float) or not 0 <= told <= 100:
        return None
    return round(told)


def _day(told: Any) -> date | None:
    try:
        return date.fromisoformat(told[:10]) if isinstance(told, str) else None
    except ValueError:
        return None
