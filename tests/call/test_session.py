"""Whole calls on virtual time: the emulator's wire on one end, the event log on the other."""

import json
from dataclasses import replace
from functools import partial

import anyio
import pytest

from core.events import TALKED_OVER, Noted
from tests.fakes.memory_log import MemoryLog
from tests.fakes.office import HANG_UP, Office, office, script, speech
from tests.fakes.tone_synthesizer import ToneSynthesizer
from voice_agent.audio.pcm import RATE_HZ
from voice_agent.audio.wav import read
from voice_agent.call import stages
from voice_agent.call.fillers import FILLER_AFTER_S
from voice_agent.call.watchdog import DEAD_AIR_S
from voice_agent.emulator.line import LineFaults
from voice_agent.emulator.script import Step, parse_when
from voice_agent.telephony.ports import NoCallControl

QUESTION = "demo/01_hi_there_i_was.wav"
STOP = "demo/04_sorry_let_me_stop.wav"
GREETING_S = 14
SNOWFLAKE = "does tideline integrate with our snowflake data warehouse"


def lines(document, speaker):
    return [line for line in document["transcript"] if line["speaker"] == speaker]


async def test_a_question_is_answered_from_knowledge_with_its_citation(tmp_path):
    async with office(tmp_path, [SNOWFLAKE]) as it:
        await it.call(script(("greeting ended", QUESTION), ("agent silent 0.7s", HANG_UP)))
        told = await it.document()
    answers = [line for line in lines(told, "agent") if line["citations"]]
    assert answers and answers[0]["citations"][0].startswith("snowflake@")
    assert [line["text"] for line in lines(told, "caller")] == [SNOWFLAKE]
    assert any(s["criterion"] == "tech_stack" for s in told["signals"])
    assert told["disclosure"]["heard"] and told["status"] == "completed"


async def test_the_reply_is_heard_soon_and_its_stages_sum_to_what_was_heard(tmp_path):
    async with office(tmp_path, [SNOWFLAKE]) as it:
        report = await it.call(script(("greeting ended", QUESTION), ("agent silent 1s", HANG_UP)))
        told = await it.document()
    row = told["latency"]["turns"][0]
    parts = sum(row[f"{s}_ms"] for s in ("endpoint", "stt", "reply", "tts", "send"))
    assert parts == row["heard_ms"] <= 450
    assert report.heard_ms[0] == pytest.approx(row["heard_ms"], abs=80)
    assert row["speculated"]


async def test_the_agent_greets_at_once_and_says_it_is_an_ai(tmp_path):
    async with office(tmp_path) as it:
        report = await it.call(script(("greeting ended", HANG_UP)))
        told = await it.document()
    assert report.greeting_ms < 100
    assert "AI" in lines(told, "agent")[0]["text"]


async def talked_over(it: Office) -> list[object]:
    """What it was taken for each time somebody spoke over the agent."""
    logged = [entry.fact for entry in await it.log.read(it.wrap_ups.asked[0])]
    return [f.data["took"] for f in logged if isinstance(f, Noted) and f.kind == TALKED_OVER]


async def test_speaking_over_the_agent_clears_playback_and_keeps_the_heard_prefix(tmp_path):
    async with office(tmp_path, [SNOWFLAKE, "sorry how much is the growth plan"]) as it:
        report = await it.call(
            script(
                ("greeting ended", QUESTION), ("agent speaking 1.0s", STOP),
                ("agent silent 0.7s", HANG_UP),
            )
        )  # fmt: skip
        told = await it.document()
        assert await talked_over(it) == ["interruption"]
    assert report.said[1].clear_ms < 250
    cut = [line for line in lines(told, "agent") if line["interrupted"]]
    assert len(cut) == 1
    whole = [s for s in it.voice.spoken if s.lower().startswith(cut[0]["text"][:12].lower())]
    assert whole and len(cut[0]["text"]) < len(whole[0])
    (kept,) = tmp_path.iterdir()
    agent = read(kept).lanes()[1]
    end = cut[0]["end_ms"] * RATE_HZ // 1000
    assert agent[end - RATE_HZ // 50 : end].any(), "it ends where the recording's lane falls silent"
    assert not agent[end + RATE_HZ // 500 : end + RATE_HZ].any()
    assert it.metric('voice_agent_barge_in_total{outcome="interrupted"}') == 1


async def test_a_backchannel_does_not_take_the_floor(tmp_path):
    mm_hm = replace(speech("backchannels/02_mm-hm.wav"), expects="resume")
    async with office(tmp_path, [SNOWFLAKE, "mm-hm"]) as it:
        report = await it.call(
            script(
                ("greeting ended", QUESTION), ("agent speaking 0.8s", mm_hm),
                ("agent silent 1.5s", HANG_UP),
            )
        )  # fmt: skip
        told = await it.document()
        assert (await talked_over(it))[-1] == "backchannel"
    assert not [line for line in told["transcript"] if line["interrupted"]]
    assert len(lines(told, "caller")) == 1
    assert report.said[1].resumed


async def test_nothing_is_recorded_before_the_notice_was_heard(tmp_path):
    async with office(tmp_path) as it:
        await it.call(script(("agent speaking 0.5s", HANG_UP)))
        told = await it.document()
    assert told["recording"] is None and not list(tmp_path.iterdir())


async def test_a_caller_who_declines_is_served_without_a_recording(tmp_path):
    texts = ["please do not record this call", SNOWFLAKE]
    async with office(tmp_path, texts) as it:
        await it.call(
            script(
                ("greeting ended", "no_recording/01_please_do_not_record.wav"),
                ("agent silent 0.7s", QUESTION), ("agent silent 0.7s", HANG_UP),
            )
        )  # fmt: skip
        told = await it.document()
    assert told["recording_consent"] == "declined"
    assert told["recording"] is None and not list(tmp_path.iterdir())
    assert any(line["citations"] for line in lines(told, "agent"))


async def test_hanging_up_at_each_310_ms_of_the_greeting_ends_the_call_once(tmp_path):
    sids = [f"CA{hundredth}" for hundredth in range(0, GREETING_S * 100, 31)]
    async with office(tmp_path, max_calls=len(sids)) as it:
        async with anyio.create_task_group() as callers:
            for sid in sids:
                hangs_up = script((f"at {int(sid[2:]) / 100}s", HANG_UP))
                callers.start_soon(partial(it.call, hangs_up, call_sid=sid))
        with anyio.fail_after(5):
            while it.calls.open:  # noqa: ASYNC110 - the server tells nobody when it is idle
                await anyio.sleep(0.1)
        told = [await it.document(n) for n in range(len(sids))]
        logs = [await it.log.read(document["id"]) for document in told]
    assert sorted(document["call_sid"] for document in told) == sorted(sids)
    assert sorted(it.wrap_ups.asked) == sorted(document["id"] for document in told)
    for facts in logs:
        assert sum(type(entry.fact).__name__ == "ConversationEnded" for entry in facts) == 1


@pytest.mark.parametrize("tenth", range(2, 60, 7))
async def test_interrupting_anywhere_in_the_greeting_loses_no_words(tmp_path, tenth):
    async with office(tmp_path, [SNOWFLAKE]) as it:
        await it.call(script((f"at {tenth / 10}s", QUESTION), ("agent silent 1.2s", HANG_UP)))
        told = await it.document()
    assert [line["text"] for line in lines(told, "caller")] == [SNOWFLAKE]
    assert any(line["citations"] for line in lines(told, "agent"))
    assert told["disclosure"]["heard"], "a disclosure that was cut off is said again"


async def test_a_silent_caller_is_asked_and_then_let_go(tmp_path):
    wait = Step(parse_when("after 0s"), "wait", pause_s=60)
    async with office(tmp_path) as it:
        report = await it.call(script(("at 0s", wait), ("after 60s", HANG_UP)))
        told = await it.document()
    said = [line["text"] for line in lines(told, "agent")]
    assert any("still there" in text.lower() for text in said)
    assert report.ended_by == "server" and report.duration_s < 45
    assert not lines(told, "caller")


class Slow(NoCallControl):
    """A telephone company whose API takes its time; it notes how far the call was then."""

    def __init__(self) -> None:
        self.after: list[str] = []

    async def hang_up(self, call_sid: str) -> None:
        await anyio.sleep(7.0)
        self.after.append(call_sid)


class SlowLog(MemoryLog):
    """A database that takes four seconds for what it is given."""

    async def append_once(self, *given: object) -> bool:
        await anyio.sleep(4.0)
        return await super().append_once(*given)


async def test_the_line_is_closed_once_the_goodbye_was_heard_whatever_is_slow_after_it(tmp_path):
    wait, slow = Step(parse_when("after 0s"), "wait", pause_s=60), Slow()
    async with office(tmp_path, log=SlowLog(), control=slow) as it:
        report = await it.call(script(("at 0s", wait), ("after 60s", HANG_UP)))
        told = await it.document()
    heard_s = lines(told, "agent")[-1]["end_ms"] / 1000
    assert report.ended_by == "server" and report.duration_s - heard_s < 0.3
    assert slow.after == [told["call_sid"]] and told["status"] == "completed"


async def test_a_reply_of_minutes_is_not_talked_over_by_ourselves(tmp_path):
    wait = Step(parse_when("after 0s"), "wait", pause_s=140)
    async with office(tmp_path, letter_s=0.7) as it:
        await it.call(script(("at 0s", wait), ("after 140s", HANG_UP)))
        told = await it.document()
    opening = [line for line in lines(told, "agent") if line["turn"] == 0]
    assert opening[-1]["end_ms"] > 100_000 and opening[-1]["text"].startswith("What can I help")
    assert lines(told, "agent")[len(opening)]["text"] == "Are you still there?"


async def test_a_long_goodbye_is_said_to_its_end(tmp_path):
    wait = Step(parse_when("after 0s"), "wait", pause_s=200)
    async with office(tmp_path, letter_s=0.3) as it:
        report = await it.call(script(("at 0s", wait), ("after 200s", HANG_UP)))
        told = await it.document()
    last = lines(told, "agent")[-1]
    assert last["end_ms"] - last["start_ms"] > 15_000
    assert last["text"].endswith("Goodbye.") and not last["interrupted"]
    assert report.ended_by == "server"


async def test_a_stage_is_entered_when_it_is_reached_and_not_with_every_mark(tmp_path):
    wait = Step(parse_when("after 0s"), "wait", pause_s=60)
    async with office(tmp_path, [SNOWFLAKE]) as it:
        seen, entered = [], it.calls._entered
        it.calls._entered = lambda sid, event: (seen.append(type(event)), entered(sid, event))[1]
        await it.call(script(("at 0.3s", QUESTION), ("after 0s", wait), ("after 90s", HANG_UP)))
        told = await it.document()
    assert seen.count(stages.GoodbyeBegan) == 1
    whole = [line for line in lines(told, "agent") if not line["interrupted"]]
    assert 0 < seen.count(stages.Greeted) <= len(whole), "a mark that was cleared is not heard"


async def test_a_recogniser_that_fails_is_owned_up_to(tmp_path):
    async with office(tmp_path, [SNOWFLAKE] * 4) as it:
        it.ears.failing = True
        report = await it.call(
            script(
                ("greeting ended", QUESTION), ("agent silent 0.7s", QUESTION),
                ("agent silent 0.7s", QUESTION), ("agent silent 5s", HANG_UP),
            )
        )  # fmt: skip
        told = await it.document()
    assert "engine_failed" in [flag["kind"] for flag in told["flags"]]
    assert it.calls.end_reason(told["call_sid"]) == "engine_failed", "a message follows the stream"
    assert report.ended_by == "server"


async def test_a_voice_that_fails_ends_the_call_politely_and_the_server_lives(tmp_path):
    async with office(tmp_path, [SNOWFLAKE, SNOWFLAKE]) as it:
        it.voice.dead = True
        await it.call(script(("greeting ended", QUESTION), ("agent silent 9s", HANG_UP)))
        it.voice.dead = False
        await it.call(script(("greeting ended", QUESTION), ("agent silent 1s", HANG_UP)))
        first, second = await it.document(0), await it.document(1)
    assert "engine_failed" in [flag["kind"] for flag in first["flags"]]
    assert any(line["citations"] for line in lines(second, "agent"))


async def test_a_slow_voice_gets_a_filler_before_its_answer(tmp_path):
    async with office(tmp_path, [SNOWFLAKE]) as it:
        it.voice.first_s = FILLER_AFTER_S + 0.5
        await it.call(script(("greeting ended", QUESTION), ("agent silent 3s", HANG_UP)))
        told = await it.document()
    after = lines(told, "agent")[-3:]
    assert "moment" in after[0]["text"].lower() or "check" in after[0]["text"].lower()
    assert any(line["citations"] for line in after[1:])


def saying(*filler: str):
    """An edit of a company whose fillers are these."""
    told = {"filler": filler}
    return lambda one: one.model_copy(update={"voice": one.voice.model_copy(update=told)})


async def test_a_filler_of_two_sentences_with_a_name_in_it_is_said(tmp_path):
    edit = saying("one moment please. {company} has that somewhere.")
    async with office(tmp_path, [SNOWFLAKE], edit=edit) as it:
        it.voice.first_s = FILLER_AFTER_S + 0.5
        await it.call(script(("greeting ended", QUESTION), ("agent silent 3s", HANG_UP)))
        told = await it.document()
    said = [line["text"] for line in lines(told, "agent")]
    first = said.index("One moment please.")
    assert said[first + 1] == "Tideline has that somewhere."
    assert any(line["citations"] for line in lines(told, "agent")[first + 2 :])


async def test_a_caller_who_goes_on_before_hearing_us_is_answered_once_for_all(tmp_path):
    """The first half ends a turn, the second comes before our reply plays: both become one."""
    first, second = "we use snowflake", "and we are two hundred people"
    async with office(tmp_path, [first, second]) as it:
        it.voice.first_s = 1.0
        await it.call(
            script(
                ("greeting ended", "hesitant/05_alright_thank_you_goodbye.wav"),
                ("after 1.0s", QUESTION), ("agent silent 2s", HANG_UP),
            )
        )  # fmt: skip
        told = await it.document()
    said = [line["text"] for line in lines(told, "caller")]
    assert said == [f"{first} {second}"]
    quotes = [s["quote"] for s in told["signals"] if s["criterion"] == "tech_stack"]
    assert len(quotes) == 1, "what the merged turn told is not told twice"


async def test_two_calls_at_once_do_not_mix(tmp_path):
    async with office(tmp_path, [SNOWFLAKE, SNOWFLAKE]) as it:
        one = script(("greeting ended", QUESTION), ("agent silent 1s", HANG_UP))
        async with anyio.create_task_group() as tasks:
            for sid in ("CA1", "CA2"):
                tasks.start_soon(lambda sid=sid: it.call(one, call_sid=sid))
        documents = [await it.document(0), await it.document(1)]
    assert {d["call_sid"] for d in documents} == {"CA1", "CA2"}
    assert all(len(lines(d, "caller")) == 1 for d in documents)


async def test_every_message_sent_is_one_twilio_knows(tmp_path):
    async with office(tmp_path, [SNOWFLAKE]) as it:
        report = await it.call(script(("greeting ended", QUESTION), ("agent silent 1s", HANG_UP)))
    assert report.violations == []
    sent = [message for _, message in it.sockets[0].received]
    assert {message["event"] for message in sent} <= {"media", "mark", "clear"}
    assert all(len(json.dumps(message)) < 4000 for message in sent)


async def test_words_owed_for_too_long_are_dead_air_flagged_once_and_counted(tmp_path):
    slow = ToneSynthesizer(letter_s=0.03)
    async with office(tmp_path, [SNOWFLAKE], fallback=slow, letter_s=0.03) as it:
        it.voice.dead, slow.first_s = True, 9.0  # longer than the filler helps
        await it.call(script(("greeting ended", QUESTION), ("agent silent 12s", HANG_UP)))
        told = await it.document()
        counted = it.metric("voice_agent_dead_air_total")
    flags = [flag for flag in told["flags"] if flag["kind"] == "dead_air"]
    assert flags and len(flags) == counted
    filler = next(line for line in lines(told, "agent") if "moment" in line["text"].lower())
    silent_s = (flags[0]["start_ms"] - filler["end_ms"]) / 1000
    assert DEAD_AIR_S <= silent_s < DEAD_AIR_S + 0.1


async def test_marks_that_never_come_back_are_flagged_as_speech_that_is_stuck(tmp_path):
    async with office(tmp_path, [SNOWFLAKE]) as it:
        lines_out = script(("greeting ended", QUESTION), ("agent silent 6s", HANG_UP))
        await it.call(lines_out, faults=LineFaults(lost_marks=True))
        told = await it.document()
        counted = it.metric("voice_agent_stuck_speaking_total")
    flags = [flag for flag in told["flags"] if flag["kind"] == "stuck_speaking"]
    assert len(flags) == counted == 1 and "3 marks" in flags[0]["note"]


async def test_a_call_that_goes_well_sets_no_watchdog_off(tmp_path):
    async with office(tmp_path, [SNOWFLAKE]) as it:
        await it.call(script(("greeting ended", QUESTION), ("agent silent 6s", HANG_UP)))
        told = await it.document()
    noticed = {"dead_air", "stuck_speaking", "late_speech"}
    assert not noticed & {flag["kind"] for flag in told["flags"]}
