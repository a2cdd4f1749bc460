"""`Headroom`: whether one more call fits, judged by the server's event loop. Pure.

How many calls a server carries depends on the machine, its neighbours and what callers say; the
number in the settings is only a ceiling. Three signs say there is no room: the loop's timers fire
late, its thread is always busy, or speech goes out late. Each is taken over a few seconds, so that
one slow moment turns nobody away, and counts as over only once it has stayed well below its limit
for a while, so that admission does not flap.
"""

from collections import deque
from dataclasses import dataclass, field

EVERY_S = 0.25
"""Sampling interval."""
SAMPLES = 20
"""Samples in the window: five seconds."""
QUARTER = 0.75
"""The lag exceeded by a quarter of the samples is the one that counts."""
LATE_SHARE = 0.3
"""Late frames per call in five seconds. 150 calls on two workers of two cores had 0.12 and no
audible gap, 200 had 1.3."""
RELIEF = 0.6
"""Share of each limit; below it for `RELIEF_S`, the server takes calls again."""
RELIEF_S = 10.0
FEWEST_CALLS = 5
"""Fewer calls than this cannot be the cause; turning one away would not help."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A quarter of a second of the event loop."""

    lag_s: float
    """How late its timer fired."""
    busy: float
    """Share of the time its thread was computing."""
    late: int
    """Frames of speech sent late."""
    calls: int
    """Calls in progress."""


@dataclass(slots=True)
class Headroom:
    """`why` says which limit is exceeded; a limit of 0 is none."""

    most_lag_s: float
    most_busy: float
    why: str | None = None
    """For a person; None while another call fits."""
    _seen: deque[Sample] = field(default_factory=lambda: deque(maxlen=SAMPLES))
    _relieved: int = 0

    def feed(self, sample: Sample) -> bool:
        """Take in one sample; returns whether `why` appeared or went away."""
        self._seen.append(sample)
        had_room = self.why is None
        if sample.calls < FEWEST_CALLS:
            self.why, self._relieved = None, 0
        elif had_room:
            self.why = self._over(1.0) if len(self._seen) == SAMPLES else None
        else:
            self._relieved = 0 if self._over(RELIEF) else self._relieved + 1
            if self._relieved * EVERY_S >= RELIEF_S:
                self.why, self._relieved = None, 0
        return had_room is not (self.why is None)

    @property
    def lag_s(self) -> float:
        """The lag exceeded by a quarter of the last samples."""
        lags = sorted(sample.lag_s for sample in self._seen)
        return lags[int(QUARTER * len(lags))] if lags else 0.0

    @property
    def busy(self) -> float:
        """Share of the window the loop's thread was computing."""
        return sum(sample.busy for sample in self._seen) / max(1, len(self._seen))

    @property
    def late_share(self) -> float:
        """Late frames per call in the window."""
        late = sum(sample.late for sample in self._seen)
        return late / max(1, self._seen[-1].calls) if self._seen else 0.0

    def _over(self, part: float) -> str | None:
        """What exceeds this share of its limit."""
        if self.most_lag_s and self.lag_s > part * self.most_lag_s:
            return f"the loop lags {round(self.lag_s * 1000)} ms"
        if self.most_busy and self.busy > _below(self.most_busy, part):
            return f"the loop is busy {round(self.busy * 100)} % of the time"
        if (self.most_lag_s or self.most_busy) and self.late_share > part * LATE_SHARE:
            return f"{self.late_share:.1f} late pieces of speech a call"
        return None


def _below(limit: float, part: float) -> float:
    """The relief threshold of CPU load is just below its limit, as load grows with every call."""
    return limit if part == 1.0 else limit - 0.1
