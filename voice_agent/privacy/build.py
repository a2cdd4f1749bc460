"""Builds this package for `app`: the daily retention round, and what answers requests."""

from voice_agent.ground import Ground
from voice_agent.privacy.certificate import Certifier, signer
from voice_agent.privacy.export import Exporter
from voice_agent.privacy.ports import Forgets
from voice_agent.privacy.retention import Keeper
from voice_agent.privacy.routes import Privacy
from voice_agent.workflows.ports import DurableJobs


async def begun(ground: Ground, forgets: Forgets, jobs: DurableJobs) -> Privacy:
    """Start the daily round; returns what answers requests. Raises: StoreFailed."""
    store, archive, clock = ground.store, ground.archive, ground.clock
    company = ground.present.company
    await Keeper(store, archive, forgets, company, clock, ground.registry).begin(jobs)
    exporter = Exporter(store, archive, company, clock, ground.settings.var)
    certify = Certifier(company, signer(ground.secret_key))
    return Privacy(store, exporter, company, clock, certify)
