"""A language model behind any OpenAI-compatible endpoint, streamed."""

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

from core.errors import RealiserFailed

if TYPE_CHECKING:
    from openai import AsyncOpenAI

MOST_TOKENS = 200
"""More than five spoken sentences; what runs on past it is cut by the model's own server."""


class OpenAIModel:
    """Implements `core.ports.LanguageModel`. One client, shared by all conversations.

    No retries: a reply that comes late is worth less than the embedded one that comes now.
    """

    name = "openai"

    def __init__(self, base_url: str, api_key: str, model: str, timeout_s: float = 10.0) -> None:
        self._base_url = base_url or None
        self._api_key = api_key or "none"
        self._model = model
        self._timeout_s = timeout_s
        self._client: AsyncOpenAI | None = None

    async def load(self) -> None:
        """Import the library and open the client, so that the first reply does not pay for it."""
        from openai import AsyncOpenAI

        self._client = AsyncOpenAI(
            base_url=self._base_url,
            api_key=self._api_key,
            timeout=self._timeout_s,
            max_retries=0,
        )

    async def stream(self, system: str, messages: Sequence[tuple[str, str]]) -> AsyncIterator[str]:
        """Yield text as it is generated. Closing the iterator closes the connection's stream.

        Raises: RealiserFailed, for anything the endpoint or the network did.
        """
        import httpx
        from openai import AsyncStream, OpenAIError

        if self._client is None:
            await self.load()
        assert self._client is not None
        talk = [{"role": "system", "content": system}]
        talk += [{"role": role, "content": text} for role, text in messages]
        try:
            chunks = await self._client.chat.completions.create(
                model=self._model,
                messages=talk,  # type: ignore[arg-type]
                stream=True,
                temperature=0.3,
                max_tokens=MOST_TOKENS,
            )
            assert isinstance(chunks, AsyncStream)
            async with chunks:
                async for chunk in chunks:
                    text = chunk.choices[0].delta.content if chunk.choices else None
                    if text:
                        yield text
        except (OpenAIError, httpx.HTTPError, ValueError) as error:
            raise RealiserFailed(f"{type(error).__name__}: {error}") from error

    async def aclose(self) -> None:
        """Close the client's connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None
