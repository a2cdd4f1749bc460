import asyncio
from datetime import UTC, datetime, timedelta

import anyio

from core.errors import StoreFailed
from core.events import Flagged, Noted
from tests.fakes.memory_log import MemoryLog
from voice_agent.call.journal import Journal

AT = datetime(2026, 11, 23, tzinfo=UTC)


class Refusing(MemoryLog):
    """A store that is away for its first few writes."""

    def __init__(self, refusals: int) -> None:
        super().__init__()
        self.refusals = refusals

    async def append_once(self, conversation_id, at, facts, key) -> bool:
        if self.refusals:
            self.refusals -= 1
            raise StoreFailed("away")
        return await super().append_once(conversation_id, at, facts, key)


async def written(log: MemoryLog) -> list[str]:
    return [entry.fact.kind for entry in await log.read("c")]


async def test_facts_are_committed_in_order_while_nobody_waits():
    log = MemoryLog()
    journal = Journal(log, "c")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(journal.run)
        for kind in "abc":
            journal.write(AT, Noted(kind))
        journal.write(AT)
        assert await journal.flush()
        tasks.cancel_scope.cancel()
    assert await written(log) == ["a", "b", "c"]


class Shelf:
    """A disk for facts that wait."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    async def add(self, _conversation_id, entries) -> bool:
        self.kept += ["".join(fact.kind for fact in entry.facts) for entry in entries]
        return True

    async def done(self, _conversation_id, *, stored) -> None: ...


class Counting(MemoryLog):
    """A store that is as slow as it is told, and notes what came at once."""

    def __init__(self) -> None:
        super().__init__()
        self.commits: list[str] = []
        self.slow_s = 0.0

    async def append_once(self, conversation_id, at, facts, key) -> bool:
        self.commits.append("".join(fact.kind for fact in facts))
        await anyio.sleep(self.slow_s)
        return await super().append_once(conversation_id, at, facts, key)


async def test_a_fact_written_as_the_last_one_is_committed_is_no_outage():
    class Busy(MemoryLog):
        async def append_once(self, conversation_id, at, facts, key) -> bool:
            if facts == (Noted("a"),):
                asyncio.get_running_loop().call_soon(journal.write, AT, Noted("b"))
            return await super().append_once(conversation_id, at, facts, key)

    log = Busy()
    journal = Journal(log, "c")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(journal.run)
        journal.write(AT, Noted("a"))
        assert await journal.flush()
        tasks.cancel_scope.cancel()
    assert await written(log) == ["a", "b"]


async def test_what_is_written_at_one_instant_is_committed_at_once():
    log = Counting()
    journal = Journal(log, "c")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(journal.run)
        for kind, ms in (("a", 0), ("b", 1), ("c", 19), ("d", 20), ("e", 400)):
            journal.write(AT + timedelta(milliseconds=ms), Noted(kind))
        assert await journal.flush()
        tasks.cancel_scope.cancel()
    assert log.commits == ["abc", "d", "e"]


async def test_nothing_is_added_to_what_is_being_committed_or_lies_on_the_disk():
    log = Counting()
    log.slow_s = 3.0
    spill = Shelf()
    journal = Journal(log, "c", spill)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(journal.run)
        journal.write(AT, Noted("a"))
        await anyio.sleep(0.01)
        journal.write(AT, Noted("b"))
        journal.write(AT, Noted("c"))
        await anyio.sleep(2.5)
        log.slow_s = 0.0
        journal.write(AT, Noted("d"))
        assert await journal.flush()
        tasks.cancel_scope.cancel()
    assert spill.kept == ["a", "bc"]
    assert log.commits == ["a", "bc", "dstored_late"]


async def test_a_store_that_comes_back_gets_every_fact_once(caplog):
    log = Refusing(refusals=3)
    journal = Journal(log, "c")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(journal.run)
        journal.write(AT, Noted("a"), Noted("b"))
        journal.write(AT, Noted("c"))
        assert await journal.flush()
        tasks.cancel_scope.cancel()
    assert await written(log) == ["a", "b", "c"]
    assert [r.getMessage() for r in caplog.records] == ["facts wait for the store: away"]


async def test_a_store_that_stays_away_does_not_hold_the_end_of_the_call_for_ever():
    journal = Journal(Refusing(refusals=10**9), "c")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(journal.run)
        journal.write(AT, Noted("a"))
        assert not await journal.flush()
        tasks.cancel_scope.cancel()


async def test_a_long_outage_is_flagged_in_the_call_it_fell_into():
    log = Refusing(refusals=8)
    journal = Journal(log, "c")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(journal.run)
        journal.write(AT, Noted("a"))
        assert await journal.close()
        tasks.cancel_scope.cancel()
    (flag,) = [e.fact for e in await log.read("c") if isinstance(e.fact, Flagged)]
    assert flag.kind == "stored_late" and "4 s" in flag.note


class Never(MemoryLog):
    """A store that takes nothing, however often it is asked."""

    async def append_once(self, conversation_id, at, facts, key) -> bool:
        refused = StoreFailed("no such table: fact")
        refused.retryable = False
        raise refused


class FullShelf(Shelf):
    """A disk that is full for a while."""

    def __init__(self, refusals: int) -> None:
        super().__init__()
        self.refusals = refusals

    async def put_aside(self, conversation_id, entries) -> bool:
        self.refusals -= 1
        return self.refusals < 0 and await self.add(conversation_id, entries)


async def test_what_neither_store_nor_disk_takes_waits_until_one_of_them_does():
    disk = FullShelf(refusals=3)
    journal = Journal(Never(), "c", disk)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(journal.run)
        journal.write(AT, Noted("a"))
        journal.write(AT + timedelta(seconds=1), Noted("b"))
        assert await journal.close()
        tasks.cancel_scope.cancel()
    assert disk.kept == ["a", "bnot_stored"]
