"""Quantities and days as signals store them: `200`, `50-100`, `500+`, `<50`, `2027-03-31`."""

import re

Bounds = tuple[float | None, float | None]
_FIGURE = r"\d+(?:\.\d+)?"


def plain(number: float) -> str:
    """A number without a trailing `.0`."""
    return str(int(number)) if number == int(number) else str(number)


def stored(low: float | None, high: float | None) -> str:
    """The stored form of a quantity known to lie in [low, high]; None is open."""
    if low is None:
        return f"<{plain(high or 0)}"
    if high is None:
        return f"{plain(low)}+"
    return plain(low) if low == high else f"{plain(low)}-{plain(high)}"


def bounds(value: str) -> Bounds | None:
    """The inverse of `stored`; None when the value is not a quantity."""
    if match := re.fullmatch(rf"({_FIGURE})(\+)?", value):
        low = float(match[1])
        return (low, None) if match[2] else (low, low)
    if match := re.fullmatch(rf"<({_FIGURE})", value):
        return None, float(match[1])
    if match := re.fullmatch(rf"({_FIGURE})-({_FIGURE})", value):
        return float(match[1]), float(match[2])
    return None


def is_day(value: str) -> bool:
    """Whether a stored value is a day."""
    return re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None


def within(known: Bounds, least: float | None, most: float | None) -> bool | None:
    """Whether a quantity with these bounds lies in [least, most]; None: it may or may not."""
    low, high = known
    if least is not None and high is not None and high < least:
        return False
    if most is not None and low is not None and low > most:
        return False
    enough = least is None or (low is not None and low >= least)
    small = most is None or (high is not None and high <= most)
    return True if enough and small else None
