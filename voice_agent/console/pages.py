"""The templates, and their formats for instants, durations and numbers."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import jinja2

from core.caller_id import as_written

TEMPLATES = Path(__file__).parent / "templates"
VERDICTS = {
    "qualified": "Qualified",
    "disqualified": "Not a fit",
    "nurture": "Nurture",
    "needs_human": "Needs a person",
    "insufficient": "Too little known",
}


@cache
def environment() -> jinja2.Environment:
    """The template environment: everything is escaped, undefined names are errors."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {
        "instant": instant, "day": day, "clock": clock, "ago": ago, "duration": duration,
        "moment": moment, "phone": phone, "unnamed": unnamed, "verdict": verdict, "words": words,
        "query": query, "date": dated, "iso": iso, "past": past, "money": money,
        "channel": channel, "counted": counted, "parsed": datetime.fromisoformat,
        "zone": zone_name, "after": after,
    }  # fmt: skip
    return made


def instant(at: datetime | None, zone: str) -> str:
    """`Mon 3 Mar 2025, 10:04 EST`."""
    return f"{at.astimezone(ZoneInfo(zone)):%a %-d %b %Y, %H:%M %Z}" if at else "–"


def day(at: datetime | None, zone: str) -> str:
    """`Mon 3 Mar`."""
    return f"{at.astimezone(ZoneInfo(zone)):%a %-d %b}" if at else "–"


def dated(on: date) -> str:
    """`3 Mar 2025`."""
    return f"{on:%-d %b %Y}"


def clock(at: datetime | None, zone: str) -> str:
    """`10:04`."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}" if at else "–"


def after(at: datetime, ms: int) -> datetime:
    """A moment of a conversation that began at an instant."""
    return at + timedelta(milliseconds=ms)


def zone_name(at: datetime | None, zone: str) -> str:
    """A zone's abbreviation at an instant: `EST`."""
    return f"{at.astimezone(ZoneInfo(zone)):%Z}" if at else ""


def iso(at: datetime | None) -> str:
    """For the `datetime` attribute of an element."""
    return at.isoformat(timespec="seconds") if at else ""


def past(text: str | None, now: datetime) -> bool:
    """Whether a stored instant is past."""
    return bool(text) and datetime.fromisoformat(str(text)) <= now


def money(minor: int, currency: str) -> str:
    """An amount in minor units: `USD 12,500.50`, with cents only if there are any."""
    return f"{currency} {minor / 100:,.{2 if minor % 100 else 0}f}"


def ago(at: datetime | None, now: datetime) -> str:
    """Time since, or until: `5 min ago`, `in 2 h`."""
    if at is None:
        return "–"
    seconds = (now - at).total_seconds()
    amount = abs(seconds)
    if amount < 45:
        return "now"
    if amount < 5400:
        text = f"{max(round(amount / 60), 1)} min"
    elif amount < 36 * 3600:
        text = f"{round(amount / 3600)} h"
    else:
        text = f"{round(amount / 86400)} days"
    return f"{text} ago" if seconds > 0 else f"in {text}"


def duration(ms: int | None) -> str:
    """`4:05`, `1:02:03`; a dash when unknown."""
    if ms is None:
        return "–"
    hours, rest = divmod(ms // 1000, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def moment(ms: int) -> str:
    """A position in a recording: `0:26.4`."""
    return f"{ms // 60_000}:{ms % 60_000 / 1000:04.1f}"


def phone(number: str | None) -> str:
    """A number as people write it; anything else unchanged."""
    return as_written(number) if number else "number withheld"


def unnamed(known: str | None, channel: str) -> str:
    """What a buyer without a name is called: by number or address, else by how they reached us."""
    if known or channel == "voice":
        return phone(known)
    return "Website visitor" if channel == "chat" else "Somebody by mail"


def channel(name: str) -> str:
    """A channel's name for people."""
    return "phone" if name == "voice" else name


def counted(n: int, one: str, many: str = "") -> str:
    """`1 mark`, `2 marks`; `many` for irregular plurals."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def verdict(result: str | None) -> str:
    """A verdict in words."""
    return VERDICTS.get(result or "", "Not judged yet")


def words(name: str | None) -> str:
    """An identifier as words: `needs_human` → `needs human`."""
    return (name or "").replace("_", " ").replace("-", " ")


def query(current: Mapping[str, str], **changed: str | None) -> str:
    """The query string with some parameters changed; None drops one."""
    merged = {**current, **changed}
    kept = {name: value for name, value in merged.items() if value not in (None, "")}
    return f"?{urlencode(kept)}" if kept else "?"
