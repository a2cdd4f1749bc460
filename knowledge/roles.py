"""Job titles: their level and field, so that unlisted titles can be classified. Pure."""

import re
from dataclasses import dataclass

_LEVELS: tuple[tuple[int, str], ...] = (
    (5, r"ceo|cto|cio|coo|cmo|cfo|cdo|ciso|cro|cpo|chief|founder|co-?founder|owner|president"),
    (4, r"s?vp|vice president"),
    (3, r"director|head|principal"),
    (2, r"manager|lead|leader|supervisor|architect"),
    (1, r"engineer|analyst|developer|specialist|administrator|consultant|assistant|scientist"),
)
_FIELDS: tuple[tuple[str, str], ...] = (
    ("data", r"data|analytics|business intelligence|bi|cdo"),
    ("security", r"security|compliance|ciso"),
    ("engineering", r"engineering|technology|it|information|platform|software|cto|cio|systems?"),
    ("operations", r"operations|ops|revops|coo"),
    ("marketing", r"marketing|growth|demand|cmo"),
    ("sales", r"sales|revenue|cro|commercial"),
    ("finance", r"finance|financial|cfo|controller"),
    ("product", r"product|cpo"),
    ("procurement", r"procurement|purchasing"),
)
_EXECUTIVE = 4
"""Level from which a title is an executive."""
_ENGINEER = re.compile(
    r"\b(?:engineer|developer|programmer|architect|administrator|devops|sre|engineering)\b"
)
EXECUTIVES, ENGINEERS = "executives", "engineers"
GROUPS = (EXECUTIVES, ENGINEERS, *(name for name, _ in _FIELDS))
"""Groups of people, whatever their title."""


@dataclass(frozen=True, slots=True)
class Rank:
    """`level`: 5 leads the company, 1 does the work, 0 is unknown. `fields`: areas of work."""

    level: int
    fields: frozenset[str]


def rank(role: str) -> Rank:
    """The rank of a title: "director of operations", "VP of data", "CTO"."""
    low = role.lower()
    level = next((n for n, p in _LEVELS if re.search(rf"\b(?:{p})\b", low)), 0)
    fields = frozenset(name for name, p in _FIELDS if re.search(rf"\b(?:{p})\b", low))
    return Rank(level, fields)


def belongs(role: str, group: str) -> bool:
    """Whether a title is the named one, or in a group of `GROUPS`."""
    low, own = role.lower(), rank(role)
    if low == group.lower():
        return True
    match group:
        case "executives":
            return own.level >= _EXECUTIVE
        case "engineers":
            return bool(_ENGINEER.search(low)) or "engineering" in own.fields
        case _:
            return group in own.fields
