"""Whether a role is wanted, or ranks equal to a wanted one. Pure."""

from collections.abc import Sequence

from knowledge.roles import rank

_ALL = 4
"""From this level, a role decides beyond its own field."""
_SENIOR = 3


def judge_role(role: str, wanted: Sequence[str]) -> tuple[bool | None, str]:
    """Whether a role is wanted or ranks equal to a wanted one, and why. None: undecidable."""
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
