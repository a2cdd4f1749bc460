"""`Wire`: JSON over HTTP to a CRM or a calendar; tells outages, rate limits and refusals apart."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from core.clock import Clock
from core.errors import CalendarFailed, CrmFailed
from voice_agent.patience import asked_s

NOT_NOW = {
    408: "had no time", 423: "is busy with the record", 425: "cannot take it yet",
    429: "is asked too often", 477: "is moving the account",
}  # fmt: skip
"""Refusals that pass by themselves. HubSpot documents 423 and 477, neither of which is common
elsewhere."""
TIMEOUT = httpx.Timeout(10.0, connect=5.0)


@dataclass(frozen=True, slots=True)
class Answer:
    """A status below 500, with the JSON that came."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the request succeeded, at least in part."""
        return self.status < 300


class Wire:
    """One service over HTTP. Transient failures raise `failed`; other answers are returned."""

    def __init__(
        self,
        name: str,
        http: httpx.AsyncClient,
        clock: Clock,
        timeout: httpx.Timeout = TIMEOUT,
        failed: type[CrmFailed] | type[CalendarFailed] = CrmFailed,
    ) -> None:
        self._timeout = timeout
        self._failed = failed
        self._name = name
        self._http = http
        self._clock = clock

    async def ask(
        self, method: str, url: str, *, body: Any = None, params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None, form: Mapping[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        """Send one request. Raises: `failed`, retryable, on no answer or a passing refusal."""
        try:
            response = await self._http.request(
                method,
                url,
                json=body,
                params=params,
                headers=headers,
                data=form,
                timeout=self._timeout,
            )
        except httpx.HTTPError as error:
            why = str(error) or type(error).__name__
            raise self._failed(f"{self._name} does not answer: {why}") from error
        if passing := NOT_NOW.get(response.status_code):
            raise self._failed(f"{self._name} {passing}", after_s=self.wait_s(response.headers))
        found = _json(response)
        if response.status_code >= 500:
            raise self._failed(
                f"{self._name} failed with {response.status_code}: {_said(found)}",
                after_s=self.wait_s(response.headers),
            )
        if found is None:
            raise self._failed(f"{self._name} answers what nobody can read")
        return Answer(response.status_code, found, response.headers)

    def wait_s(self, headers: Mapping[str, str]) -> float:
        """`Retry-After` in seconds, given as seconds or a date; 0 without one."""
        return asked_s(headers, self._clock())


def _json(response: httpx.Response) -> Any:
    """The response's JSON; None when it is truncated or not JSON, as from a proxy."""
    if not response.content:
        return {}
    try:
        return response.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return None


def _said(body: Any) -> str:
    if isinstance(body, dict) and "message" in body:
        return str(body["message"])[:200]
    if isinstance(body, list) and body and isinstance(body[0], dict):
        return str(body[0].get("message", ""))[:200]
    return "no reason given"
