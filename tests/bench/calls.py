"""Single calls placed as Twilio would, each with the server's document of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio
import httpx

from tests.bench.processes import TOKEN, Running
from tests.bench.rig import say
from voice_agent.emulator import script as scripts
from voice_agent.emulator.cli import place_call
from voice_agent.emulator.report import CallReport, Said
from voice_agent.emulator.twilio import CallPlan

SETTLED_S = 15.0
STAGES = ("endpoint", "stt", "reply", "tts", "send")


@dataclass(frozen=True)
class Placed:
    """One call from both ends."""

    report: CallReport
    document: dict[str, Any]

    @property
    def turns(self) -> list[dict[str, Any]]:
        """The server's own timing of each turn it answered."""
        turns: list[dict[str, Any]] = self.document["latency"]["turns"]
        return turns

    @property
    def heard_ms(self) -> list[float]:
        """How long the caller waited after each utterance that called for a reply.

        Replies to utterances that the agent had cut into count like any other.
        """
        waits = (self.wait_ms(one) for one in self.report.said)
        return [wait for wait in waits if wait is not None]

    def wait_ms(self, one: Said) -> float | None:
        """Last speech sample to the next start of agent audio, before the caller's next word.

        None when no reply was called for or none came, or when the agent was talking at the end.
        """
        if one.expects not in ("reply", "interruption"):
            return None
        end = one.speech_end_s
        later = [o.speech_start_s for o in self.report.said if o.speech_start_s > end]
        if any(start < end < stop for start, stop in self.report.agent_spans):
            return None
        began = [start for start, _ in self.report.agent_spans if start >= end]
        if not began or (later and began[0] > later[0]):
            return None
        return round((began[0] - end) * 1000)


def place(server: Running, names: Iterable[str], lanes: int = 2) -> list[Placed]:
    """Call with each script once, `lanes` calls at a time: few enough not to disturb each other."""
    place_all = partial(_place, server, list(names), lanes)
    return anyio.run(place_all, backend_options={"use_uvloop": True})


async def _place(server: Running, names: list[str], lanes: int) -> list[Placed]:
    placed: list[Placed] = []
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, trust_env=False) as http:

        async def lane() -> None:
            while names:
                placed.append(await _one(server, http, names.pop(0)))

        async with anyio.create_task_group() as tasks:
            for _ in range(lanes):
                tasks.start_soon(lane)
                await anyio.sleep(0.31)
    return placed


async def _one(server: Running, http: httpx.AsyncClient, name: str) -> Placed:
    script = scripts.load(name)
    plan = CallPlan(server.url, script, caller=script.caller or "+14155550142")
    report = await place_call(server.url, plan=plan, out=server.var / "heard")
    placed = Placed(report, await _document(http, plan.call_sid))
    heard = ", ".join(f"{ms:.0f}" for ms in placed.heard_ms)
    say(f"  {name}: {report.duration_s:.0f} s, replies heard after {heard or 'none'} ms")
    return placed


async def _document(http: httpx.AsyncClient, call_sid: str) -> dict[str, Any]:
    """The call's document once the call is over."""
    document: dict[str, Any] = {"latency": {"turns": []}, "transcript": []}
    with anyio.move_on_after(SETTLED_S):
        while True:
            answer = await http.get(f"/api/v1/calls/{call_sid}")
            if answer.status_code == 200:
                document = answer.json()
                if document["ended_at"]:
                    break
            await anyio.sleep(0.1)
    return document


def said(calls: Iterable[Placed]) -> Iterator[tuple[Placed, Said]]:
    """Every utterance of every call."""
    for call in calls:
        for one in call.report.said:
            yield call, one


def stages(calls: Iterable[Placed]) -> dict[str, list[float]]:
    """Each stage's milliseconds over all answered turns."""
    found: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for call in calls:
        for turn in call.turns:
            for stage in STAGES:
                found[stage].append(turn[f"{stage}_ms"])
    return found


def caller_late_ms(calls: Iterable[Placed]) -> float:
    """The emulator's own worst lateness: above about 20 ms the machine was too busy to measure."""
    return max((call.report.wire.get("worst_late_ms", 0.0) for call in calls), default=0.0)
