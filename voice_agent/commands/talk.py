"""`voice-agent talk`: plays the caller at a terminal, and shows why the agent says what it says."""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import anyio
from rich.console import Console

from core.caller_id import e164
from core.clock import utc_now
from core.engine import Engine
from core.errors import CoreError
from core.events import Logged, QuestionDeferred, SignalCaptured
from core.presence import is_open
from core.projections.document import document
from core.scheduling.memory import MemoryDesk
from core.talk import ConversationOpened
from core.text.talk import TextTalk
from core.text.turn import TextTurn
from knowledge.errors import CompanyInvalid
from knowledge.load import Loaded, load
from voice_agent.commands.evaluate import engine_of
from voice_agent.commands.told import found, plain, show_outcome, show_verdict
from voice_agent.config import Settings
from voice_agent.errors import VoiceAgentError, leaves

HELP = "/why the verdict so far · /undo the last line · /new begin again · /end or Ctrl-D the end"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.description = (
        "Type what a caller or visitor says, and read the agent's answer with the passages it "
        "rests on, what it learnt, and why it put something off. Nothing is stored and nobody is "
        "told. Lines may come from a file: voice-agent talk < lines.txt."
    )
    parser.add_argument("--chat", action="store_true", help="as the website's chat, not a call")
    parser.add_argument(
        "--from",
        dest="caller",
        default="",
        help="the caller's number, in E.164; default, or anonymous: withheld",
    )
    parser.add_argument(
        "--at", metavar="TIME", help="when, in the company's time: 2026-11-30 12:00; default: now"
    )
    parser.add_argument(
        "--model", action="store_true", help="read and word with the configured language model"
    )
    parser.add_argument(
        "--company", type=Path, help="company folder; default: VOICE_AGENT_COMPANY, or the sample"
    )
    parser.set_defaults(command=talk)


def talk(settings: Settings, given: argparse.Namespace) -> int:
    """Hold the conversation; 1 when it could not begin."""
    console = Console(highlight=False, soft_wrap=True)
    failures: list[BaseException] = []
    try:
        anyio.run(_talk, settings, given, console)
        return 0
    except* (CompanyInvalid, CoreError, VoiceAgentError, ValueError, OSError) as group:
        failures.extend(leaves(group))
    for failure in failures:
        print(f"error: {failure}", file=sys.stderr)  # noqa: T201
    return 1


async def _talk(settings: Settings, given: argparse.Namespace, console: Console) -> None:
    loaded = load(settings.company)
    at = _instant(given.at, loaded)
    async with engine_of(settings, loaded, model=given.model) as engine:
        console.print(f"[dim]{loaded.company.name}, {HELP}[/dim]\n")
        one = _Conversation(engine, loaded, at, given, console)
        for line in _lines():
            if line == "/end" or not await one.take(line):
                break
        one.end()


def _instant(text: str | None, loaded: Loaded) -> datetime:
    """A time in the company's zone as an instant. Raises: ValueError naming the option."""
    if not text:
        return utc_now()
    try:
        local = datetime.strptime(text, "%Y-%m-%d %H:%M")
    except ValueError as error:
        raise ValueError(f"--at: write it as 2026-11-30 12:00; found {text!r}") from error
    return local.replace(tzinfo=ZoneInfo(loaded.company.timezone)).astimezone(UTC)


def _lines() -> Iterator[str]:
    """Typed lines, or those of a file, without empty lines and comments."""
    typed = sys.stdin.isatty()
    while True:
        if typed:
            print("caller  ", end="", flush=True)  # noqa: T201
        line = sys.stdin.readline()
        if not line:
            return
        if (text := line.strip()) and not text.startswith("#"):
            yield text


class _Conversation:
    """One conversation that can be undone line by line: the remaining lines are held again."""

    def __init__(
        self, engine: Engine, loaded: Loaded, at: datetime, given: argparse.Namespace,
        console: Console,
    ) -> None:  # fmt: skip
        self._engine, self._company, self._at = engine, loaded.company, at
        self._given, self._console = given, console
        self._typed = sys.stdin.isatty()
        self._said: list[str] = []
        self._begin()

    def _begin(self, *, tell: bool = True) -> None:
        called = next(iter(self._company.numbers), None)
        opened = ConversationOpened(
            "talk",
            "chat" if self._given.chat else "voice",
            "inbound",
            e164(self._given.caller),
            called,
            self._at,
        )
        self._talk = TextTalk(
            self._engine,
            opened,
            desk=MemoryDesk(self._company),
            after_hours=not is_open(self._company, self._at),
        )
        if tell:
            self._agent([s.text for s in self._talk.opening])

    async def take(self, line: str) -> bool:
        """Take one line; false once the agent has hung up."""
        if line == "/why":
            show_verdict(self._console, self._document())
        elif line in ("/undo", "/new"):
            self._said = self._said[:-1] if line == "/undo" else []
            self._begin(tell=False)
            for each in self._said:
                await self._talk.says(each)
            self._console.print(f"[dim]{len(self._said)} lines stand[/dim]")
        elif line.startswith("/"):
            self._console.print(f"[dim]{HELP}[/dim]")
        else:
            if not self._typed:
                self._console.print(f"[cyan]caller[/cyan]  {plain(line)}")
            self._said.append(line)
            return self._told(await self._talk.says(line))
        return True

    def _told(self, turn: TextTurn) -> bool:
        for fact in turn.facts:
            if isinstance(fact, SignalCaptured):
                about = {"criterion": fact.criterion, "value": fact.value, "quote": fact.quote}
                self._console.print(f"        {found(about)}")
        self._agent([_cited(s.text, s.citations) for s in turn.sentences])
        for fact in turn.facts:
            if isinstance(fact, QuestionDeferred):
                why = f"“{fact.text}”: {fact.reason}"
                self._console.print(f"        [yellow]deferred[/yellow] [dim]{plain(why)}[/dim]")
        if turn.action is not None:
            self._console.print(f"        [dim]{turn.action.kind}: {turn.action.reason}[/dim]")
        return turn.action is None or turn.action.kind != "hang_up"

    def _agent(self, sentences: list[str]) -> None:
        self._console.print(f"[green] agent[/green]  {' '.join(sentences)}")

    def _document(self) -> dict[str, Any]:
        logged = [Logged("talk", n, self._at, f) for n, f in enumerate(self._talk.facts, 1)]
        return document("talk", logged, company=self._company)

    def end(self) -> None:
        """Show the outcome as a rep would see it."""
        self._talk.close("the caller left")
        self._console.print()
        show_outcome(self._console, self._document())


def _cited(text: str, citations: tuple[str, ...]) -> str:
    """A sentence with the passages it cites."""
    return plain(text) + (f" [dim]{', '.join(citations)}[/dim]" if citations else "")
