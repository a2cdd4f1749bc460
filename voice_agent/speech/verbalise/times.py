"""How to say dates and times of day; an ambiguous date is read in American order."""

import re
from collections.abc import Callable

from voice_agent.speech.verbalise.numbers import cardinal, ordinal, year

Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]

_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_MONTH = "|".join([*_MONTHS, *(f"{name[:3]}\\b\\.?" for name in _MONTHS), "Sept\\b\\.?"])
_DAYS = {
    "Mon": "Monday", "Tue": "Tuesday", "Tues": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday",
    "Thur": "Thursday", "Thurs": "Thursday", "Fri": "Friday", "Sat": "Saturday", "Sun": "Sunday",
}  # fmt: skip
_ZONES = {
    "ET": "Eastern", "EST": "Eastern Standard Time", "EDT": "Eastern Daylight Time",
    "CT": "Central", "CST": "Central Standard Time", "CDT": "Central Daylight Time",
    "MT": "Mountain", "MST": "Mountain Standard Time", "MDT": "Mountain Daylight Time",
    "PT": "Pacific", "PST": "Pacific Standard Time", "PDT": "Pacific Daylight Time",
    "UTC": "U-T-C", "GMT": "G-M-T", "BST": "British Summer Time",
    "CET": "Central European Time", "CEST": "Central European Summer Time",
}  # fmt: skip
_ZONE = r"(?:\s?\(?(" + "|".join(sorted(_ZONES, key=len, reverse=True)) + r")\b\)?)?"
_HALF = r"(?:\s?([AaPp])\.?[Mm]\b\.?)"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_TO = r"\s?[-–—]\s?"


def _month(text: str) -> str:
    return next(name for name in _MONTHS if name[:3] == text[:3])


def _clock(hour: str, minute: str | None, half: str | None) -> str:
    hours, minutes = int(hour), int(minute or 0)
    suffix = f" {half.upper()}-M" if half else ""
    if half is None and hours in (0, *range(13, 25)):
        suffix = f" {'A' if hours in (0, 24) else 'P'}-M"
        hours = hours - 12 if hours > 12 else 12
    if minutes:
        return f"{cardinal(hours)} {'oh ' if minutes < 10 else ''}{cardinal(minutes)}{suffix}"
    return cardinal(hours) + (suffix or (" o'clock" if minute is not None else ""))


def _time(match: re.Match[str]) -> str:
    hour, minute, half, zone = match.group(1, 2, 3, 4)
    if int(hour) > 24 or int(minute or 0) > 59:
        return match.group(0)
    said = _clock(hour, minute, half) + (f" {_ZONES[zone]}" if zone else "")
    return said + _full_stop(match, half)


def _span(match: re.Match[str]) -> str:
    """`9-11:30 a.m.`: a.m. or p.m. is said once if it is written once."""
    hour, minute, half, to_hour, to_minute, to_half, zone = match.group(1, 2, 3, 4, 5, 6, 7)
    start = _clock(hour, minute, half) if half or minute is None else _clock(hour, minute, to_half)
    said = f"{start} to {_clock(to_hour, to_minute, to_half)}"
    return said + (f" {_ZONES[zone]}" if zone else "") + _full_stop(match, to_half)


def _full_stop(match: re.Match[str], half: str | None) -> str:
    """The full stop of "p.m." also ends the sentence when nothing follows it."""
    ended = match.end() == len(match.string.rstrip())
    return "." if half and ended and match.group(0).endswith(".") else ""


def _date(month: str, day: str, written_year: str | None) -> str:
    said = f"{month} {ordinal(int(day))}"
    return f"{said}, {year(int(written_year))}" if written_year else said


def _iso(match: re.Match[str]) -> str:
    return _numeric(match, match.group(2), match.group(3), match.group(1))


def _slashed(match: re.Match[str]) -> str:
    written = match.group(3)
    full = written if len(written) == 4 else f"20{written}"
    return _numeric(match, match.group(1), match.group(2), full)


def _numeric(match: re.Match[str], month: str, day: str, written_year: str) -> str:
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return match.group(0)
    return _date(_MONTHS[int(month) - 1], day, written_year)


RULES: list[Rule] = [
    (re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b"), _iso),
    (re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})\b"), _slashed),
    (
        re.compile(rf"\b({_MONTH})\s{_DAY}{_TO}{_DAY}\b(?:,?\s(\d{{4}})\b)?"),
        lambda m: (
            f"{_date(_month(m.group(1)), m.group(2), None)} to "
            f"{ordinal(int(m.group(3)))}" + (f", {year(int(m.group(4)))}" if m.group(4) else "")
        ),
    ),
    (
        re.compile(rf"\b({_MONTH})\s{_DAY}\b(?:,?\s(\d{{4}})\b)?"),
        lambda m: _date(_month(m.group(1)), m.group(2), m.group(3)),
    ),
    (
        re.compile(rf"\b{_DAY}\s(?:of\s)?({_MONTH})(?:,?\s(\d{{4}})\b)?"),
        lambda m: _date(_month(m.group(2)), m.group(1), m.group(3)),
    ),
    (
        re.compile(rf"\b({_MONTH}),?\s((?:19|20)\d{{2}})\b"),
        lambda m: f"{_month(m.group(1))} {year(int(m.group(2)))}",
    ),
    (
        re.compile(r"\b(" + "|".join(sorted(_DAYS, key=len, reverse=True)) + r")\b\.?(?=[\s,]+\S)"),
        lambda m: _DAYS[m.group(1)],
    ),
    (
        re.compile(
            rf"\b(\d{{1,2}})(?::(\d{{2}}))?{_HALF}?{_TO}(\d{{1,2}})(?::(\d{{2}}))?{_HALF}{_ZONE}"
        ),
        _span,
    ),
    (re.compile(rf"\b(\d{{1,2}})(?::(\d{{2}}))?{_HALF}{_ZONE}"), _time),
    (re.compile(rf"\b(\d{{1,2}}):(\d{{2}})()(?!\d){_ZONE}"), lambda m: _time24(m)),
]


def _time24(match: re.Match[str]) -> str:
    hour, minute, zone = match.group(1, 2, 4)
    if int(hour) > 24 or int(minute) > 59:
        return match.group(0)
    return _clock(hour, minute, None) + (f" {_ZONES[zone]}" if zone else "")
