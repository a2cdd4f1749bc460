"""The accuracy of verdicts and scores, as tiles and as points of a chart. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.metrics.accuracy import Accuracy, Bin, Stratum
from core.metrics.answers import Answers, Wrongs
from core.metrics.estimate import Estimate
from core.metrics.hearing import Hearing
from voice_agent.console.number_parts import UNKNOWN, Tile, ratio

SIDE = 100
"""Side of the chart, which is square; higher values are further up."""


@dataclass(frozen=True, slots=True)
class Point:
    """One bin of the score scale in the chart: its middle, and its interval."""

    x: float
    y: float
    top: float
    bottom: float


def accuracy_tiles(found: Accuracy) -> list[Tile]:
    """Precision, recall, calibration."""
    sampled = (
        f"{found.sample:.0%} of all conversations are drawn for a second look, always at random"
        if found.sample
        else "none are drawn (`review.second_looks` in company.yaml)"
    )
    return [
        _precision(found, sampled),
        Tile("Fits found", ratio(found.recall.share if found.recall else None), _missed(found),
             "Of all fits, those rejected as well: which the agent called one. Estimated from what "
             f"colleagues say of rejected conversations ({sampled}); each stands for as many as "
             "were not looked at. The interval holds it in 95 % of such samples."),
        Tile("Score off by", UNKNOWN if found.error is None else f"{found.error:.2f}",
             f"{sum(b.looked for b in found.bins)} looked at",
             "How far the score is from the share of fits among conversations scored alike, on "
             "average: 0 is a score to be taken at its word. From second looks alone.",
             "a conversation that was drawn had its second look"),
    ]  # fmt: skip


def answer_tiles(found: Answers) -> list[Tile]:
    """Results of checks of answers and deferrals."""
    return [
        Tile("Answered falsely", ratio(found.false.share.share if found.false.share else None),
             f"{_checked(found.false)}, {found.false.corrected} corrected",
             "Of questions the agent answered and a colleague checked on the call page, in "
             "conversations drawn for a second look: those it answered falsely, with the 95 % "
             "interval. Corrected: a colleague wrote down what is right."),
        Tile("Deferred needlessly",
             ratio(found.needless.share.share if found.needless.share else None),
             _checked(found.needless),
             "Of questions the agent deferred and a colleague checked, in conversations drawn for "
             "a second look: those that approved knowledge covers."),
    ]  # fmt: skip


def hearing_tile(found: Hearing) -> Tile:
    """Results of corrections of what was heard."""
    of = f"{found.wrong} of {found.heard} put right, {found.missed} missed"
    if found.share is not None:
        of = f"{span(found.share)} of those drawn; in all {of}"
    elif found.conversations:
        of += ", none of them drawn"
    else:
        of = "correct what was heard on call pages"
    return Tile(
        "Heard wrong", ratio(found.share.share if found.share else None), of,
        "Of what the agent took from buyers' words, in conversations drawn for a second look that "
        "somebody went through: what a colleague put right on the call page, or said was never "
        "said, with the 95 % interval. Missed: what a colleague added.",
    )  # fmt: skip


def _checked(some: Wrongs) -> str:
    every = f"{some.wrong} of {some.checked} checked"
    if some.share is not None:
        return f"{span(some.share)}; {every}"
    return f"{every}, none of them drawn" if some.checked else "check answers of second looks"


def _precision(found: Accuracy, sampled: str) -> Tile:
    means = (
        "Of those the agent called a fit: which a colleague calls one, too. Estimated from second "
        f"looks ({sampled}); where there are none, of those colleagues judged of their own accord."
    )
    agreed, checked = found.checked
    if found.precision is not None:
        told = f"{span(found.precision)}; {_seen(found.fits, 'fits')}"
        return Tile("Right on a fit", ratio(found.precision.share), told, means)
    of = f"{agreed} of {checked} checked, none of them drawn" if checked else _owed(found.fits)
    return Tile("Right on a fit", ratio(agreed / checked if checked else None), of, means)


def _missed(found: Accuracy) -> str:
    if found.recall is None:
        owed = [_owed(s, name) for s, name in ((found.fits, "fits"), (found.rejects, "rejects"))
                if s.of and not s.looked]  # fmt: skip
        return "; ".join(owed) or "no fit is known of"
    return f"{span(found.recall)}; about {found.missed:,.0f} missed; " + _seen(
        found.rejects, "rejects"
    )


def _seen(some: Stratum, name: str) -> str:
    return f"{some.looked} of {some.drawn} drawn {name} looked at"


def _owed(some: Stratum, name: str = "fits") -> str:
    """What has to be done before the figure is known."""
    if some.drawn:
        return f"give {some.drawn} drawn {name} a second look"
    return f"none of {some.of} {name} is drawn"


def span(found: Estimate) -> str:
    """An interval in words."""
    low, high = round(100 * found.low), round(100 * found.high)
    return f"{low}%" if low == high else f"{low} to {high}%"


def points(bins: Sequence[Bin]) -> list[Point]:
    """Where each reviewed bin of the scale lies in the chart."""
    return [
        Point(
            round(SIDE * b.score, 2), round(SIDE * (1 - b.fit.share), 2),
            round(SIDE * (1 - b.fit.high), 2), round(SIDE * (1 - b.fit.low), 2),
        )
        for b in bins
        if b.fit is not None and b.score is not None
    ]  # fmt: skip


def bin_rows(bins: Sequence[Bin]) -> list[tuple[str, str, str, str, str]]:
    """The same as a table: score, its mean, reviews, fits with interval, deals with interval."""
    return [
        (
            f"{b.low:.1f} to {b.high:.1f}", UNKNOWN if b.score is None else f"{b.score:.2f}",
            f"{b.looked}", _told(b.fit), _told(b.deal),
        )
        for b in bins
    ]  # fmt: skip


def _told(found: Estimate | None) -> str:
    return UNKNOWN if found is None else f"{round(100 * found.share)}% ({span(found)})"
