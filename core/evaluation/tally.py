"""Counts behind the figures. They add up over conversations."""

from dataclasses import dataclass


@dataclass(slots=True)
class Tally:
    """How many of a total are right."""

    right: int = 0
    of: int = 0

    def add(self, right: bool) -> None:
        """Count one more."""
        self.right += int(right)
        self.of += 1

    def plus(self, other: "Tally") -> None:
        """Add another tally."""
        self.right += other.right
        self.of += other.of

    @property
    def share(self) -> float | None:
        """The right share; None if there were none."""
        return self.right / self.of if self.of else None


@dataclass(slots=True)
class Detection:
    """True positives, false positives, and misses."""

    hits: int = 0
    extra: int = 0
    missed: int = 0

    def plus(self, other: "Detection") -> None:
        """Add another detection."""
        self.hits += other.hits
        self.extra += other.extra
        self.missed += other.missed

    @property
    def precision(self) -> float | None:
        """Share of found items that are right."""
        found = self.hits + self.extra
        return self.hits / found if found else None

    @property
    def recall(self) -> float | None:
        """Share of actual items that were found."""
        there = self.hits + self.missed
        return self.hits / there if there else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of the two; None if nothing was there or found."""
        total = 2 * self.hits + self.extra + self.missed
        return 2 * self.hits / total if total else None
