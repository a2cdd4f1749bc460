"""Builds this package for `app`: the daily retention round, and what answers requests."""

from voice_agent.ground import Ground
from voice_agent.privacy.certificate import Certifier, signer
from voice_agent.privacy.export import Exporter
from voice_agent.privacy.ports import Forgets
from voice_agent.privacy.retention import Keeper
from voice_agent.privacy.routes import Privacy
from voice_agent.workflows.ports import DurableJobs


def keeper_of(ground: Ground, forgets: Forgets, jobs: DurableJobs) -> Keeper:
    """The daily round of retention."""
    company, clock = ground.present.company, ground.clock
    return Keeper(ground.store, ground.archive, forgets, jobs, company, clock, ground.registry)


def privacy_of(ground: Ground) -> Privacy:
    """What answers requests."""
    store, company, clock = ground.store, ground.present.company, ground.clock
    exporter = Exporter(store, ground.archive, company, clock, ground.settings.var)
    certify = Certifier(company, signer(ground.secret_key))
    return Privacy(store, exporter, company, clock, certify)
