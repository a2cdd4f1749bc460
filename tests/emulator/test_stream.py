"""The media stream on virtual time: pacing, marks, clears, and every way it can end."""

import json
from base64 import b64decode

import anyio
import httpx
import numpy as np
import pytest

from tests.emulator.server import Server, tone
from voice_agent.audio import g711
from voice_agent.emulator.line import LineFaults
from voice_agent.emulator.report import CallReport
from voice_agent.emulator.script import Script, Step, When
from voice_agent.emulator.twilio import CallPlan, EmulatedCall

HELLO = tone(1.0, 500)


def silent_for(seconds: float) -> Script:
    return Script("silent", (Step(When("at", seconds), "hang up", hangup=True),))


def says_at(at: float, then_s: float = 3.0) -> Script:
    said = Step(When("at", at), "hello", pcm=HELLO, text="hello", speech_s=((0.0, 1.0),))
    return Script("says", (said, Step(When("after", then_s), "hang up", hangup=True)))


async def placed(server: Server, script: Script, **plan: object) -> tuple[CallReport, EmulatedCall]:
    async with server.http() as http:
        call = EmulatedCall(
            CallPlan("https://agent.test", script, **plan),  # type: ignore[arg-type]
            http,
            dial=server.dial,
        )
        return await call.run(), call


async def test_stream_opens_as_twilio_opens_it() -> None:
    server = Server()
    report, _ = await placed(server, silent_for(0.1))
    assert [message["event"] for _, message in server.got[:3]] == ["connected", "start", "media"]
    start = server.all("start")[0][1]
    assert start["start"]["customParameters"] == {"token": "t0k3n"}
    assert start["start"]["callSid"] == report.call_sid
    assert server.got[-1][1]["event"] == "stop" and server.closed_by_peer
    numbers = [int(message["sequenceNumber"]) for _, message in server.got[1:]]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_frames_are_paced_at_20_ms_without_drift_for_minutes() -> None:
    server = Server()
    report, _ = await placed(server, silent_for(180), max_s=1000, keep_audio=False)
    media = server.all("media")
    assert len(media) == report.wire["frames_sent"] == 9000
    for n, (at, message) in enumerate(media):
        assert abs(at - (n + 1) * 0.02) < 1e-6
        assert message["media"]["timestamp"] == str(n * 20)
        assert message["media"]["chunk"] == str(n + 1)


async def test_what_the_caller_says_is_what_is_sent() -> None:
    server = Server()
    await placed(server, says_at(0.5))
    wire = b"".join(b64decode(message["media"]["payload"]) for _, message in server.all("media"))
    assert wire[4000:12000] == g711.encode(HELLO)


async def test_marks_are_echoed_in_playout_order_when_they_are_reached() -> None:
    async def behave(server: Server) -> None:
        for n in range(5):
            server.play(tone(0.4))
            server.mark(f"m{n}")

    server = Server(behave)
    await placed(server, silent_for(4))
    marks = server.all("mark")
    assert [message["mark"]["name"] for _, message in marks] == ["m0", "m1", "m2", "m3", "m4"]
    for n, (at, _) in enumerate(marks):
        assert at == pytest.approx(0.4 * (n + 1), abs=0.001)


async def test_clear_returns_all_pending_marks_at_once_and_silences_the_agent() -> None:
    async def behave(server: Server) -> None:
        for n in range(3):
            server.play(tone(1.0))
            server.mark(f"m{n}")
        await anyio.sleep(1.5)
        server.clear()
        await server.until("mark", 3)
        server.mark("fresh")

    server = Server(behave)
    report, call = await placed(server, silent_for(4))
    marks = server.all("mark")
    assert [message["mark"]["name"] for _, message in marks] == ["m0", "m1", "m2", "fresh"]
    assert [round(at, 2) for at, _ in marks] == [1.0, 1.5, 1.5, 1.5]
    assert report.agent_spans == [(0.0, 1.5)]
    assert [mark["cleared"] for mark in report.marks] == [False, True, True, False]
    lane = call.playout.lane(4 * 8000)
    assert lane[: 1500 * 8].any() and not lane[1500 * 8 :].any()


async def test_mark_set_while_another_is_awaited_far_ahead_and_cleared_comes_back_at_once() -> None:
    async def behave(server: Server) -> None:
        server.play(tone(30.0))
        server.mark("far")
        await anyio.sleep(1)
        server.clear()
        server.play(tone(0.2))
        server.mark("near")

    server = Server(behave)
    await placed(server, silent_for(5))
    near = next(at for at, m in server.all("mark") if m["mark"]["name"] == "near")
    assert near == pytest.approx(1.2, abs=0.001)


async def test_heard_latency_is_from_last_speech_sample_to_first_agent_sample() -> None:
    async def behave(server: Server) -> None:
        await anyio.sleep(2.35)
        server.play(np.concatenate((np.zeros(800, np.int16), tone(0.5))))

    server = Server(behave)
    report, _ = await placed(server, says_at(1.0))
    assert report.said[0].speech_end_s == 2.0
    assert report.heard_ms == [pytest.approx(450, abs=20)]


async def test_interruption_is_measured_to_the_clear_and_to_silence() -> None:
    async def behave(server: Server) -> None:
        server.play(tone(10.0))
        await anyio.sleep(1.13)
        server.clear()
        await anyio.sleep(1.5)
        server.play(tone(0.5))

    said = Step(When("agent speaking", 1.0), "stop", HELLO, "stop", ((0.0, 1.0),), "interruption")
    server = Server(behave)
    report, _ = await placed(
        server, Script("x", (said, Step(When("after", 3), "hang up", hangup=True)))
    )
    one = report.said[0]
    assert one.over_agent and one.clear_ms == one.silence_ms == 130
    assert one.reply_s == pytest.approx(2.63, abs=0.02)


async def test_resuming_after_a_backchannel_is_seen() -> None:
    def behave(resumes: bool):  # type: ignore[no-untyped-def]
        async def behaviour(server: Server) -> None:
            server.play(tone(10.0))
            await anyio.sleep(1.2)
            server.clear()
            if resumes:
                await anyio.sleep(1.4)
                server.play(tone(1.0))

        return behaviour

    said = Step(When("agent speaking", 1.0), "mm-hm", HELLO, "mm-hm", ((0.0, 1.0),), "resume")
    script = Script("x", (said, Step(When("after", 5), "hang up", hangup=True)))
    for resumes in (True, False):
        report, _ = await placed(Server(behave(resumes)), script)
        assert report.said[0].resumed is resumes


async def test_agent_that_cuts_in_is_seen() -> None:
    async def behave(server: Server) -> None:
        await anyio.sleep(1.5)
        server.play(tone(2.0))

    report, _ = await placed(Server(behave), says_at(1.0))
    assert report.said[0].cut_in and report.said[0].heard_ms is None


async def test_server_closing_the_socket_ends_the_stream() -> None:
    async def behave(server: Server) -> None:
        await anyio.sleep(1.0)
        server.hang_up()

    server = Server(behave)
    report, _ = await placed(server, silent_for(60))
    assert report.ended_by == "server" and report.duration_s == pytest.approx(1.0, abs=0.01)
    assert not server.all("stop")


async def test_call_ends_by_itself_at_its_limit() -> None:
    script = Script("x", (Step(When("at", 1e9), "never", hangup=True),))
    report, _ = await placed(Server(), script, max_s=30.0)
    assert report.ended_by == "limit" and report.duration_s == pytest.approx(30, abs=0.1)


async def test_violations_are_noted_and_the_call_goes_on() -> None:
    async def behave(server: Server) -> None:
        server.raw("nonsense")
        server.raw(json.dumps({"event": "clear", "streamSid": "MZ-other"}))
        server.play(tone(0.5))

    report, _ = await placed(Server(behave), silent_for(2))
    assert [one["why"] for one in report.violations] == ["not JSON", "streamSid is 'MZ-other'"]
    assert report.agent_spans == [(0.0, 0.5)]


async def test_bad_line_reaches_the_server_late_odd_sized_and_lossy() -> None:
    faults = LineFaults(jitter_ms=60, loss=0.1, stalls=((1.0, 0.5),), chunk_ms=(20, 40, 10))
    server = Server()
    report, _ = await placed(server, says_at(0.5), faults=faults)
    media = server.all("media")
    sizes = {len(b64decode(message["media"]["payload"])) for _, message in media}
    assert sizes == {80, 160, 320}
    assert report.wire["frames_lost"] > 5
    assert not [at for at, _ in media if 1.05 < at < 1.45]


async def test_keys_arrive_as_dtmf_messages() -> None:
    steps = (Step(When("at", 0.2), "keys", dtmf="0#"), Step(When("after", 1), "", hangup=True))
    server = Server()
    await placed(server, Script("x", steps))
    assert [m["dtmf"]["digit"] for _, m in server.all("dtmf")] == ["0", "#"]


async def test_unreachable_server_is_a_failed_call() -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    async with httpx.AsyncClient(transport=httpx.MockTransport(refuse)) as http:
        report = await EmulatedCall(CallPlan("http://127.0.0.1:1", silent_for(1)), http).run()
    assert report.status == "failed" and "11200" in report.notes[0]
