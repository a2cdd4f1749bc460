"""A Piper voice: local neural speech, synthesised sentence by sentence in a thread.

Inference uses every core, so one sentence is made at a time over all calls, in order of request.
"""

import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread
import numpy as np

from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.audio.resample import BulkResampler
from voice_agent.errors import EngineUnavailable, SpeechFailed
from voice_agent.models import FETCH
from voice_agent.speech.clauses import portions
from voice_agent.speech.edges import Edges, pause_after
from voice_agent.speech.pronunciations import NO_NAMES, Pronunciations

if TYPE_CHECKING:
    from piper import PiperVoice

VOLUME = 0.7  # Piper scales every sentence to full range; this puts its peak at -3 dBFS


class PiperSynthesizer:
    """`Synthesizer` by Piper. `voice`: the .onnx file, its .onnx.json beside it.

    `limiter` bounds the threads in use and may be shared with other engines; `own`: how names
    sound, in ARPAbet.
    """

    name = "piper"

    def __init__(
        self,
        voice: Path,
        rate: float = 1.0,
        limiter: anyio.CapacityLimiter | None = None,
        own: Mapping[str, str] = NO_NAMES,
    ) -> None:
        self._names = Pronunciations(own, "ipa")
        self._path, self._rate = voice, rate
        self._limiter = limiter
        self._making = threading.Lock()
        self._voice: PiperVoice | None = None

    async def load(self) -> None:
        """Load the voice and make one word with it. Raises: EngineUnavailable."""
        if self._voice is not None:
            return
        for needed in (self._path, Path(f"{self._path}.json")):
            if not needed.is_file():
                raise EngineUnavailable(
                    f"no Piper voice file {needed}: set VOICE_AGENT_PIPER_VOICE to the path of an "
                    f".onnx, or to a name such as en_US-lessac-medium and run `{FETCH} --lock`"
                )
        self._limiter = self._limiter or anyio.CapacityLimiter(1)
        try:
            self._voice = await anyio.to_thread.run_sync(_load, self._path)
            async for _ in self.speak("Ready."):
                pass
        except Exception as error:  # onnxruntime and json raise errors of their own
            self._voice = None
            raise EngineUnavailable(f"{self._path} is not a Piper voice: {error}") from error

    async def speak(self, text: str) -> AsyncIterator[Pcm]:
        """Voice a text, one chunk a sentence. See the port."""
        for portion in portions(text):
            sentences = self._sentences(self._names.put(portion))
            while (pcm := await self._made(sentences)) is not None:
                if len(pcm):
                    yield pcm

    async def aclose(self) -> None:
        """Drop the voice; its memory is freed once the sentence in progress is done."""
        self._voice = None

    def _sentences(self, text: str) -> Iterator[Pcm]:
        """On a thread: one item per sentence, then the clause's end."""
        from piper import SynthesisConfig

        if self._voice is None:
            raise SpeechFailed("the Piper voice is not loaded")
        config = self._voice.config
        wanted = SynthesisConfig(length_scale=config.length_scale / self._rate, volume=VOLUME)
        resampler, edges = BulkResampler(config.sample_rate, RATE_HZ), Edges(pause_after(text))
        for chunk in self._voice.synthesize(text, wanted):
            yield edges.push(resampler.push(chunk.audio_int16_array))
        yield np.concatenate((edges.push(resampler.flush()), edges.finish()))

    async def _made(self, sentences: Iterator[Pcm]) -> Pcm | None:
        """The next sentence; a cancelled caller leaves at once, and the thread ends by itself."""
        try:
            return await anyio.to_thread.run_sync(
                self._make, sentences, limiter=self._limiter, abandon_on_cancel=True
            )
        except SpeechFailed:
            raise
        except Exception as error:  # whatever onnxruntime raises
            raise SpeechFailed(f"Piper could not make this text: {error}") from error

    def _make(self, sentences: Iterator[Pcm]) -> Pcm | None:
        # The limiter releases a cancelled caller while its sentence is still being made.
        with self._making:
            return next(sentences, None)


def _load(path: Path) -> "PiperVoice":
    from piper import PiperVoice

    return PiperVoice.load(path)
