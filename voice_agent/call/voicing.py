"""Turns sentences into clauses with audio: split, verbalise, take from the cache or synthesise."""

import logging
import math
from collections.abc import AsyncGenerator, AsyncIterator, Callable

import anyio

from core.talk import Sentence
from voice_agent.audio import g711
from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.call.playback import Clause, Reply
from voice_agent.errors import SpeechFailed
from voice_agent.speech.clauses import pronounceable, split
from voice_agent.speech.lines import LineCache
from voice_agent.speech.ports import Synthesizer
from voice_agent.speech.verbalise.verbaliser import spoken

log = logging.getLogger(__name__)
FIRST_CHUNK_S = 2.0
"""A voice this far behind its own audio has failed; the fallback takes over."""

REST_S = 30.0
"""How long the fallback speaks for all calls before the engine is tried again."""


class Voice:
    """The agent's voice for all calls: cached lines first, then the engine, then the fallback."""

    def __init__(
        self,
        engine: Synthesizer,
        fallback: Synthesizer,
        lines: LineCache,
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        """`failed` is called each time the engine is rested."""
        self._engine = engine
        self._fallback = fallback
        self._lines = lines
        self._failed = failed
        self._resting_until = -math.inf

    async def add(self, reply: Reply, sentence: Sentence, news: Callable[[], None]) -> None:
        """Append the sentence's clauses to the reply, with audio growing; `news` after each change.
        What no voice can pronounce is left out.

        Raises: SpeechFailed when neither voice could say it.
        """
        if (cached := self.cached(sentence)) is not None:
            reply.clauses.append(cached)
            news()
            return
        texts = [text for text in split(sentence.text) if pronounceable(text)]
        for n, text in enumerate(texts):
            clause = Clause(sentence, text, closes=n == len(texts) - 1)
            reply.clauses.append(clause)
            async for pcm in self._spoken(spoken(text)):
                clause.audio += g711.encode(pcm)
                news()
            clause.voiced = True
            news()

    def cached(self, sentence: Sentence) -> Clause | None:
        """The sentence as one voiced clause, if it is cached since start-up."""
        audio = self._lines.get(sentence.text)
        if audio is None:
            return None
        return Clause(sentence, sentence.text, bytearray(audio), voiced=True, closes=True)

    async def _spoken(self, text: str) -> AsyncIterator[Pcm]:
        """The text's audio. If the engine fails midway, the fallback repeats all of it: a repeated
        word is better than one lost and counted as heard."""
        if anyio.current_time() >= self._resting_until:
            try:
                async for chunk in _prompt(self._engine.speak(text)):
                    yield chunk
                return
            except SpeechFailed as error:
                if self._fallback is self._engine:
                    raise
                self._resting_until = anyio.current_time() + REST_S
                self._failed()
                log.warning(
                    "%s failed (%s); %s speaks", self._engine.name, error, self._fallback.name
                )
        async for chunk in self._fallback.speak(text):
            yield chunk


async def _prompt(chunks: AsyncIterator[Pcm]) -> AsyncIterator[Pcm]:
    """The chunks; fails when one is so late that the caller would hear a gap of the limit."""
    due = anyio.current_time() + FIRST_CHUNK_S
    try:
        while True:
            with anyio.CancelScope(deadline=due) as waiting:
                chunk = await anext(chunks, None)
            if waiting.cancelled_caught:
                raise SpeechFailed("no audio in time")
            if chunk is None:
                return
            due += len(chunk) / RATE_HZ
            yield chunk
    finally:
        if isinstance(chunks, AsyncGenerator):
            await chunks.aclose()
