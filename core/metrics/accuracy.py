"""How often the agent's verdicts are right, by colleagues' review of a random sample. Pure.

The sample for a second look covers all conversations, fits and rejects alike, because a wrongly
rejected fit shows nowhere else. Each reviewed one is weighted by its stratum, so that reviewing
more fits than rejects does not distort the figures. What nobody reviewed is unknown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.metrics.estimate import Estimate, ratio, wilson
from core.metrics.outcomes import Came

FIT = "qualified"
REJECTED = ("disqualified", "nurture", "insufficient")
LOOKED_AT = (FIT, *REJECTED)
"""Verdicts that a second look may change; `needs_human` judges nobody."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """Conversations with the same agent verdict, and what reviews of the sample found."""

    of: int
    drawn: int
    looked: int
    fits: int
    """Reviewed ones that a colleague called a fit."""

    @property
    def share(self) -> Estimate | None:
        """The share of fits among them all; None if none was reviewed."""
        return wilson(self.fits, self.looked, self.of) if self.looked else None

    @property
    def weight(self) -> float:
        """How many conversations each reviewed one stands for."""
        return self.of / self.looked if self.looked else 0.0


@dataclass(frozen=True, slots=True)
class Bin:
    """Conversations in one score range."""

    low: float
    high: float
    score: float | None
    """Mean score of the reviewed ones; None if there are none."""
    fit: Estimate | None
    """The share that colleagues called a fit."""
    deal: Estimate | None
    """The share with an open or won deal, of those with a reported outcome."""

    @property
    def looked(self) -> int:
        """The effective number of reviewed conversations, given their weights."""
        return round(self.fit.n) if self.fit else 0


@dataclass(frozen=True, slots=True)
class Accuracy:
    """What the second looks at a period's conversations say about all of them."""

    sample: float
    """The share of conversations that is sampled."""
    fits: Stratum
    rejects: Stratum
    precision: Estimate | None
    """Share of the agent's fits that are fits."""
    recall: Estimate | None
    """Share of all fits that the agent called one."""
    missed: float | None
    """Estimated number of fits it rejected."""
    checked: tuple[int, int]
    """Of all fits with a colleague's verdict, sampled or not: how many they agreed with."""
    bins: tuple[Bin, ...]
    error: float | None
    """Mean gap between score and share of fits, over all reviewed conversations."""


def accuracy(every: Sequence[Came], sample: float) -> Accuracy:
    """The estimate. `sample`: the share drawn for a second look."""
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
    """Fits found out of all fits; None if a side was not reviewed, or there is no fit."""
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
    """`looked`: the sampled ones with a colleague's verdict."""

    def inside(c: Came) -> bool:
        return c.score is not None and (low <= c.score < high or (high == 1 and c.score >= 1))

    seen = [
        (fits.weight if c.verdict == FIT else rejects.weight, c.score or 0.0, c.colleague == FIT)
        for c in looked
        if inside(c)
    ]
    total, squares = sum(w for w, _, _ in seen), sum(w * w for w, _, _ in seen)
    tells = total * total / squares if squares else 0.0  # Kish's effective sample size
    told = [c for c in judged if inside(c) and (c.stage or c.attended is not None)]
    return Bin(
        low, high, sum(w * score for w, score, _ in seen) / total if seen else None,
        wilson(sum(w for w, _, fit in seen if fit) / total * tells, tells) if seen else None,
        wilson(sum(c.stage in ("open", "won") for c in told), len(told)) if told else None,
    )  # fmt: skip
