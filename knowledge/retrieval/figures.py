"""The numbers stated in a text, as digits or words, for comparing texts with facts. Pure."""

import re
from collections.abc import Iterator

_SMALL = {
    word: n
    for n, word in enumerate(
        ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
         "fifteen sixteen seventeen eighteen nineteen").split()
    )
}  # fmt: skip
_TENS = {
    word: 10 * n
    for n, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_SCALES = {"hundred": 100, "thousand": 1_000, "k": 1_000, "million": 1_000_000, "m": 1_000_000,
           "billion": 1_000_000_000}  # fmt: skip
_SPECIAL = {
    "half": 0.5,
    "a dozen": 12,
    "hourly": 60,
    "daily": 24,
    "an hour": 60,
    "every hour": 60,
    "a minute": 60,
}
_TOKEN = re.compile(r"\d[\d,]*(?:\.\d+)?|[a-z]+", re.IGNORECASE)
_CENTS = re.compile(r"(?P<sum>\d[\d.]*|[a-z]+(?:[- ][a-z]+)?) ?(?:cents?\b|¢)")
_MONEY = re.compile(r"[$€£]\s?(\d[\d,]*(?:\.\d+)?)")


def numbers_in(text: str) -> set[float]:
    """Every number in a text: `$1,200`, `five million`, `twenty-four`, `99.9`; `95 cents` is also
    0.95."""
    found = {float(value) for phrase, value in _SPECIAL.items() if phrase in text.lower()}
    found.update(_read(_TOKEN.findall(text.lower())))
    for match in _CENTS.finditer(text.lower()):
        found.update(n / 100 for n in _read(_TOKEN.findall(match["sum"])))
    return found


def _read(tokens: list[str]) -> Iterator[float]:
    total, current, open_ = 0.0, 0.0, False
    for token in [*tokens, ""]:
        if token[:1].isdigit():
            if open_:
                yield total + current
            total, current, open_ = 0.0, _digits(token), True
            yield current
        elif token in _SMALL or token in _TENS:
            current, open_ = current + _SMALL.get(token, _TENS.get(token, 0)), True
        elif token in _SCALES and (open_ or len(token) > 1):
            current, open_ = current if open_ else 1.0, True
            if token == "hundred":
                current *= 100
            else:
                total, current = total + current * _SCALES[token], 0.0
        elif open_ and token != "and":
            yield total + current
            total, current, open_ = 0.0, 0.0, False


def money_in(text: str) -> list[tuple[str, float]]:
    """Amounts of money, as written and as numbers."""
    return [(match[0], _digits(match[1])) for match in _MONEY.finditer(text)]


def _digits(token: str) -> float:
    return float(token.replace(",", ""))


def number_of(value: str) -> float | None:
    """A fact's value as a number, "$95" as 95; None when it is not one."""
    try:
        return float(value.strip().lstrip("$€£").replace(",", ""))
    except ValueError:
        return None
