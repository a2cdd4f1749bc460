"""`Headroom`: whether one more call fits, by what the server's own loop shows. Pure.

How many calls a server carries depends on the machine, its neighbours and what callers say; the
number in the settings is only a ceiling. Three things tell that there is no room: timers of the
loop fire late, the loop's thread is busy all the time, or speech goes out later than it should. All
are taken over a few seconds, so that one slow moment turns nobody away, and are believed to be over
only once they have been well below their limits for a while, so that admission does not flutter.
"""

from collections import deque
from dataclasses import dataclass, field

EVERY_S = 0.25
"""Between samples."""
SAMPLES = 20
"""That are looked at together: five seconds."""
QUARTER = 0.75
"""The lag that a quarter of the samples exceed is the one that counts."""
LATE_SHARE = 0.3
"""Late pieces of speech per call in five seconds. 150 calls on two workers of two cores had 0.12
and no gap to be heard, 200 had 1.3."""
RELIEF = 0.6
"""Of each limit: what has to be stayed below, and for `RELIEF_S`, for calls to be taken again."""
RELIEF_S = 10.0
FEWEST_CALLS = 5
"""With fewer calls than this it is not they that take the time: turning one away would not help."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A quarter of a second of the loop."""

    lag_s: float
    """How late its timer fired."""
    busy: float
    """Share of the time in which its thread computed."""
    late: int
    """Pieces of speech that went out late."""
    calls: int
    """Calls going on."""


@dataclass(slots=True)
class Headroom:
    """`why` says what there is too much of; a limit of 0 is none."""

    most_lag_s: float
    most_busy: float
    why: str | None = None
    """In words for a person; None while another call fits."""
    _seen: deque[Sample] = field(default_factory=lambda: deque(maxlen=SAMPLES))
    _relieved: int = 0

    def feed(self, sample: Sample) -> bool:
        """Take in one sample; says whether `why` came or went."""
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
        """The lag that a quarter of the last samples exceed."""
        lags = sorted(sample.lag_s for sample in self._seen)
        return lags[int(QUARTER * len(lags))] if lags else 0.0

    @property
    def busy(self) -> float:
        """Share of the last seconds in which the loop's thread computed."""
        return sum(sample.busy for sample in self._seen) / max(1, len(self._seen))

    @property
    def late_share(self) -> float:
        """Late pieces of the last seconds, per call."""
        late = sum(sample.late for sample in self._seen)
        return late / max(1, self._seen[-1].calls) if self._seen else 0.0

    def _over(self, part: float) -> str | None:
        """What exceeds this part of its limit."""
        if self.most_lag_s and self.lag_s > part * self.most_lag_s:
            return f"the loop lags {round(self.lag_s * 1000)} ms"
        if self.most_busy and self.busy > _below(self.most_busy, part):
            return f"the loop is busy {round(self.busy * 100)} % of the time"
        if (self.most_lag_s or self.most_busy) and self.late_share > part * LATE_SHARE:
            return f"{self.late_share:.1f} late pieces of speech a call"
        return None


def _below(limit: float, part: float) -> float:
    """Being busy is relieved a little below its limit, for it grows with every call."""
    return limit if part == 1.0 else limit - 0.1
