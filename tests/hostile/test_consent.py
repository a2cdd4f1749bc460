"""Consent over real sockets, on a real server: what is on its disk at any moment of a call."""

import threading
import time
import wave
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import anyio
import httpx
import numpy as np
import pytest

from tests.core.talk import OTHER
from tests.fakes.openai_server import OpenAIServer
from tests.hostile.process import ForkedServer, environment, eventually
from voice_agent.emulator import script as scripts
from voice_agent.emulator.script import Script, Step, parse_when
from voice_agent.emulator.twilio import CallPlan, EmulatedCall

pytestmark = pytest.mark.slow
BERLIN = "+493055500123"


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("consent")
    with OpenAIServer(transcript="yes please") as ears:
        yield environment(folder, ears.base_url, COMPANY=str(OTHER), MAX_CALLS="4")


class Watch(threading.Thread):
    """Every file that is ever in the recordings folder, looked for every 10 ms."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder, self.seen, self.over = folder, set[str](), False

    def run(self) -> None:
        while not self.over:
            if self.folder.exists():
                self.seen.update(path.name for path in self.folder.rglob("*") if path.is_file())
            time.sleep(0.01)


def step(when: str, **what: object) -> Step:
    return Step(parse_when(when), when, **what)


def said(when: str) -> Step:
    pcm = scripts.read_mono(scripts.FIXTURES / "no_recording" / "01_please_do_not_record.wav")
    return step(when, pcm=pcm, speech_s=scripts.speech_of(pcm))


async def placed(url: str, sid: str, *steps: Step) -> None:
    plan = CallPlan(url, Script(sid, steps), caller=BERLIN, call_sid=sid, max_s=60)
    async with httpx.AsyncClient(trust_env=False) as http:
        await EmulatedCall(plan, http).run()


def test_a_yes_is_recorded_from_there_and_a_refusal_by_key_is_never_on_the_disk(
    env: dict[str, str], tmp_path: Path
) -> None:
    watch = Watch(Path(env["VOICE_AGENT_VAR"]) / "recordings")
    calls = {
        "CAyes": (said("greeting ended"), step("agent speaking 3s", hangup=True)),
        "CAkey": (step("at 2s", dtmf="9"), said("agent silent 1s"), step("after 3s", hangup=True)),
        "CAsilent": (step("at 12s", hangup=True),),
    }
    with ForkedServer(env, tmp_path) as server:
        watch.start()

        async def all_calls() -> None:
            async with anyio.create_task_group() as callers:
                for sid, steps in calls.items():
                    callers.start_soon(partial(placed, server.url, sid, *steps))

        anyio.run(all_calls)
        eventually(lambda: all((server.document(n) or {}).get("ended_at") for n in calls))
        told = {sid: server.document(sid) or {} for sid in calls}
    watch.over = True
    watch.join()
    yes, key, silent = told["CAyes"], told["CAkey"], told["CAsilent"]
    (agreed,) = yes["consent"]["events"]
    assert yes["consent"]["mode"] == "opt_in"
    assert (agreed["state"], agreed["how"]) == ("given", "word")
    assert agreed["words"] == "yes" and 0 < agreed["asked_ms"] <= agreed["at_ms"]
    with wave.open(str(watch.folder / f"{yes['id']}.wav")) as file:
        lanes = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    before = agreed["at_ms"] * 8
    assert not lanes[:before].any() and lanes[before:].any()
    assert [e["words"] for e in key["consent"]["events"]] == ["pressed 9"]
    for refused in (key, silent):
        assert refused["recording"] is None
        assert not [name for name in watch.seen if refused["id"] in name], watch.seen
    assert {name.split(".")[0] for name in watch.seen} == {yes["id"]}
