"""What the database does not take waits on the disk, and is stored once, by whoever comes next."""

import os
from datetime import UTC, datetime
from pathlib import Path

import anyio
import pytest

from core.errors import StoreFailed
from core.events import ConversationEnded, ConversationStarted, Noted
from core.store.unit_of_work import Store
from tests.core.store.conftest import sqlite_url, store
from voice_agent.call.journal import Journal
from voice_agent.call.spill import Entry, Spill, spilling

__all__ = ["sqlite_url", "store"]
pytestmark = pytest.mark.real_clock
AT = datetime(2026, 11, 25, tzinfo=UTC)
STARTED = ConversationStarted("voice", "inbound", None, None, "CA1", "t", "1", "1", False)
ENDED = ConversationEnded("talked", "stopped", 1000)


@pytest.fixture
def url(sqlite_url: str) -> str:
    return sqlite_url


class Away:
    """A store's log that can be away, before or after it commits."""

    def __init__(self, store: Store) -> None:
        self.store, self.away, self.loses_answer = store, True, False

    async def append_once(self, conversation_id, at, facts, key) -> bool:
        if self.away and self.loses_answer:
            await self.store.log.append_once(conversation_id, at, facts, key)
        if self.away:
            raise StoreFailed("away")
        return await self.store.log.append_once(conversation_id, at, facts, key)


async def kinds(store: Store) -> list[str]:
    return [getattr(e.fact, "kind", type(e.fact).__name__) for e in await store.log.read("c")]


async def a_call(journal: Journal, away: Away, *, back_after_s: float | None) -> None:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(journal.run)
        for fact in (STARTED, Noted("a"), Noted("b")):
            journal.write(AT, fact)
        await anyio.sleep(0.1)
        journal.write(AT, Noted("c"), ENDED)
        if back_after_s is not None:
            await anyio.sleep(back_after_s)
            away.away = False
            assert await journal.close()
        tasks.cancel_scope.cancel()


@pytest.mark.parametrize("loses_answer", [False, True])
async def test_a_database_that_comes_back_gets_each_fact_once_and_the_disk_is_cleared(
    store: Store, tmp_path: Path, loses_answer: bool
):
    spill, away = Spill(tmp_path / "journal"), Away(store)
    away.loses_answer = loses_answer
    await a_call(Journal(away, "c", spill), away, back_after_s=0.2)
    assert await kinds(store) == ["ConversationStarted", "a", "b", "c", "ConversationEnded"]
    assert list(spill.folder.iterdir()) == []


async def test_a_crash_during_an_outage_loses_nothing(store: Store, tmp_path: Path):
    spill, away = Spill(tmp_path / "journal"), Away(store)
    await a_call(Journal(away, "c", spill), away, back_after_s=None)  # and then it died
    spill.release()
    folder = spill.folder
    (file,) = folder.iterdir()
    assert oct(file.stat().st_mode)[-3:] == "600" and await kinds(store) == []
    async with spilling(folder, store):
        assert (await kinds(store))[:3] == ["ConversationStarted", "a", "b"]
    assert list(folder.iterdir()) == []
    row = await store.conversations.get("c")
    assert row is not None and (row.status != "in_progress" or row.server == "")


async def test_what_is_cut_off_is_left_out_and_the_rest_is_stored_in_order(
    store: Store, tmp_path: Path
):
    spill = Spill(tmp_path / "journal")
    entries = [Entry(f"journal:{n}", AT, (Noted(kind),)) for n, kind in enumerate("abc", start=1)]
    await spill.add("c", entries)
    os.truncate(spill.folder / "c.jsonl", (spill.folder / "c.jsonl").stat().st_size - 5)
    await store.log.append_once("c", AT, [Noted("a")], "journal:1")
    spill.release()  # as its process does
    assert await Spill(tmp_path / "journal").recover(store) == ["c"]
    assert await kinds(store) == ["a", "b"]


async def test_a_call_that_goes_on_is_not_recovered_under_its_feet(store: Store, tmp_path: Path):
    spill, another_servers = Spill(tmp_path / "journal"), Spill(tmp_path / "journal")
    await spill.add("c", [Entry("journal:1", AT, (Noted("a"),))])
    for one in (spill, another_servers):
        assert await one.recover(store) == [] and await kinds(store) == []
    await spill.add("c", [Entry("journal:2", AT, (Noted("b"),))])
    await spill.done("c", stored=False)
    assert await another_servers.recover(store) == ["c"] and await kinds(store) == ["a", "b"]
