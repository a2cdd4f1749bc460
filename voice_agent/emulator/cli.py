"""`voice-agent call`: places calls to a running server and saves what was heard."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import anyio
import httpx
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from voice_agent.emulator import script as scripts
from voice_agent.emulator.report import CallReport, percentile, write_heard
from voice_agent.emulator.stream import Told
from voice_agent.emulator.twilio import CallPlan, EmulatedCall, sid
from voice_agent.emulator.webhook import ANONYMOUS
from voice_agent.errors import VoiceAgentError

MAX_S = 300.0
"""A call that nobody has ended is ended after this."""

SPREAD_S = 0.02
"""Concurrent calls start this far apart, as real calls do not arrive in step."""


async def place_call(
    url: str,
    wavs: Sequence[Path] = (),
    *,
    plan: CallPlan | None = None,
    out: Path | None = None,
    told: Told = lambda at, kind, words: None,
    http: httpx.AsyncClient | None = None,
) -> CallReport:
    """Call the server at `url`, say the files in turn (or follow `plan`), and report.

    With `out`, writes `<call sid>.wav` (caller left, agent right, as heard) and `<call sid>.json`.
    Ends by itself after the plan's `max_s`. Raises: WavInvalid, OSError for the caller's files.
    """
    if plan is None:
        plan = CallPlan(url, await anyio.to_thread.run_sync(scripts.from_wavs, wavs))
    plan = replace(plan, to=url)
    if http is not None:
        return await _placed(plan, http, out, told)
    async with httpx.AsyncClient(trust_env=False) as client:
        return await _placed(plan, client, out, told)


async def place_calls(plan: CallPlan, count: int, *, out: Path | None = None) -> list[CallReport]:
    """The same call `count` times at once, each with its own sid and number."""
    reports: list[CallReport] = []

    async def one(n: int) -> None:
        await anyio.sleep(n * SPREAD_S)
        own = replace(plan, call_sid=sid("CA"), caller=f"+1415555{100 + n % 9900:04d}")
        reports.append(await place_call(plan.to, plan=own, out=out))

    async with anyio.create_task_group() as tasks:
        for n in range(count):
            tasks.start_soon(one, n)
    return reports


async def _placed(
    plan: CallPlan, http: httpx.AsyncClient, out: Path | None, told: Told
) -> CallReport:
    call = EmulatedCall(plan, http, told=told)
    report = await call.run()
    if out is not None:
        wav = out / f"{report.call_sid}.wav"
        report.wav = str(wav)
        await anyio.to_thread.run_sync(write_heard, wav, call.log, call.playout)
        await anyio.to_thread.run_sync(report.write, out)
    return report


def call(
    arguments: argparse.Namespace,
    *,
    auth_token: str = "",
    account_sid: str = "",
    signed_as: str = "",
) -> int:
    """Run `voice-agent call`; 0 when every call was answered and ended well.

    `signed_as`: the server's public URL, if it is reached by another one.
    Reads `wav`, `to`, `script`, `caller`, `out`, `concurrency` and, if the parser has them,
    `called` and `max_seconds`.
    """
    console = Console()
    try:
        plan = _plan(arguments, auth_token, account_sid, signed_as)
    except VoiceAgentError as error:
        console.print(f"[red]{escape(str(error))}[/red]")
        return 2
    except OSError as error:
        why = f"{error.filename}: {error.strerror}; name readable WAV files, or --script demo"
        console.print(f"[red]{escape(why)}[/red]", soft_wrap=True)
        return 2
    out, count = arguments.out, arguments.concurrency
    if count > 1:
        reports = anyio.run(lambda: place_calls(plan, count, out=out))
    else:
        told = _narrator(console)
        reports = [anyio.run(lambda: place_call(plan.to, plan=plan, out=out, told=told))]
    show(console, reports)
    return 0 if all(report.status == "completed" for report in reports) else 1


def _plan(
    arguments: argparse.Namespace, auth_token: str, account_sid: str, signed_as: str
) -> CallPlan:
    if arguments.script:
        script = scripts.load(arguments.script)
    elif arguments.wav:
        script = scripts.from_wavs(arguments.wav)
    else:
        raise scripts.ScriptInvalid("nobody to call with: name WAV files, or --script demo")
    plan = CallPlan(
        arguments.to if "://" in arguments.to else f"http://{arguments.to}",
        script,
        auth_token=auth_token,
        signed_as=signed_as,
        max_s=getattr(arguments, "max_seconds", MAX_S),
        keep_audio=arguments.out is not None,
    )
    caller = arguments.caller or script.caller or plan.caller
    return replace(
        plan,
        caller=ANONYMOUS if caller == "anonymous" else caller,
        called=getattr(arguments, "called", None) or plan.called,
        account_sid=account_sid or plan.account_sid,
    )


def _narrator(console: Console) -> Told:
    def told(at: float, kind: str, words: str) -> None:
        console.print(f"[dim]{at:7.2f} s[/dim]  [cyan]{kind:<7}[/cyan] {words}", highlight=False)

    return told


def show(console: Console, reports: Sequence[CallReport]) -> None:
    """One line per utterance of a single call; percentiles for several."""
    if len(reports) == 1 and reports[0].said:
        console.print(_table(reports[0]))
    heard = [value for report in reports for value in report.heard_ms]
    late = sum(report.wire.get("frames_late", 0) for report in reports)
    completed = sum(report.status == "completed" for report in reports)
    told = "no reply heard"
    if heard:
        told = f"heard latency p50 {percentile(heard, 50)} ms, p95 {percentile(heard, 95)} ms "
        told += f"over {len(heard)} replies; {late} frame(s) sent late"
    console.print(f"{len(reports)} call(s), {completed} completed, {told}", soft_wrap=True)
    notes = [note for report in reports for note in report.notes]
    notes += [f"violation: {one['why']}" for report in reports for one in report.violations]
    for note in dict.fromkeys(notes):  # each once, in the order they came
        console.print(f"[yellow]{note}[/yellow]", highlight=False)
    for wav in [report.wav for report in reports if report.wav][:3]:
        console.print(f"heard: {wav}", highlight=False)


def _table(report: CallReport) -> Table:
    table = Table("at", "caller", "reply after", "clear after", "remark", title=report.call_sid)
    for said in report.said:
        remarks = [
            word
            for word, holds in (
                ("over the agent", said.over_agent),
                ("the agent cut in", said.cut_in),
                ("resumed", bool(said.resumed)),
                ("cue never came", said.in_vain),
            )
            if holds
        ]
        table.add_row(
            f"{said.speech_start_s:.2f} s",
            said.text or said.name,
            "—" if said.heard_ms is None else f"{said.heard_ms} ms",
            "" if said.clear_ms is None else f"{said.clear_ms} ms",
            ", ".join(remarks),
        )
    return table
