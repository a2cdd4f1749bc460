"""A recogniser that knows whether it works: what calls are not to be taken on, when it does not."""

from collections.abc import Callable

from voice_agent.audio.pcm import Pcm
from voice_agent.errors import TranscriptionFailed
from voice_agent.speech.ports import Hypothesis, Transcriber, Utterance

IN_A_ROW = 4
"""Utterances of any calls that fail one after another; fewer may be the line's fault."""
REST_S = 30.0
"""After this much rest new calls try it again."""


class WatchedTranscriber:
    """A `Transcriber` as it is, counting its failures. `now`: monotonic seconds; `failed` is told
    of each."""

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
        """One utterance was transcribed, or was not."""
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

    def push(self, pcm: Pcm) -> None:
        """Add samples."""
        self._inner.push(pcm)

    def partial(self) -> Hypothesis:
        """The latest hypothesis already known."""
        return self._inner.partial()

    async def settle(self) -> Hypothesis:
        """The hypothesis for everything pushed until now. Raises: TranscriptionFailed."""
        try:
            hypothesis = await self._inner.settle()
        except TranscriptionFailed:
            if not self._counted:  # however often it was tried, it is one caller's one utterance
                self._counted = True
                self._owner.heard(False)
            raise
        self._counted = False
        self._owner.heard(True)
        return hypothesis

    def close(self) -> None:
        """Give back what the engine holds."""
        self._inner.close()
