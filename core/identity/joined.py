"""Persons who are one: a forest of pointers, so that parting them again restores what was. Pure.

Whoever was absorbed points at who was kept. Nothing else of either changes, so any merge can be
taken back in any order, and what was the same person before it is so again.
"""

from collections.abc import Mapping

Pointers = Mapping[str, str]
"""Who each absorbed person points at."""


def root(person: str, pointers: Pointers) -> str:
    """Who a person is counted as."""
    while person in pointers:
        person = pointers[person]
    return person


def members(person: str, pointers: Pointers) -> frozenset[str]:
    """Everybody who is counted as the same person, themselves included."""
    top = root(person, pointers)
    return frozenset({top, *(p for p in pointers if root(p, pointers) == top)})


def merged(kept: str, absorbed: str, pointers: Pointers) -> tuple[dict[str, str], str | None]:
    """The pointers after a merge, and whose pointer was set; None when they were one already."""
    top, under = root(kept, pointers), root(absorbed, pointers)
    if top == under:
        return dict(pointers), None
    return {**pointers, under: top}, under


def parted(person: str, pointers: Pointers) -> dict[str, str]:
    """The pointers with this person's merge taken back."""
    return {p: at for p, at in pointers.items() if p != person}
