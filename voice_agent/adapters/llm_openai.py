"""A language model behind any OpenAI-compatible endpoint, streamed."""

import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from typing import TYPE_CHECKING, Any

import anyio

from core.errors import ReadingFailed, RealiserFailed
from voice_agent import remote
from voice_agent.adapters.dialect import Dialect, first
from voice_agent.adapters.sse import Words, content_of, object_in
from voice_agent.asking import as_taken
from voice_agent.refusal import Refusal, ServiceRefused

if TYPE_CHECKING:
    from openai import AsyncOpenAI

log = logging.getLogger(__name__)
MOST_TOKENS = 200
"""More than five spoken sentences; the server cuts off what is longer."""
MOST_READING_TOKENS = 500
END_S = 0.05
"""Time allowed for a complete stream to close."""
IN_WORDS = "Answer with one JSON object and nothing else. Its JSON schema: "
"""For a server that does not accept schemas."""


class OpenAIModel:
    """Implements core's `LanguageModel` and `StructuredModel`. One client for all conversations.

    No retries: a late reply is worth less than the embedded one available now. Only a request
    refused for its parameters is sent again in another dialect; the dialect that works is kept.
    """

    name = "openai"

    def __init__(self, base_url: str, api_key: str, model: str, timeout_s: float = 10.0) -> None:
        self._base_url, self._api_key = base_url, api_key
        self.model = model
        self.dialect = first(model)
        self._taken: dict[bool, Dialect] = {}
        """The dialect that last worked, by whether JSON was asked for."""
        self._timeout_s = timeout_s
        self._client: AsyncOpenAI | None = None

    async def load(self) -> None:
        """Import the library and open the client, so that the first reply does not pay for it."""
        self._client = remote.client(self._base_url, self._api_key, self._timeout_s)

    async def stream(self, system: str, messages: Sequence[tuple[str, str]]) -> AsyncIterator[str]:
        """Yield text as it is generated. Closing the iterator closes the HTTP stream.

        Raises: RealiserFailed, whatever the endpoint or the network did.
        """
        try:
            async with aclosing(self.said(system, messages, Words(self.dialect.opened))) as texts:
                async for text in texts:
                    yield text
        except failures() as error:
            raise RealiserFailed(f"{type(error).__name__}: {error}") from error

    async def said(
        self,
        system: str,
        messages: Sequence[tuple[str, str]],
        words: Words,
        *,
        brief: bool = False,
    ) -> AsyncGenerator[str, None]:
        """The same through the given parser `words`; if `brief`, stop at a first thought.

        Raises: `failures()`.
        """
        async with AsyncExitStack() as stack:
            response = await self._answer(stack, system, messages, MOST_TOKENS, 0.3)
            if not response.headers.get("content-type", "").startswith("text/event-stream"):
                yield _message(await response.read())  # it does not stream, although asked to
                return
            arriving = await stack.enter_async_context(aclosing(response.iter_bytes()))
            async for data in arriving:
                for text in words.feed(data):
                    yield text
                if brief and words.thought:
                    return
                if words.over:
                    with anyio.move_on_after(END_S):
                        await anext(arriving, b"")  # read to its end, a connection stays open
                    return
            for text in words.end():
                yield text

    async def extract(
        self, system: str, messages: Sequence[tuple[str, str]], schema: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """One JSON object by a strict schema; in words for a server that accepts no schemas.

        Raises: ReadingFailed, whatever the endpoint, the network or the answer did.
        """
        try:
            async with AsyncExitStack() as stack:
                response = await self._answer(
                    stack, system, messages, MOST_READING_TOKENS, 0.0, schema
                )
                return object_in(_message(await response.read()))
        except failures() as error:
            raise ReadingFailed(f"{type(error).__name__}: {error}") from error

    async def listed(self) -> tuple[str, ...]:
        """Names of the models the endpoint lists. Raises: `failures()`."""
        client = await self._open()
        return tuple([model.id async for model in client.models.list()])

    async def aclose(self) -> None:
        """Close the client's connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _open(self) -> "AsyncOpenAI":
        if self._client is None:
            await self.load()
        assert self._client is not None
        return self._client

    async def _answer(
        self,
        stack: AsyncExitStack,
        system: str,
        messages: Sequence[tuple[str, str]],
        tokens: int,
        temperature: float,
        schema: Mapping[str, Any] | None = None,
    ) -> Any:
        """The start of the answer, requested in a dialect the server accepts.

        Raises: Refused, and whatever the network did.
        """
        client, as_json = await self._open(), schema is not None

        async def ask(dialect: Dialect) -> Any:
            told, more = system, dialect.request(tokens, temperature)
            if schema is not None:
                more |= dialect.response_format(schema)
                if dialect.form != "schema":
                    told = f"{system}\n{IN_WORDS}{json.dumps(schema)}"
            asked: Any = client.chat.completions.with_streaming_response.create(
                model=self.model,
                messages=dialect.talk(told, messages),  # type: ignore[arg-type]
                stream=not as_json,
                extra_body=more,
            )
            return await stack.enter_async_context(asked)

        def after(dialect: Dialect, refusal: Refusal) -> Dialect | None:
            proven = self._taken.get(as_json) == dialect
            return dialect.after(refusal, as_json=as_json, proven=proven)

        dialect, answer = await as_taken(self.dialect, ask, after, self._api_key)
        self._learn(dialect, as_json)
        return answer

    def _learn(self, dialect: Dialect, as_json: bool) -> None:
        self._taken[as_json] = dialect
        if dialect != self.dialect:
            self.dialect = dialect
            log.info("the language model %s is asked with %s", self.model, dialect.told())


def failures() -> tuple[type[Exception], ...]:
    """What a request, an answer or the network may raise."""
    return remote.failures(ValueError)


def _message(body: bytes) -> str:
    """The text of a complete answer. Raises: ValueError saying what it is instead."""
    try:
        answer = json.loads(body)
    except ValueError as error:
        raise ValueError(f"the answer is no completion: {body[:80]!r}") from error
    choices = answer.get("choices") if isinstance(answer, dict) else None
    if not choices:
        raise ServiceRefused(Refusal.read(200, body.decode("utf-8", "replace")))
    message = choices[0].get("message") if isinstance(choices[0], dict) else None
    return content_of(message) if isinstance(message, dict) else ""
