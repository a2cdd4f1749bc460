"""A company that can be looked up, and what somebody has of it."""

from dataclasses import dataclass

_LOOKED_UP = "looked up: "


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

    @property
    def quote(self) -> str:
        """What its signal quotes."""
        return f"{_LOOKED_UP}{self.source}" + (f"; {self.note}" if self.note else "")


def quoted(quote: str) -> tuple[str, str]:
    """Source and note of an `Enriched.quote`."""
    source, _, note = quote.removeprefix(_LOOKED_UP).partition("; ")
    return source, note
