"""Our side of the floor: a reply due to a turn, playing, held back, or none."""

from dataclasses import dataclass

from voice_agent.turn.events import PlaybackStarted
from voice_agent.turn.utterance import Ended

WARY_S = 3.0
"""A caller who speaks again this soon after we resumed is believed sooner."""
REACTION_S = 0.30
"""Speech that began this soon after playback started cannot be a reaction to it."""
CUT_INTO_S = 1.5
"""A caller who speaks again this soon after their last word had not finished."""
LONGEST_OWED_S = 12.0
LONGEST_PLAYBACK_S = 60.0
"""Without another sentence heard."""


@dataclass(slots=True)
class OurReply:
    """What we are about to say or are saying; numbers up to `cancelled` never play again."""

    owed: Ended | None = None
    """The emitted turn whose reply has not begun to play."""
    playing: int | None = None
    held: bool = False
    cancelled: int = -1
    _answers: Ended | None = None
    _since: float = 0.0
    _goes_on_at: float = 0.0
    _resumed_at: float = -WARY_S

    @property
    def turn(self) -> int | None:
        """The number of the reply that is due or playing."""
        return self.owed.turn if self.owed is not None else self.playing

    def owe(self, ended: Ended, at: float) -> None:
        self.owed, self._since = ended, at

    def started(self, event: PlaybackStarted) -> bool:
        """Take the start of playback; False when it is stale or already known."""
        least = self.owed.turn if self.owed is not None else self.cancelled + 1
        if event.turn < least or event.turn == self.playing:
            return False
        self.held = self.held and self.owed is not None and self.owed.turn == event.turn
        self._answers, self.owed = self.owed, None
        self.playing, self._since = event.turn, event.at
        return True

    def goes_on(self, turn: int, at: float) -> None:
        """Take a sign that a reply is still playing."""
        if turn == self.playing:
            self._goes_on_at = at

    def finished(self, turn: int) -> bool:
        """Take the end of playback; False when it is another reply's."""
        if self.turn is None or turn < self.turn:
            return False
        self.owed = self.playing = None
        self.held = False
        return True

    def release(self, at: float) -> None:
        self.held, self._resumed_at = False, at

    def cancel(self) -> None:
        self.cancelled = max(self.cancelled, -1 if self.turn is None else self.turn)
        self.owed = self.playing = None
        self.held = False

    def wary(self, now: float) -> bool:
        return now - self._resumed_at < WARY_S

    def unheard(self, first: float) -> Ended | None:
        """The turn whose reply the caller cannot have heard when they spoke at `first`."""
        return self.owed or (self._answers if first < self._since + REACTION_S else None)

    def cut_into(self, first: float) -> float | None:
        """The caller's pause, in seconds, if the reply they spoke over at `first` fell into one."""
        pause = first - self._answers.end if self._answers is not None else CUT_INTO_S
        return pause if pause < CUT_INTO_S else None

    def missing_due(self) -> float | None:
        """When an overdue start or finish of playback is given up."""
        if self.turn is None or self.held:
            return None
        longest = LONGEST_OWED_S if self.owed is not None else LONGEST_PLAYBACK_S
        return max(self._since, self._goes_on_at, self._resumed_at) + longest
