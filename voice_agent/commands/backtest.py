"""`voice-agent backtest`: how edited criteria or rules would have judged stored conversations."""

import argparse
import json
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import anyio
import anyio.to_thread
from rich.console import Console
from rich.markup import escape

from core.errors import CoreError
from core.rehearsal.backtest import Change, Outcome, document
from core.rehearsal.rehearse import rehearse
from core.routing.lint import lint
from core.thinking.thinker import Thinker
from knowledge.answer import KnowledgeBase
from knowledge.edited import with_sections
from knowledge.errors import CompanyInvalid
from knowledge.load import Loaded, load
from knowledge.profile import Company
from voice_agent.commands.failure import failed
from voice_agent.config import Settings
from voice_agent.database import opened
from voice_agent.errors import VoiceAgentError

EDITED = "edited"
"""The criteria version under test."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.description = (
        "Judge stored conversations by the company's criteria and by edited ones, and "
        "show each that would come out otherwise, and why. Nothing is stored or published."
    )
    parser.add_argument(
        "--criteria", type=Path, required=True, metavar="FILE",
        help="a company.yaml, or only its edited sections: segments, disqualifiers, routing, …",
    )  # fmt: skip
    parser.add_argument("--limit", type=int, default=500, help="latest conversations to take")
    parser.add_argument(
        "--json", metavar="FILE", help="write the comparison to a file; - prints it"
    )
    parser.add_argument("--company", type=Path, help="company folder")
    parser.add_argument("--var", type=Path, help="folder of the database")
    parser.set_defaults(command=backtest)


def backtest(settings: Settings, arguments: argparse.Namespace) -> int:
    """Print or write the comparison; 1 when something cannot be read."""
    show = Console(soft_wrap=True, highlight=False, stderr=arguments.json == "-")
    try:
        loaded = load(settings.company)
        edited = with_sections(loaded, arguments.criteria)
        changes = anyio.run(_changes, settings, loaded, edited, max(arguments.limit, 1))
    except (CompanyInvalid, CoreError, VoiceAgentError) as error:
        return failed(show, error)
    if arguments.json:
        return _write(show, changes, arguments.json)
    for remark in lint(edited):
        show.print(f"[yellow]warning[/yellow]  {remark.about}: {remark.note}")
    _print(show, changes, ZoneInfo(loaded.company.timezone))
    return 0


async def _changes(settings: Settings, loaded: Loaded, edited: Company, limit: int) -> list[Change]:
    base = KnowledgeBase(loaded)
    now = Thinker(loaded.company, base, loaded.criteria_version)
    then = Thinker(edited, base, EDITED)
    topics = {article.id: article.topics for article in loaded.articles}
    async with opened(settings.store_url) as store:
        return [*(await rehearse(store, now, then, topics, limit)).changes]


def _write(show: Console, changes: list[Change], place: str) -> int:
    text = json.dumps(document(changes), indent=2) + "\n"
    if place == "-":
        sys.stdout.write(text)
        return 0
    try:
        Path(place).write_text(text, encoding="utf-8")
    except OSError as error:
        show.print(f"[red]error[/red]  {escape(place)}: {error.strerror}; name a writable file")
        return 1
    show.print(f"written to {escape(place)}")
    return 0


def _print(show: Console, changes: list[Change], zone: ZoneInfo) -> None:
    if not changes:
        show.print("No stored conversation to judge yet: hold some calls first.")
        return
    for change in changes:
        if change.differs:
            was, will = _gist(change.before), _gist(change.after)
            show.print(
                f"{change.conversation_id}  {change.at.astimezone(zone):%Y-%m-%d %H:%M %Z}  "
                f"{escape(was)} → [bold]{escape(will)}[/bold]"
            )
            for line in change.why():
                show.print(f"          [dim]{escape(line)}[/dim]")
    told = document(changes)
    for side in ("before", "after"):
        counts = ", ".join(f"{n} {result}" for result, n in told["results"][side].items())
        show.print(f"{side:>6}: {counts}")
    show.print(f"{told['changed']} of {told['conversations']} would come out otherwise")


def _gist(one: Outcome) -> str:
    result, segment, rep, action = one.gist
    return f"{result} ({segment or 'no segment'}), {action} with {rep or 'nobody'}"
