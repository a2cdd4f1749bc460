"""The turn machine's inputs and actions. Instants `at` are call-clock seconds."""

from dataclasses import dataclass
from typing import Literal

from core.thinking.understood import Sense

Slot = Literal["phone", "email", "name", "number", "date", "free"]
"""What the last question heard asked for; it decides how long silence may last."""


# --- told --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Melody:
    """How a voice ended: it falls when a sentence is over, and stays level or rises when it goes
    on."""

    pitch_st: float
    """The last pitch, in semitones above the caller's usual."""
    slope_st_s: float
    """Its slope over the last 200 ms of voice, in semitones per second."""


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Caller speech began. `at` is its first sample, `known_at` when we could tell."""

    at: float
    known_at: float


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    """Caller speech ended. `at` is its last sample, `known_at` when we could tell."""

    at: float
    known_at: float
    melody: Melody | None = None


@dataclass(frozen=True, slots=True)
class TextHeard:
    """A hypothesis for the open utterance. `settled`: it covers all speech up to `upto`."""

    at: float
    text: str
    settled: bool
    upto: float
    confidence: float = 1.0
    """The recogniser's confidence, 0..1; of settled text only."""
    unended: str = ""
    """The words if the sentence is unfinished, when they differ."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What the engine makes of the `text` of `turn`; the answer to `Consider`."""

    at: float
    turn: int
    text: str
    sense: Sense


@dataclass(frozen=True, slots=True)
class SlotExpected:
    """The question the caller now hears asks for this; None when nothing is asked."""

    at: float
    slot: Slot | None


@dataclass(frozen=True, slots=True)
class PlaybackStarted:
    """The first sample of our reply to `turn` is playing."""

    at: float
    turn: int


@dataclass(frozen=True, slots=True)
class PlaybackGoesOn:
    """A sentence of our reply to `turn` was heard, and more is to come."""

    at: float
    turn: int


@dataclass(frozen=True, slots=True)
class PlaybackFinished:
    """Our whole reply to `turn` was heard."""

    at: float
    turn: int


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """A DTMF key: ends or interrupts like a word that is surely meant."""

    at: float
    digit: str


@dataclass(frozen=True, slots=True)
class EchoHeard:
    """What is being heard is our own voice coming back, not the caller."""

    at: float


@dataclass(frozen=True, slots=True)
class CrowdHeard:
    """What began as speech is other people talking behind the caller."""

    at: float


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passed and nothing else."""

    at: float


TurnInput = (
    SpeechStarted | SpeechStopped | TextHeard | Understood | SlotExpected | PlaybackStarted
    | PlaybackGoesOn | PlaybackFinished | KeyPressed | EchoHeard | CrowdHeard | Tick
)  # fmt: skip


def known_at(event: TurnInput) -> float:
    """When the event could be known; speech is always known a little late."""
    match event:
        case SpeechStarted() | SpeechStopped():
            return event.known_at
        case _:
            return event.at


# --- ordered -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Settle:
    """Request the transcript of everything up to now (answer: `TextHeard`)."""

    at: float


@dataclass(frozen=True, slots=True)
class Consider:
    """Request what the engine makes of this text, were it all of `turn` (answer: `Understood`)."""

    at: float
    turn: int
    text: str
    speech_start: float = 0.0
    speech_end: float = 0.0


@dataclass(frozen=True, slots=True)
class Speculate:
    """Prepare the reply to `turn` as if it had ended with this text, and hold it back."""

    at: float
    turn: int
    text: str
    speech_start: float = 0.0
    speech_end: float = 0.0


@dataclass(frozen=True, slots=True)
class DropSpeculation:
    """The caller went on: discard what was prepared for `turn`."""

    at: float
    turn: int


@dataclass(frozen=True, slots=True)
class EndTurn:
    """The caller's turn is over: answer it, once. `speech_end` is the caller's last sample.

    Empty `text` without `digits`: somebody spoke and was not understood. `digits`: keys pressed.
    """

    at: float
    turn: int
    text: str
    speech_start: float
    speech_end: float
    digits: str = ""
    waited_for_text_s: float = 0.0
    """How long the recogniser alone delayed the end, after silence had lasted long enough."""


@dataclass(frozen=True, slots=True)
class PausePlayback:
    """Somebody is speaking over us: stop sending and clear, but keep the rest."""

    at: float
    turn: int


@dataclass(frozen=True, slots=True)
class ResumePlayback:
    """It was a backchannel or noise: resume from the last clause confirmed heard."""

    at: float
    turn: int
    because: Literal["noise", "backchannel", "echo"]


@dataclass(frozen=True, slots=True)
class CommitInterruption:
    """The caller took the floor: our reply to `turn` is over; history keeps the heard prefix."""

    at: float
    turn: int


@dataclass(frozen=True, slots=True)
class MergeTurn:
    """The caller went on before hearing our reply to `turn`: cancel it and answer both at once."""

    at: float
    turn: int


@dataclass(frozen=True, slots=True)
class DiscardUtterance:
    """What was heard was noise or a backchannel: not a turn. `text` is kept for the log."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class CallerIdle:
    """Silence has lasted: `count` 1 asks for a check-in, 2 for a polite close."""

    at: float
    count: int


TurnAction = (
    Settle | Consider | Speculate | DropSpeculation | EndTurn | PausePlayback | ResumePlayback
    | CommitInterruption | MergeTurn | DiscardUtterance | CallerIdle
)  # fmt: skip
