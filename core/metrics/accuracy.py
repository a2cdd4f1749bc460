"""How often the agent's verdicts are right, by what colleagues said of a random sample. Pure.

A sample of all conversations is drawn for a second look, fits and rejects alike, for a rejected fit
shows nowhere else. Each looked at stands for as many of its kind as were not: so that looking
through more fits than rejects distorts nothing. What nobody looked at is unknown.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core.metrics.estimate import Estimate, ratio, wilson
from core.metrics.outcomes import Came

FIT = "qualified"
REJECTED = ("disqualified", "nurture", "insufficient")
LOOKED_AT = (FIT, *REJECTED)
"""Verdicts that a second look may change; `needs_human` judges nobody."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """Conversations the agent judged alike, and what was seen of those drawn."""

    of: int
    drawn: int
    looked: int
    fits: int
    """Those looked at that a colleague called a fit."""

    @property
    def share(self) -> Estimate | None:
        """How many of all are fits; None where none was looked at."""
        return wilson(self.fits, self.looked, self.of) if self.looked else None

    @property
    def weight(self) -> float:
        """For how many each that was looked at stands."""
        return self.of / self.looked if self.looked else 0.0


@dataclass(frozen=True, slots=True)
class Bin:
    """Conversations whose score lies in one part of the scale."""

    low: float
    high: float
    score: float | None
    """The mean of those looked at; None where none was."""
    fit: Estimate | None
    """Which of them colleagues called a fit."""
    deal: Estimate | None
    """Which of those whose outcome was told came to a deal that is open or won."""

    @property
    def looked(self) -> int:
        """How many were looked at, nearly: of weighted ones, as many as tell as much."""
        return round(self.fit.n) if self.fit else 0


@dataclass(frozen=True, slots=True)
class Accuracy:
    """What the second looks at a period's conversations say of all of them."""

    sample: float
    """Share of conversations that is drawn."""
    fits: Stratum
    rejects: Stratum
    precision: Estimate | None
    """Of those called a fit: which are one."""
    recall: Estimate | None
    """Of all fits: which the agent called one."""
    missed: float | None
    """How many fits it rejected, estimated."""
    checked: tuple[int, int]
    """Of all fits a colleague gave a verdict on, drawn or not: how many they agreed with."""
    bins: tuple[Bin, ...]
    error: float | None
    """How far scores are from the share of fits, on average over all conversations looked at."""

    def told(self) -> dict[str, Any]:
        """JSON-ready; what is not known is null."""
        return asdict(self)


def accuracy(every: Sequence[Came], sample: float) -> Accuracy:
    """Estimate it. `sample`: the share drawn for a second look."""
    judged = [c for c in every if c.verdict in LOOKED_AT]
    drawn = [c for c in judged if c.draw < sample]
    fits, rejects = (_stratum(judged, drawn, fit=fit) for fit in (True, False))
    right, wrong = fits.share, rejects.share
    agreed = [c.colleague == FIT for c in judged if c.verdict == FIT and c.colleague]
    bins = tuple(
        _bin(n / 5, (n + 1) / 5, judged, [c for c in drawn if c.colleague], fits, rejects)
        for n in range(5)
    )
    known = [(b.fit.n, abs(b.score - b.fit.share)) for b in bins if b.fit and b.score is not None]
    return Accuracy(
        sample, fits, rejects, right, _recall(fits, rejects),
        wrong.share * rejects.of if wrong else (None if rejects.of else 0.0),
        (sum(agreed), len(agreed)), bins,
        sum(n * off for n, off in known) / sum(n for n, _ in known) if known else None,
    )  # fmt: skip


def _stratum(judged: Sequence[Came], drawn: Sequence[Came], *, fit: bool) -> Stratum:
    mine = [c for c in drawn if (c.verdict == FIT) is fit]
    looked = [c for c in mine if c.colleague]
    return Stratum(
        sum((c.verdict == FIT) is fit for c in judged), len(mine), len(looked),
        sum(c.colleague == FIT for c in looked),
    )  # fmt: skip


def _recall(fits: Stratum, rejects: Stratum) -> Estimate | None:
    """Fits found of all fits; None where a side was not looked at, or there is no fit to find."""
    none = Estimate(0.0, 0.0, 0.0, 0)
    right = fits.share or (none if not fits.of else None)
    wrong = rejects.share or (none if not rejects.of else None)
    if right is None or wrong is None:
        return None
    found, missed = right.share * fits.of, wrong.share * rejects.of
    if not found + missed:
        return None
    if not fits.of or not rejects.of:
        exact = 1.0 if found else 0.0
        return Estimate(exact, exact, exact, fits.looked + rejects.looked)
    low, high = ratio(wrong, right)
    times = rejects.of / fits.of
    return Estimate(
        found / (found + missed), 1 / (1 + high * times), 1 / (1 + low * times),
        fits.looked + rejects.looked,
    )  # fmt: skip


def _bin(
    low: float, high: float, judged: Sequence[Came], looked: Sequence[Came], fits: Stratum,
    rejects: Stratum,
) -> Bin:  # fmt: skip
    """`looked`: those drawn that a colleague gave a verdict on."""

    def inside(c: Came) -> bool:
        return c.score is not None and (low <= c.score < high or (high == 1 and c.score >= 1))

    seen = [
        (fits.weight if c.verdict == FIT else rejects.weight, c.score or 0.0, c.colleague == FIT)
        for c in looked
        if inside(c)
    ]
    total, squares = sum(w for w, _, _ in seen), sum(w * w for w, _, _ in seen)
    tells = total * total / squares if squares else 0.0  # Kish: as many of equal weight
    told = [c for c in judged if inside(c) and (c.stage or c.attended is not None)]
    return Bin(
        low, high, sum(w * score for w, score, _ in seen) / total if seen else None,
        wilson(sum(w for w, _, fit in seen if fit) / total * tells, tells) if seen else None,
        wilson(sum(c.stage in ("open", "won") for c in told), len(told)) if told else None,
    )  # fmt: skip
