"""The numbers stated in a text, as digits or words, for comparing texts with facts. Pure."""

import re

from knowledge.retrieval.tokens import tokens

_SPECIAL = {
    "half": 0.5,
    "a dozen": 12,
    "hourly": 60,
    "daily": 24,
    "an hour": 60,
    "every hour": 60,
    "a minute": 60,
}
_SPECIALLY = re.compile(rf"\b(?:{'|'.join(_SPECIAL)})\b")
_CENTS = re.compile(r"(?P<sum>\d[\d.]*|[a-z]+(?:[- ][a-z]+)?) ?(?:cents?\b|¢)")
_MONEY = re.compile(r"[$€£]\s?(\d[\d,]*(?:\.\d+)?)")


def numbers_in(text: str) -> set[float]:
    """Every number in a text: `$1,200`, `five million`, `twenty-four`, `99.9`; `95 cents` is also
    0.95."""
    low = text.lower()
    found = {float(_SPECIAL[match[0]]) for match in _SPECIALLY.finditer(low)} | _read(low)
    for match in _CENTS.finditer(low):
        found.update(n / 100 for n in _read(match["sum"]))
    return found


def _read(text: str) -> set[float]:
    said = ("1" if token == "one" else token.rstrip("%") for token in tokens(text))
    numbers = (number_of(token) for token in said if re.match(r"\$?\d", token))
    return {number for number in numbers if number is not None}


def money_in(text: str) -> list[tuple[str, float]]:
    """Amounts of money, as written and as numbers."""
    return [(match[0], float(match[1].replace(",", ""))) for match in _MONEY.finditer(text)]


def number_of(value: str) -> float | None:
    """A fact's value as a number, "$95" as 95; None when it is not one."""
    try:
        return float(value.strip().lstrip("$€£").replace(",", ""))
    except ValueError:
        return None
