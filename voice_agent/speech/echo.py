"""`EchoGuard`: whether the voice on the line is the caller's or our own echo.

An echo has the loudness contour of what we played, with the same delay and the same loss for the
whole call. The guard learns both from stretches that fit well and agree, and from then on only asks
of each sound whether it is louder than the echo would be.
"""

import math
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice_agent.audio.pcm import RATE_HZ, Pcm

BIN_S = 0.010
BIN = int(RATE_HZ * BIN_S)
KEPT = 512
"""Bins kept of each side: five seconds."""
LAGS = 51
"""Delays considered: 0 to 500 ms."""
SILENT_DBFS = -96.0
SILENT_POWER = 10 ** (SILENT_DBFS / 10)
FAINT_DBFS = -60.0

_MEAN = np.full(BIN, 1.0 / BIN / 32768.0**2)

Levels = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class EchoTuning:
    """When a contour counts as our echo. Levels in dB, lengths in bins of 10 ms."""

    learn_bins: int = 40
    learn_every: int = 20
    lessons: int = 6
    """Latest fitted stretches kept, ..."""
    agreeing: int = 3
    """... of which this many must agree on one delay and loss before it is believed."""
    agree_bins: int = 2
    agree_db: float = 4.0
    absent_db: float = 12.0
    """Quieter than the expected echo by this much: there is no echo after all."""
    least_bins: int = 6
    unlearned_bins: int = 25
    correlation: float = 0.85
    scatter_db: float = 3.0
    """Mean deviation from a constant loss."""
    sure_correlation: float = 0.94
    sure_scatter_db: float = 2.0
    """The same for a single stretch, before the line's echo is known."""
    least_loss_db: float = 2.0
    decay_db: float = 1.5
    """How fast the room absorbs a sound, per bin: 60 dB in 0.4 s."""
    excess_db: float = 6.0
    """A caller speaking over the echo exceeds it by this much ..."""
    excess_share: float = 0.3
    """... for this share of the time."""


@dataclass(frozen=True, slots=True)
class Coupling:
    """How this line returns what we play."""

    delay_bins: int
    loss_db: float

    @property
    def delay_s(self) -> float:
        return self.delay_bins * BIN_S


class _Contour:
    """Levels per bin of absolute call time."""

    def __init__(self) -> None:
        self._levels = np.full(KEPT, SILENT_DBFS)
        self._bins = np.full(KEPT, -1, np.int64)
        self.end = 0

    def add(self, pcm: Pcm, at: float) -> None:
        count = -(-len(pcm) // BIN)
        if count == 0:
            return
        wide = np.zeros(count * BIN)
        wide[: len(pcm)] = pcm
        rows = wide.reshape(count, BIN)
        powers = np.square(rows, out=rows).dot(_MEAN).tolist()
        first = round(at / BIN_S)
        for bin_, power in enumerate(powers, first):
            self._levels[bin_ % KEPT] = 10.0 * math.log10(max(power, SILENT_POWER))
            self._bins[bin_ % KEPT] = bin_
        self.end = max(self.end, first + count)

    def between(self, first: int, end: int) -> Levels:
        bins = np.arange(first, end)
        known = self._bins[bins % KEPT] == bins
        return np.where(known, self._levels[bins % KEPT], SILENT_DBFS)


class EchoGuard:
    """One call's echo. Pure: what was played and heard in, a verdict out."""

    def __init__(self) -> None:
        self.coupling: Coupling | None = None
        """Delay and loss of this line's echo, once known."""
        self._tuning = EchoTuning()
        self._played = _Contour()
        self._heard = _Contour()
        self._next_lesson = 0
        self._lessons: deque[Coupling | None] = deque(maxlen=self._tuning.lessons)

    def played(self, pcm: Pcm, at: float) -> None:
        """We play these samples at call-clock second `at`, up to two seconds ahead."""
        self._played.add(pcm, at)

    def heard(self, pcm: Pcm, at: float) -> None:
        """These samples arrived on the line."""
        self._heard.add(pcm, at)
        if self._heard.end >= self._next_lesson:
            self._next_lesson = self._heard.end + self._tuning.learn_every
            self._learn()

    def is_echo(self, since: float, until: float) -> bool:
        """Whether what was heard from `since` to `until` is only our own echo."""
        first, end = round(since / BIN_S), min(round(until / BIN_S), self._heard.end)
        first = max(first, end - 3 * self._tuning.learn_bins)
        if end - first < self._tuning.least_bins:
            return False
        if self.coupling is None:
            enough = end - first >= self._tuning.unlearned_bins
            return enough and self._fit(first, end, sure=True) is not None
        heard = self._heard.between(first, end)
        return self._excess(heard, first, end, self.coupling) < self._tuning.excess_share

    def _excess(self, heard: Levels, first: int, end: int, line: Coupling) -> float:
        """Share of bins that are louder than the echo of what we played."""
        expected = self._expected(first, end)[LAGS - 1 - line.delay_bins :][: end - first]
        limit = np.maximum(expected - line.loss_db + self._tuning.excess_db, FAINT_DBFS)
        return float((heard > limit).mean())

    def _expected(self, first: int, end: int) -> Levels:
        """What we played from 500 ms before `first`, with the room's decay after each sound."""
        levels = self._played.between(first - LAGS + 1 - 8, end)
        steps = np.arange(len(levels)) * self._tuning.decay_db
        ringing: Levels = np.maximum.accumulate(levels + steps) - steps
        return ringing[8:]

    def _learn(self) -> None:
        end = self._heard.end
        first = end - self._tuning.learn_bins
        if first < 0 or self._played.between(first - LAGS, end).max() < FAINT_DBFS:
            return
        if self.coupling is not None and self._absent(first, end, self.coupling):
            self._lessons.append(None)
        found = self._fit(first, end)
        if found is not None:
            self._lessons.append(found)
        self.coupling = self._agreed()

    def _absent(self, first: int, end: int, line: Coupling) -> bool:
        """Whether the line stayed quiet where an echo of what we played would be obvious."""
        expected = self._expected(first, end)[LAGS - 1 - line.delay_bins :][: end - first]
        echo = expected - line.loss_db
        plain = echo > FAINT_DBFS + self._tuning.absent_db
        heard = self._heard.between(first, end)
        return bool(plain.any()) and bool(
            (heard[plain] < echo[plain] - self._tuning.absent_db).mean() > 0.5
        )

    def _agreed(self) -> Coupling | None:
        """The mean of the stretches that agree with the most others, if there are enough."""
        tune = self._tuning
        best: list[Coupling] = []
        for one in self._lessons:
            if one is None:
                continue
            like = [
                other
                for other in self._lessons
                if other is not None
                and abs(other.delay_bins - one.delay_bins) <= tune.agree_bins
                and abs(other.loss_db - one.loss_db) <= tune.agree_db
            ]
            best = max(best, like, key=len)
        if len(best) < tune.agreeing:
            return None
        delay = round(sum(line.delay_bins for line in best) / len(best))
        return Coupling(delay, sum(line.loss_db for line in best) / len(best))

    def _fit(self, first: int, end: int, sure: bool = False) -> Coupling | None:
        """The delay at which what was heard matches our own contour minus a constant; None if there
        is no such delay."""
        tune, count = self._tuning, end - first
        heard = np.maximum(self._heard.between(first, end), FAINT_DBFS)
        mean = np.full(count, 1.0 / count)
        contour = heard - heard.dot(mean)
        deviation = math.sqrt((contour * contour).dot(mean))
        if heard.max() <= FAINT_DBFS + 6 or deviation < 2.0:
            return None
        source = self._expected(first, end)
        step = source.itemsize  # row n: what we played n bins earlier
        rows = np.ndarray((LAGS, count), source.dtype, source, (LAGS - 1) * step, (-step, step))
        loss = _medians(rows - heard)
        predicted = np.maximum(rows - loss[:, None], FAINT_DBFS)
        scatter = np.abs(predicted - heard).dot(mean)
        level = predicted.dot(mean)
        together = predicted.dot(contour * mean)
        spread = np.sqrt(np.maximum(np.square(predicted).dot(mean) - level * level, 0.0))
        correlation = together / np.maximum(spread * deviation, 1e-9)
        fits = (
            (correlation >= (tune.sure_correlation if sure else tune.correlation))
            & (scatter <= (tune.sure_scatter_db if sure else tune.scatter_db))
            & (loss >= tune.least_loss_db)
        )
        if not fits.any():
            return None
        best = int(np.argmin(np.where(fits, scatter, np.inf)))
        return Coupling(best, float(loss[best]))


def _medians(rows: Levels) -> Levels:
    """The median of each row. `np.median` partitions, taking seven times as long as a full sort."""
    count = rows.shape[1]
    ordered = np.sort(rows, axis=1)
    middle: Levels = 0.5 * (ordered[:, (count - 1) // 2] + ordered[:, count // 2])
    return middle
