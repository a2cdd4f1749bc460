"""A colleague on a call: listens, guides the agent, speaks in its place, and hands back."""

from pathlib import Path

import anyio
import numpy as np
import pytest

from core.events import FloorTaken
from tests.fakes.office import HANG_UP, Office, office, script
from voice_agent.audio import g711
from voice_agent.audio.pcm import RATE_HZ
from voice_agent.audio.wav import read
from voice_agent.call.session import CallSession
from voice_agent.call.supervision import GONE_S, HEARD, FloorHeld
from voice_agent.emulator.script import FIXTURES, read_mono
from voice_agent.telephony.protocol import Media

QUESTION = "demo/01_hi_there_i_was.wav"
MORE = "demo/04_sorry_let_me_stop.wav"
SNOWFLAKE = "does tideline integrate with our snowflake data warehouse"
PRICE = "sorry how much is the growth plan"
THANKS = "fast_talker/03_great_talk_soon_bye.wav"
REP = "sofia-alvarez"
FRAME = 160


async def the_call(it: Office) -> CallSession:
    while not (found := [c for i in it.calls.conversations if (c := it.calls.going_on(i))]):
        await anyio.sleep(0.05)
    return found[0]


async def talk_over(session: CallSession, wav: str) -> None:
    """Speak a fixture into the call as a browser's microphone does, then half a second of hiss."""
    pcm = np.concatenate((read_mono(FIXTURES / wav), np.zeros(8000, np.int16)))
    for start in range(0, len(pcm) - FRAME, FRAME):
        session.supervision.speak(REP, g711.encode(pcm[start : start + FRAME]))
        await anyio.sleep(0.02)


async def stay_silent(session: CallSession, until: float) -> None:
    """The microphone of somebody who listens, up to an instant of the call."""
    while session._clock.now() < until:
        session.supervision.speak(REP, g711.encode(np.zeros(FRAME, np.int16)))
        await anyio.sleep(0.02)


async def test_a_colleague_takes_over_speaks_and_gives_back(tmp_path):
    async with office(tmp_path, [SNOWFLAKE, "hello this is sofia", PRICE, PRICE]) as it:
        taken = given = 0.0
        report = None

        async def call() -> None:
            nonlocal report
            report = await it.call(
                script(("greeting ended", QUESTION), ("at 26s", MORE), ("at 36s", HANG_UP))
            )

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(call)
            session = await the_call(it)
            while not any("snowflake" in line[1].lower() for line in
                          session._conversation.state.history.lines):  # fmt: skip
                await anyio.sleep(0.02)
            while not session._playback.playing:
                await anyio.sleep(0.02)
            await anyio.sleep(0.8)
            taken = session._clock.now()
            session.supervision.take(REP)
            it.ears.lengths.insert(0, 2.0)
            with pytest.raises(FloorHeld, match=REP):
                session.supervision.take("tom-beckett")
            await talk_over(session, QUESTION)
            assert session.supervision.rep == REP
            await stay_silent(session, 31.0)
            given = int(session._clock.now() * 1000) / 1000
            session.supervision.give_back(REP)
        told = await it.document()
        facts = await it.log.read(it.wrap_ups.asked[0])
    assert report is not None
    assert min(report.clears, key=lambda at: abs(at - taken)) - taken < 0.3
    lines = told["transcript"]
    rep = [line for line in lines if line["speaker"] == "rep"]
    assert [line["text"] for line in rep] == ["hello this is sofia"]
    between = [line for line in lines if line["speaker"] == "agent"
               and taken * 1000 + 300 < line["start_ms"] < given * 1000]  # fmt: skip
    assert between == [], "the agent says nothing while a colleague has the floor"
    assert any(line["text"] == PRICE for line in lines), "what the caller says is written down"
    back = [
        line for line in lines if line["speaker"] == "agent" and line["start_ms"] >= given * 1000
    ]
    assert "back with you" in back[0]["text"]
    floors = [f.fact for f in facts if isinstance(f.fact, FloorTaken)]
    assert [f.rep for f in floors] == [REP, REP] and floors[1].until < floors[0].until
    assert told["recording"]["channels"] == {"caller": 0, "agent": 1, "rep": 2}
    first, last = lanes_apart(tmp_path / f"{it.wrap_ups.asked[0]}.wav", taken, given)
    assert any(start < first + 0.1 and end > last - 0.1 for start, end in report.agent_spans), (
        "the caller hears the colleague as they speak"
    )


def lanes_apart(path: Path, taken: float, given: float) -> tuple[float, float]:
    """Checks that a recording has agent and colleague each in their lane; when the latter spoke."""
    _, ours, rep = read(path).lanes()
    assert not ours[int((taken + 0.3) * 8000) : int(given * 8000)].any()
    assert not rep[: int(taken * 8000)].any() and not rep[int((given + 0.5) * 8000) :].any()
    spoken = g711.decode(g711.encode(read_mono(FIXTURES / QUESTION)))
    loud, begun = (np.flatnonzero(np.abs(x.astype(int)) > 500) for x in (rep, spoken))
    assert abs(loud[0] - begun[0] - taken * 8000) <= 160, "within 20 ms of when it was sent"
    return loud[0] / 8000, loud[-1] / 8000


async def test_a_colleague_whose_line_broke_loses_the_floor_and_the_caller_is_told(tmp_path):
    async with office(tmp_path, [SNOWFLAKE]) as it:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(it.call, script(("greeting ended", QUESTION), ("at 30s", HANG_UP)))
            session = await the_call(it)
            await anyio.sleep(2)
            session.supervision.take(REP)
            await stay_silent(session, session._clock.now() + 6)
            assert session.supervision.rep == REP, "silence is not absence"
            gone = session._clock.now()
            await anyio.sleep(GONE_S - 0.5)
            assert session.supervision.rep == REP
            await anyio.sleep(1)
            assert session.supervision.rep is None
        told = await it.document()
    back = [line for line in told["transcript"] if "back with you" in line["text"]]
    assert back and back[0]["start_ms"] / 1000 - gone < GONE_S + 1


async def test_words_of_a_colleague_are_said_by_the_agent_in_place_of_its_own(tmp_path):
    async with office(tmp_path, [SNOWFLAKE]) as it:
        async with anyio.create_task_group() as tasks:
            steps = script(("greeting ended", QUESTION), ("agent silent 6s", HANG_UP))
            tasks.start_soon(it.call, steps)
            session = await the_call(it)
            while session._floor.next_turn < 2 or not session._playback.playing:
                await anyio.sleep(0.02)
            session.supervision.say(REP, "Let me check that with our engineers. One moment.")
        told = await it.document()
    ours = [line["text"] for line in told["transcript"] if line["speaker"] == "agent"]
    assert ours[-2:] == ["Let me check that with our engineers.", "One moment."]


async def test_guidance_is_entered_and_never_said(tmp_path):
    async with office(tmp_path, [SNOWFLAKE, "and do you support salesforce as well"]) as it:
        async with anyio.create_task_group() as tasks:
            steps = script(
                ("greeting ended", QUESTION),
                ("agent silent 1s", MORE),
                ("agent silent 1s", HANG_UP),
            )
            tasks.start_soon(it.call, steps)
            session = await the_call(it)
            await anyio.sleep(5)
            understood = session.supervision.whisper(REP, "ask how soon they need it")
        told = await it.document()
    assert understood.ask == ("timeline",)
    assert "timeline" in session._conversation.state.asks.made
    assert not any("how soon they need it" in line["text"] for line in told["transcript"])


async def test_a_colleague_ends_the_call_with_a_goodbye(tmp_path):
    async with office(tmp_path, [SNOWFLAKE]) as it:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(it.call, script(("greeting ended", QUESTION), ("at 60s", HANG_UP)))
            session = await the_call(it)
            session.supervision.take(REP)
            await anyio.sleep(2)
            session.supervision.end(REP)
        told = await it.document()
    assert "Goodbye" in told["transcript"][-1]["text"] and session.end_reason.startswith("ended by")


async def test_listeners_hear_every_lane_and_a_slow_one_only_the_newest(tmp_path):
    heard: dict[str, int] = {}

    async def listen(session: CallSession) -> None:
        listener = session.supervision.listen()
        while frames := await listener.next():
            for lane, payload in frames:
                heard[lane] = heard.get(lane, 0) + len(payload)
        session.supervision.leave(listener)

    async with office(tmp_path, [SNOWFLAKE]) as it:
        async with anyio.create_task_group() as tasks:
            steps = script(("greeting ended", QUESTION), ("agent silent 1s", HANG_UP))
            tasks.start_soon(it.call, steps)
            session = await the_call(it)
            slow = session.supervision.listen()
            tasks.start_soon(listen, session)
            await anyio.sleep(1)
            session.supervision.take(REP)
            await talk_over(session, MORE)
            session.supervision.give_back(REP)
    assert all(heard[lane] > 8000 for lane in ("caller", "agent", "rep"))
    assert len(await slow.next()) == HEARD
    assert session.supervision.listeners == 1


async def test_each_line_of_a_colleague_and_of_the_caller_with_them_is_written_once(tmp_path):
    team, price = "we are a team of fifty people", "what does it cost"
    said = [SNOWFLAKE, "hello this is sofia", "how can i help you", team, price]
    async with office(tmp_path, said) as it:
        async with anyio.create_task_group() as tasks:
            steps = script(
                ("greeting ended", QUESTION), ("at 44s", QUESTION), ("at 52s", MORE),
                ("at 62s", HANG_UP),
            )  # fmt: skip
            tasks.start_soon(it.call, steps)
            session = await the_call(it)
            await anyio.sleep(26)
            session.supervision.take(REP)
            it.ears.lengths[:0] = [2.0, 2.0]
            for _ in range(2):
                await talk_over(session, MORE)
                await stay_silent(session, session._clock.now() + 2)
            await stay_silent(session, 58)
        told = await it.document()
    lines = [(line["speaker"], line["text"]) for line in told["transcript"]][-4:]
    assert lines == [("rep", said[1]), ("rep", said[2]), ("caller", team), ("caller", price)]
    assert ("employees", "50") in [(s["criterion"], s["value"]) for s in told["signals"]]


async def test_what_caller_and_colleague_were_saying_when_the_line_is_lost_is_kept(tmp_path):
    team = "we are a team of fifty people"
    async with office(tmp_path, [SNOWFLAKE, team, "let me tell you about it"]) as it:
        async with anyio.create_task_group() as tasks:
            steps = script(("greeting ended", QUESTION), ("at 36s", QUESTION), ("at 38s", HANG_UP))
            tasks.start_soon(it.call, steps)
            session = await the_call(it)
            await anyio.sleep(33)
            session.supervision.take(REP)
            await stay_silent(session, 36.5)
            await talk_over(session, QUESTION)
        told = await it.document()
        await talk_over(session, MORE)  # their browser has not noticed yet
        await stay_silent(session, session._clock.now() + 1)
    assert told["outcome"] != "failed", "the books close"
    caller, rep = told["transcript"][-2:]
    assert (caller["speaker"], caller["text"]) == ("caller", team)
    assert rep["speaker"] == "rep" and rep["text"] in "let me tell you about it"
    assert ("employees", "50") in [(s["criterion"], s["value"]) for s in told["signals"]]


async def test_a_bug_of_ours_does_not_hang_up_on_the_caller_a_colleague_speaks_with(tmp_path):
    async with office(tmp_path, [SNOWFLAKE, PRICE]) as it:
        async with anyio.create_task_group() as tasks:
            steps = script(("greeting ended", QUESTION), ("at 28s", MORE), ("at 40s", HANG_UP))
            tasks.start_soon(it.call, steps)
            session = await the_call(it)
            await anyio.sleep(26)
            session.supervision.take(REP)

            def fall_over(*_: object) -> None:
                raise AssertionError("a bug")

            it.engine.reply = fall_over
            await stay_silent(session, 39)
            assert session.supervision.rep == REP
        told = await it.document()
    assert session.end_reason == "stopped" and told["outcome"] != "failed"
    assert [line["text"] for line in told["transcript"] if line["speaker"] == "caller"][-1] == PRICE


async def test_who_speaks_as_a_transfer_begins_does_not_cut_off_what_follows_its_failure(tmp_path):
    async with office(tmp_path, [SNOWFLAKE, "okay thank you"]) as it:
        async with anyio.create_task_group() as tasks:
            steps = script(("greeting ended", QUESTION), ("at 27s", THANKS), ("at 40s", HANG_UP))
            tasks.start_soon(it.call, steps)
            session = await the_call(it)
            while not session._parts.hearing.speaking or session._clock.now() < 27:
                await anyio.sleep(0.02)
            session.supervision.transfer("tom-beckett", REP)
        told = await it.document()
    lines = [line for line in told["transcript"] if line["speaker"] == "agent"]
    begun = next(n for n, line in enumerate(lines) if "put you through" in line["text"])
    assert len(lines) > begun + 1 and not any(line["interrupted"] for line in lines[begun:])


async def test_an_echo_of_the_colleague_is_not_taken_for_the_caller(tmp_path):
    """The caller's handset returns what it plays, 100 ms later and 20 dB softer."""
    async with office(tmp_path, [SNOWFLAKE, "hello this is sofia", "it is sofia"]) as it:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(it.call, script(("greeting ended", QUESTION), ("at 40s", HANG_UP)))
            session = await the_call(it)
            hear, sent = session.hear, session._playback._sent_audio
            plays = np.zeros(60 * RATE_HZ, np.int16)

            def play(payload: bytes, at: float) -> None:
                first = round(at * RATE_HZ)
                plays[first : first + len(payload)] = g711.decode(payload)

            def hear_with_echo(media: Media) -> None:
                first = max(0, round((media.at - 0.1) * RATE_HZ))
                echo = plays[first : first + len(media.payload)] // 10
                hear(Media(media.at, g711.encode(g711.decode(media.payload) + echo)))

            session.hear = hear_with_echo
            session._playback._sent_audio = lambda piece, at: (play(piece, at), sent(piece, at))
            await anyio.sleep(26)
            session.supervision.take(REP)
            it.ears.lengths[:0] = [2.0, 2.0]
            pcm = read_mono(FIXTURES / QUESTION)
            for start in range(0, len(pcm) - FRAME, FRAME):
                frame = g711.encode(pcm[start : start + FRAME])
                play(frame, session._clock.now())
                session.supervision.speak(REP, frame)
                await anyio.sleep(0.02)
            await stay_silent(session, session._clock.now() + 2)
        told = await it.document()
    said = [(line["speaker"], line["text"]) for line in told["transcript"]]
    assert ("rep", "hello this is sofia") in said
    assert [text for speaker, text in said if speaker == "caller"] == [SNOWFLAKE]


async def test_what_is_said_into_a_transfer_that_fails_is_not_part_of_the_next_turn(tmp_path):
    async with office(tmp_path, [SNOWFLAKE, "okay thank you", PRICE]) as it:
        async with anyio.create_task_group() as tasks:
            steps = script(
                ("greeting ended", QUESTION), ("at 27s", THANKS), ("agent silent 1s", MORE),
                ("agent silent 2s", HANG_UP),
            )  # fmt: skip
            tasks.start_soon(it.call, steps)
            session = await the_call(it)
            await anyio.sleep(26.5)
            session.supervision.transfer("tom-beckett", REP)
        told = await it.document()
    said = [line["text"] for line in told["transcript"] if line["speaker"] == "caller"]
    assert said == [SNOWFLAKE, PRICE]
