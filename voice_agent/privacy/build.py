"""Builds this folder for `app`: the daily round of what is due, and the routes."""

from collections.abc import Callable, Sequence
from pathlib import Path

from prometheus_client import CollectorRegistry
from starlette.routing import BaseRoute

from core.clock import Clock
from core.store.unit_of_work import Store
from knowledge.profile import Company
from voice_agent.audio.archive import Archive
from voice_agent.privacy.certificate import signer
from voice_agent.privacy.export import Exporter
from voice_agent.privacy.ports import Forgets
from voice_agent.privacy.retention import Keeper
from voice_agent.privacy.routes import Privacy
from voice_agent.workflows.ports import DurableJobs


async def begun(
    store: Store,
    archive: Archive,
    forgets: Forgets,
    company: Callable[[], Company],
    clock: Clock,
    *,
    jobs: DurableJobs,
    registry: CollectorRegistry,
    secret: bytes,
    var: Path,
    token: str,
) -> Sequence[BaseRoute]:
    """Begin the daily round; the routes, to be placed before the API's own. Raises: StoreFailed."""
    await Keeper(store, archive, forgets, company, clock, registry).begin(jobs)
    exporter = Exporter(store, archive, company, clock, var)
    return Privacy(store, exporter, company, clock, signer(secret)).routes(token)
