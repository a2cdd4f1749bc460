"""Fixed lines, voiced once at start-up and kept as µ-law bytes.

A greeting, a disclosure or a filler then starts the moment it is decided on, however busy the voice
is, at 8 kB per second of speech.
"""

from collections.abc import Callable, Iterable

import anyio
import numpy as np

from voice_agent.audio import g711
from voice_agent.errors import SpeechFailed
from voice_agent.speech.ports import Synthesizer, voiced

AT_ONCE = 16
"""Lines voiced concurrently: with a remote service, a hundred lines one after another would delay
the start by a minute."""


class LineCache:
    """µ-law audio by text and voice; filled at start-up, read by all calls."""

    def __init__(self) -> None:
        self._audio: dict[tuple[str, str], bytes] = {}
        self._engine = ""

    async def prepare(
        self, synthesizer: Synthesizer, lines: Iterable[str], say: Callable[[str], str] = str
    ) -> None:
        """Voice the missing lines, and serve this voice's lines from now on.

        Lines are looked up as written; `say` gives the words to voice, such as `spoken`.
        Raises: SpeechFailed; the lines voiced before it are kept.
        """
        self._engine = synthesizer.name
        missing = [line for line in dict.fromkeys(lines) if self.get(line) is None]
        failed: list[SpeechFailed] = []

        async def lane() -> None:
            while missing and not failed:
                line = missing.pop()
                try:
                    chunks = await voiced(synthesizer, say(line))
                except SpeechFailed as error:
                    return failed.append(error)
                pcm = np.concatenate(chunks) if chunks else np.empty(0, np.int16)
                self._audio[synthesizer.name, line] = g711.encode(pcm)

        async with anyio.create_task_group() as tasks:
            for _ in range(AT_ONCE):
                tasks.start_soon(lane)
        if failed:
            raise failed[0]

    def get(self, text: str) -> bytes | None:
        """The line's µ-law bytes in the voice prepared last; None if it is not a fixed line."""
        return self._audio.get((self._engine, text))
