"""`regularly`: work beside the calls that is done again and again, and never ends the server."""

import logging
from collections.abc import Awaitable, Callable

import anyio

from core.errors import CoreError
from voice_agent.errors import VoiceAgentError

log = logging.getLogger(__name__)


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
