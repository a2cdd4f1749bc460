"""A company that can be looked up, and what somebody has of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """By what a company can be looked up; empty where it is not known."""

    domain: str = ""
    company: str = ""

    def __bool__(self) -> bool:
        return bool(self.domain or self.company)


@dataclass(frozen=True, slots=True)
class Enriched:
    """A value somebody has of a company."""

    criterion: str
    value: str
    source: str
    sure: float = 0.7
    """How sure it is, in 0..1."""
    note: str = ""
    """What else is told of it."""
