"""How to say money, percentages, quantities, versions and ranges."""

import re
from collections.abc import Callable

from voice_agent.speech.verbalise.numbers import NUMBER, cardinal, digits, number, ordinal, year

FINAL = "\U000f0000"
"""The first of the characters that stand for finished words while rules apply."""

Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]

_CURRENCIES = {
    "$": ("dollar", "cent"), "€": ("euro", "cent"), "£": ("pound", "penny"),
    "USD": ("U-S dollar", "cent"), "EUR": ("euro", "cent"), "GBP": ("pound", "penny"),
}  # fmt: skip
_SCALES = {"k": "thousand", "m": "million", "mm": "million", "b": "billion", "bn": "billion"}
PERIODS = {
    "mo": "month", "mth": "month", "month": "month", "yr": "year", "year": "year", "y": "year",
    "wk": "week", "week": "week", "day": "day", "d": "day", "hr": "hour", "h": "hour",
    "hour": "hour", "min": "minute", "minute": "minute", "s": "second", "sec": "second",
    "second": "second", "user": "user", "seat": "seat", "row": "row", "sync": "sync",
}  # fmt: skip
_UNITS = {
    "kb": "kilobyte", "mb": "megabyte", "gb": "gigabyte", "tb": "terabyte", "pb": "petabyte",
    "ms": "millisecond", "s": "second", "sec": "second", "secs": "second", "min": "minute",
    "mins": "minute", "h": "hour", "hr": "hour", "hrs": "hour", "km": "kilometer",
    "cm": "centimeter", "mm": "millimeter", "kg": "kilogram", "lb": "pound", "lbs": "pound",
    "mi": "mile", "khz": "kilohertz", "mhz": "megahertz", "ghz": "gigahertz",
    "gbps": "gigabit per second", "mbps": "megabit per second", "yrs": "year", "yr": "year",
    "mo": "month", "wks": "week",
}  # fmt: skip
_FRACTIONS = {
    "1/2": "one half", "1/3": "one third", "2/3": "two thirds", "1/4": "one quarter",
    "3/4": "three quarters",
}  # fmt: skip
_PER = r"(?:\s?/\s?(" + "|".join(sorted(PERIODS, key=len, reverse=True)) + r")\b)?"
_TO = r"\s?[-–—]\s?"
_SIGN = r"[$€£]|(?:USD|EUR|GBP)\s?"
_SCALE = r"(?:\s?(k|K|M|MM|B|bn|thousand|million|billion)\b)?"
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))


def _money(amount: str, sign: str, scale: str | None) -> str:
    unit, part = _CURRENCIES[sign.strip()]
    whole, _, fraction = amount.replace(",", "").partition(".")
    if scale:
        return f"{number(amount)} {_SCALES.get(scale.lower(), scale)} {unit}s"
    main, rest = int(whole or "0"), int((fraction + "00")[:2])
    if len(fraction) > 2:
        return f"{number(amount)} {unit}s"
    said = f"{cardinal(main)} {unit}{'' if main == 1 else 's'}"
    parts = "pence" if part == "penny" and rest != 1 else part + ("s" if rest != 1 else "")
    if rest and main:
        return f"{said} and {cardinal(rest)} {parts}"
    return f"{cardinal(rest)} {parts}" if rest else said


def _per(period: str | None) -> str:
    return f" per {PERIODS[period.lower()]}" if period else ""


def _price(match: re.Match[str]) -> str:
    sign, low, high, scale, period = match.group(1, 2, 3, 4, 5)
    if high:
        alone = _money(high, sign, scale)
        return f"{number(low)} to {alone}{_per(period)}"
    return _money(low, sign, scale) + _per(period)


def _price_after(match: re.Match[str]) -> str:
    return _money(match.group(1), match.group(2), None) + _per(match.group(3))


def _percent(match: re.Match[str]) -> str:
    low, high = match.group(1, 2)
    return f"{number(low)} to {number(high)} percent" if high else f"{number(low)} percent"


def _quantity(match: re.Match[str]) -> str:
    low, high, unit = match.group(1, 2, 3)
    head, space, rest = _UNITS[unit.lower()].partition(" ")
    plural = "" if (high or low) == "1" else "hertz" if head.endswith("hertz") else "s"
    named = head if plural == "hertz" else head + plural
    said = f"{number(low)} to {number(high)}" if high else number(low)
    return f"{said} {named}{space}{rest}"


def _times(match: re.Match[str]) -> str:
    word = "times" if match.group(2) in ("x", "×") else _SCALES[match.group(2).lower()]
    return f"{number(match.group(1))} {word}"


def _fraction(match: re.Match[str]) -> str:
    known = _FRACTIONS.get(match.group(0))
    return known or f"{number(match.group(1))} out of {number(match.group(2))}"


def _bare(text: str) -> str:
    if text.isdigit() and len(text) >= 7:
        return digits(text)
    if text.isdigit() and len(text) == 4 and 1950 <= int(text) <= 2049:
        return year(int(text))
    return number(text)


def _inside(match: re.Match[str]) -> str:
    """A number that may touch letters, as in `S3` and `B2B`."""
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    joined = [side.isalpha() or side >= FINAL for side in (before, after)]
    return f"{' ' * joined[0]}{_bare(match.group(1))}{' ' * joined[1]}"


RULES: list[Rule] = [
    (
        re.compile(rf"({_SIGN})({NUMBER})(?:{_TO}(?:[$€£])?({NUMBER}))?{_SCALE}{_PER}"),
        _price,
    ),
    (re.compile(rf"(?<![\w.,])({NUMBER})\s?(USD|EUR|GBP)\b{_PER}"), _price_after),
    (re.compile(rf"(?<![\w.,])({NUMBER})\s?%?(?:{_TO}({NUMBER}))?\s?%"), _percent),
    (
        re.compile(r"\bv(?:ersion )?(\d+(?:\.\d+)*)\b", re.IGNORECASE),
        lambda m: "version " + " point ".join(number(p) for p in m.group(1).split(".")),
    ),
    (
        re.compile(r"(?<![\w.])(\d+(?:\.\d+){2,})(?![\w.]*\d)"),
        lambda m: " point ".join(number(part) for part in m.group(1).split(".")),
    ),
    (re.compile(r"\b24/7\b"), lambda _: "twenty-four seven"),
    (re.compile(r"(?<![\w/])(\d{1,3})/(\d{1,3})(?![\w/])"), _fraction),
    (
        re.compile(rf"(?<![\w.,])({NUMBER})(?:{_TO}({NUMBER}))?\s?({_UNIT})\b", re.IGNORECASE),
        _quantity,
    ),
    (
        re.compile(r"\b(\d{1,9})(?:st|nd|rd|th)\b", re.IGNORECASE),
        lambda m: ordinal(int(m.group(1))),
    ),
    (re.compile(rf"(?<![\w.,])({NUMBER})\s?(x|×|k|K|M|B|bn)(?!\w)"), _times),
    (re.compile(rf"(?:#|\b[Nn]o\.\s?)({NUMBER})"), lambda m: "number " + number(m.group(1))),
    (
        re.compile(rf"(?<![\w.,-])({NUMBER}){_TO}({NUMBER})(?![\w-])"),
        lambda m: f"{_bare(m.group(1))} to {_bare(m.group(2))}",
    ),
    (re.compile(rf"(?<![\w.,])-({NUMBER})\b"), lambda m: "minus " + number(m.group(1))),
    (re.compile(rf"({NUMBER})\+(?!\w)"), lambda m: number(m.group(1)) + " plus"),
    (re.compile(rf"({NUMBER})"), _inside),
]
"""In order: the most specific first, any remaining number last."""
