"""People told where nothing else is set up: one log line each, and every channel there is."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import NotifyFailed
from core.ports import Matter, Notify
from knowledge.profile import Rep, Steward

log = logging.getLogger(__name__)


class LogNotify:
    """Implements `core.ports.Notify`: names who is to know what, without anything personal."""

    async def tell(self, person: Rep | Steward, matter: Matter) -> None:
        """Write one line."""
        log.warning("%s for %s", matter.kind, person.id, extra={"about": matter.about})


@dataclass(frozen=True, slots=True)
class NotifyAll:
    """Implements `core.ports.Notify` by several: told is who was reached by one of them."""

    channels: Sequence[Notify]

    async def tell(self, person: Rep | Steward, matter: Matter) -> None:
        """Tell by every channel. Raises: NotifyFailed if none could."""
        failed: list[NotifyFailed] = []
        for channel in self.channels:
            try:
                await channel.tell(person, matter)
            except NotifyFailed as error:
                log.warning("%s for %s not told by one way: %s", matter.kind, person.id, error)
                failed.append(error)
        if failed and len(failed) == len(self.channels):
            raise failed[-1]
