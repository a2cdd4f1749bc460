"""The embedded voice: espeak-ng, in the package, no model to download.

One thread speaks for all calls, because the library has one voice per process. A clause takes a few
milliseconds, so calls are served first come, first served, and a long text queues again for each of
its clauses. The first samples leave while the rest is being made.
"""

import asyncio
import queue
import threading
from collections import deque
from collections.abc import AsyncIterator, Mapping

import anyio.to_thread
import numpy as np

from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.audio.resample import BulkResampler
from voice_agent.errors import EngineUnavailable, SpeechFailed
from voice_agent.speech.clauses import portions
from voice_agent.speech.edges import Edges, pause_after
from voice_agent.speech.espeak_library import (
    EspeakError,
    EspeakLibrary,
    EspeakVoice,
    espeak_library,
)
from voice_agent.speech.pronunciations import NO_NAMES, Pronunciations

VOICE = "en-us+f5"
"""Of 34 variants the one a recogniser understood best over 8 kHz µ-law (51 % of words wrong without
a language model; plain en-us 74 %). At -20 dBFS with peaks at -4 it needs no gain."""
SETTING = 135
"""espeak's "words per minute" setting; gives 170 words a minute in whole sentences."""
PITCH = 45
BATCH = 5
"""Buffers of the library, 20 ms each, processed together."""
QUEUE = 256
"""Most clauses waiting for the thread, over all calls; beyond it the voice is overloaded."""


class EspeakSynthesizer:
    """`Synthesizer` by espeak-ng.

    `rate`: 1.0 is about 170 words a minute; `own`: how names sound, in ARPAbet.
    """

    name = "espeak"

    def __init__(
        self, voice: str = VOICE, rate: float = 1.0, own: Mapping[str, str] = NO_NAMES
    ) -> None:
        self._names = Pronunciations(own, "espeak")
        self._voice = EspeakVoice(voice, words_per_min=round(SETTING * rate), pitch=PITCH)
        self._waiting: queue.Queue[_Clause | None] = queue.Queue(QUEUE)
        self._thread: threading.Thread | None = None

    async def load(self) -> None:
        """Load the library and start the thread. Raises: EngineUnavailable."""
        if self._thread is not None:
            return
        try:
            library = await anyio.to_thread.run_sync(espeak_library)
            # The first use of a voice reads its dictionary.
            await anyio.to_thread.run_sync(library.say, "Ready.", self._voice, lambda _: True)
        except EspeakError as error:
            raise EngineUnavailable(
                f"{error}; reinstall espeakng-loader or choose another voice"
            ) from error
        self._thread = threading.Thread(
            target=self._serve, args=(library,), name="espeak", daemon=True
        )
        self._thread.start()

    async def speak(self, text: str) -> AsyncIterator[Pcm]:
        """Voice a text as it is synthesised; chunks of about 100 ms. See the port."""
        for portion in portions(text):
            clause = _Clause(self._names.put(portion), asyncio.get_running_loop())
            self._queue(clause)
            try:
                while (pcm := await clause.next()) is not None:
                    yield pcm
            finally:
                clause.cancelled = True

    async def aclose(self) -> None:
        """Stop the thread; waiting clauses fail."""
        thread, self._thread = self._thread, None
        if thread is not None:
            await anyio.to_thread.run_sync(self._waiting.put, None)
            await anyio.to_thread.run_sync(thread.join)

    def _queue(self, clause: "_Clause") -> None:
        if self._thread is None:
            raise SpeechFailed("the espeak voice is not loaded")
        try:
            self._waiting.put_nowait(clause)
        except queue.Full:
            raise SpeechFailed(f"the espeak voice has {QUEUE} clauses waiting") from None

    def _serve(self, library: EspeakLibrary) -> None:
        """The thread: one clause after another, then fail whatever is left."""
        while (clause := self._waiting.get()) is not None:
            clause.make(library, self._voice)
        while not self._waiting.empty():
            if (left := self._waiting.get_nowait()) is not None:
                left.fail("the espeak voice was closed")


class _Clause:
    """One clause between the thread and the event loop that requested it.

    The thread's output is buffered here, bounded by the length of a clause.
    """

    def __init__(self, text: str, loop: asyncio.AbstractEventLoop) -> None:
        self.text = text
        self.cancelled = False
        self._begun = False
        self._loop = loop
        self._made: deque[Pcm] = deque()
        self._error: str | None = None
        self._done = False
        self._changed = asyncio.Event()

    async def next(self) -> Pcm | None:
        """The next samples; None at the end. Raises: SpeechFailed."""
        while not self._made:
            if self._error is not None:
                raise SpeechFailed(self._error)
            if self._done:
                return None
            self._changed.clear()
            if not self._made and not self._done:
                await self._changed.wait()
        return self._made.popleft()

    def make(self, library: EspeakLibrary, voice: EspeakVoice) -> None:
        """On the thread: synthesise until done or cancelled."""
        if self.cancelled:
            return
        resampler = BulkResampler(library.rate_hz, RATE_HZ)
        edges = Edges(pause_after(self.text))
        batch: list[Pcm] = []

        def sink(pcm: Pcm) -> bool:
            # The library calls every 20 ms of audio; after the first sound, five calls are
            # processed at once.
            batch.append(pcm)
            if self._begun and len(batch) < BATCH:
                return not self.cancelled
            made = resampler.push(np.concatenate(batch))
            batch.clear()
            return self._give(edges.push(made))

        try:
            library.say(self.text, voice, sink)
        except Exception as error:  # one clause fails; the thread continues for other calls
            self.fail(f"espeak-ng could not make a clause: {error}")
            return
        made = [resampler.push(np.concatenate(batch))] if batch else []
        last = edges.push(np.concatenate([*made, resampler.flush()]))
        self._give(np.concatenate((last, edges.finish())))
        self._finish()

    def fail(self, why: str) -> None:
        """On the thread: end with `SpeechFailed`."""
        self._error = why
        self._finish()

    def _give(self, pcm: Pcm) -> bool:
        if len(pcm) and not self.cancelled:
            self._begun = True
            self._made.append(pcm)
            self._wake()
        return not self.cancelled

    def _finish(self) -> None:
        self._done = True
        self._wake()

    def _wake(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._changed.set)
        except RuntimeError:  # the requesting loop is gone
            self.cancelled = True
