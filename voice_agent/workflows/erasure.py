"""`Eraser`: forgets a person everywhere; if a server dies, another continues.

What is to be forgotten is committed first. Recordings go before the facts that name them, and each
conversation is one transaction; every step may be repeated.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import sqlalchemy as sa
from anyio import to_thread

from core.clock import Clock
from core.store.erasing import (
    Erasure,
    begin,
    forget_conversation,
    forget_persons,
    names_of,
    unfinished,
)
from core.store.holding import Hold, holding
from core.store.servers import BEAT_S
from core.store.store import Store
from voice_agent.audio.archive import Archive
from voice_agent.rounds import Troubles, each, regularly

LANE = "erasure"


def _begun(c: sa.Connection, person: str, at: datetime, by: str, why: str) -> Erasure | Hold | None:
    return holding(c, person) or begin(c, person, at, by, why)


@dataclass(frozen=True, slots=True)
class Eraser:
    """Forgets persons. All raise StoreFailed; `resume` continues what was begun."""

    store: Store
    archive: Archive
    clock: Clock
    _troubles: Troubles = field(default_factory=Troubles)

    async def erase(self, person: str, by: str = "", why: str = "asked") -> Erasure | Hold | None:
        """Forget a person and return what was erased; None when there is no such person.

        Repeating it returns the same erasure. It is not `done` while a conversation with them is in
        progress or a record of theirs is being written. Under a legal hold nothing is done and the
        hold is returned. Retention forgets many persons and scrubs the files once, after the last
        of them.
        """
        at = self.clock()
        begun = await self.store.write(LANE, lambda c: _begun(c, person, at, by, why))
        if not isinstance(begun, Erasure) or begun.done:
            return begun
        done = await self._go_on(begun)
        if why != "retention":
            await self.store.scrub()
        return done

    async def resume(self) -> int:
        """Continue what was begun; returns how many are still to do."""
        begun = await self.store.query(unfinished)
        if not begun:
            return 0
        await each("forgetting a person", begun, self._go_on, self._troubles)
        left = await self.store.query(unfinished)
        if len(left) < len(begun):
            await self.store.scrub()
        return len(left)

    async def watch(self) -> None:
        """Continue what was begun, regularly, until cancelled."""
        await regularly("forgetting", self.resume, BEAT_S)

    async def _go_on(self, begun: Erasure) -> Erasure:
        for conversation_id in begun.conversations:
            files = await self._forget_recording(conversation_id)

            forget = partial(
                forget_conversation,
                erasure=begun,
                conversation_id=conversation_id,
                files=files,
                at=self.clock(),
            )
            await self.store.write(conversation_id, forget)
        at, living = self.clock(), await self.store.servers.living()
        return await self.store.write(LANE, lambda c: forget_persons(c, begun, at, living))

    async def _forget_recording(self, conversation_id: str) -> int:
        """Delete a conversation's recording; returns how many files that were."""
        files = 0
        for name in await self.store.query(lambda c: names_of(c, conversation_id)):
            files += await to_thread.run_sync(self.archive.delete, name)
        return files
