"""A server that writes one conversation to HubSpot and kills itself at a given request. A module.

Arguments: database URL, the CRM's address, the moment: `before:` or `after:` and a part of a
request's path, at which (after: once HubSpot has done it) the process dies.
"""

import os
import signal
import sys

import anyio
import httpx

from core.crm.sync import CrmSync
from core.store.store import Store
from tests.contracts.crm_rigs import company
from tests.contracts.test_crm import told
from tests.fakes.a_call import AT
from tests.fakes.hubspot import TOKEN
from voice_agent.adapters.crm_hubspot import HubSpotCrm
from voice_agent.adapters.json_wire import Wire
from voice_agent.workflows.durable import Workflows


def http(url: str, moment: str = "") -> httpx.AsyncClient:
    """A client of the CRM that dies with its process at the moment, if there is one."""
    when, _, where = moment.partition(":")

    async def before(request: httpx.Request) -> None:
        if when == "before" and where in request.url.path:
            os.kill(os.getpid(), signal.SIGKILL)

    async def after(response: httpx.Response) -> None:
        if when == "after" and where in response.request.url.path:
            os.kill(os.getpid(), signal.SIGKILL)

    headers = {"Authorization": f"Bearer {TOKEN}"}
    hooks = {"request": [before], "response": [after]}
    return httpx.AsyncClient(base_url=url, headers=headers, event_hooks=hooks)  # type: ignore[arg-type]


class Hub:
    """What a server has: the store and the CRM it writes to."""

    def __init__(self, store: Store, client: httpx.AsyncClient) -> None:
        self.store = store
        crm = HubSpotCrm(Wire("HubSpot", client, lambda: AT), TOKEN, company())
        self.sync = CrmSync(crm, store, lambda: AT, company().crm)
        self.workflows = Workflows(store, self.sync, retry_s=0.05)


async def main(url: str, crm: str, moment: str) -> None:
    store = Store(url, server="dead")
    hub = Hub(store, http(crm, moment))
    await hub.workflows.start()
    if await store.conversations.get("c1") is None:
        await told(hub)
    await hub.workflows.sweep()
    await hub.workflows.wrap_up("c1")
    await hub.workflows.wrapped_up("c1")


if __name__ == "__main__":
    anyio.run(main, *sys.argv[1:])
