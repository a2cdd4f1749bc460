"""How a role ranks: its level and its field, so that titles nobody listed can be judged. Pure."""

import re
from collections.abc import Sequence
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
_ALL = 4
"""From this level on a role decides beyond its own field."""
_SENIOR = 3


@dataclass(frozen=True, slots=True)
class Rank:
    """`level` 5 leads the company, 1 does the work, 0 is unknown. `fields`: what it is about."""

    level: int
    fields: frozenset[str]


def rank(role: str) -> Rank:
    """The rank of a role as it is named: "director of operations", "VP of data", "CTO"."""
    low = role.lower()
    level = next((n for n, p in _LEVELS if re.search(rf"\b(?:{p})\b", low)), 0)
    fields = frozenset(name for name, p in _FIELDS if re.search(rf"\b(?:{p})\b", low))
    return Rank(level, fields)


def judge_role(role: str, wanted: Sequence[str]) -> tuple[bool | None, str]:
    """Whether a role is one of those wanted or ranks with one, and why. None: cannot be told."""
    listed = next((w for w in wanted if w.lower() == role.lower()), None)
    if listed:
        return True, f"{listed} is one we look for."
    own = rank(role)
    ranks = [(w, rank(w)) for w in wanted]
    alike = [w for w, r in ranks if own.fields & r.fields and 0 < r.level <= own.level]
    if alike:
        return True, f"{role} ranks with {alike[0]}, which we look for."
    if own.level >= _ALL and any(r.level >= _SENIOR for _, r in ranks):
        return True, f"{role} decides beyond one field."
    if own.level >= _SENIOR:
        return None, f"{role} is senior, in a field we do not look for or that was not said."
    if own.level == 2 and not own.fields:
        return None, f"{role}: of what was not said."
    return False, f"{role} is not among those we look for."
