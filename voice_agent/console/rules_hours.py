"""The hours page: weeks, closed days and absences as people type them, and as data. Pure.

A day is one line, `08:00-12:00, 13:00-midnight`, empty when closed. Unreadable input is kept as
typed, so that the check reports it at its field.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, get_args

from knowledge.profile import MIDNIGHT, Weekday
from voice_agent.console.rules_fields import Field
from voice_agent.console.rules_form import lines_of
from voice_agent.http import Refused

WEEK: Mapping[str, str] = dict(zip(
    get_args(Weekday),
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    strict=True,
))  # fmt: skip
MOST_DAYS = 62
"""Most days in one line of closed days."""
_SPAN = re.compile(
    r"(\d{1,2})(?:[:.h](\d{2}))? *([ap])?\.?m?\.? *(?:-|–|—|to|until) *"
    r"(\d{1,2})(?:[:.h](\d{2}))? *([ap])?\.?m?\.?",
    re.I,
)
_AT_ITS_END, _AT_ITS_BEGIN = re.compile(r"midnight$", re.I), re.compile(r"^midnight", re.I)
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})(?: *(?:-|–|—|to|until) *(\d{4}-\d{2}-\d{2}))?(?: +(.+))?")


@dataclass(frozen=True, slots=True)
class Whose:
    """The hours of the company or of one person."""

    path: str
    title: str
    zone: str
    summary: str
    own: Field | None
    """Whether a person has hours of their own; None for the company."""
    days: tuple[Field, ...]
    rest: tuple[Field, ...]
    """Closed days, public holidays, absences."""
    faulty: bool
    wanted: bool


def shown(
    data: Mapping[str, Any], zone: str, problems: Mapping[str, Sequence[str]], wanted: str
) -> list[Whose]:
    """Everybody's hours: the company's, then each person's."""
    company = data.get("hours")
    made = [_whose("hours", "The company", zone, company, None, problems, wanted)]
    for n, rep in _team(data):
        title, there = str(rep.get("name") or rep.get("id")), str(rep.get("timezone") or zone)
        hours = rep.get("hours") or company  # which a person's own hours start from
        made.append(_whose(f"team.{n}", title, there, hours, rep, problems, wanted))
    return made


def filled_hours(data: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """`hours` and `team` with the form's values. Raises: Refused for an unknown field."""
    wanted = {name: deepcopy(data[name]) for name in ("hours", "team") if data.get(name)}
    known = {f.path for one in shown(data, "", {}, "") for f in _fields(one)}
    if unknown := next((n for n in given if n.startswith(("hours.", "team.")) and n not in known),
                       None):  # fmt: skip
        raise Refused(422, "bad-field", f"there is no field {unknown[:80]}")
    company = _typed(given, "hours", wanted.get("hours"))
    if company is not None and ("hours" in wanted or company != {"week": {}}):
        wanted["hours"] = company
    for n, rep in _team(wanted):
        at = f"team.{n}"
        if f"{at}.own" not in given:
            continue
        hours = _typed(given, at, rep.get("hours")) if given[f"{at}.own"] == "yes" else None
        _put(rep, "hours", hours)
        _put(rep, "away", _absences(given.get(f"{at}.away", ""), rep.get("away")))
    return wanted


def _whose(
    at: str, title: str, zone: str, hours: Any, rep: Mapping[str, Any] | None,
    problems: Mapping[str, Sequence[str]], wanted: str,
) -> Whose:  # fmt: skip
    mine = _map(hours)
    week = _map(mine.get("week"))
    found = {key: told for key, told in problems.items() if _place(key, at)}

    def field(
        name: str, label: str, value: str, hint: str = "", kind: Any = "text", unread: str = ""
    ) -> Field:
        keys = (f"{at}.hours.{name}", f"{at}.{name}") if rep is not None else (f"{at}.{name}",)
        wrong = [t for k, told in found.items() if k.startswith(keys) for t in told]
        if wrong and unread:  # the check refers to the file's own notation
            wrong = [f"This cannot be read. Write {unread}."]
        return Field(f"{at}.{name}", label, kind, hint, value, (value,), (), tuple(wrong))

    days = tuple(
        field(f"week.{d}", label, _day(week.get(d)),
              unread="08:00-12:00, 13:00-17:00" if isinstance(week.get(d), str) else "")
        for d, label in WEEK.items()
    )  # fmt: skip
    rest = [
        field("closed_on", "Closed besides", "\n".join(_closed(mine.get("closed_on"))),
              "Days such as 2026-12-24, or 2026-12-24 to 2027-01-02.", "lines",
              f"days alone, at most {MOST_DAYS} a line, the first before the last"
              if _words_in(mine.get("closed_on")) else ""),
        field("holiday_country", "Public holidays of", str(mine.get("holiday_country") or ""),
              "Country, such as US; empty: none."),
        field("holiday_region", "… and of its region", str(mine.get("holiday_region") or ""),
              "Such as MA; empty: the whole country's alone."),
    ]  # fmt: skip
    own = None
    if rep is not None:
        theirs = "yes" if rep.get("hours") else "no"
        own = Field(f"{at}.own", "Hours of their own", "flag", "", theirs)
        rest.append(field("away", "Away", "\n".join(_away(rep.get("away"))),
                          "2026-12-24 to 2027-01-02, and why if you like.", "lines",
                          "the days first, as 2026-12-24 to 2027-01-02"
                          if _words_in(rep.get("away")) else ""))  # fmt: skip
    told = _told(week) if rep is None or rep.get("hours") else "as the company"
    return Whose(
        at, title, zone, told, own, days, tuple(rest), bool(found),
        wanted == at or wanted.startswith(f"{at}."),
    )  # fmt: skip


def _fields(one: Whose) -> Iterator[Field]:
    yield from one.days
    yield from one.rest
    if one.own is not None:
        yield one.own


def _place(key: str, at: str) -> bool:
    """Whether a problem is about these hours; a person's other fields belong to routing."""
    return key.startswith(f"{at}." if at == "hours" else (f"{at}.hours", f"{at}.away"))


def _team(data: Mapping[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    team = data.get("team")
    yield from (
        (n, rep) for n, rep in enumerate(team if isinstance(team, list) else ())
        if isinstance(rep, dict)
    )  # fmt: skip


# --- as it is shown ------------------------------------------------------------------------------


def _day(value: Any) -> str:
    """A day's spans as one line; an unreadable value unchanged."""
    if not isinstance(value, list):
        return "" if value is None else str(value)
    spans = [s for s in value if isinstance(s, dict)]
    return ", ".join(f"{s.get('from', '?')}-{_end(s.get('to', '?'))}" for s in spans)


def _end(at: Any) -> Any:
    return "midnight" if at == MIDNIGHT else at


def _told(week: Mapping[str, Any]) -> str:
    """A week in a few words, grouping days with the same hours."""
    runs: list[tuple[list[str], str]] = []
    for day in WEEK:
        hours = _day(week.get(day))
        if runs and runs[-1][1] == hours:
            runs[-1][0].append(day)
        else:
            runs.append(([day], hours))
    said = [
        f"{days[0].capitalize()}{f' to {days[-1].capitalize()}' if days[1:] else ''} {hours}"
        for days, hours in runs
        if hours
    ]
    return " · ".join(said) or "never"


def _closed(value: Any) -> list[str]:
    """Closed days, with consecutive ones on one line."""
    made: list[tuple[Any, Any]] = []
    for day in value if isinstance(value, list) else ():
        last = made[-1][1] if made else None
        if isinstance(day, date) and isinstance(last, date) and day - last == timedelta(days=1):
            made[-1] = (made[-1][0], day)
        else:
            made.append((day, day))
    return [str(a) if a == b else f"{a} to {b}" for a, b in made]


def _away(value: Any) -> list[str]:
    return [
        f"{one.get('from')} to {one.get('to')} {one.get('why') or ''}".rstrip()
        if isinstance(one, dict)
        else str(one)
        for one in (value if isinstance(value, list) else ())
    ]


def _words_in(value: Any) -> bool:
    """Whether a line of a list could not be read."""
    return isinstance(value, list) and any(isinstance(one, str) for one in value)


# --- as it was typed -----------------------------------------------------------------------------


def _typed(given: Mapping[str, str], at: str, before: Any) -> dict[str, Any] | None:
    """The hours in the form; None when the form had none."""
    if f"{at}.closed_on" not in given:
        return None
    made = deepcopy(before) if isinstance(before, dict) else {"week": {}}
    week = _map(made.get("week"))
    for day in WEEK:
        line = " ".join(given.get(f"{at}.week.{day}", "").split())
        if line != _day(week.get(day)):
            week.pop(day, None)
            if line and line.lower() != "closed":
                week[day] = _spans(line)
    made["week"] = {day: week[day] for day in WEEK if day in week}
    _put(made, "holiday_country", given.get(f"{at}.holiday_country", "").strip().upper() or None)
    _put(made, "holiday_region", given.get(f"{at}.holiday_region", "").strip() or None)
    lines = lines_of(given[f"{at}.closed_on"])
    if lines != _closed(made.get("closed_on")):
        _put(made, "closed_on", [day for line in lines for day in _dates(line)] or None)
    return made


def _spans(line: str) -> list[dict[str, str]] | str:
    """A day's spans, or the line unchanged when it cannot be read."""
    made = []
    for part in line.split(","):
        part = _AT_ITS_BEGIN.sub("00:00", _AT_ITS_END.sub(MIDNIGHT, part.strip()))
        found = _SPAN.fullmatch(part)
        if found is None:
            return line
        first, last = _time(*found.group(1, 2, 3)), _time(*found.group(4, 5, 6))
        if found[3] is None and (same := _time(found[1], found[2], found[6])) < last:
            first = same  # 1-5pm
        made.append({"from": first, "to": MIDNIGHT if last == "00:00" else last})
    return made


def _time(hour: str, minute: str | None, half: str | None) -> str:
    """`8`, `30`, `p` → `20:30`; the check reports an impossible hour."""
    n = int(hour)
    if half and n <= 12:
        n = n % 12 + (12 if half.lower() == "p" else 0)
    return f"{n:02}:{minute or '00'}"


def _dates(line: str) -> list[date | str]:
    """The days in a line, or the line unchanged when it cannot be read."""
    found = _days_of(line)
    if found is None or not 0 <= (found[1] - found[0]).days < MOST_DAYS or found[2]:
        return [line]
    first, last, _ = found
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _absences(typed: str, before: Any) -> list[Any] | None:
    lines = lines_of(typed)
    if lines == _away(before):
        return before if isinstance(before, list) else None
    made: list[Any] = []
    for line in lines:
        found = _days_of(line)
        if found is None:
            made.append(line)
            continue
        first, last, why = found
        made.append({"from": first, "to": last, **({"why": why} if why else {})})
    return made or None


def _days_of(line: str) -> tuple[date, date, str] | None:
    found = _DAYS.fullmatch(line)
    if found is None:
        return None
    try:
        first = date.fromisoformat(found[1])
        return first, date.fromisoformat(found[2] or found[1]), found[3] or ""
    except ValueError:
        return None


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _put(item: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        item.pop(key, None)
    else:
        item[key] = value
