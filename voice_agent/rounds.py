"""`regularly`: work beside the calls that is done again and again, and never ends the server.

`each`: one thing after another, where none keeps the others from being done.
`Troubles`: what went wrong the last time, so that a trouble that lasts is told of once.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

import anyio

from core.errors import CoreError
from voice_agent.errors import VoiceAgentError

log = logging.getLogger(__name__)
T = TypeVar("T")
FORESEEN = (CoreError, VoiceAgentError, OSError)
"""What goes wrong outside of us, told of plainly; faults of ours are told with their stack."""


class Troubles:
    """Logs what goes wrong with work when it begins, when it is another, and when it is over."""

    def __init__(self) -> None:
        self._last: set[str] = set()

    def after(self, what: str, errors: Sequence[Exception]) -> None:
        """The work was tried, and this is all that went wrong."""
        now: set[str] = set()
        for error in errors:
            told = f"{type(error).__name__}: {error}"
            if told not in self._last | now:
                _log(what, error)
            now.add(told)
        if self._last and not now:
            log.warning("%s works again", what)
        self._last = now


def _log(what: str, error: Exception) -> None:
    if not isinstance(error, FORESEEN):
        log.error("%s fell over; it is tried again", what, exc_info=error)
    elif getattr(error, "retryable", False):
        log.warning("%s put off: %s", what, error)
    else:
        log.error("%s is in vain for now, and tried again: %s", what, error)


async def regularly(
    what: str, work: Callable[[], Awaitable[object]], every_s: float, *, first_s: float = 0.0
) -> None:
    """Do it every so many seconds, the first time after `first_s`, until cancelled.

    What fails is put off until the next time; so is what falls over by a bug, for an error here
    would end the server with all its calls.
    """
    await anyio.sleep(first_s)
    troubles = Troubles()
    while True:
        try:
            await work()
        except Exception as error:
            troubles.after(what, [error])
        else:
            troubles.after(what, [])
        await anyio.sleep(every_s)


async def each(
    what: str,
    some: Iterable[T],
    work: Callable[[T], Awaitable[object]],
    troubles: Troubles | None = None,
) -> int:
    """Do it for each; for how many it was in vain. `troubles` are those of the time before.

    Raises: CoreError, VoiceAgentError, where what it needs is away and would be for the others.
    """
    errors: list[Exception] = []
    try:
        for one in some:
            try:
                await work(one)
            except Exception as error:
                if isinstance(error, CoreError | VoiceAgentError) and error.retryable:
                    raise
                errors.append(error)
    finally:
        (troubles or Troubles()).after(what, errors)
    return len(errors)
