"""Single calls placed as Twilio would, each with the document the server wrote of it."""

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


def place(server: Running, names: Iterable[str]) -> list[Placed]:
    """Call with each script in turn, one call at a time."""
    return anyio.run(partial(_place, server, list(names)), backend_options={"use_uvloop": True})


async def _place(server: Running, names: list[str]) -> list[Placed]:
    placed = []
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, trust_env=False) as http:
        for name in names:
            script = scripts.load(name)
            plan = CallPlan(server.url, script, caller=script.caller or CallPlan.caller)
            report = await place_call(server.url, plan=plan, out=server.var / "heard")
            document = await _document(http, plan.call_sid)
            heard = ", ".join(str(ms) for ms in report.heard_ms)
            say(f"  {name}: {report.duration_s:.0f} s, replies heard after {heard or 'none'} ms")
            placed.append(Placed(report, document))
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
    """The emulator's own worst lateness: beyond some 20 ms the machine was too busy to measure."""
    return max((call.report.wire.get("worst_late_ms", 0.0) for call in calls), default=0.0)
