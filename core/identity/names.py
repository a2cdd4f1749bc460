"""Whether two names may belong to one person, allowing for recognition errors."""

from rapidfuzz import fuzz

ALIKE = 80.0
"""Similarity (0–100) from which two name parts count as the same."""
TITLES = frozenset("mr mrs ms miss dr prof sir".split())


def first_name(name: str) -> str:
    """The name to address somebody by; nothing more of a name is said before it is confirmed."""
    parts = _parts(name)
    return parts[0].capitalize() if parts else ""


def same_name(one: str, other: str) -> bool:
    """Whether they match: in the first name, and in the last name if both have one."""
    a, b = _parts(one), _parts(other)
    if not a or not b or not _alike(a[0], b[0]):
        return False
    return len(a) == 1 or len(b) == 1 or _alike(a[-1], b[-1])


def _parts(name: str) -> list[str]:
    plain = [part.strip(".,").lower() for part in name.split()]
    return [part for part in plain if part and part not in TITLES]


def _alike(one: str, other: str) -> bool:
    return fuzz.ratio(one, other) >= ALIKE
