"""The emulator over real sockets on the real clock, and the command that drives it."""

import argparse
import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qsl

import anyio
import httpx
import numpy as np
import pytest
from twilio.request_validator import RequestValidator
from websockets.asyncio.server import ServerConnection, serve

from tests.emulator.server import tone
from tests.fakes.loopback import LoopbackServer
from voice_agent.audio import g711
from voice_agent.audio.wav import read, write_mono
from voice_agent.cli import main
from voice_agent.emulator.cli import call, place_call, place_calls
from voice_agent.emulator.script import Script, Step, When, from_wavs
from voice_agent.emulator.socket import SocketRefused, dial_websocket
from voice_agent.emulator.twilio import CallPlan

pytestmark = pytest.mark.slow


@asynccontextmanager
async def parrot(linger_s: float = 0.15) -> AsyncIterator[tuple[str, httpx.AsyncClient]]:
    """A server that greets, then answers every second of loud caller audio with a tone."""

    async def handle(socket: ServerConnection) -> None:
        stream_sid = ""
        loud = quiet = 0

        async def play(seconds: float, name: str) -> None:
            payload = b64encode(g711.encode(tone(seconds))).decode()
            for body in ({"event": "media", "media": {"payload": payload}},
                         {"event": "mark", "mark": {"name": name}}):  # fmt: skip
                await socket.send(json.dumps({**body, "streamSid": stream_sid}))

        async for text in socket:
            message = json.loads(text)
            if message["event"] == "start":
                stream_sid = message["streamSid"]
                await play(0.5, "greeting")
            if message["event"] == "media":
                pcm = g711.decode(b64decode(message["media"]["payload"]))
                spoken = np.abs(pcm.astype(int)).max() > 500
                loud, quiet = (loud + 1, 0) if spoken else (loud, quiet + 1)
                if loud > 5 and quiet * 0.02 >= linger_s:
                    loud = 0
                    await play(0.6, "reply")
            if message["event"] == "stop":
                return

    async with serve(handle, "127.0.0.1", 0, compression=None) as server:
        port = server.sockets[0].getsockname()[1]

        def answer(request: httpx.Request) -> httpx.Response:
            url = f"ws://127.0.0.1:{port}/twilio/media"
            twiml = f"<Response><Connect><Stream url='{url}'/></Connect></Response>"
            return httpx.Response(200, text=twiml, headers={"content-type": "text/xml"})

        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            yield f"http://127.0.0.1:{port}", http


def chatty() -> Script:
    voice = tone(0.4, 500)
    said = Step(When("greeting ended", 0.3), "hi", voice, "hi", ((0.0, 0.4),))
    return Script("chatty", (said, Step(When("agent silent", 0.4), "bye", hangup=True)))


async def test_a_real_call_is_paced_answered_measured_and_saved(tmp_path: Path) -> None:
    async with parrot() as (url, http):
        report = await place_call(url, plan=CallPlan(url, chatty()), out=tmp_path, http=http)
    assert report.status == "completed" and not report.violations and not report.notes
    assert [mark["name"] for mark in report.marks] == ["greeting", "reply"]
    played = zip(report.marks, report.agent_spans, (0.5, 0.6), strict=True)
    for mark, (start_s, _), played_s in played:
        assert mark["echoed_s"] >= start_s + played_s - 0.002
    assert len(report.heard_ms) == 1 and report.heard_ms[0] >= 140
    caller, agent = read(tmp_path / f"{report.call_sid}.wav").lanes()
    first = int(report.agent_spans[1][0] * 8000)
    assert agent[first + 200 : first + 4000].any() and not agent[first - 800 : first - 200].any()
    assert np.abs(caller).max() > 5000
    saved = json.loads((tmp_path / f"{report.call_sid}.json").read_text())
    assert saved["heard_p50_ms"] == report.heard_ms[0]


async def test_calls_at_once_do_not_disturb_each_other() -> None:
    async with parrot() as (url, http):
        async with anyio.create_task_group() as tasks:
            reports = []

            async def one() -> None:
                reports.append(await place_call(url, plan=CallPlan(url, chatty()), http=http))

            for _ in range(8):
                tasks.start_soon(one)
    assert len({report.call_sid for report in reports}) == 8
    assert all(len(report.heard_ms) == 1 and len(report.marks) == 2 for report in reports)


async def test_wav_files_become_a_caller(tmp_path: Path) -> None:
    write_mono(tmp_path / "one.wav", np.concatenate((np.zeros(4410, np.int16), tone(1.0))), 22050)
    script = from_wavs([tmp_path / "one.wav"])
    assert script.steps[0].pcm is not None
    assert len(script.steps[0].pcm) == pytest.approx((4410 + 8000) / 22050 * 8000, abs=2)
    assert script.steps[0].speech_s[0][0] == pytest.approx(0.2, abs=0.02)


async def test_socket_that_is_not_there_is_refused() -> None:
    with pytest.raises(SocketRefused):
        async with dial_websocket("ws://127.0.0.1:9/twilio/media", {}):
            pass


def saved_reports(folder: Path) -> int:
    return len(list(folder.glob("*.json")))


async def test_many_calls_have_their_own_numbers(tmp_path: Path) -> None:
    script = Script("x", (Step(When("at", 0.1), "bye", hangup=True),))
    reports = await place_calls(CallPlan("http://127.0.0.1:9", script), 3, out=tmp_path)
    assert len(reports) == 3 and {report.status for report in reports} == {"failed"}
    assert saved_reports(tmp_path) == 3


def test_command_says_what_is_wrong_with_its_input(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = argparse.Namespace(
        wav=[], to="http://127.0.0.1:9", script="nobody", caller=None, out=None, concurrency=1
    )
    assert call(arguments) == 2
    assert "no script 'nobody'" in capsys.readouterr().out.replace("\n", " ")


def test_command_names_a_file_that_is_not_there_and_what_to_do(capsys, tmp_path: Path) -> None:
    missing = tmp_path / "missing.wav"
    assert main(["call", str(missing), "--to", "http://127.0.0.1:9"]) == 2
    told = capsys.readouterr().out
    assert f"{missing}: No such file or directory; name readable WAV files" in told
    assert "Errno" not in told


@pytest.mark.parametrize(
    ("given", "dialled"),
    [
        ([], "+16175550142"),
        (["--called", "+442079460142"], "+442079460142"),
        (["--company", "tests/companies/corvane"], "+496990009142"),
    ],
)
def test_command_calls_the_companys_first_number_unless_told_another(
    monkeypatch: pytest.MonkeyPatch, given: list[str], dialled: str
) -> None:
    monkeypatch.delenv("TWILIO_AUTH_TOKEN", raising=False)
    called: list[str] = []

    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            called.append(dict(parse_qsl(form, True))["To"])
            self.send_error(503)

    with LoopbackServer(Webhook) as server:
        assert main(["call", "--script", "demo", "--to", server.url, *given]) == 1
    assert set(called) == {dialled}


def test_command_fails_when_nobody_answers(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = argparse.Namespace(
        wav=[], to="http://127.0.0.1:9", script="demo", caller=None, out=None, concurrency=1
    )
    assert call(arguments) == 1
    assert "11200" in capsys.readouterr().out


def test_command_without_a_caller_says_how_to_name_one(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = argparse.Namespace(
        wav=[], to="127.0.0.1:9", script=None, caller=None, out=None, concurrency=1
    )
    assert call(arguments) == 2
    assert "--script demo" in capsys.readouterr().out
    arguments.script = "demo"
    assert call(arguments) == 1
    told = capsys.readouterr().out
    assert "http://127.0.0.1:9/twilio/voice is not there" in told and "no reply heard" in told


def test_command_signs_for_the_public_address_of_a_server_it_calls_by_another() -> None:
    signed: list[tuple[str, dict[str, str], str]] = []

    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            signature = self.headers["X-Twilio-Signature"]
            signed.append(
                (f"https://agent.test{self.path}", dict(parse_qsl(form, True)), signature)
            )
            self.send_error(503)

    with LoopbackServer(Webhook) as server:
        arguments = argparse.Namespace(
            wav=[], to=server.url, script="demo", caller=None, out=None, concurrency=1
        )
        assert call(arguments, auth_token="t", signed_as="https://agent.test") == 1
    assert signed and all(RequestValidator("t").validate(*request) for request in signed)
