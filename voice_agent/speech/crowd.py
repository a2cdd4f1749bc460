"""Detects background talk: to every voice detector it sounds like a voice, but its level is steady.

One voice drops to the floor between its words: in 2 s its 10 ms levels span 23 dB and more, and
still 13 dB and more over babble ten decibels below it; babble alone and traffic span 7 to 11 dB
(95th minus 10th percentile; the project's callers, recorded speech and noise).
"""

from collections import deque

FRAMES_A_S = 100
WINDOW = 2 * FRAMES_A_S
FIRST_WINDOW = FRAMES_A_S
"""The window when a call begins with sound, before 2 s of it are available."""
SPAN_DB, FIRST_SPAN_DB = 10.5, 14.0
LEAST_VOICED = FRAMES_A_S
"""A voice younger than this is not judged: most of the window was there before it."""
EVERY = 10
"""Frames between looks."""
STANDS_OUT_DB = 6.0
"""A voice in front of the crowd exceeds nearly all of it by this."""
VOICED = 3
KEPT = 10 * FRAMES_A_S
GONE_DB = 6.0
FALLS_DB, FADES_DB, DOUBTED_DB = 0.05, 0.03, 0.3
"""Decibels per look: the loudest moments decay slowly, the crowd's level decays while a voice hides
it, and drops fast once the sound turns out to be no crowd."""


class Crowd:
    """The background talk behind a caller, by the levels of their line. Pure."""

    def __init__(self) -> None:
        self.level_dbfs: float | None = None
        """Nearly all of the crowd is below this; None when there is no crowd."""
        self._levels: deque[float] = deque(maxlen=KEPT)
        self._frames = 0

    def take(self, level_dbfs: float) -> bool:
        """Take the next 10 ms frame; returns whether it is time to `look`."""
        self._levels.append(level_dbfs)
        self._frames += 1
        return self._frames % EVERY == 0

    def look(self, voiced: int) -> bool:
        """Whether `voiced` frames that sounded like a voice are a crowd with nobody in front.

        With `voiced` 0, nothing sounds like a voice: only the crowd's level is updated.
        """
        nothing_to_tell = self.level_dbfs is None and voiced < LEAST_VOICED
        if nothing_to_tell or len(self._levels) < WINDOW:
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
        """Whether a line that began with sound began with a crowd; None while unknown."""
        top, span = self._latest(FIRST_WINDOW)
        if span >= FIRST_SPAN_DB:
            return False
        if len(self._levels) < FIRST_WINDOW:
            return None
        self.level_dbfs = top
        return True

    def since_voice(self, frames: int) -> int | None:
        """How many frames ago a voice last stood out of the crowd; None if not within `frames`."""
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
        """The 95th percentile of the latest levels, and its distance from the 10th."""
        levels = sorted(list(self._levels)[-frames:])
        top = levels[len(levels) * 95 // 100]
        return top, top - levels[len(levels) // 10]
