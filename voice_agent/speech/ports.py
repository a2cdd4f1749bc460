"""The two ports of speech: recognition (`Transcriber`) and synthesis (`Synthesizer`).

Times inside an utterance are seconds from its first pushed sample.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from voice_agent.audio.pcm import Pcm


@dataclass(frozen=True, slots=True)
class HeardWord:
    """One recognised word; `confidence` in 0..1."""

    text: str
    start_s: float
    end_s: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """The engine's reading of an utterance so far. `upto_s`: the audio it covers."""

    text: str
    words: tuple[HeardWord, ...] = ()
    confidence: float = 1.0
    upto_s: float = 0.0
    unended: str = ""
    """Settled only: the words if the sentence is unfinished, when these differ."""


NOTHING = Hypothesis("")


class Utterance(Protocol):
    """One stretch of caller speech, recognised while it continues."""

    def push(self, pcm: Pcm) -> None:
        """Add samples (int16, 8 kHz, any length). Never blocks, never raises."""

    def partial(self) -> Hypothesis:
        """The latest hypothesis; `NOTHING` before the first. Cheap."""

    async def settle(self) -> Hypothesis:
        """The hypothesis for everything pushed so far; may be called again after more.

        Raises: TranscriptionFailed, also when its deadline passes.
        """

    def close(self) -> None:
        """Release the engine's resources. Idempotent; a pending `settle` is dropped."""


class Transcriber(Protocol):
    """A speech recogniser shared by all calls."""

    name: str

    async def load(self) -> None:
        """Load and warm the model. Raises: EngineUnavailable."""

    def open(self, call_id: str) -> Utterance:
        """Begin an utterance; `call_id` is for fairness and per-caller adaptation."""

    async def aclose(self) -> None:
        """Free model, processes and connections."""


class Synthesizer(Protocol):
    """A voice shared by all calls."""

    name: str

    async def load(self) -> None:
        """Load and warm the voice. Raises: EngineUnavailable."""

    def speak(self, text: str) -> AsyncIterator[Pcm]:
        """Voice one clause, first chunk as early as possible.

        Yields: int16 mono, shape (n,), 8 kHz, n > 0.
        Raises: SpeechFailed.
        """

    async def aclose(self) -> None:
        """Free voice and connections."""


async def voiced(synthesizer: Synthesizer, text: str) -> Sequence[Pcm]:
    """All chunks of one clause, for lines that are cached."""
    return [chunk async for chunk in synthesizer.speak(text)]
