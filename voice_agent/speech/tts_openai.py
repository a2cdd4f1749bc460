"""A voice behind any OpenAI-compatible `/audio/speech` endpoint, streamed as raw samples.

Bytes are forwarded as they arrive at first, in pieces of at most 200 ms; once the voice is well
ahead they are left to gather, for a packet's way through the library and the filters costs more
than its samples.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing
from typing import TYPE_CHECKING, Any

import anyio
import numpy as np

from voice_agent import remote
from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.audio.resample import Resampler
from voice_agent.errors import EngineUnavailable, SpeechFailed
from voice_agent.speech.clauses import portions
from voice_agent.speech.edges import Edges, pause_after

if TYPE_CHECKING:
    from openai import AsyncOpenAI

SERVICE_HZ = 24_000  # of response_format "pcm", which has no header to say so
PIECE = RATE_HZ * 200 // 1000
AHEAD_S = 0.6
"""While the voice is this far ahead of its own playing, packets are left to gather ..."""
GATHER_S = 0.05
"""... for this long: a service voices some hundreds of milliseconds meanwhile, taken at once."""
REACH_S = 2.0
STALL_S = 3.0
TIMEOUT_S = 10.0


class OpenAISynthesizer:
    """`Synthesizer` by a remote service. `first_audio_s`: deadline of a clause's first samples."""

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

    async def load(self) -> None:
        """Open a connection and check the key. Raises: EngineUnavailable."""
        if self._client is not None:
            return
        if not self._base_url and not self._api_key:
            raise EngineUnavailable("speech by openai needs OPENAI_API_KEY or a base URL")
        client = remote.client(self._base_url, self._api_key, TIMEOUT_S)
        try:
            await self._reach(client)
        except BaseException:
            with anyio.CancelScope(shield=True):
                await client.close()
            raise
        self._client = client

    async def _reach(self, client: "AsyncOpenAI") -> None:
        import openai

        try:
            with anyio.fail_after(REACH_S):
                await client.models.list()
        except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
            raise EngineUnavailable(f"the speech service refused the key: {error}") from error
        except openai.APIStatusError:
            pass  # it answers; many compatible services have no list of models
        except (openai.OpenAIError, TimeoutError) as error:
            where = client.base_url
            raise EngineUnavailable(f"no speech service answers at {where}: {error}") from error

    async def speak(self, text: str) -> AsyncIterator[Pcm]:
        """Voice a text as the service sends it; chunks of at most 200 ms. See the port."""
        for portion in portions(text):
            edges = Edges(pause_after(portion))
            resampler = Resampler(SERVICE_HZ, RATE_HZ)
            async with aclosing(self._samples(portion)) as samples:
                async for pcm in samples:
                    for piece in _pieces(edges.push(resampler.push(pcm))):
                        yield piece
            last = edges.push(resampler.flush())
            for piece in _pieces(np.concatenate((last, edges.finish()))):
                yield piece

    async def aclose(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _samples(self, text: str) -> AsyncGenerator[Pcm, None]:
        """The service's own samples, whatever bytes a packet ends at. Raises: SpeechFailed."""
        deadline_s = self._first_audio_s
        try:
            async with AsyncExitStack() as stack:
                # No scope stays open over a yield: the consumer may be cancelled elsewhere.
                with anyio.fail_after(deadline_s):
                    arriving = await self._request(text, stack)
                    data = await anext(arriving, b"")
                if not data or data.startswith(b"RIFF"):
                    what = "a WAV file" if data else "no audio"
                    raise SpeechFailed(f"the speech service sent {what} instead of samples")
                odd, said_until = b"", anyio.current_time()
                while data:
                    data = odd + data
                    whole = len(data) & ~1
                    if whole:
                        yield np.frombuffer(data[:whole], "<i2").astype(np.int16, copy=False)
                    odd = data[whole:]
                    said_until += whole / (2 * SERVICE_HZ)
                    if said_until - anyio.current_time() > AHEAD_S:
                        await anyio.sleep(GATHER_S)
                    deadline_s = STALL_S
                    with anyio.fail_after(deadline_s):
                        data = await anext(arriving, b"")
        except TimeoutError as error:
            raise SpeechFailed(f"no audio from the speech service in {deadline_s} s") from error
        except remote.failures() as error:
            raise SpeechFailed(f"the speech service failed: {error}") from error

    async def _request(self, text: str, stack: AsyncExitStack) -> AsyncIterator[bytes]:
        if self._client is None:
            raise SpeechFailed("the speech service is not connected")
        asked: Any = self._client.audio.speech.with_streaming_response.create(
            input=text,
            model=self._model,
            voice=self._voice,
            speed=self._rate,
            response_format="pcm",
        )
        response = await stack.enter_async_context(asked)
        kind = response.headers.get("content-type", "")
        if kind.startswith(("application/json", "text/")):
            raise SpeechFailed(f"the speech service sent {kind} instead of audio")
        arriving: AsyncIterator[bytes] = await stack.enter_async_context(
            aclosing(response.iter_bytes())
        )
        return arriving


def _pieces(pcm: Pcm) -> list[Pcm]:
    return [pcm[at : at + PIECE] for at in range(0, len(pcm), PIECE)]
