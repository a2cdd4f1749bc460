"""Repairs the recording that a crash left behind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import anyio.to_thread

from core.events import ConsentRecorded, ConversationStarted, Fact, RecordingSaved
from voice_agent.audio.archive import Archive
from voice_agent.call.cards import unkept
from voice_agent.call.recording import CALLER


@dataclass(frozen=True, slots=True)
class Repair:
    """Finds and repairs the recording of a conversation that a dead server left."""

    archive: Archive
    keeps: Callable[[], bool] = lambda: False
    """Whether what was recorded before a caller stopped it is kept."""

    async def __call__(self, conversation_id: str, facts: Sequence[Fact]) -> RecordingSaved | None:
        """The recording, playable and without cards; None when nothing was recorded."""
        started = next((f for f in facts if isinstance(f, ConversationStarted)), None)
        if started is None:
            return None
        if _refused(facts, self.keeps()):  # the crash came before it was deleted
            await anyio.to_thread.run_sync(self.archive.delete, conversation_id)
            return None
        duration_ms = await anyio.to_thread.run_sync(self.archive.repair, conversation_id)
        if not duration_ms:
            return None
        silent = unkept(facts)
        await anyio.to_thread.run_sync(self.archive.silence, conversation_id, CALLER, silent)
        found = await anyio.to_thread.run_sync(self.archive.open, conversation_id)
        url = recording_url(started.call_sid or conversation_id)
        return RecordingSaved(url, duration_ms, found.lanes if found else 2)


def _refused(facts: Sequence[Fact], keeps: bool) -> bool:
    """Whether there is no valid consent; with `keeps`, what came before a refusal still counts."""
    said = [f for f in facts if isinstance(f, ConsentRecorded) and f.kind == "recording"]
    if keeps and said and said[-1].state == "declined":
        said = said[:-1]
    return not said or said[-1].state != "given"


def recording_url(call_sid: str) -> str:
    """The API's URL of a call's recording."""
    return f"/api/v1/calls/{call_sid}/recording"
