"""A queue's filters in the URL: parsed strictly, and shown with their choices. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.flags.kinds import kind_of
from core.store.queues import NO_CONVERSATIONS, QUEUES, QueueFilters
from knowledge.profile import Company
from voice_agent.console.pages import VERDICTS
from voice_agent.http import Refused

LONGEST = 200
FREE = ("q", "called", "entry", "segment", "outcome", "criterion", "flag", "rep", "assignee")
YES_NO = ("after_hours", "reviewed", "abstained")
NAMES = (*FREE, *YES_NO, "channel", "verdict", "slower", "since", "until")
CHANNELS = ("voice", "chat", "email")


@dataclass(frozen=True, slots=True)
class Choice:
    """One select of the filter form: its name in the URL, its label, and its values with labels."""

    name: str
    label: str
    values: tuple[tuple[str, str], ...]


def kept(query: Mapping[str, str]) -> dict[str, str]:
    """Only the filters of a URL, without empty ones, truncated."""
    found = {name: query.get(name, "").strip()[:LONGEST] for name in NAMES}
    return {name: value.replace("\x00", "") for name, value in found.items() if value}


def wanted(queue: str, query: Mapping[str, str], zone: str) -> QueueFilters:
    """The query that a URL asks for. Days are days of `zone`. Raises: Refused."""
    if queue not in QUEUES or queue in NO_CONVERSATIONS:
        raise Refused(404, "unknown-queue", "There is no such queue.")
    given = kept(query)
    for name, choices in (("channel", CHANNELS), ("verdict", tuple(VERDICTS))):
        if given.get(name, choices[0]) not in choices:
            raise _bad(name)
    return QueueFilters(
        queue=queue,
        words=given.get("q", ""),
        channel=given.get("channel", ""),
        called=given.get("called", ""),
        entry=given.get("entry", ""),
        segment=given.get("segment", ""),
        verdict=given.get("verdict", ""),
        outcome=given.get("outcome", ""),
        criterion=given.get("criterion", ""),
        flag=given.get("flag", ""),
        rep=given.get("rep", ""),
        assignee=given.get("assignee", ""),
        slower_ms=_number("slower", given),
        since=_day("since", given, zone, 0),
        until=_day("until", given, zone, 1),
        **{name: _yes_no(name, given) for name in YES_NO},
    )


def choices(
    company: Company, seen: Mapping[str, list[str]], assignees: Mapping[str, str]
) -> list[Choice]:
    """The selects of the filter form. `assignees`: by account name, as they are shown."""
    criteria = {c.name: c.label for c in company.criteria}
    states = (("met", "met"), ("not_met", "not met"), ("unknown", "unknown"))
    yes_no = (("yes", "yes"), ("no", "no"))
    return [
        Choice("channel", "Channel", (("voice", "phone"), ("chat", "chat"), ("email", "email"))),
        Choice("verdict", "Verdict", tuple(VERDICTS.items())),
        Choice("segment", "Segment", tuple((s.id, s.label) for s in company.segments)),
        Choice("flag", "Flag", tuple(sorted(
            ((f, kind_of(f).label) for f in seen.get("flag", ())), key=lambda pair: pair[1]
        ))),
        Choice("rep", "Rep", tuple((r.id, r.name) for r in company.team)),
        Choice("criterion", "Criterion", tuple(
            (f"{name}:{state}", f"{label or name} {word}")
            for name, label in criteria.items() for state, word in states
        )),
        Choice("called", "Number", tuple((n, n) for n in company.numbers)),
        Choice("outcome", "Outcome", tuple(
            (o, o.replace("_", " ")) for o in seen.get("outcome", ())
        )),
        Choice("after_hours", "After hours", yes_no),
        Choice("abstained", "Deferred a question", yes_no),
        Choice("reviewed", "Reviewed", yes_no),
        Choice("assignee", "Assigned to", tuple(assignees.items())),
    ]  # fmt: skip


def _yes_no(name: str, given: Mapping[str, str]) -> bool | None:
    match given.get(name):
        case None:
            return None
        case "yes":
            return True
        case "no":
            return False
        case _:
            raise _bad(name)


def _number(name: str, given: Mapping[str, str]) -> int | None:
    text = given.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise _bad(name)
    return int(text)


def _day(name: str, given: Mapping[str, str], zone: str, days: int) -> datetime | None:
    """The start of a day, `days` later."""
    text = given.get(name)
    if text is None:
        return None
    try:
        day = datetime.fromisoformat(text).date() + timedelta(days=days)
        return datetime.combine(day, time(), ZoneInfo(zone))
    except (ValueError, OverflowError) as error:
        raise _bad(name) from error


def _bad(name: str) -> Refused:
    return Refused(422, "bad-filter", f"The filter “{name}” cannot be read.")


def described(given: Mapping[str, str], choices: list[Choice]) -> list[tuple[str, str]]:
    """Active filters as chips: their name in the URL, and a text."""
    words: dict[str, dict[str, Any]] = {c.name: dict(c.values) for c in choices}
    labels = {c.name: c.label for c in choices}
    named = {
        "q": "“{}”",
        "entry": "came in at {}",
        "since": "from {}",
        "until": "until {}",
        "slower": "slower than {} ms",
    }
    return [
        (name, named[name].format(value) if name in named
         else f"{labels[name]}: {words[name].get(value, value)}")
        for name, value in given.items()
    ]  # fmt: skip
