"""A voice behind any OpenAI-compatible `/audio/speech` endpoint, streamed as samples.

At first bytes are forwarded as they arrive, in pieces of at most 200 ms; once the voice is well
ahead, packets are collected, as passing one through the library and the filters costs more than its
samples.
"""

import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import anyio
import numpy as np

from voice_agent import remote
from voice_agent.asking import as_taken
from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.audio.resample import Resampler
from voice_agent.errors import EngineUnavailable, SpeechFailed
from voice_agent.refusal import Refusal, ServiceRefused
from voice_agent.speech.clauses import portions
from voice_agent.speech.dialects import Speaking
from voice_agent.speech.edges import Edges, pause_after
from voice_agent.speech.sound import Samples, Unplayable
from voice_agent.trying import Service, try_out

if TYPE_CHECKING:
    from openai import AsyncOpenAI

log = logging.getLogger(__name__)
PIECE = RATE_HZ * 200 // 1000
AHEAD_S = 0.6
"""While the voice is this far ahead of its own playback, packets are collected ..."""
GATHER_S = 0.05
"""... for this long: a service voices some hundreds of milliseconds in it, processed at once."""
REACH_S = 2.0
STALL_S = 3.0
TIMEOUT_S = 10.0
TRIAL = "Hello."


class OpenAISynthesizer:
    """`Synthesizer` by a remote service. `first_audio_s`: deadline for a clause's first samples."""

    name = "openai"

    def __init__(
        self,
        base_url: str,
        api_key: str,
        model: str,
        voice: str,
        rate: float = 1.0,
        first_audio_s: float = 3.0,
    ) -> None:
        self._base_url, self._api_key = base_url, api_key
        self._model, self._voice, self._rate = model, voice, rate
        self._first_audio_s = first_audio_s
        self._client: AsyncOpenAI | None = None
        self.dialect = Speaking()
        self._taken: Speaking | None = None

    async def load(self, within_s: float = REACH_S) -> None:
        """Open a connection, and have a word voiced to check key, model and voice and to learn the
        sample rate. Raises: EngineUnavailable."""
        if self._client is not None:
            return
        if not self._base_url and not self._api_key:
            raise EngineUnavailable("speech by openai needs OPENAI_API_KEY or a base URL")
        self._client = remote.client(self._base_url, self._api_key, TIMEOUT_S)
        try:
            service = Service("speech", self._base_url, "VOICE_AGENT_TTS")
            await try_out(service, self._client, self._learn, within_s)
        except BaseException:
            with anyio.CancelScope(shield=True):
                await self.aclose()
            raise

    async def _learn(self) -> None:
        """Have a word voiced as a file, whose header gives the rate of raw samples too."""
        raw = learned = self.dialect
        try:
            rate_hz = await self._first_rate(replace(raw, form="wav"))
            learned = replace(self.dialect, form=raw.form, rate_hz=rate_hz)
        except ServiceRefused:
            await self._first_rate(raw)
            learned = self.dialect
        finally:  # even when time runs out
            self.dialect, self._taken = learned, None

    async def _first_rate(self, dialect: Speaking) -> int:
        """The sample rate of a word's first samples."""
        async with AsyncExitStack() as stack:
            arriving, samples = await self._request(TRIAL, stack, dialect)
            try:
                async for data in arriving:
                    if len(samples.feed(data)):
                        break
            except Unplayable as error:
                raise EngineUnavailable(f"the speech service sends {error}") from error
            return samples.rate_hz

    async def speak(self, text: str) -> AsyncIterator[Pcm]:
        """Voice a text as the service sends it; chunks of at most 200 ms. See the port."""
        for portion in portions(text):
            edges, resampler = Edges(pause_after(portion)), None
            async with aclosing(self._samples(portion)) as samples:
                async for rate_hz, pcm in samples:
                    resampler = resampler or Resampler(rate_hz, RATE_HZ)
                    for piece in _pieces(edges.push(resampler.push(pcm))):
                        yield piece
            if resampler is None:
                raise SpeechFailed("the speech service sent no audio")
            last = edges.push(resampler.flush())
            for piece in _pieces(np.concatenate((last, edges.finish()))):
                yield piece

    async def aclose(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _samples(self, text: str) -> AsyncGenerator[tuple[int, Pcm], None]:
        """The service's own samples with their rate. Raises: SpeechFailed."""
        deadline_s = self._first_audio_s
        try:
            async with AsyncExitStack() as stack:
                # No scope stays open across a yield: the consumer may be cancelled elsewhere.
                with anyio.fail_after(deadline_s):
                    arriving, samples = await self._request(text, stack, self.dialect)
                    data = await anext(arriving, b"")
                said_until = anyio.current_time()
                while data:
                    pcm = samples.feed(data)
                    if len(pcm):
                        yield samples.rate_hz, pcm
                    said_until += len(pcm) / samples.rate_hz
                    if said_until - anyio.current_time() > AHEAD_S:
                        await anyio.sleep(GATHER_S)
                    deadline_s = STALL_S
                    with anyio.fail_after(deadline_s):
                        data = await anext(arriving, b"")
        except TimeoutError as error:
            raise SpeechFailed(f"no audio from the speech service in {deadline_s} s") from error
        except Unplayable as error:
            raise SpeechFailed(f"the speech service sent {error}") from error
        except remote.failures(ServiceRefused) as error:
            raise SpeechFailed(f"the speech service failed: {error}") from error

    async def _request(
        self, text: str, stack: AsyncExitStack, dialect: Speaking
    ) -> tuple[AsyncIterator[bytes], Samples]:
        """The response's bytes and their sample decoder, in a dialect the service accepts.

        Raises: Refused, SpeechFailed, and as the network does.
        """
        client = self._client
        if client is None:
            raise SpeechFailed("the speech service is not connected")

        async def ask(dialect: Speaking) -> Any:
            asked: Any = client.audio.speech.with_streaming_response.create(
                input=text, model=self._model, voice=self._voice, **dialect.request(self._rate)
            )
            return await stack.enter_async_context(asked)

        dialect, response = await as_taken(dialect, ask, self._after, self._api_key)
        self._take(dialect)
        kind = response.headers.get("content-type", "")
        if kind.startswith(("application/json", "text/")):
            raise SpeechFailed(f"the speech service sent {kind} instead of audio")
        arriving: AsyncIterator[bytes] = await stack.enter_async_context(
            aclosing(response.iter_bytes())
        )
        return arriving, Samples(dialect.rate_hz, kind)

    def _after(self, dialect: Speaking, refusal: Refusal) -> Speaking | None:
        return dialect.after(refusal, proven=self._taken == dialect)

    def _take(self, dialect: Speaking) -> None:
        if dialect != self.dialect:
            log.info("the voice of %s is asked for as %s", self._model, dialect.told())
        self.dialect = self._taken = dialect


def _pieces(pcm: Pcm) -> list[Pcm]:
    return [pcm[at : at + PIECE] for at in range(0, len(pcm), PIECE)]
