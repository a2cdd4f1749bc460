"""Wraps a recogniser to detect when it fails, so that no calls are taken that it would not hear."""

from collections.abc import Callable

from voice_agent.audio.pcm import Pcm
from voice_agent.errors import TranscriptionFailed
from voice_agent.speech.ports import Hypothesis, Transcriber, Utterance

IN_A_ROW = 4
"""Consecutive failures over all calls; fewer may be a caller's line."""
REST_S = 30.0
"""After this, new calls try it again."""


class WatchedTranscriber:
    """Passes a `Transcriber` through, counting its failures. `now`: monotonic seconds; `failed` is
    called for each."""

    def __init__(
        self,
        inner: Transcriber,
        now: Callable[[], float],
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = inner.name
        self._inner = inner
        self._now = now
        self._failed = failed
        self._failures = 0
        self._failed_at = 0.0

    @property
    def failing(self) -> bool:
        """Whether a caller would not be understood now."""
        return self._failures >= IN_A_ROW and self._now() - self._failed_at < REST_S

    async def load(self) -> None:
        """Load and warm the model. Raises: EngineUnavailable."""
        await self._inner.load()

    def open(self, call_id: str) -> Utterance:
        """Begin an utterance."""
        return _Watched(self, self._inner.open(call_id))

    async def aclose(self) -> None:
        """Free model, processes and connections."""
        await self._inner.aclose()

    def heard(self, worked: bool) -> None:
        """Record one utterance as transcribed or failed."""
        if worked:
            self._failures = 0
            return
        self._failures += 1
        self._failed_at = self._now()
        self._failed()


class _Watched:
    def __init__(self, owner: WatchedTranscriber, inner: Utterance) -> None:
        self._owner = owner
        self._inner = inner
        self._counted = False
        self._closed = False

    def push(self, pcm: Pcm) -> None:
        """Add samples."""
        self._inner.push(pcm)

    def partial(self) -> Hypothesis:
        """The latest hypothesis."""
        return self._inner.partial()

    async def settle(self) -> Hypothesis:
        """The hypothesis for everything pushed so far. Raises: TranscriptionFailed."""
        try:
            hypothesis = await self._inner.settle()
        except TranscriptionFailed:
            # One utterance counts once, however often it was tried; one that we closed does not.
            if not self._counted and not self._closed:
                self._counted = True
                self._owner.heard(False)
            raise
        self._counted = False
        self._owner.heard(True)
        return hypothesis

    def close(self) -> None:
        """Release the engine's resources."""
        self._closed = True
        self._inner.close()
