"""Clients of OpenAI-compatible services, for every engine that is one.

The transport is aiohttp, whose parser is compiled: what a request costs the calls' event loop is
half of what the library's own transport costs, and a packet of a stream a fifth.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openai import AsyncOpenAI

REACH_S = 2.0
"""Within this a connection stands, or the service is not there."""
KEEP_OPEN_S = 300.0
"""How long an idle connection is kept: opening one costs more than the first words of a good
service, and callers take their time between turns."""
MOST_CONNECTIONS = 1000


def client(base_url: str, api_key: str, timeout_s: float, retries: int = 0) -> "AsyncOpenAI":
    """A client that keeps its connections open; `timeout_s` without a byte fails a request.

    An empty `base_url` is the library's own service.
    """
    import httpx2
    from openai import AsyncOpenAI, DefaultAioHttpClient, Timeout

    async def whole(request: httpx2.Request) -> None:
        await request.aread()  # otherwise a form is sent field by field: thirty small writes

    limits = httpx2.Limits(max_connections=MOST_CONNECTIONS, keepalive_expiry=KEEP_OPEN_S)
    return AsyncOpenAI(
        base_url=base_url or None,
        api_key=api_key or "none",
        max_retries=retries,
        timeout=Timeout(timeout_s, connect=REACH_S),
        http_client=DefaultAioHttpClient(limits=limits, event_hooks={"request": [whole]}),
    )


def failures(*more: type[Exception]) -> tuple[type[Exception], ...]:
    """Whatever a service, the network or the library may raise for a request or in a stream."""
    import httpx2
    from openai import OpenAIError

    return (*more, OpenAIError, httpx2.HTTPError, httpx2.StreamError)
