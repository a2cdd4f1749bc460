"""`HttpEnricher`: asks a company data service over HTTP.

`GET {url}?domain=acme.com&company=Acme` (each if known) with a bearer token. 200 with `{"company":
"Acme", "employees": 250 | "200-500", "industry": "…", "location": "Germany | US-CA", "tech_stack":
["…"], "intent": [{"topic": "…", "strength": 0–100 | "low" | "medium" | "high", "seen_at":
"2026-11-20"}]}`, every key optional, others ignored; 404 when the company is unknown. No personal
data is sent: neither names nor addresses nor numbers leave this server.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from core.enrichment.enriched import Subject
from core.errors import EnrichmentFailed

LARGEST = 256 * 1024


@dataclass(frozen=True, slots=True)
class HttpEnricher:
    """Implements `core.enrichment.enrich.Enricher`."""

    client: httpx.AsyncClient
    url: str
    token: str
    name: str = "enrichment service"

    async def look_up(self, subject: Subject) -> Mapping[str, Any] | None:
        """The service's data on a company. Raises: EnrichmentFailed."""
        asked = {"domain": subject.domain, "company": subject.company}
        try:
            answer = await self.client.get(
                self.url, params={name: value for name, value in asked.items() if value},
                headers={"Authorization": f"Bearer {self.token}"} if self.token else {},
            )  # fmt: skip
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise EnrichmentFailed(f"{self.url} cannot be reached: {error}") from error
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        if answer.status_code in (401, 403):
            why = f"{self.url} answered {answer.status_code}; correct VOICE_AGENT_ENRICH_TOKEN"
            raise EnrichmentFailed(why)
        if not answer.is_success or len(answer.content) > LARGEST:
            raise EnrichmentFailed(f"{self.url} answered {answer.status_code}, nothing of use")
        try:
            found = answer.json()
        except ValueError as error:
            raise EnrichmentFailed(f"{self.url} answered no JSON") from error
        if not isinstance(found, dict):
            raise EnrichmentFailed(f"{self.url} answered no JSON object")
        return found
