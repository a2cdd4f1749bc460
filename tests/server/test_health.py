"""What keeps a server from taking calls, and what does not."""

import anyio
import pytest

from core.errors import StoreFailed
from tests.fakes.echo_transcriber import EchoTranscriber
from tests.fakes.office import Prompter
from voice_agent.errors import TranscriptionFailed
from voice_agent.server.health import AWAY_AFTER, Health
from voice_agent.speech.watched import IN_A_ROW, REST_S, WatchedTranscriber


class Pages:
    away = False

    async def page(self, filters, *, limit):
        if self.away:
            raise StoreFailed("gone")


class Store:
    lost = ""

    def __init__(self) -> None:
        self.conversations = Pages()


async def test_a_database_that_blinks_costs_nobody_a_call_and_one_that_stays_away_does():
    store = Store()
    health = Health(store)
    store.conversations.away = True
    assert not await health.look() and health.trouble() is None
    for _ in range(AWAY_AFTER):
        await health.look()
    assert health.trouble() == "database" and await health.problems() == ["database"]
    store.conversations.away = False
    assert await health.look() and health.trouble() is None
    store.lost = "calls.db was deleted"
    assert await health.problems() == ["database"]


async def test_ears_that_fail_again_and_again_take_no_calls_until_they_had_a_rest():
    ears, now = Prompter([]), [0.0]
    counted: list[float] = []
    watched = WatchedTranscriber(ears, lambda: now[0], lambda: counted.append(now[0]))
    health = Health(Store(), watched)

    async def hears() -> None:
        try:
            await watched.open("c").settle()
        except TranscriptionFailed:
            pass

    ears.failing = True
    for _ in range(IN_A_ROW - 1):
        await hears()
    assert health.trouble() is None, "a few may be the line's fault"
    await hears()
    assert health.trouble() == "hearing" and "hearing" in await health.problems()
    now[0] += REST_S
    assert health.trouble() is None, "somebody has to try again"
    await hears()
    assert health.trouble() == "hearing"
    assert len(counted) == IN_A_ROW + 1
    ears.failing = False
    await hears()
    assert health.trouble() is None


async def test_utterances_we_closed_before_they_were_heard_are_no_failures():
    ears = EchoTranscriber(delay_s=1.0)
    health = Health(Store(), WatchedTranscriber(ears, lambda: 0.0))

    async def dropped() -> None:
        utterance = health.hearing.open("c")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(unheard, utterance)
            await anyio.sleep(0.4)  # a click over our voice is passed over by then
            utterance.close()

    async def unheard(utterance) -> None:
        with pytest.raises(TranscriptionFailed):
            await utterance.settle()

    for _ in range(IN_A_ROW + 1):
        await dropped()
    assert health.trouble() is None, "the recogniser works, and new callers would be turned away"


async def test_one_utterance_that_cannot_be_heard_is_one_however_often_it_is_tried():
    ears = Prompter([])
    health = Health(Store(), WatchedTranscriber(ears, lambda: 0.0))
    ears.failing = True
    babble = health.hearing.open("c")
    for _ in range(IN_A_ROW + 1):
        with pytest.raises(TranscriptionFailed):
            await babble.settle()
    assert health.trouble() is None, "nobody else is turned away for it"
