"""Maya's calendar on a fake server, and an entry for it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.scheduling.ports import CalendarEntry
from tests.contracts.desk import MAYA, NOW
from voice_agent.adapters.diary import Diary, Kept

DAY = timedelta(days=1)


def entry(uid: str) -> CalendarEntry:
    """A half-hour meeting tomorrow."""
    return CalendarEntry(
        uid, 0, MAYA.id, "Intro with jane@acme.example", "What was said.",
        NOW + DAY, NOW + DAY + timedelta(minutes=30), "jane@acme.example",
    )  # fmt: skip


@dataclass
class Desk:
    """Maya's calendar; `server` is the fake, `uid` the meeting's."""

    server: Any
    diary: Diary
    uid: str

    @property
    def events(self) -> list[dict[str, Any]]:
        return self.server.standing(MAYA.email)

    async def busy(self) -> list[Any]:
        return await self.diary.taken(MAYA, NOW, NOW + 14 * DAY)

    async def kept(self) -> Kept:
        kept = await self.diary.find(MAYA, self.uid)
        assert kept is not None
        return kept
