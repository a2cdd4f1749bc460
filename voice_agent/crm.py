"""The CRM named in the settings, ready for writing; the embedded one by default."""

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import anyio
import httpx
from prometheus_client import CollectorRegistry, Gauge

from core.clock import Clock
from core.crm.sync import CrmSync
from core.errors import CrmFailed
from core.links import Links
from core.ports import Crm
from core.store.store import Store
from knowledge.profile import Company
from voice_agent.adapters.crm_embedded import EmbeddedCrm
from voice_agent.adapters.crm_hubspot import HubSpotCrm
from voice_agent.adapters.crm_salesforce import SalesforceCrm
from voice_agent.adapters.crm_salesforce_wire import SalesforceWire
from voice_agent.adapters.json_wire import Wire
from voice_agent.config import Settings
from voice_agent.crm_forgetting import CrmForgetting
from voice_agent.errors import ConfigError

log = logging.getLogger(__name__)
START_S = 3.0
"""Longest wait for a slow CRM before the first call."""


@asynccontextmanager
async def crm_of(
    settings: Settings, company: Company, store: Store, clock: Clock, registry: CollectorRegistry
) -> AsyncIterator[CrmSync]:
    """The CRM that conversations are written to. Raises: ConfigError."""
    gauge = Gauge(
        "voice_agent_crm_records", "Records by state; those that are dead wait for a person",
        ("state",), registry=registry,
    )  # fmt: skip

    def counted(states: Mapping[str, int]) -> None:
        for state, n in states.items():
            gauge.labels(state).set(n)

    async with system_of(settings, company, store, clock) as crm:
        if isinstance(crm, HubSpotCrm | SalesforceCrm):
            try:
                with anyio.fail_after(START_S):
                    await crm.prepare()
            except (CrmFailed, TimeoutError) as error:
                log.warning("%s is looked at again with the first record: %s", crm.name, error)
        links = Links(settings.public_url)
        sync = CrmSync(crm, store, clock, company.crm, links, counted)
        await sync.recount()
        log.info("crm: %s", crm.name)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(CrmForgetting(sync).watch)
            yield sync
            tasks.cancel_scope.cancel()


@asynccontextmanager
async def system_of(
    settings: Settings, company: Company, store: Store, clock: Clock
) -> AsyncIterator[Crm]:
    """The bare CRM client, for checks. Raises: ConfigError."""
    if settings.crm == "embedded":
        yield EmbeddedCrm(store, clock)
    elif settings.crm == "hubspot":
        token = settings.hubspot_access_token.get_secret_value()
        if not token:
            raise ConfigError(
                "HUBSPOT_ACCESS_TOKEN is not set: make a private app in HubSpot and set its token,"
                " or set VOICE_AGENT_CRM=embedded"
            )
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=settings.hubspot_base_url, headers=headers) as http:
            yield HubSpotCrm(Wire("HubSpot", http, clock), token, company)
    else:
        async with httpx.AsyncClient() as http:
            yield _salesforce(settings, company, Wire("Salesforce", http, clock))


def _salesforce(settings: Settings, company: Company, wire: Wire) -> SalesforceCrm:
    instance = settings.salesforce_instance_url.rstrip("/")
    secret = settings.salesforce_client_secret.get_secret_value()
    for name, value in (
        ("INSTANCE_URL", instance),
        ("CLIENT_ID", settings.salesforce_client_id),
        ("CLIENT_SECRET", secret),
    ):
        if not value:
            raise ConfigError(
                f"SALESFORCE_{name} is not set: set it, or set VOICE_AGENT_CRM=embedded"
            )
    login = settings.salesforce_login_url.rstrip("/") or instance
    session = SalesforceWire(wire, instance, login, settings.salesforce_client_id, secret)
    return SalesforceCrm(session, instance, company)
