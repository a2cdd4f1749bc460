"""`voice-agent models`: fetches models, checks them against their pins, and lists them."""

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.filesize import decimal
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from voice_agent.adapters.hub import Hub
from voice_agent.config import Settings
from voice_agent.errors import VoiceAgentError
from voice_agent.fetching import Fetching, File, wrong
from voice_agent.models import FETCH, Model, named, piper, sentence, whisper

LOCK = "models.lock"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.description = (
        "Fetch Whisper models, Piper voices and sentence models into the models folder, each file "
        "as the lock file pins it; broken off, it goes on where it was. Or show and verify them."
    )
    parser.add_argument("act", choices=("fetch", "verify", "show"), help="what to do")
    parser.add_argument(
        "model", nargs="*",
        help="Whisper models (small.en, owner/name), voices (en_US-lessac-medium) and the sentence "
        "model of the settings; default: all of the settings",
    )  # fmt: skip
    parser.add_argument(
        "--lock", action="store_true",
        help="trust what the hub has now of models without pins, and pin it",
    )  # fmt: skip
    parser.add_argument(
        "--pins", type=Path, metavar="FILE", help="the lock file; default: models.lock of MODELS"
    )
    parser.add_argument("--var", type=Path, help="folder of which MODELS is a part unless set")
    parser.set_defaults(command=models)


def models(settings: Settings, arguments: argparse.Namespace) -> int:
    """Fetch, check or list them; 1 when something is missing, broken or not as pinned."""
    show = Console(soft_wrap=True, highlight=False)
    lock = arguments.pins or settings.models_folder / LOCK
    try:
        wanted = _wanted(settings, arguments.model)
        if not wanted:
            show.print("The settings name no model: name one, or set VOICE_AGENT_PIPER_VOICE or "
                       "VOICE_AGENT_WHISPER_MODEL.")  # fmt: skip
            return 0
        if arguments.act == "fetch":
            return _fetch(show, settings, wanted, lock, arguments.lock)
        return _verify(show, wanted, lock, thorough=arguments.act == "verify")
    except (VoiceAgentError, OSError) as error:
        show.print(f"[red]error[/red]  {escape(str(error))}")
        return 1


def _wanted(settings: Settings, given: Sequence[str]) -> Sequence[Model]:
    if not given:
        return named(settings)
    folder = settings.models_folder

    def model(name: str) -> Model:
        if name == settings.sentence_model or name.startswith("sentence-transformers/"):
            return sentence(name, folder)
        voice = "-" in name and "_" in name.split("-")[0]
        return piper(name, folder) if voice else whisper(name, folder)

    return [model(name) for name in given]


def _fetch(
    show: Console, settings: Settings, wanted: Sequence[Model], lock: Path, trust: bool
) -> int:
    def fetch(bars: Progress) -> list[File]:
        def tell(name: str, size: int) -> partial[None]:
            task = bars.add_task(name, total=size)
            return partial(_move, bars, task)

        with Hub(settings.hub_url, settings.hub_token.get_secret_value()) as hub:
            return Fetching(hub, settings.models_folder, lock, trust, tell).fetch(wanted)

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(),
               TransferSpeedColumn(), TimeRemainingColumn())  # fmt: skip
    try:
        with Progress(*columns, console=show, disable=not show.is_terminal) as bars:
            files = fetch(bars)
    except KeyboardInterrupt:
        show.print(f"broken off; `{FETCH}` goes on where it was")
        return 130
    for one in files:
        size = decimal(one.pin.size)
        show.print(f"{one.came:>8}  {one.model.name}  {escape(one.pin.file)}  {size}")
    if any(one.came == "pinned" for one in files):
        show.print(
            f"Pinned in {lock}, trusted as they came from {settings.hub_url}: nobody told "
            "beforehand what they should be. Keep that file, and fetch with it elsewhere."
        )
    for model in wanted:
        show.print(f"{model.engine}: {model.name} is in {model.folder}")
    return 0


def _move(bars: Progress, task: object, done: int) -> None:
    bars.update(task, completed=done)  # type: ignore[arg-type]


def _verify(show: Console, wanted: Sequence[Model], lock: Path, *, thorough: bool) -> int:
    for model in wanted:
        state = "lacks " + ", ".join(model.missing) if model.missing else "is there"
        show.print(f"{model.engine}: {model.name} {state} ({model.folder})")
    if not thorough:
        return 0
    problems = wrong(wanted, lock)
    for problem in problems:
        show.print(f"[red]error[/red]  {escape(problem)}; `{FETCH}` mends it")
    if not problems:
        show.print(f"all files are as {lock} pins them")
    return 1 if problems else 0
