"""The CRM the settings name, ready to be written to; the embedded one by default."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from prometheus_client import CollectorRegistry, Gauge

from core.clock import Clock
from core.crm.plan import Links
from core.crm.sync import CrmSync
from core.store.unit_of_work import Store
from knowledge.profile import Company
from voice_agent.adapters.crm_embedded import EmbeddedCrm
from voice_agent.config import Settings


@asynccontextmanager
async def crm_of(
    settings: Settings, company: Company, store: Store, clock: Clock, registry: CollectorRegistry
) -> AsyncIterator[CrmSync]:
    """The CRM as conversations are written to it. Raises: ConfigError."""
    gauge = Gauge(
        "voice_agent_crm_records", "Records by state; those that are dead wait for a person",
        ("state",), registry=registry, multiprocess_mode="livemostrecent",
    )  # fmt: skip

    def counted(states: Mapping[str, int]) -> None:
        for state, n in states.items():
            gauge.labels(state).set(n)

    sync = CrmSync(
        EmbeddedCrm(store, clock), store, clock, company.crm,
        Links(settings.public_url.rstrip("/")), counted,
    )  # fmt: skip
    await sync.recount()
    yield sync
