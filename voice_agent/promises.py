"""`Promises`: promised calls as `app` wires them: who keeps them, who places them, their doors."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.routing import BaseRoute

from core.clock import Clock
from core.ports import Notify
from core.store.unit_of_work import Store
from knowledge.profile import Company
from voice_agent.callbacks.keeping import Keeping
from voice_agent.callbacks.ports import DurableJobs
from voice_agent.callbacks.routes import routes


@dataclass(frozen=True, slots=True)
class Promises:
    """What is there of them."""

    keeping: Keeping

    def routes(self, token: str) -> Sequence[BaseRoute]:
        """Their doors; to be placed before the API's own."""
        keeping = self.keeping
        return routes(keeping.store, keeping.company, token, keeping.clock)


def built_promises(
    company: Company,
    store: Store,
    notify: Notify,
    jobs: DurableJobs,
    clock: Clock,
    public_url: str,
) -> Promises:
    """Promised calls, their work served from now on."""
    keeping = Keeping(store, notify, company, clock, jobs, public_url=public_url)
    keeping.begin()
    return Promises(keeping)
