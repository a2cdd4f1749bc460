"""Clients of OpenAI-compatible services, for every engine that is one.

The transport is aiohttp, whose parser is compiled: per request it costs the event loop half of what
the library's own transport costs, per streamed packet a fifth.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openai import AsyncOpenAI

REACH_S = 2.0
"""Connect timeout; a service that is slower is not there."""
KEEP_OPEN_S = 300.0
"""How long an idle connection is kept: opening one takes longer than the first words of a good
service, and callers take their time between turns."""
MOST_CONNECTIONS = 1000


def client(base_url: str, api_key: str, timeout_s: float, retries: int = 0) -> "AsyncOpenAI":
    """A client that keeps its connections open; a request fails after `timeout_s` without a byte.

    An empty `base_url` means the library's default service.
    """
    import httpx2
    from openai import AsyncOpenAI, DefaultAioHttpClient, Timeout

    async def whole(request: httpx2.Request) -> None:
        await request.aread()  # else a form is sent field by field: thirty small writes

    limits = httpx2.Limits(max_connections=MOST_CONNECTIONS, keepalive_expiry=KEEP_OPEN_S)
    return AsyncOpenAI(
        base_url=base_url or None,
        api_key=api_key or "none",
        max_retries=retries,
        timeout=Timeout(timeout_s, connect=REACH_S),
        http_client=DefaultAioHttpClient(limits=limits, event_hooks={"request": [whole]}),
    )


def failures(*more: type[Exception]) -> tuple[type[Exception], ...]:
    """Every exception a service, the network or the library may raise for a request or stream."""
    import httpx2
    from openai import OpenAIError

    return (*more, OpenAIError, httpx2.HTTPError, httpx2.StreamError)
