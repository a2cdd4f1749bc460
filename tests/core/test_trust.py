"""A model that is always late costs the first turns their deadline, and the others nothing."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import anyio

from core.engine import Engine
from core.events import Noted
from core.talk import ConversationOpened
from core.text.talk import TextTalk
from core.thinking.refining import PendingReading
from core.trust import IN_A_ROW, LONGEST_REST_S, REST_S, TRIAL_S, Trust
from tests.core.talk import MONDAY_NOON, Talk

QUESTION = "can this integrate with our snowflake data warehouse"
GOOD = "Yes, we connect natively to Snowflake in both directions."
DEADLINE_S = 1.5
OPENED = ConversationOpened("c", "voice", "inbound", "+14155550100", "+16175550142", MONDAY_NOON)


def test_fewer_failures_than_are_telling_change_nothing_and_success_forgets_them():
    trust = Trust()
    for _ in range(IN_A_ROW - 1):
        trust.failed(0.0, "slow")
    trust.worked()
    for _ in range(IN_A_ROW - 1):
        trust.failed(0.0, "slow")
    assert trust.asks(0.0) and not trust.lost
    trust.failed(0.0, "slow")
    assert trust.lost and not trust.asks(0.0) and trust.why == "slow"


def test_after_a_rest_one_turn_asks_again_and_each_rest_is_longer():
    trust = Trust()
    for _ in range(IN_A_ROW):
        trust.failed(0.0, "slow")
    assert not trust.asks(REST_S - 0.1)
    assert trust.asks(REST_S) and not trust.asks(REST_S + TRIAL_S / 2)
    trust.failed(REST_S + 1.5, "slow")
    assert not trust.asks(2 * REST_S + 1.0) and trust.asks(3 * REST_S + 1.5)
    for _ in range(20):
        trust.rest(0.0, "slow")
    assert not trust.asks(LONGEST_REST_S - 1) and trust.asks(LONGEST_REST_S)
    trust.worked()
    assert trust.asks(0.0) and not trust.lost


class Model:
    """A language model that says the same after a while."""

    def __init__(self, after_s: float) -> None:
        self.after_s, self.asked = after_s, 0

    async def stream(self, system: str, messages: Sequence[tuple[str, str]]) -> AsyncIterator[str]:
        self.asked += 1
        await anyio.sleep(self.after_s)
        yield GOOD


async def turns(engine: Engine, count: int) -> list[float]:
    """How long the first turns of so many conversations took."""
    took = []
    for _ in range(count):
        talk, began = TextTalk(engine, OPENED), anyio.current_time()
        turn = await talk.says(QUESTION)
        assert any(citation.startswith("snowflake@") for citation in turn.citations)
        took.append(round(anyio.current_time() - began, 3))
    return took


async def test_a_model_that_is_always_late_is_waited_for_in_the_first_turns_alone():
    model = Model(after_s=3.0)
    engine = Talk(model=model).engine
    assert await turns(engine, 6) == [DEADLINE_S] * IN_A_ROW + [0.0] * 3
    assert model.asked == IN_A_ROW and engine.trusts.wording.why == "slow"
    turn = await TextTalk(engine, OPENED).says(QUESTION)
    (noted,) = [f for f in turn.facts if isinstance(f, Noted) and f.kind == "realiser_fallback"]
    assert noted.data["reason"] == "resting: slow", "it is still counted as one that fails"


async def test_a_model_that_is_quick_again_words_replies_after_its_rest():
    model = Model(after_s=3.0)
    engine = Talk(model=model).engine
    await turns(engine, IN_A_ROW)
    model.after_s = 0.2
    await anyio.sleep(REST_S)
    assert await turns(engine, 2) == [0.2, 0.2]


async def test_knowledge_that_is_renewed_forgets_nothing_of_the_model():
    engine = Talk(model=Model(after_s=3.0)).engine
    await turns(engine, IN_A_ROW)
    renewed = engine.renewed(engine.loaded, engine.thinker.knowledge)
    assert renewed.trusts is engine.trusts and renewed.trusts.wording.lost


class Reader:
    """A reading that always comes too late to plan a reply on."""

    def __init__(self, after_s: float) -> None:
        self.after_s = after_s

    async def extract(
        self, system: str, messages: Sequence[tuple[str, str]], schema: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        await anyio.sleep(self.after_s)
        return {"items": []}


async def test_readings_that_are_always_late_are_still_made_but_not_waited_for():
    talk = Talk(reader=Reader(after_s=2.0))
    took = []
    for _ in range(IN_A_ROW + 2):
        said = talk.said("so the thing with the other one is a bit of a whatsit")
        pending = PendingReading()

        async def read(said=said, pending=pending) -> None:
            pending.set(await talk.engine.read(talk.state, said))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(read)
            began = anyio.current_time()
            async for _event in talk.engine.reply(talk.state, said, pending):
                pass
            took.append(round(anyio.current_time() - began, 3))
    assert took == [1.2] * IN_A_ROW + [0.0] * 2
    assert pending.reading is not None
