"""The contract of every event log; a test class inherits this and provides a `log` fixture."""

from datetime import UTC, datetime, timedelta

import anyio

from core.events import Flagged, Noted, PromiseMade
from core.ports import EventLog
from core.store.codec import UNRECOGNISED

AT = datetime(2025, 3, 3, 15, 4, 5, 678901, tzinfo=UTC)


class EventLogContract:
    async def test_an_unknown_conversation_has_no_facts(self, log: EventLog):
        assert await log.read("nobody") == []

    async def test_facts_come_back_in_order_numbered_from_one(self, log: EventLog):
        await log.append("c1", AT, [Flagged("a", 1, 0, ""), Flagged("b", 1, 1, "")])
        await log.append("c1", AT + timedelta(seconds=1), [Flagged("c", 2, 2, "")])
        logged = await log.read("c1")
        assert [(entry.seq, entry.fact.kind) for entry in logged] == [(1, "a"), (2, "b"), (3, "c")]
        assert [entry.at for entry in logged] == [AT, AT, AT + timedelta(seconds=1)]
        assert {entry.conversation_id for entry in logged} == {"c1"}

    async def test_conversations_are_numbered_apart(self, log: EventLog):
        await log.append("c1", AT, [PromiseMade("call back", "sam", 1)])
        await log.append("c2", AT, [PromiseMade("send prices", "kim", 1)])
        assert [entry.fact.owner for entry in await log.read("c2")] == ["kim"]
        assert [entry.seq for entry in await log.read("c2")] == [1]

    async def test_appending_nothing_changes_nothing(self, log: EventLog):
        await log.append("c1", AT, [])
        assert await log.read("c1") == []

    async def test_concurrent_appends_leave_no_gap_and_no_double(self, log: EventLog):
        async def talk(n: int) -> None:
            for turn in range(5):
                await log.append(f"c{n % 4}", AT, [Noted(f"{n}", {"turn": turn}), Noted("x")])

        async with anyio.create_task_group() as tasks:
            for n in range(20):
                tasks.start_soon(talk, n)
        for conversation in range(4):
            logged = await log.read(f"c{conversation}")
            assert [entry.seq for entry in logged] == list(range(1, 51))
            mine = [e.fact.data["turn"] for e in logged if e.fact.kind == str(conversation)]
            assert mine == list(range(5))

    async def test_a_fact_of_a_newer_version_is_carried(self, log: EventLog):
        newer = Noted(UNRECOGNISED, {"kind": "MoodSensed", "payload": {"mood": "calm"}})
        await log.append("c1", AT, [newer])
        assert (await log.read("c1"))[0].fact == newer

    async def test_any_text_is_kept_as_said(self, log: EventLog):
        words = "nul \x00 · ‘quotes’ · 日本 · \U0001f600 · \ud800"
        await log.append("c1", AT, [Noted("said", {"words": words})])
        assert (await log.read("c1"))[0].fact.data["words"] == words
