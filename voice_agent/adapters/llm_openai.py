"""A language model behind any OpenAI-compatible endpoint, streamed."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import anyio

from core.errors import ReadingFailed, RealiserFailed
from voice_agent import remote
from voice_agent.adapters.sse import Words

if TYPE_CHECKING:
    from openai import AsyncOpenAI

MOST_TOKENS = 200
"""More than five spoken sentences; what runs on past it is cut by the model's own server."""
MOST_READING_TOKENS = 500
END_S = 0.05
"""How long a stream that is complete may take to end."""


class OpenAIModel:
    """Implements core's `LanguageModel` and `StructuredModel`. One client for all conversations.

    No retries: a reply that comes late is worth less than the embedded one that comes now.
    """

    name = "openai"

    def __init__(self, base_url: str, api_key: str, model: str, timeout_s: float = 10.0) -> None:
        self._base_url, self._api_key = base_url, api_key
        self._model = model
        self._timeout_s = timeout_s
        self._client: AsyncOpenAI | None = None
        self._schemas = True

    async def load(self) -> None:
        """Import the library and open the client, so that the first reply does not pay for it."""
        self._client = remote.client(self._base_url, self._api_key, self._timeout_s)

    async def stream(self, system: str, messages: Sequence[tuple[str, str]]) -> AsyncIterator[str]:
        """Yield text as it is generated. Closing the iterator closes the connection's stream.

        Raises: RealiserFailed, for anything the endpoint or the network did.
        """
        if self._client is None:
            await self.load()
        assert self._client is not None
        asked: Any = self._client.chat.completions.with_streaming_response.create(
            model=self._model,
            messages=_talk(system, messages),  # type: ignore[arg-type]
            stream=True,
            temperature=0.3,
            max_tokens=MOST_TOKENS,
        )
        try:
            async with asked as response, aclosing(response.iter_bytes()) as arriving:
                words = Words()
                async for data in arriving:
                    for text in words.feed(data):
                        yield text
                    if words.over:
                        with anyio.move_on_after(END_S):
                            await anext(arriving, b"")  # read to its end, a connection is kept
                        return
        except _failures() as error:
            raise RealiserFailed(f"{type(error).__name__}: {error}") from error

    async def extract(
        self, system: str, messages: Sequence[tuple[str, str]], schema: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """One JSON object by a strict schema; by plain JSON mode where a server knows no schemas.

        Raises: ReadingFailed, for anything the endpoint, the network or the answer did.
        """
        from openai import BadRequestError

        try:
            if self._schemas:
                try:
                    return await self._object(system, messages, _by_schema(schema))
                except BadRequestError:
                    self._schemas = False
            return await self._object(system, messages, {"type": "json_object"})
        except _failures() as error:
            raise ReadingFailed(f"{type(error).__name__}: {error}") from error

    async def _object(
        self, system: str, messages: Sequence[tuple[str, str]], wanted: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        if self._client is None:
            await self.load()
        assert self._client is not None
        answer = await self._client.chat.completions.create(
            model=self._model,
            messages=_talk(system, messages),  # type: ignore[arg-type]
            temperature=0,
            max_tokens=MOST_READING_TOKENS,
            extra_body={"response_format": wanted},  # a schema as it is, not looked through again
        )
        text = answer.choices[0].message.content if answer.choices else None
        made: object = json.loads(text or "")
        if not isinstance(made, dict):
            raise ValueError("the answer is no JSON object")
        return made

    async def aclose(self) -> None:
        """Close the client's connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None


def _failures() -> tuple[type[Exception], ...]:
    return (*remote.failures(), ValueError)


def _talk(system: str, messages: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    said = [{"role": role, "content": text} for role, text in messages]
    return [{"role": "system", "content": system}, *said]


def _by_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    named = {"name": "reading", "strict": True, "schema": dict(schema)}
    return {"type": "json_schema", "json_schema": named}
