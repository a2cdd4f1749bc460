"""One remark of lint."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark: `kind` is stable, `article` is its id, `note` says what to do about it."""

    kind: str
    article: str
    note: str
