"""`voice-agent eval`: holds authored conversations with the engine, and scores them."""

import argparse
import json
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio
from rich.console import Console
from rich.progress import Progress

from core.clock import utc_now
from core.engine import Engine
from core.errors import CoreError
from core.evaluation.consistency import Asked, ask_everywhere
from core.evaluation.format import Conversation, Targets
from core.evaluation.load import EVALS, load_evals
from core.evaluation.noise import Noise
from core.evaluation.report import Report, as_json, report
from core.evaluation.run import Held, hold
from core.evaluation.score import score
from core.evaluation.scored import Scored
from knowledge.errors import CompanyInvalid
from knowledge.golden import Golden, read_golden
from knowledge.governance.vault import GOLDEN, PROFILE
from knowledge.load import Loaded, load
from voice_agent.adapters.language import choose_model
from voice_agent.adapters.llm_openai import OpenAIModel
from voice_agent.commands.evaluate_tables import show_failures, show_report
from voice_agent.config import Settings
from voice_agent.database import make_folder
from voice_agent.embedding import all_known
from voice_agent.errors import EngineUnavailable, VoiceAgentError, leaves
from voice_agent.observe import set_up_logging


@dataclass(frozen=True, slots=True)
class Order:
    """A run, as the command line specifies it."""

    folder: Path | None
    only: tuple[str, ...]
    noise: float
    seed: int
    model: bool
    audio: bool
    sample: int
    show: str
    json: Path | None

    @property
    def mode(self) -> str:
        """The mode, which selects the targets."""
        return "audio" if self.audio else "noise" if self.noise else "text"

    def told(self) -> str:
        """How it is run, in words."""
        if self.audio:
            return "by telephone"
        return f"{self.noise:.0%} of words misheard, seed {self.seed}" if self.noise else "text"


def evaluate(settings: Settings, arguments: argparse.Namespace) -> int:
    """Run, print and write; 1 when a target is missed, 2 when nothing could be run."""
    console = Console(highlight=False, soft_wrap=True)
    order = Order(
        arguments.folder, tuple(arguments.only), arguments.noise, arguments.seed,
        arguments.model, arguments.audio, arguments.sample, arguments.show, arguments.json,
    )  # fmt: skip
    if order.audio and order.noise:
        console.print("--audio has noise of its own: leave out --noise")
        return 2
    failures: list[BaseException] = []
    try:
        return anyio.run(_evaluate, settings, order, console)
    except* (CompanyInvalid, CoreError, VoiceAgentError, OSError) as group:
        failures.extend(leaves(group))
    for failure in failures:
        console.print(f"[red]nothing could be evaluated:[/red] {_plain(str(failure))}")
    return 2


async def _evaluate(settings: Settings, order: Order, console: Console) -> int:
    company, folder = folders(settings.company, order.folder)
    if order.json:
        _writable(order.json)
    loaded = load(company)
    evals = load_evals(folder, loaded)
    chosen = pick(evals.conversations, order.only)
    if order.audio and not order.only:
        chosen = sample([c for c in chosen if c.channel == "voice"], order.sample)
    targets = getattr(evals.targets, order.mode)
    started = time.perf_counter()
    everywhere: list[Asked] = []
    if order.audio:
        held = await _called(settings, company, loaded, chosen, console)
    else:
        async with engine_of(settings, loaded, model=order.model) as engine:
            held = await _held(engine, chosen, order)
            if order.mode == "text" and not (order.only or order.model):
                everywhere = await ask_everywhere(engine, golden(company), utc_now())
    took_s = time.perf_counter() - started
    scored = [score(one, loaded) for one in held]
    run = report(scored, everywhere)
    show_failures(console, scored, order.show)
    show_report(console, run, targets, f"{loaded.company.name}: {order.told()}, {took_s:.1f} s")
    if order.json:
        _write(order.json, run, scored, targets)
    whole = not order.only
    return 1 if whole and any(not goal.met for goal in run.goals(targets)) else 0


def folders(company: Path, given: Path | None) -> tuple[Path, Path]:
    """The company folder and the conversations' folder, from whichever was given."""
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


def sample(conversations: Sequence[Conversation], count: int) -> list[Conversation]:
    """`count` conversations, evenly spread; all of them when it is 0."""
    if not count or count >= len(conversations):
        return list(conversations)
    return [conversations[n * len(conversations) // count] for n in range(count)]


async def _held(engine: Engine, chosen: Sequence[Conversation], order: Order) -> list[Held]:
    words = [t for c in chosen for t in (*(x.caller for x in c.turns), *_replies(c))]
    noise = Noise(order.noise, order.seed, words) if order.noise else None
    return await _each(chosen, lambda conversation: hold(conversation, engine, noise))


def golden(company: Path) -> Golden:
    """The company's golden questions, if it has any. Raises: CompanyInvalid."""
    file = company / GOLDEN
    return read_golden(file.read_text(encoding="utf-8") if file.is_file() else None)


@asynccontextmanager
async def engine_of(settings: Settings, loaded: Loaded, *, model: bool) -> AsyncIterator[Engine]:
    """An engine for text, with the configured language model if `model`.

    Raises: EngineUnavailable, EmbeddingFailed.
    """
    async with _model(settings, wanted=model) as voice, all_known(settings, loaded) as known:
        reader = voice if settings.llm_reading else None
        yield Engine(loaded, known.base, voice, reader=reader, questions=known.questions)


@asynccontextmanager
async def _model(settings: Settings, *, wanted: bool) -> AsyncIterator[OpenAIModel | None]:
    """The configured language model, closed on exit. Raises: EngineUnavailable."""
    if not wanted:
        yield None
        return
    wording = await choose_model(settings)
    if wording.model is None:
        raise EngineUnavailable(f"--model: {wording.why}")
    try:
        yield wording.model
    finally:
        await wording.model.aclose()


async def _called(
    settings: Settings, company: Path, loaded: Loaded, chosen: Sequence[Conversation],
    console: Console,
) -> list[Held]:  # fmt: skip
    """Hold them by telephone, one call after the other, in a temporary folder."""
    from voice_agent.commands.evaluate_calls import call, telephone

    set_up_logging("WARNING")
    with tempfile.TemporaryDirectory(prefix="voice-agent-eval-") as var:
        cache = settings.var / "cache"  # the recogniser's language model, built once
        make_folder(cache, "VAR")
        (Path(var) / "cache").symlink_to(cache.resolve(), target_is_directory=True)
        async with telephone(settings, company, loaded.company, Path(var)) as line:
            for told in line.engines:
                console.print(f"  {told}", style="dim")
            return await _each(chosen, lambda conversation: call(conversation, line))


async def _each(
    chosen: Sequence[Conversation], held_by: Callable[[Conversation], Awaitable[Held]]
) -> list[Held]:
    """Hold them one by one, showing progress."""
    held = []
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=len(chosen))
        for conversation in chosen:
            progress.update(bar, description=conversation.id)
            held.append(await held_by(conversation))
            progress.advance(bar)
    return held


def _replies(conversation: Conversation) -> list[str]:
    return [reply.say for reply in conversation.answers.values()]


def _writable(path: Path) -> None:
    """Check that a file can be written before the run rather than after it. Raises: OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    path.touch()
    if new:
        path.unlink()


def _write(path: Path, run: Report, scored: Sequence[Scored], targets: Targets) -> None:
    document = as_json(run, scored, targets)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _plain(text: str) -> str:
    return text.replace("[", r"\[")
