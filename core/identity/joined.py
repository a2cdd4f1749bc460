"""Merged persons as a forest of pointers, so that undoing a merge restores the previous state.
Pure.

An absorbed person points at the kept one. Nothing else changes, so merges can be undone in any
order, and persons merged before stay merged.
"""

from collections.abc import Mapping

Pointers = Mapping[str, str]
"""Each absorbed person's pointer."""


def root(person: str, pointers: Pointers) -> str:
    """The person that one resolves to."""
    while person in pointers:
        person = pointers[person]
    return person


def members(person: str, pointers: Pointers) -> frozenset[str]:
    """Everybody who resolves to the same person, themselves included."""
    top = root(person, pointers)
    return frozenset({top, *(p for p in pointers if root(p, pointers) == top)})
