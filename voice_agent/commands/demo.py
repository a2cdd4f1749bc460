"""`voice-agent demo`: starts a server, places a real call to it, and shows everything it led to."""

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import httpx
from rich.console import Console
from rich.table import Table

from knowledge.errors import CompanyInvalid
from voice_agent.commands.demo_caller import asking_caller, kept_caller
from voice_agent.commands.told import Teller, show_outcome
from voice_agent.config import Settings
from voice_agent.emulator.cli import place_call
from voice_agent.emulator.report import CallReport
from voice_agent.emulator.twilio import CallPlan
from voice_agent.errors import VoiceAgentError, leaves
from voice_agent.observe import set_up_logging
from voice_agent.recordings import archive_of
from voice_agent.server.serving import Listening, listening

LOOK_S = 0.25
"""Polling interval of the call's document during the call."""
WRAP_UP_S = 30.0


def demo(settings: Settings, script: str | None, out: Path) -> int:
    """Place the call, print it as it goes, and leave `summary.json` and the recording in `out`."""
    set_up_logging("WARNING")
    console = Console(highlight=False, soft_wrap=True)
    if out.exists():
        shutil.rmtree(out)
    out.mkdir(parents=True)
    own = settings.model_copy(
        update={"host": "127.0.0.1", "port": 0, "var": out, "database_url": "", "recordings": "",
                "public_url": ""}
    )  # fmt: skip
    uvloop = {"use_uvloop": sys.platform != "win32"}
    failures: list[BaseException] = []
    try:
        return anyio.run(_demo, own, script, out, console, backend_options=uvloop)
    except* (VoiceAgentError, CompanyInvalid, OSError) as group:
        failures.extend(leaves(group))
    for failure in failures:
        console.print(f"[red]the demo failed:[/red] {failure}")
    return 1


async def _demo(settings: Settings, name: str | None, out: Path, console: Console) -> int:
    kept = await kept_caller(settings.company, name)
    console.print("Starting a server of its own (models are being warmed) …")
    async with listening(settings) as up:
        for line in up.server.engines:
            console.print(f"  {line}", style="dim")
        embedded = any(line.startswith("hearing: sphinx") for line in up.server.engines)
        cache = settings.var / "cache" if embedded else None
        script = kept or await asking_caller(settings.company, cache)
        plan = CallPlan(up.url, script)
        if script.caller:
            plan = replace(plan, caller=script.caller)
        console.print(f"\nCalling {up.url} as a telephone company would. {script.about}\n")
        report, document = await _followed(up, plan, out, console)
    (out / "summary.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    recording = document.get("recording")
    if recording:
        found = archive_of(settings).open(document["id"])
        assert found is not None, "a call with a recording has one"
        (out / "recording.wav").write_bytes(b"".join(found.blocks()))
    _show(console, document, report, out)
    kept = recording or document["recording_consent"] != "given"
    good = bool(document["transcript"]) and document["crm"]["status"] == "written" and kept
    return 0 if good else 1


async def _followed(
    up: Listening, plan: CallPlan, out: Path, console: Console
) -> tuple[CallReport, dict[str, Any]]:
    """Place the call, printing its document as it grows; then wait for its wrap-up."""
    headers = {"Authorization": f"Bearer {up.server.api_token}"}
    reports: list[CallReport] = []
    show = Teller(console)
    async with httpx.AsyncClient(base_url=up.url, headers=headers, trust_env=False) as http:

        async def look() -> dict[str, Any] | None:
            answer = await http.get(f"/api/v1/calls/{plan.call_sid}")
            return answer.json() if answer.status_code == 200 else None

        async with anyio.create_task_group() as tasks:

            async def call() -> None:
                reports.append(await place_call(up.url, plan=plan, out=out / "heard"))
                tasks.cancel_scope.cancel()

            tasks.start_soon(call)
            while True:
                show(await look())
                await anyio.sleep(LOOK_S)
        document: dict[str, Any] | None = None
        with anyio.move_on_after(WRAP_UP_S):
            while document is None or document["crm"]["status"] == "pending":
                await anyio.sleep(LOOK_S)
                document = await look()
                show(document)
    if document is None:
        raise VoiceAgentError("the server knows nothing of the call")
    return reports[0], document


def _show(console: Console, document: dict[str, Any], report: CallReport, out: Path) -> None:
    console.print()
    show_outcome(console, document)
    console.print(f"[bold]CRM[/bold]      {document['crm']['status']}")
    for record in document["crm"]["records"]:
        console.print(f"         {record['object']} {record['key']}", style="dim")
    table = Table("turn", "heard", "endpoint", "hearing", "reply", "speech", "send", "prepared")
    for row in document["latency"]["turns"]:
        stages = [f"{row[f'{s}_ms']}" for s in ("endpoint", "stt", "reply", "tts", "send")]
        table.add_row(
            str(row["turn"]), f"{row['heard_ms']} ms", *stages, "yes" if row["speculated"] else ""
        )
    console.print(table)
    latency = document["latency"]
    console.print(
        f"Latency as the server counts it: p50 {latency['p50_ms']} ms, p95 {latency['p95_ms']} ms; "
        f"as the caller heard it: {', '.join(f'{ms}' for ms in report.heard_ms)} ms"
    )
    for said in report.said:
        if said.over_agent and said.clear_ms is not None:
            console.print(f"Barge-in: the agent was silenced {said.clear_ms} ms after {said.name}")
    recording = out / "recording.wav"
    consent = document["recording_consent"]
    console.print(f"\n{out / 'summary.json'}")
    console.print(recording if recording.exists() else f"no recording: consent is {consent}")
