"""A server that wraps up one conversation and kills itself at a given moment. Run as a module.

Arguments: database URL, the server's id, the moment (`before:` or `after:` and an effect).
"""

import os
import signal
import sys
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import anyio

from core.store.store import Store
from tests.fakes.a_call import AT, ENDED, facts
from tests.fakes.records import records as crm_records
from voice_agent.workflows.durable import Workflows


def dying(
    effect: str, do: Callable[..., Awaitable[Any]], moment: str
) -> Callable[..., Awaitable[Any]]:
    """The effect, with this process's death before or after it."""

    async def done(*args: Any) -> Any:
        name = args[-1].removeprefix("wrapup:") if effect == "note" else effect
        if moment == f"before:{name}":
            os.kill(os.getpid(), signal.SIGKILL)
        result = await do(*args)
        if moment == f"after:{name}":
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return done


async def main(url: str, server: str, moment: str) -> None:
    store = Store(url, server=server)
    crm = crm_records(store)
    store.log.append_once = dying("note", store.log.append_once, moment)  # type: ignore[method-assign]
    write = dying("crm-write", crm.write, moment)
    finish = store.conversations.mark_wrapped
    store.conversations.mark_wrapped = dying("finish", finish, moment)  # type: ignore[method-assign]
    workflows = Workflows(store, SimpleNamespace(write=write))  # type: ignore[arg-type]
    await workflows.start()
    await store.log.append("c1", AT, [*facts("CA1"), ENDED])
    await workflows.wrap_up("c1")
    await workflows.wrap_up("c1")
    if moment == "after:queued":
        os.kill(os.getpid(), signal.SIGKILL)
    await workflows.wrapped_up("c1")


if __name__ == "__main__":
    anyio.run(main, *sys.argv[1:])
