"""Words for what facts refer to by id: criteria, reps; and quotes cut to fit a summary."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from core.events import Fact, VerdictReached
from core.facts.standing import latest
from core.geography.zones import zone_name
from core.quantity import is_day
from core.scheduling.spoken import clock
from knowledge.profile import Company
from knowledge.sentences import sentences

CONTACT_LABELS = {"name": "Name", "company": "Company", "phone": "Phone", "email": "Email"}

RESULTS = {
    "qualified": "Qualified",
    "disqualified": "Not a fit",
    "nurture": "Not ready yet",
    "needs_human": "For a person to judge",
    "insufficient": "Too little said to judge",
}
"""A verdict's name in a report."""


def moment(at: datetime, zone: str) -> str:
    """An instant where somebody is: `Tuesday, December 1 at 2:30 PM Eastern`."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%A, %B} {local.day} at {clock(local)} {zone_name(zone)}"


def label(criterion: str, company: Company | None) -> str:
    """A criterion's name in a report, e.g. `Company size`."""
    for segment in company.segments if company else ():
        for known in segment.criteria:
            if known.name == criterion:
                return known.label
    return CONTACT_LABELS.get(criterion, criterion.replace("_", " ").capitalize())


def as_judged(facts: Sequence[Fact], company: Company | None) -> Company | None:
    """The company reordered so that the segment they were judged as comes first, and its labels
    apply: one segment is asked for the event's date, another for a start date."""
    verdict = latest(facts, VerdictReached)
    if company is None or verdict is None or verdict.segment is None:
        return company
    kinds = sorted(company.segments, key=lambda kind: kind.id != verdict.segment)
    return company.model_copy(update={"segments": tuple(kinds)})


def segment_label(segment: str, company: Company | None) -> str:
    """A segment's name in a report."""
    known = company.segments if company else ()
    return next((s.label for s in known if s.id == segment), segment)


def person(person_id: str, company: Company | None) -> str:
    """The name of a rep or steward, or the id if the company has no such person."""
    known = company.person(person_id) if company else None
    return known.name if known else person_id


def plain(text: str) -> str:
    """One sentence with its full stop."""
    text = " ".join(text.split())
    return text if not text or text[-1] in ".!?" else f"{text}."


def short(text: str, words: int) -> str:
    """The first words, with an ellipsis if some are left out."""
    parts = text.split()
    return " ".join(parts) if len(parts) <= words else " ".join(parts[:words]) + " …"


def readable(value: str) -> str:
    """A stored value as people write it: `1,800`, `by 3 December 2026`."""
    if is_day(value):
        day = date.fromisoformat(value)
        return f"by {day.day} {day:%B %Y}"
    return re.sub(r"\d{4,}", lambda m: f"{int(m[0]):,}", value)


def short_question(text: str, words: int) -> str:
    """A question cut to length; of several sentences, the last one, which asks."""
    if len(text.split()) > words:
        text = sentences(text)[-1]
    return short(text.rstrip("?. "), words)
