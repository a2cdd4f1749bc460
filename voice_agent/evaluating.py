"""`voice-agent eval`: authored conversations held with the engine, scored, and told in a table."""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import anyio
from rich.console import Console
from rich.progress import Progress

from core.engine import Engine
from core.errors import CoreError
from core.evaluation.format import Conversation, Targets
from core.evaluation.load import EvalsInvalid, load_evals
from core.evaluation.noise import Noise
from core.evaluation.report import Report, as_json, report
from core.evaluation.run import Held, hold
from core.evaluation.score import score
from core.evaluation.scored import Scored
from knowledge.answer import KnowledgeBase
from knowledge.errors import CompanyInvalid
from knowledge.governance.vault import PROFILE
from knowledge.load import Loaded, load
from voice_agent.adapters.language import choose_model
from voice_agent.config import Settings
from voice_agent.errors import VoiceAgentError
from voice_agent.evaluation_tables import show_failures, show_report

EVALS = "evals"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be run, as the command line says it."""

    folder: Path | None
    only: tuple[str, ...]
    noise: float
    seed: int
    model: bool
    show: str
    json: Path | None

    @property
    def mode(self) -> str:
        """Which of the targets hold."""
        return "noise" if self.noise else "text"


def evaluate(settings: Settings, arguments: argparse.Namespace) -> int:
    """Run, print, and write; 1 when a target is missed, 2 when nothing could be run."""
    console = Console(highlight=False, soft_wrap=True)
    order = Order(
        arguments.folder, tuple(arguments.only), arguments.noise, arguments.seed,
        arguments.model, arguments.show, arguments.json,
    )  # fmt: skip
    try:
        return anyio.run(_evaluate, settings, order, console)
    except (CompanyInvalid, EvalsInvalid, CoreError, VoiceAgentError, OSError) as error:
        console.print(f"[red]nothing could be evaluated:[/red] {_plain(str(error))}")
        return 2


async def _evaluate(settings: Settings, order: Order, console: Console) -> int:
    company, folder = folders(settings.company, order.folder)
    loaded = load(company)
    evals = load_evals(folder, loaded)
    chosen = pick(evals.conversations, order.only)
    targets = getattr(evals.targets, order.mode)
    started = time.perf_counter()
    held = await _held(settings, loaded, chosen, order, console)
    took_s = time.perf_counter() - started
    scored = [score(one, loaded) for one in held]
    run = report(scored)
    how = f"{order.noise:.0%} of words misheard, seed {order.seed}" if order.noise else "text"
    show_failures(console, scored, order.show)
    show_report(console, run, targets, f"{loaded.company.name}: {how}, {took_s:.1f} s")
    if order.json:
        _write(order.json, run, scored, targets)
    whole = not order.only
    return 1 if whole and any(not goal.met for goal in run.goals(targets)) else 0


def folders(company: Path, given: Path | None) -> tuple[Path, Path]:
    """Company folder and conversations' folder; either may be named, and stands for the other."""
    if given is None:
        return company, company / EVALS
    if (given / PROFILE).exists():
        return given, given / EVALS
    return (given.parent if (given.parent / PROFILE).exists() else company), given


def pick(conversations: Sequence[Conversation], only: Sequence[str]) -> list[Conversation]:
    """Those with one of these ids or tags; all when none is named. Raises: VoiceAgentError."""
    if not only:
        return list(conversations)
    chosen = [c for c in conversations if c.id in only or set(c.tags) & set(only)]
    if not chosen:
        known = sorted({t for c in conversations for t in c.tags})
        raise VoiceAgentError(
            f"no conversation has the id or tag {', '.join(only)}; tags: {', '.join(known)}"
        )
    return chosen


async def _held(
    settings: Settings, loaded: Loaded, chosen: Sequence[Conversation], order: Order,
    console: Console,
) -> list[Held]:  # fmt: skip
    model = (await choose_model(settings)).model if order.model else None
    engine = Engine(loaded, KnowledgeBase(loaded), model)
    words = [t for c in chosen for t in (*(x.caller for x in c.turns), *_replies(c))]
    noise = Noise(order.noise, order.seed, words) if order.noise else None
    held = []
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("conversations", total=len(chosen))
        for conversation in chosen:
            held.append(await hold(conversation, engine, noise))
            progress.advance(bar)
    return held


def _replies(conversation: Conversation) -> list[str]:
    return [reply.say for reply in conversation.answers.values()]


def _write(path: Path, run: Report, scored: Sequence[Scored], targets: Targets) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    document = as_json(run, scored, targets)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _plain(text: str) -> str:
    return text.replace("[", r"\[")
