"""Detects problems in a call that raise no error: dead air, and a stuck voice. Pure.

Deadlines and fallbacks should prevent all of them; this reports when one happened, and where.

- *Dead air*: it is the agent's turn, and nothing has been audible for `DEAD_AIR_S`.
- *Stuck speaking*: the agent speaks, and the far end does not confirm that it plays it (`UNPLAYED`
  marks in a row were lost), or one reply goes on and on (`ENDLESS_S`).
- *Late speech*: at the end of the call, if its caller heard gaps or much of it went out late.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from core.events import Flagged
from voice_agent.call.playback import Playback

DEAD_AIR_S = 4.0
"""Fillers come after 1.2 s, a fallback voice after 2 s: beyond this none of them worked."""
UNPLAYED = 3
"""One mark may get lost; after this many in a row, nobody knows whether we are heard."""
ENDLESS_S = 60.0
"""Replies are a few sentences; reading a verbatim policy takes half of this."""
LATE_PIECES = 20
"""Three seconds of speech: with less, and without a gap, nobody notices."""

Trouble = tuple[Literal["dead_air", "stuck_speaking", "late_speech"], str]
"""The kind of its flag, and a description for a person."""


@dataclass(slots=True)
class Watchdog:
    """One call's watchdog. Reports each silence, run of lost marks and endless reply once.

    `count` is called with the kind of each.
    """

    playback: Playback
    count: Callable[[str], None]
    _silence: float | None = None
    """Since when words have been owed in the silence last reported."""
    _unplayed: bool = False
    _endless: float | None = None
    """When the endless reply last reported began."""

    def due(self, owed_since: float | None) -> float | None:
        """When to look again; None while nothing is owed or it has been reported. A stuck voice is
        noticed whenever playback is polled."""
        if owed_since is None or owed_since == self._silence:
            return None
        return owed_since + DEAD_AIR_S

    def look(self, owed_since: float | None, now: float, turn: int) -> list[Flagged]:
        """What has gone wrong since the last look; `owed_since`: see `Answering.owed_since`."""
        return self._flags(self._troubles(owed_since, now), now, turn)

    def at_the_end(self, now: float, turn: int) -> list[Flagged]:
        """What can be judged only when the call is over."""
        late, gaps = self.playback.late, self.playback.underruns
        if not gaps and late < LATE_PIECES:
            return []
        note = f"pieces that went out late: {late}; gaps heard: {gaps}"
        return self._flags([("late_speech", note)], now, turn)

    def _flags(self, troubles: Iterable[Trouble], now: float, turn: int) -> list[Flagged]:
        flags = [Flagged(kind, turn, round(now * 1000), note) for kind, note in troubles]
        for flag in flags:
            self.count(flag.kind)
        return flags

    def _troubles(self, owed_since: float | None, now: float) -> Iterator[Trouble]:
        due, began = self.due(owed_since), self.playback.began_at
        if due is not None and now >= due:
            self._silence = owed_since
            yield "dead_air", "the caller waited for our words"
        lost = self.playback.lost_in_a_row
        if lost >= UNPLAYED and not self._unplayed:
            yield "stuck_speaking", f"{lost} marks in a row did not come back"
        self._unplayed = lost >= UNPLAYED
        if began is not None and now - began >= ENDLESS_S and began != self._endless:
            self._endless = began
            yield "stuck_speaking", f"one reply has gone on for {ENDLESS_S:.0f} s"
