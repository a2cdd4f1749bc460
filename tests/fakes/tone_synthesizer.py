"""A voice of plain tones: no engine, no thread, no wall time; just the port."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import cache

import anyio
import numpy as np

from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.errors import SpeechFailed
from voice_agent.speech.clauses import pronounceable

CHUNK = RATE_HZ * 40 // 1000


@dataclass
class ToneSynthesizer:
    """Each letter is `letter_s` of a tone; every text has its own pitch, so audio identifies texts.

    `first_s` passes before the first chunk and `chunk_s` before each further one, on the loop's
    clock. `fails` raises on the next text; `fails_after` after that many chunks of it.
    """

    name: str = "tone"
    letter_s: float = 0.06
    first_s: float = 0.0
    chunk_s: float = 0.0
    fails: bool = False
    fails_after: int = 0
    dead: bool = False
    """Raises on every text."""
    loaded: bool = False
    spoken: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    """Texts voiced to the end, as opposed to `spoken`: texts begun."""

    async def load(self) -> None:
        self.loaded = True

    async def speak(self, text: str) -> AsyncIterator[Pcm]:
        self.spoken.append(text)
        if not pronounceable(text):
            return
        if self.dead:
            raise SpeechFailed("the tone voice is dead")
        await anyio.sleep(self.first_s)
        pcm = self.audio_of(text)
        for number, at in enumerate(range(0, len(pcm), CHUNK)):
            if self.fails and number >= self.fails_after:
                self.fails = False
                raise SpeechFailed("the tone voice was told to fail")
            if number:
                await anyio.sleep(self.chunk_s)
            yield pcm[at : at + CHUNK]
        self.finished.append(text)

    def audio_of(self, text: str) -> Pcm:
        """The whole text at once, to compare with what arrived."""
        return _tone(300 + sum(map(ord, text)) % 600, int(len(text) * self.letter_s * RATE_HZ))

    async def aclose(self) -> None:
        self.loaded = False


@cache
def _tone(hz: int, samples: int) -> Pcm:
    """Each test's agent prepares the same lines."""
    wave = 8000 * np.sin(2 * np.pi * hz * np.arange(samples) / RATE_HZ)
    pcm = np.rint(wave).astype(np.int16)
    pcm.flags.writeable = False
    return pcm
