import threading
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import StoreFailed
from core.events import (
    ConversationEnded,
    ConversationStarted,
    Fact,
    Flagged,
    Logged,
    Noted,
    QuestionAnswered,
    QuestionDeferred,
    TurnMerged,
)
from core.store.log import StoredLog
from core.store.owed import Owed, owed_questions
from core.store.store import Store
from tests.contracts.event_log import AT, EventLogContract
from tests.core.store.facts import any_fact
from tests.fakes.memory_log import MemoryLog

STARTED = ConversationStarted(
    "voice", "inbound", "+15550100", "+15550199", "CA1", "tideline", "c1", "k1", False
)


async def owed(store: Store, owner: str = "") -> list[Owed]:
    return await store.query(lambda c: owed_questions(c, owner=owner))


class TestMemoryLog(EventLogContract):
    @pytest.fixture
    def log(self) -> MemoryLog:
        return MemoryLog()


@pytest.mark.real_clock
class TestStoredLog(EventLogContract):
    @pytest.fixture
    def log(self, store: Store) -> StoredLog:
        return store.log


@pytest.mark.real_clock
async def test_any_fact_is_read_as_it_was_appended(store: Store):
    @settings(max_examples=1)
    @given(st.lists(any_fact, min_size=200, max_size=200))
    def draw(facts: list[Fact]) -> None:
        drawn.extend(facts)

    drawn: list[Fact] = []
    draw()
    kept = [fact for fact in drawn if not isinstance(fact, ConversationStarted)]
    for start in range(0, len(kept), 10):
        await store.log.append("c1", AT, kept[start : start + 10])
    assert [entry.fact for entry in await store.log.read("c1")] == kept


@pytest.mark.real_clock
async def test_a_named_append_happens_once(store: Store):
    assert await store.log.append_once("c1", AT, [Flagged("a", 1, 0, "")], "wrapup:brief")
    assert not await store.log.append_once("c1", AT, [Flagged("a", 1, 0, "")], "wrapup:brief")
    assert await store.log.append_once("c2", AT, [Flagged("a", 1, 0, "")], "wrapup:brief")
    assert len(await store.log.read("c1")) == 1


@pytest.mark.real_clock
async def test_the_conversation_follows_its_facts(store: Store):
    await store.log.append("c1", AT, [STARTED])
    row = await store.conversations.by_call_sid("CA1")
    assert row and (row.id, row.status, row.caller, row.server) == (
        "c1", "in_progress", "+15550100", "boot-1",
    )  # fmt: skip
    await store.log.append("c1", AT + timedelta(seconds=9), [ConversationEnded("booked", "x", 9)])
    row = await store.conversations.get("c1")
    assert row and (row.status, row.outcome) == ("completed", "booked")
    assert row.ended_at == AT + timedelta(seconds=9)


@pytest.mark.real_clock
async def test_a_sweep_never_overwrites_the_servers_own_account(store: Store):
    lost = ConversationEnded("unknown", "server_lost", 5)
    await store.log.append("c1", AT, [STARTED, lost])
    row = await store.conversations.get("c1")
    assert row and row.status == "interrupted"
    await store.log.append("c1", AT, [ConversationEnded("booked", "caller_hung_up", 9), lost])
    row = await store.conversations.get("c1")
    assert row and (row.status, row.outcome) == ("completed", "booked")


@pytest.mark.real_clock
async def test_a_deferred_question_stays_outstanding_until_answered(store: Store):
    deferred = QuestionDeferred("q1", "Do you have an office in Lima?", 2, "sam", "not covered")
    await store.log.append("c1", AT, [STARTED, deferred])
    await store.log.append("c1", AT, [deferred])
    (question,) = await owed(store, "sam")
    assert question.text == "Do you have an office in Lima?"
    assert await owed(store, "kim") == []
    await store.log.append("c1", AT, [QuestionAnswered("q1", 4, ("offices@1#1",))])
    assert await owed(store) == []


@pytest.mark.real_clock
async def test_a_question_of_a_turn_that_was_merged_is_owed_once(store: Store):
    first = QuestionDeferred("q1", "Do you have an office", 2, "sam", "not covered")
    whole = QuestionDeferred("q2", "Do you have an office in Lima?", 3, "sam", "not covered")
    await store.log.append("c1", AT, [STARTED, first, TurnMerged(2), whole])
    (question,) = await owed(store)
    assert question.question_id == "q2"


@pytest.mark.real_clock
async def test_a_second_call_with_the_same_sid_fails_alone(store: Store):
    await store.log.append("c1", AT, [STARTED])
    with pytest.raises(StoreFailed) as failure:
        await store.log.append("c2", AT, [STARTED])
    assert not failure.value.retryable
    assert await store.log.read("c2") == []
    await store.log.append("c1", AT, [Flagged("still", 1, 0, "")])


@pytest.mark.real_clock
async def test_a_fault_in_making_the_card_costs_no_fact(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object) -> None:
        raise LookupError("a bug")

    monkeypatch.setattr("core.store.log.follow", broken)
    await store.log.append("c1", AT, [Noted("a"), Noted("b")])
    assert [entry.fact for entry in await store.log.read("c1")] == [Noted("a"), Noted("b")]


async def test_a_fact_json_cannot_hold_is_refused_before_it_waits(store: Store):
    with pytest.raises(ValueError, match="JSON"):
        await store.log.append("c1", AT, [Noted("x", {"at": object()})])


@pytest.mark.real_clock
async def test_two_stores_on_one_database_number_without_gaps(url: str):
    first, second = Store(url), Store(url)
    for _ in range(10):
        await first.log.append("c1", AT, [Noted("first")])
        await second.log.append("c1", AT, [Noted("second")])
    assert [entry.seq for entry in await first.log.read("c1")] == list(range(1, 21))
    await first.aclose()
    await second.aclose()


@pytest.mark.real_clock
async def test_a_log_is_folded_beside_the_event_loop(store: Store):
    await store.log.append("c1", AT, [STARTED, Noted("x")])

    def over(facts: list[Logged]) -> tuple[int, str]:
        return len(facts), threading.current_thread().name

    count, thread = await store.log.fold("c1", over)
    assert count == 2 and thread != threading.current_thread().name
