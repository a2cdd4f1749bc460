"""The recording follows what the caller was told and said, on virtual time and over the wire."""

import wave
from contextlib import asynccontextmanager
from functools import partial

import anyio
import numpy as np
import pytest

from core.events import DisclosureHeard, HumanRequested
from tests.core.talk import OTHER
from tests.fakes.office import HANG_UP, office, script
from voice_agent.emulator.script import Step, parse_when

QUESTION = "demo/01_hi_there_i_was.wav"
SAID = "no_recording/01_please_do_not_record.wav"
SNOWFLAKE = "does tideline integrate with our snowflake data warehouse"
GREETING_S = 14.0


def key(digit: str) -> Step:
    return Step(parse_when("after 0s"), f"key {digit}", dtmf=digit)


@asynccontextmanager
async def watched(folder):
    """Every name that is ever in a folder, looked for every 20 ms."""
    seen: set[str] = set()

    async def look():
        while True:
            seen.update(str(p) for p in folder.rglob("*") if p.is_file())
            await anyio.sleep(0.02)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(look)
        yield seen
        tasks.cancel_scope.cancel()


def lanes(folder):
    (path,) = folder.glob("*.wav")
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2).T


async def test_where_a_yes_is_needed_nothing_is_stored_before_it_and_all_after(tmp_path):
    async with office(tmp_path, ["yes please do", "how much is the cx4"], company=OTHER) as it:
        async with watched(tmp_path) as seen:
            await it.call(
                script(("greeting ended", SAID), ("agent silent 0.7s", QUESTION),
                       ("agent silent 1s", HANG_UP)), caller="+493055500123",
            )  # fmt: skip
        told = await it.document()
    assert told["recording_consent"] == "given" and told["consent"]["mode"] == "opt_in"
    (event,) = told["consent"]["events"]
    assert event["how"] == "word" and event["words"] == "yes"
    assert event["asked"] == "May we record this call for our sales team?"
    assert 0 < event["asked_ms"] <= event["at_ms"]
    assert len(seen) == 1 and told["recording"]["duration_ms"] > event["at_ms"]
    caller, agent = lanes(tmp_path)
    consented = event["at_ms"] * 8
    assert not caller[:consented].any() and not agent[:consented].any()
    assert caller[consented:].any() and agent[consented:].any()


@pytest.mark.parametrize("answer", ["no thank you", "", "how much is the cx4 centrifuge"])
async def test_where_a_yes_is_needed_anything_else_stores_nothing(tmp_path, answer):
    async with office(tmp_path, [answer, "how do the alarms work"], company=OTHER) as it:
        async with watched(tmp_path) as seen:
            await it.call(
                script(("greeting ended", SAID), ("agent silent 0.7s", QUESTION),
                       ("agent silent 1s", HANG_UP)), caller="+493055500123",
            )  # fmt: skip
        told = await it.document()
    assert not seen and told["recording"] is None
    assert told["recording_consent"] in ("declined", "unknown")
    assert len([line for line in told["transcript"] if line["speaker"] == "caller"]) == 2


async def test_refusing_by_key_at_any_moment_of_the_greeting_never_touches_the_disk(tmp_path):
    moments = [n * 1.0 for n in range(1, int(GREETING_S))]
    async with office(tmp_path, max_calls=len(moments)) as it, watched(tmp_path) as seen:
        async with anyio.create_task_group() as callers:
            for n, at in enumerate(moments):
                plan = script((f"at {at}s", key("9")), ("agent silent 2s", HANG_UP))
                callers.start_soon(partial(it.call, plan, call_sid=f"CA{n}"))
        while it.calls.open or len(it.wrap_ups.asked) < len(moments):  # noqa: ASYNC110
            await anyio.sleep(0.1)
        told = [await it.document(n) for n in range(len(moments))]
    assert not seen
    for document in told:
        assert document["recording_consent"] == "declined", document["consent"]
        assert document["consent"]["events"][-1]["words"] == "pressed 9"
        assert document["recording"] is None and document["disclosure"]["heard"]
        spoken = " ".join(n["text"] for n in document["transcript"] if n["speaker"] == "agent")
        assert "won't be recorded" in spoken or "The recording is off" in spoken


async def test_who_refuses_within_the_notice_is_not_told_the_rest_of_it(tmp_path):
    async with office(tmp_path) as it:
        await it.call(script(("at 4s", key("9")), ("agent silent 2s", HANG_UP)))
        told = await it.document()
    words = [n["text"] for n in told["transcript"] if n["speaker"] == "agent"]
    assert sum("This call is recorded" in text for text in words) <= 1
    assert told["recording_consent"] == "declined"


async def test_a_recording_that_is_stopped_is_gone_and_one_allowed_again_begins_there(tmp_path):
    texts = [SNOWFLAKE, "please stop recording", "actually you can record this", SNOWFLAKE]
    async with office(tmp_path, texts) as it:
        async with watched(tmp_path) as seen:
            await it.call(
                script(("greeting ended", QUESTION), ("agent silent 3s", SAID),
                       ("agent silent 3s", SAID), ("agent silent 0.7s", QUESTION),
                       ("agent silent 1s", HANG_UP))
            )  # fmt: skip
        told = await it.document()
    states = [(e["state"], e["how"]) for e in told["consent"]["events"]]
    assert states == [("given", "notice"), ("declined", "word"), ("given", "word")]
    assert seen and told["recording"] is not None
    again = told["consent"]["events"][-1]["at_ms"] * 8
    caller, agent = lanes(tmp_path)
    assert not caller[:again].any() and not agent[:again].any() and agent[again:].any()


@pytest.mark.parametrize("kept", ["discard", "keep"])
async def test_what_was_recorded_before_a_stop_is_kept_only_where_the_company_keeps_it(
    tmp_path, kept
):
    def edit(company):
        consent = company.consent.model_copy(update={"when_stopped": kept})
        return company.model_copy(update={"consent": consent})

    async with office(tmp_path, [SNOWFLAKE, "please stop recording"], edit=edit) as it:
        await it.call(
            script(("greeting ended", QUESTION), ("agent silent 3s", SAID),
                   ("agent silent 2s", HANG_UP))
        )  # fmt: skip
        told = await it.document()
    stopped = told["consent"]["events"][-1]
    assert stopped["state"] == "declined"
    if kept == "discard":
        assert told["recording"] is None and not list(tmp_path.iterdir())
        return
    caller, agent = lanes(tmp_path)
    assert caller.any()
    heard_ms = max(n["end_ms"] for n in told["transcript"] if n["speaker"] == "caller")
    assert not agent[(heard_ms + 1500) * 8 :].any()


async def test_who_hangs_up_on_the_notice_leaves_nothing(tmp_path):
    async with office(tmp_path) as it, watched(tmp_path) as seen:
        await it.call(script(("at 9s", HANG_UP)))
    assert not seen


async def pressed(it, moments, then):
    """The logs of calls in which 0 is pressed at these moments of the greeting."""
    async with anyio.create_task_group() as callers:
        for n, at in enumerate(moments):
            plan = script((f"at {at}s", key("0")), (then, HANG_UP))
            callers.start_soon(partial(it.call, plan, call_sid=f"CA{n}"))
    while it.calls.open or len(it.wrap_ups.asked) < len(moments):  # noqa: ASYNC110
        await anyio.sleep(0.1)
    return [[e.fact for e in await it.log.read(name)] for name in it.wrap_ups.asked]


async def test_zero_asks_for_a_person_at_each_510_ms_of_the_greeting(tmp_path):
    moments = [round(n * 0.51, 2) for n in range(1, int(GREETING_S / 0.51))]
    async with office(tmp_path, max_calls=len(moments)) as it:
        logs = await pressed(it, moments, "after 0.5s")
    for facts in logs:
        (asked,) = [f for f in facts if isinstance(f, HumanRequested)]
        assert asked.quote == "pressed 0"


async def test_who_pressed_zero_still_hears_what_must_be_heard_and_then_of_a_person(tmp_path):
    moments = [0.3, 2.0, 4.0, 7.0, 11.0]
    async with office(tmp_path, max_calls=len(moments)) as it:
        logs = await pressed(it, moments, "agent silent 1s")
    for facts in logs:
        assert any(isinstance(f, DisclosureHeard) for f in facts)
        ours = [f.text for f in facts if getattr(f, "speaker", "") == "agent" and f.turn == 1]
        assert any("call" in text for text in ours), ours


@pytest.mark.parametrize("second", [0.3, 1.5, 3.0, 5.5, 8.0, 11.0])
async def test_saying_agent_asks_for_a_person_while_we_speak(tmp_path, second):
    async with office(tmp_path, ["agent"]) as it:
        await it.call(script((f"at {second}s", SAID), ("agent silent 1s", HANG_UP)))
        logged = await it.log.read(it.wrap_ups.asked[0])
    assert [f.fact.quote for f in logged if isinstance(f.fact, HumanRequested)] == ["agent"]
