"""`voice-agent route`: routes stored conversations again, by current or edited rules."""

import argparse
from collections import Counter
from pathlib import Path

import anyio
import anyio.to_thread
from rich.console import Console
from rich.markup import escape

from core.errors import CoreError
from core.events import RouteChosen
from core.routing.lint import lint
from core.routing.replay import Decision, Past, past, replay
from core.store.history import stored
from knowledge.edited import with_sections
from knowledge.errors import CompanyInvalid
from knowledge.load import Loaded, load
from knowledge.profile import Company
from voice_agent.commands.failure import failed
from voice_agent.config import Settings
from voice_agent.database import opened
from voice_agent.errors import VoiceAgentError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "--dry-run", action="store_true", help="only show; nothing is ever changed by this command"
    )
    parser.add_argument(
        "--routing", type=Path, metavar="FILE",
        help="YAML with edited sections (routing, team, …); prints what they would change",
    )  # fmt: skip
    parser.add_argument("--limit", type=int, default=200, help="latest conversations to take")
    parser.add_argument("--company", type=Path, help="company folder")
    parser.add_argument("--var", type=Path, help="folder of the database")
    parser.set_defaults(command=route)


def route(settings: Settings, arguments: argparse.Namespace) -> int:
    """Print the table; 1 when something cannot be read."""
    show = Console(soft_wrap=True, highlight=False)
    try:
        loaded = load(settings.company)
        edited = with_sections(loaded, arguments.routing) if arguments.routing else None
        pasts = anyio.run(_pasts, settings, loaded, max(arguments.limit, 1))
    except (CompanyInvalid, CoreError, VoiceAgentError) as error:
        return failed(show, error)
    if not pasts:
        show.print("No stored conversation was judged yet: nothing to route.")
        return 0
    now = replay(pasts, loaded.company)
    if edited is None:
        _all(show, now, loaded.company)
        return 0
    for remark in lint(edited):
        show.print(f"[yellow]warning[/yellow]  {remark.about}: {remark.note}")
    _difference(show, now, replay(pasts, edited), edited)
    return 0


async def _pasts(settings: Settings, loaded: Loaded, limit: int) -> list[Past]:
    topics = {article.id: article.topics for article in loaded.articles}
    async with opened(settings.store_url) as store:
        found = [
            past(one.id, one.started_at, one.facts, topics)
            async for one in stored(store, limit=limit)
        ]
    return [one for one in found if one is not None]


def _all(show: Console, decisions: list[Decision], company: Company) -> None:
    """Every conversation: its owner, who would get it now, and why."""
    for made in decisions:
        then = made.past.then
        was = _step(then) if then else "nobody"
        now = _step(made.route)
        _line(show, made, f"{was} → [bold]{now}[/bold]" if made.changed else now)
    _shares(show, decisions, company)
    show.print(f"{sum(d.changed for d in decisions)} of {len(decisions)} would go elsewhere now")


def _difference(show: Console, now: list[Decision], then: list[Decision], company: Company) -> None:
    """Only what the edited rules change."""
    changed = 0
    for before, after in zip(now, then, strict=True):
        old, new = _step(before.route), _step(after.route)
        if old != new:
            changed += 1
            _line(show, after, f"{old} → [bold]{new}[/bold]")
    _shares(show, then, company)
    show.print(f"{changed} of {len(now)} conversations would be routed differently")


def _line(show: Console, made: Decision, step: str) -> None:
    lead = made.past.lead
    who = ", ".join(part for part in (lead.verdict, lead.segment, lead.place) if part)
    show.print(f"{made.past.conversation_id}  {escape(who)}: {step}")
    why = f"{made.route.rule or 'no rule'}: {made.route.reasons[-1]}"
    show.print(f"          [dim]{escape(why)}[/dim]")


def _step(route: RouteChosen) -> str:
    return f"{route.rep or 'nobody'} ({route.action}{', fast track' if route.fast_track else ''})"


def _shares(show: Console, decisions: list[Decision], company: Company) -> None:
    """How many leads each rep gets."""
    given = Counter(d.route.rep for d in decisions if d.route.rep)
    line = ", ".join(f"{rep.name} {given[rep.id]}" for rep in company.team if given[rep.id])
    show.print(f"leads: {line or 'none'}")
