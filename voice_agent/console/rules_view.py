"""Rules as the pages show them: items as cards of fields, with a summary and their problems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.geography.places import place_named
from knowledge.errors import Problem
from knowledge.positions import Path, dotted
from voice_agent.console.rules_fields import Field, Names, fields_at


@dataclass(frozen=True, slots=True)
class Card:
    """One list item: a segment, a criterion, a rule, a person."""

    path: str
    title: str
    summary: str
    chips: tuple[str, ...]
    fields: tuple[Field, ...]
    problems: tuple[str, ...]
    cards: tuple["Card", ...]
    """A segment's criteria."""
    faulty: bool
    """Whether anything in it or below it is wrong."""
    wanted: bool
    """Whether it was requested open."""
    first: bool
    last: bool


def cards(
    name: str, data: Mapping[str, Any], problems: Mapping[str, Sequence[str]], wanted: str
) -> tuple[Card, ...]:
    """A section's items."""
    names = Names.of(data)
    return _cards((name,), data.get(name), names, problems, wanted)


def _cards(
    path: Path, items: Any, names: Names, problems: Mapping[str, Sequence[str]], wanted: str
) -> tuple[Card, ...]:
    made = []
    there = items if isinstance(items, list) else []
    for n, item in enumerate(there):
        if not isinstance(item, dict):
            continue
        at: Path = (*path, n)
        where = dotted(at)
        inner = _cards((*at, "criteria"), item.get("criteria"), names, problems, wanted)
        title, summary, chips = _told(path[-1], item, names)
        made.append(Card(
            where, title, summary, chips, tuple(fields_at(at, item, names, problems)),
            tuple(problems.get(where, ())), inner,
            any(key == where or key.startswith(f"{where}.") for key in problems),
            wanted == where or wanted.startswith(f"{where}."), n == 0, n == len(there) - 1,
        ))  # fmt: skip
    return tuple(made)


def by_field(problems: Sequence[Problem]) -> dict[str, list[str]]:
    """The problems at each field or item, in words."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        told = f"Expected {problem.expected}, found {problem.found}. {problem.remedy}"
        found.setdefault(field_of(problem.key), []).append(told)
    return found


def field_of(key: str) -> str:
    """The field or item of a problem's key: a list's value belongs to the list."""
    parts = key.split(".")
    if parts[0] == "target_accounts":
        return parts[0]
    inside = parts[0] == "segments" and parts[2:3] == ["criteria"]
    if inside and parts[4:5] == ["local"]:
        return ".".join(parts[:4])
    if inside and len(parts) == 3:
        return ".".join(parts[:2])
    if parts[0] == "team" and parts[2:4] == ["hours", "week"]:
        return ".".join(parts[:5])
    if parts[0] == "team" and parts[2:3] == ["hours"]:
        return ".".join(parts[:4])
    return ".".join(parts[: 5 if inside else 3])


def _told(kind: Any, item: Mapping[str, Any], names: Names) -> tuple[str, str, tuple[str, ...]]:
    """An item's title, its summary, and its labels."""
    title = str(item.get("label") or item.get("name") or item.get("id") or "nameless")
    match kind:
        case "segments":
            count = len(item["criteria"]) if isinstance(item.get("criteria"), list) else 0
            size = _range(item.get("employees_at_least"), item.get("employees_at_most"))
            told = [
                f"{size} people" if size else "",
                _listed(item.get("industries"), "any of"),
                *_when(item),
            ]
            return title, " · ".join([*filter(None, told), f"{count} criteria"]), ()
        case "criteria":
            weight = f"weight {item.get('weight', 1)}"
            return (
                title,
                " · ".join([_met(item), *_when(item), *_elsewhere(item)]),
                (*(("required",) if item.get("required") is True else ()), weight),
            )
        case "routing":
            quick = ("fast track",) if item.get("fast_track") is True else ()
            return str(item.get("id", "nameless")), _rule(item, names), quick
        case "team":
            places = _places(item, "") or "anywhere"
            return title, f"{places} · up to {item.get('capacity', 20)} open leads", ()
        case "escalations":
            owner = dict(names.reps).get(str(item.get("owner")), "nobody")
            return str(item.get("id", "nameless")), f"brings in {owner}", ()
    return title, str(item.get("kind", "other")).replace("_", " "), ()


def _met(item: Mapping[str, Any]) -> str:
    """When a criterion is met."""
    match item.get("kind"):
        case "number":
            return _range(item.get("at_least"), item.get("at_most")) or "no bound yet"
        case "date":
            soonest = item.get("after_days")
            sooner = f"at least {soonest} days away, " if soonest is not None else ""
            return f"{sooner}within {item.get('within_days', '…')} days"
        case "choice":
            told = [_listed(item.get("any_of"), "any of"), _listed(item.get("none_of"), "never"),
                    _listed(item.get("tool_kinds"), "a tool that fits:")]  # fmt: skip
            return " · ".join(filter(None, told)) or "no values yet"
        case "yes_no":
            return _listed(item.get("any_of"), "any of") or "yes"
    return "anything stated"


def _when(item: Mapping[str, Any]) -> list[str]:
    """The conditions under which it applies."""
    when = item.get("when")
    told = [c for c in when if isinstance(c, dict)] if isinstance(when, list) else []
    return [
        f"when {c.get('criterion', '…')} is "
        + (_listed(c.get("any_of"), "any of") or _range(c.get("at_least"), c.get("at_most")) or "…")
        for c in told
    ]


def _elsewhere(item: Mapping[str, Any]) -> list[str]:
    """What differs in some places."""
    local = item.get("local")
    rules = [r for r in local if isinstance(r, dict)] if isinstance(local, list) else []
    return [_places(r, "otherwise in") for r in rules]


def _rule(item: Mapping[str, Any], names: Names) -> str:
    """A rule as a sentence."""
    said = [
        _listed(item.get("verdicts"), ""), _listed(item.get("segments"), "of"),
        _places(item, "in"), _listed(item.get("topics"), "about"),
        _listed(item.get("languages"), "speaking"), _listed(item.get("intent"), "reading up on"),
        {True: "target accounts", False: "no target accounts"}.get(item.get("target_account"), ""),  # type: ignore[arg-type]
        {True: "customers", False: "no customers"}.get(item.get("customer"), ""),  # type: ignore[arg-type]
    ]  # fmt: skip
    people = dict(names.reps)
    reps = item.get("reps") if isinstance(item.get("reps"), list) else []
    who = ", ".join(people.get(str(r), str(r)) for r in reps or []) or "nobody"
    when = " · ".join(filter(None, said)) or "every other lead"
    return f"{when} → {item.get('action', '…')} with {who}".replace("_", " ")


def _range(low: Any, high: Any) -> str:
    def figure(value: Any) -> str:
        return f"{value:,}" if isinstance(value, int | float) else str(value)

    if low is not None and high is not None:
        return f"{figure(low)} to {figure(high)}"
    if low is not None:
        return f"at least {figure(low)}"
    return f"at most {figure(high)}" if high is not None else ""


def _places(item: Mapping[str, Any], lead: str) -> str:
    """Its territories in words, states by name."""
    places = item.get("territories")
    named = [place_named(str(p)) or p for p in places] if isinstance(places, list) else places
    return _listed(named, lead)


def _listed(value: Any, lead: str) -> str:
    """A list in words: the first three, and how many more."""
    if not isinstance(value, list) or not value:
        return ""
    shown = ", ".join(str(v) for v in value[:3])
    more = f" and {len(value) - 3} more" if len(value) > 3 else ""
    return f"{lead} {shown}{more}".strip()
