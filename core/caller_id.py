"""Caller ID: the number that identifies a caller's line, or None."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import phonenumbers

WITHHELD = frozenset(("+266696687", "+2562533", "+7378742833", "+86282452253"))
"""What Twilio sends for ANONYMOUS, BLOCKED, RESTRICTED and UNAVAILABLE: the words on a keypad."""


def e164(number: str | None) -> str | None:
    """The number in E.164 if it identifies a line; None if it is withheld or impossible."""
    if not number or not number.startswith("+") or number in WITHHELD:
        return None
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=4096)
def as_written(number: str) -> str:
    """A number as people write it, `+1 415-555-0142`; anything else is returned as it is."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def buyers_number(document: Mapping[str, Any]) -> str | None:
    """The buyer's number in a call document: the caller's, or the one we called."""
    found: str | None = document["to" if document["direction"] == "outbound" else "from"]
    return found
