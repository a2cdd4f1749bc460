"""`provider_of`: the configured identity provider, with its own connection."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from core.clock import Clock
from voice_agent.config import Settings
from voice_agent.console.oidc.provider import TIMEOUT_S, Provider
from voice_agent.console.oidc.terms import terms_of


@asynccontextmanager
async def provider_of(settings: Settings, clock: Clock) -> AsyncIterator[Provider | None]:
    """The provider; None without single sign-on. Sends no request yet. Raises: ConfigError."""
    terms = terms_of(settings)
    if terms is None:
        yield None
        return
    async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
        yield Provider(client, terms, clock)
