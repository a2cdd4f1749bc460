"""Whole calls with a recogniser or voice that fails, hangs or stumbles."""

import anyio
import pytest

from tests.fakes.office import HANG_UP, office, script
from tests.fakes.tone_synthesizer import ToneSynthesizer
from voice_agent.call.voicing import FIRST_CHUNK_S, REST_S

QUESTION = "demo/01_hi_there_i_was.wav"
SNOWFLAKE = "does tideline integrate with our snowflake data warehouse"
PRICE = "how much is the growth plan"
ASKS_TWICE = (("greeting ended", QUESTION), ("agent silent 0.7s", QUESTION),
              ("agent silent 1.2s", HANG_UP))  # fmt: skip


def by_agent(document: dict) -> list[dict]:
    rows = document["transcript"]
    first = next((n for n, row in enumerate(rows) if row["speaker"] == "caller"), len(rows))
    return [row for row in rows[first:] if row["speaker"] == "agent"]


async def test_ears_that_fail_once_cost_one_question_and_the_call_goes_on(tmp_path):
    async with office(tmp_path, [SNOWFLAKE, PRICE]) as it:
        it.ears.failing = True

        async def recover() -> None:
            while len(it.ears.texts) > 1:  # noqa: ASYNC110 - the fake tells nobody
                await anyio.sleep(0.05)
            await anyio.sleep(9)
            it.ears.failing = False

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(recover)
            report = await it.call(script(*ASKS_TWICE))
            tasks.cancel_scope.cancel()
        document = await it.document()
    assert report.ended_by == "caller"
    said = [row["text"].lower() for row in by_agent(document)]
    assert said[0].startswith("sorry") and "say" in said[0]
    assert any(row["citations"] for row in by_agent(document))


@pytest.mark.parametrize("delay_s", [2.0, 10.0, 600.0])
async def test_ears_that_hang_do_not_keep_the_caller_in_silence(tmp_path, delay_s):
    async with office(tmp_path, [SNOWFLAKE] * 6) as it:
        it.ears.delay_s = delay_s
        report = await it.call(
            script(
                ("greeting ended", QUESTION), ("agent silent 0.7s", QUESTION),
                ("agent silent 0.7s", QUESTION), ("agent silent 5s", HANG_UP),
            )
        )  # fmt: skip
        document = await it.document()
    assert by_agent(document), "the caller hears something"
    assert report.heard_ms and report.heard_ms[0] < 4000
    assert it.calls.active == 0


async def test_a_voice_that_fails_is_replaced_before_the_caller_notices(tmp_path):
    spare = ToneSynthesizer(name="spare")
    async with office(tmp_path, [SNOWFLAKE], fallback=spare) as it:
        it.voice.dead = True
        report = await it.call(script(("greeting ended", QUESTION), ("agent silent 1s", HANG_UP)))
        document = await it.document()
    assert any(row["citations"] for row in by_agent(document))
    assert report.heard_ms[0] < 1000 and spare.finished
    assert not document["flags"]


async def test_a_voice_that_breaks_off_is_taken_over_and_no_word_is_lost(tmp_path):
    """What is counted as heard was voiced whole by one of the two."""
    spare = ToneSynthesizer(name="spare")
    async with office(tmp_path, [SNOWFLAKE], fallback=spare) as it:
        it.voice.fails, it.voice.fails_after = True, 4
        await it.call(script(("greeting ended", QUESTION), ("agent silent 1s", HANG_UP)))
        document = await it.document()
        voiced = set(it.voice.finished) | set(spare.finished)
    assert set(it.voice.spoken) <= voiced, "every clause begun was finished by one of them"
    assert any(row["citations"] for row in by_agent(document))


async def test_a_voice_that_hangs_costs_its_limit_once_and_then_rests(tmp_path):
    spare = ToneSynthesizer(name="spare")
    async with office(tmp_path, [SNOWFLAKE, PRICE, PRICE], fallback=spare) as it:
        it.voice.first_s = 600.0
        report = await it.call(script(*ASKS_TWICE))
        tried = len(it.voice.spoken)
        await anyio.sleep(REST_S)
        it.voice.first_s = 0.0
        later = script(("greeting ended", QUESTION), ("agent silent 1s", HANG_UP))
        await it.call(later, call_sid="CAlater")
        document = await it.document()
    first, second = report.heard_ms[:2]
    assert first < 1000 * (FIRST_CHUNK_S + 1), "a filler, then the answer in the other voice"
    assert second < 1000, "nobody waits twice for a voice that hangs"
    assert any(row["citations"] for row in by_agent(document))
    assert len(it.voice.spoken) > tried and it.voice.finished, "it is tried again after a while"


@pytest.mark.parametrize("chunk_s", [1.0, 600.0])
async def test_a_voice_that_dribbles_or_stops_between_chunks_still_says_it_all(tmp_path, chunk_s):
    spare = ToneSynthesizer(name="spare")
    async with office(tmp_path, [SNOWFLAKE], fallback=spare) as it:
        it.voice.chunk_s = chunk_s
        await it.call(
            script(("greeting ended", QUESTION), ("agent silent 6s", HANG_UP)), max_s=200.0
        )
        document = await it.document()
    assert any(row["citations"] for row in by_agent(document))


async def test_both_voices_dead_is_owned_up_to_in_a_line_kept_from_the_start(tmp_path):
    spare = ToneSynthesizer(name="spare")
    async with office(tmp_path, [SNOWFLAKE], fallback=spare) as it:
        it.voice.dead = spare.dead = True
        report = await it.call(script(("greeting ended", QUESTION), ("agent silent 9s", HANG_UP)))
        document = await it.document()
    assert "trouble on my side" in " ".join(row["text"] for row in by_agent(document))
    assert report.ended_by == "server"
    assert "engine_failed" in [flag["kind"] for flag in document["flags"]]
