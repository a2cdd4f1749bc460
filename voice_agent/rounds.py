"""`regularly`: repeats background work, and never ends the server.

`each`: runs one item after another; a failure does not keep the rest from running.
`Troubles`: remembers the last failure, so that a lasting one is logged once.
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
"""External failures, logged plainly; bugs of ours are logged with their stack."""


class Troubles:
    """Logs a failure when it begins, when it changes, and when it is over."""

    def __init__(self) -> None:
        self._last: set[str] = set()

    def after(self, what: str, errors: Sequence[Exception]) -> None:
        """Report one run of the work and all its errors."""
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
    """Do it every `every_s` seconds, first after `first_s`, until cancelled.

    A failure, a bug included, is retried the next time: an error here would end the server with all
    its calls.
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
    """Do it for each item; returns how many failed. `troubles`: those of the previous run.

    Raises: CoreError, VoiceAgentError, when retryable: the remaining items would fail likewise.
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
