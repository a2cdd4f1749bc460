"""`Bearer`: requests with one shared token, kept until shortly before it expires."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import anyio

from core.clock import Clock
from voice_agent.adapters.json_wire import Answer, Wire

EARLY = timedelta(minutes=2)
"""A token is not used this close to its expiry: the request has to arrive in time."""


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and its lifetime."""

    text: str
    lasts_s: float


class Bearer:
    """Sends requests to one service, with tokens from `fetch`, which raises as `Wire.ask` does."""

    def __init__(self, wire: Wire, fetch: Callable[[], Awaitable[Token]], clock: Clock) -> None:
        self._wire = wire
        self._fetch = fetch
        self._clock = clock
        self._token = ""
        self._until: datetime | None = None
        self._one = anyio.Lock()

    async def ask(self, method: str, url: str, **given: Any) -> Answer:
        """One request; resent with a new token when the service says the old one has expired."""
        headers = given.pop("headers", None) or {}
        for last in (False, True):
            token = await self._good()
            sent = {**headers, "Authorization": f"Bearer {token}"}
            answer = await self._wire.ask(method, url, headers=sent, **given)
            if answer.status != 401 or last:
                break
            if token == self._token:
                self._until = None
        return answer

    async def _good(self) -> str:
        async with self._one:
            now = self._clock()
            if self._until is None or now >= self._until:
                fetched = await self._fetch()
                lasts = timedelta(seconds=fetched.lasts_s)
                self._token, self._until = fetched.text, now + max(lasts - EARLY, lasts / 2)
            return self._token
