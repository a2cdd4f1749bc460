"""A company's lookup keys, and a source's value about it."""

from dataclasses import dataclass

_LOOKED_UP = "looked up: "


@dataclass(frozen=True, slots=True)
class Subject:
    """Lookup keys of a company; empty where unknown."""

    domain: str = ""
    company: str = ""

    def __bool__(self) -> bool:
        return bool(self.domain or self.company)


@dataclass(frozen=True, slots=True)
class Enriched:
    """One value from a source about a company."""

    criterion: str
    value: str
    source: str
    sure: float = 0.7
    """Confidence, 0..1."""
    note: str = ""
    """Additional information from the source."""

    @property
    def quote(self) -> str:
        """The quote of its signal."""
        return f"{_LOOKED_UP}{self.source}" + (f"; {self.note}" if self.note else "")


def quoted(quote: str) -> tuple[str, str]:
    """Source and note of an `Enriched.quote`."""
    source, _, note = quote.removeprefix(_LOOKED_UP).partition("; ")
    return source, note
