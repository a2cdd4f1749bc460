"""`try_out`: one request to a service at start-up, so that its faults are reported there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import anyio

from voice_agent import remote
from voice_agent.errors import EngineUnavailable, ServiceError
from voice_agent.refusal import LONGEST, Refusal, ServiceRefused, remedy

if TYPE_CHECKING:
    from openai import AsyncOpenAI

OPENAI_URL = "https://api.openai.com/v1"
GOES_ON = ("busy", "content", "fault")
"""Possibly transient refusals: no reason to do without the service."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service to report on: its role, e.g. "speech", its address and its settings' prefix."""

    role: str
    url: str
    setting: str

    @property
    def where(self) -> str:
        """Role and address, for a sentence."""
        return f"the {self.role} service at {self.url or OPENAI_URL}"


async def try_out(
    service: Service, client: "AsyncOpenAI", ask: Callable[[], Awaitable[object]], within_s: float
) -> None:
    """Check that a service is there, and `ask` it; one that is there but slow may be loading.

    Raises: EngineUnavailable, with the server's own words and a remedy.
    """
    there = False
    with anyio.move_on_after(within_s):
        try:
            await _listed(client)
            there = True
            await ask()
        except ServiceRefused as refused:
            if refused.refusal.kind not in GOES_ON:
                raise EngineUnavailable(_told(service, refused.refusal)) from refused
        except EngineUnavailable:
            raise
        except remote.failures(ServiceError) as error:
            if not there:
                raise EngineUnavailable(f"no answer from {service.where}: {error}") from error
        return
    if not there:
        raise EngineUnavailable(f"{service.where} did not answer within {within_s:.1f} s")


async def _listed(client: "AsyncOpenAI") -> None:
    """Check that it is there; a service need not support listing models."""
    from openai import APIStatusError

    try:
        await client.models.list()
    except APIStatusError as error:
        if error.status_code == 401:
            raise ServiceRefused(Refusal.of(error, client.api_key)) from error


def _told(service: Service, refusal: Refusal) -> str:
    what = "refused the key" if refusal.kind == "key" else "refused"
    mend = remedy(refusal.kind, service.setting, f"{service.setting}_API_KEY or OPENAI_API_KEY")
    return f"{service.where} {what} ({refusal.status}: {refusal.message[:LONGEST]}); {mend}"
