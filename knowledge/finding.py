"""A single lint remark."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark: `kind` is stable, `article` is its id, `note` says what to do."""

    kind: str
    article: str
    note: str
