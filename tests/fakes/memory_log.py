"""An in-memory event log; passes the same contract suite as the stored one."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from core.events import Fact, Logged
from core.store.codec import decode, encode


class MemoryLog:
    """Implements `core.ports.EventLog`. Facts go through the codec, as in the real one."""

    def __init__(self) -> None:
        self._logged: dict[str, list[Logged]] = defaultdict(list)
        self._keys: set[tuple[str, str]] = set()

    async def append(self, conversation_id: str, at: datetime, facts: Sequence[Fact]) -> None:
        encoded = [encode(fact) for fact in facts]
        log = self._logged[conversation_id]
        for kind, payload in encoded:
            log.append(Logged(conversation_id, len(log) + 1, at, decode(kind, payload)))

    async def append_once(
        self, conversation_id: str, at: datetime, facts: Sequence[Fact], key: str
    ) -> bool:
        if (conversation_id, key) in self._keys:
            return False
        await self.append(conversation_id, at, facts)
        self._keys.add((conversation_id, key))
        return True

    async def read(self, conversation_id: str) -> list[Logged]:
        return list(self._logged.get(conversation_id, []))
