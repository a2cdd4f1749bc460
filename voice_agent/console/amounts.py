"""Parses numbers as people anywhere write them: `12,500.50`, `12.500,50`, `12 500`, `0,6`."""

import re
from decimal import Decimal

WRITTEN = re.compile(
    r"(?P<sign>[+-]?)"
    r"(?P<whole>[1-9][0-9]{0,2}(?P<by>[,.' ])[0-9]{3}(?:(?P=by)[0-9]{3}){0,3}|[0-9]{1,15})"
    r"(?:(?!(?P=by))[.,](?P<part>[0-9]{1,9}))?"
)


def number(text: str) -> Decimal | None:
    """The number meant, None when ambiguous: three digits after a separator are thousands."""
    found = WRITTEN.fullmatch(" ".join(text.split()))
    if found is None:
        return None
    whole = "".join(c for c in found["whole"] if c.isdigit())
    part = f".{found['part']}" if found["part"] else ""
    return Decimal(f"{found['sign']}{whole}{part}")
