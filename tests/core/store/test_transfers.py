"""Transfers in the database: what can be continued, and that only one of two servers decides."""

from dataclasses import replace
from datetime import timedelta

import anyio
import pytest

from core.conversation.parts import Wants
from core.conversation.state import ConversationState
from core.store.store import Store
from core.store.transfers import Transfer, Transfers
from core.talk import ConversationOpened
from tests.fakes.a_call import AT, started

pytestmark = pytest.mark.real_clock


def transfer(name: str = "t1") -> Transfer:
    opened = ConversationOpened("c1", "voice", "inbound", "+1415", "+1800", AT)
    state = ConversationState(opened, turn=3, wants=Wants(human=True, unreached=("tom",)))
    return Transfer(name, "c1", "CA1", "+1415", "+1800", "sofia", "warm", "asked", 3, AT,
                    AT + timedelta(seconds=9), state)  # fmt: skip


async def test_a_conversation_is_taken_up_as_it_was_left(store: Store):
    kept = Transfers(store)
    await kept.begin(transfer())
    await kept.begin(transfer())  # a lost answer of the database brings it twice
    await kept.ringing("t1", "CA2")
    found = await kept.get("t1")
    assert found == replace(transfer(), rep_call_sid="CA2")
    assert found.ms(AT + timedelta(seconds=2)) == 2000
    assert await kept.get("other") is None and await kept.of_call("CA9") is None


async def test_only_who_saw_the_stage_changes_it(store: Store):
    kept = Transfers(store)
    await kept.begin(transfer())
    seen = await kept.get("t1")
    moved = []

    async def move(stage: str) -> None:
        moved.append(await kept.move(seen, stage))

    async with anyio.create_task_group() as both:
        both.start_soon(move, "with_person")
        both.start_soon(move, "returning")
    assert sorted(moved) == [False, True]


async def test_who_is_away_is_no_lost_conversation_and_belongs_to_who_takes_it_back(store: Store):
    kept = Transfers(store)
    await store.log.append("c1", AT, [started()])
    await kept.begin(transfer())
    assert await kept.away() == {"c1"} and (await kept.of_call("CA1")).id == "t1"
    other = Transfers(store)
    store.server, mine = "another", store.server
    assert await other.move(await other.get("t1"), "talking")
    row = await store.conversations.get("c1")
    assert row is not None and row.server == "another" != mine
    assert await kept.away() == set() and (await kept.get("t1")).state is None
