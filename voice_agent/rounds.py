"""`regularly`: work beside the calls that is done again and again, and never ends the server.

`each`: one thing after another, where none keeps the others from being done.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import anyio

from core.errors import CoreError
from voice_agent.errors import VoiceAgentError

log = logging.getLogger(__name__)
T = TypeVar("T")


async def regularly(
    what: str, work: Callable[[], Awaitable[object]], every_s: float, *, first_s: float = 0.0
) -> None:
    """Do it every so many seconds, the first time after `first_s`, until cancelled.

    What fails is put off until the next time; so is what falls over by a bug, for an error here
    would end the server with all its calls.
    """
    await anyio.sleep(first_s)
    while True:
        try:
            await work()
        except (CoreError, VoiceAgentError) as error:
            log.warning("%s put off: %s", what, error)
        except Exception:
            log.exception("%s fell over, tried again in %.0f s", what, every_s)
        await anyio.sleep(every_s)


async def each(what: str, some: Iterable[T], work: Callable[[T], Awaitable[object]]) -> int:
    """Do it for each; for how many it was in vain. Raises: CoreError, VoiceAgentError, where what
    it needs is away and would be for the others."""
    in_vain = 0
    for one in some:
        try:
            await work(one)
        except (CoreError, VoiceAgentError) as error:
            if error.retryable:
                raise
            in_vain += 1
            log.error("%s is in vain for now: %s", what, error)
        except Exception:
            in_vain += 1
            log.exception("%s fell over", what)
    return in_vain
