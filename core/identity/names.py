"""Whether two names may be one person's, allowing for how they were heard."""

from rapidfuzz import fuzz

ALIKE = 80.0
"""Likeness, of 100, from which two parts of names are taken for the same."""
TITLES = frozenset("mr mrs ms miss dr prof sir".split())


def first_name(name: str) -> str:
    """What somebody is addressed by; nothing more of a name is ever said before it is confirmed."""
    parts = _parts(name)
    return parts[0].capitalize() if parts else ""


def same_name(one: str, other: str) -> bool:
    """Whether they agree: in the first name, and in the last where both have one."""
    a, b = _parts(one), _parts(other)
    if not a or not b or not _alike(a[0], b[0]):
        return False
    return len(a) == 1 or len(b) == 1 or _alike(a[-1], b[-1])


def _parts(name: str) -> list[str]:
    plain = [part.strip(".,").lower() for part in name.split()]
    return [part for part in plain if part and part not in TITLES]


def _alike(one: str, other: str) -> bool:
    return fuzz.ratio(one, other) >= ALIKE
