"""A caller whose stream ended is told why by whichever server Twilio asks."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.events import ConversationEnded, ConversationStarted
from core.facts.standing import SERVER_LOST
from core.store.store import Store
from voice_agent.cut_off import CutOff

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
pytestmark = pytest.mark.real_clock


class Here:
    """What this server itself knows of its calls."""

    def __init__(self, reason: str | None = None) -> None:
        self.reason = reason

    def end_reason(self, call_sid: str) -> str | None:
        return self.reason


class Ends:
    """Ends a lost conversation as the sweep does."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, conversation_id: str) -> None:
        self.asked.append(conversation_id)


async def asked(store: Store | None, sid: str, here: Here, ends: Ends) -> str | None:
    return await CutOff(store, here, ends, look_s=0.0).why(sid)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reason", "told"),
    [("engine_failed", "deaf"), ("socket_lost", "lost"), ("completed", None), ("stopped", None)],
)
async def test_the_server_that_had_the_stream_knows(reason: str, told: str | None):
    assert await asked(None, "CA1", Here(reason), Ends()) == told


async def test_any_other_server_reads_it_in_the_database_or_ends_what_nobody_ended(tmp_path: Path):
    store, ends = Store(f"sqlite:///{tmp_path}/calls.db"), Ends()
    reasons = {"CAdeaf": "engine_failed", "CAlost": SERVER_LOST, "CAdone": "completed"}
    for sid in (*reasons, "CAopen"):
        started = ConversationStarted("voice", "inbound", None, None, sid, "t", "1", "1", False)
        await store.log.append(sid.lower(), AT, [started])
    for sid, reason in reasons.items():
        await store.log.append(sid.lower(), AT, [ConversationEnded("answered", reason, 1000)])
    assert await asked(store, "CAdeaf", Here(), ends) == "deaf"
    assert await asked(store, "CAlost", Here(), ends) == "lost"
    assert await asked(store, "CAdone", Here(), ends) is None
    assert await asked(store, "CAunknown", Here(), ends) is None and not ends.asked
    assert await asked(store, "CAopen", Here(), ends) == "lost"
    assert ends.asked == ["caopen"]
    await store.aclose()
