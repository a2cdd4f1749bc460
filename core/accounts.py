"""Whether a company that a buyer named is one of some accounts, allowing for recognition errors."""

from collections.abc import Iterable

from rapidfuzz import fuzz

CUTOFF = 88
"""Least similarity (0 to 100) of a spoken name to the account meant: one or two letters differ."""


def account_named(name: str | None, accounts: Iterable[str]) -> str | None:
    """The account meant by a name, as it is written in the list."""
    said = (name or "").lower()
    return next((a for a in accounts if said and fuzz.ratio(said, a.lower()) >= CUTOFF), None)
