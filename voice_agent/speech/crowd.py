"""An office full of talk sounds like a voice to every detector, but its level hardly moves.

One voice falls to the bottom between its words: in 2 s its 10 ms levels span 23 dB and more, 13 dB
and more while ten decibels of babble lie under it; babble by itself and traffic span 7 to 11 dB
(95th less 10th percentile; the project's callers, recorded speech and noise).
"""

from collections import deque

FRAMES_A_S = 100
WINDOW = 2 * FRAMES_A_S
FIRST_WINDOW = FRAMES_A_S
"""Looked at when a call begins with sound, before 2 s of it are there."""
SPAN_DB, FIRST_SPAN_DB = 10.5, 14.0
LEAST_VOICED = FRAMES_A_S
"""A voice younger than this is not judged: most of what is looked at was there before it."""
EVERY = 10
"""Frames from one look to the next."""
STANDS_OUT_DB = 6.0
"""A voice in front of the crowd is louder than nearly all of it by this."""
VOICED = 3
KEPT = 10 * FRAMES_A_S
GONE_DB = 6.0
FALLS_DB, FADES_DB, DOUBTED_DB = 0.05, 0.03, 0.3
"""Decibels a look: its loudest moments are remembered for a while, the crowd is believed less while
a voice hides it, and soon given up when what goes on is none."""


class Crowd:
    """What is known of the talk behind a caller, by the levels of their line. Pure."""

    def __init__(self) -> None:
        self.level_dbfs: float | None = None
        """Nearly all of the crowd is below this; None while there is none."""
        self._levels: deque[float] = deque(maxlen=KEPT)
        self._frames = 0

    def take(self, level_dbfs: float) -> bool:
        """Take the next 10 ms frame; whether it is time to `look`."""
        self._levels.append(level_dbfs)
        self._frames += 1
        return self._frames % EVERY == 0

    def look(self, voiced: int) -> bool:
        """Whether what has sounded like a voice for so many frames is a crowd and nobody before it.

        `voiced` is 0 while nothing does: then what is known of the crowd is only kept up.
        """
        if len(self._levels) < WINDOW:
            return False
        top, span = self._latest(WINDOW)
        if self.level_dbfs is not None and top < self.level_dbfs - GONE_DB:
            self.level_dbfs = None
        known = self.level_dbfs
        if span < SPAN_DB and (voiced >= LEAST_VOICED or (not voiced and known is not None)):
            self.level_dbfs = top if known is None else max(top, known - FALLS_DB)
            return bool(voiced)
        if self.level_dbfs is not None:
            doubted = not voiced and span >= FIRST_SPAN_DB
            self.level_dbfs -= DOUBTED_DB if doubted else FADES_DB
        return False

    def began_with_it(self) -> bool | None:
        """Whether a line that began with sound began with a crowd; None while it may have."""
        top, span = self._latest(FIRST_WINDOW)
        if span >= FIRST_SPAN_DB:
            return False
        if len(self._levels) < FIRST_WINDOW:
            return None
        self.level_dbfs = top
        return True

    def since_voice(self, frames: int) -> int | None:
        """How many frames ago a voice stood out of the crowd; None if none of the latest did."""
        assert self.level_dbfs is not None, "there is no crowd"
        loud = 0
        for ago, level in enumerate(reversed(self._levels)):
            if ago == frames:
                return None
            loud = loud + 1 if level > self.level_dbfs + STANDS_OUT_DB else 0
            if loud == VOICED:
                return ago + 1 - VOICED
        return WINDOW

    def _latest(self, frames: int) -> tuple[float, float]:
        """The 95th percentile of the latest levels, and how far it is above the 10th."""
        levels = sorted(list(self._levels)[-frames:])
        top = levels[len(levels) * 95 // 100]
        return top, top - levels[len(levels) // 10]
