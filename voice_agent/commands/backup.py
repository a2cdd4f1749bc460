"""`voice-agent backup FILE` and `voice-agent restore FILE`."""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from core.clock import utc_now
from voice_agent.backup import BackupFailed, Places, back_up, restore
from voice_agent.config import Settings
from voice_agent.workflows.durable import system_url


def backup_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `backup`."""
    parser.add_argument("file", type=Path, help="the tar to write")
    _stored(parser, _back_up)


def restore_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `restore`."""
    parser.add_argument("file", type=Path, help="the tar that `backup` wrote")
    parser.add_argument("--force", action="store_true", help="replace what is there")
    _stored(parser, _restore)


def _stored(parser: argparse.ArgumentParser, act: Callable[..., int]) -> None:
    parser.add_argument("--company", type=Path, help="company folder")
    parser.add_argument("--var", type=Path, help="folder for database, recordings and caches")
    parser.set_defaults(command=act)


def places(settings: Settings) -> Places:
    """Where this server keeps its state."""
    url = settings.store_url
    recordings = settings.recordings_folder
    return Places(settings.var, url, system_url(url), recordings, settings.company)


def _back_up(settings: Settings, arguments: argparse.Namespace) -> int:
    began = time.monotonic()
    with _Shown() as shown:
        try:
            count = back_up(places(settings), arguments.file, utc_now(), shown.told)
        except (BackupFailed, OSError) as error:
            return _failed("cannot save", error)
    size = os.path.getsize(arguments.file) / 1e6
    took_s = time.monotonic() - began
    Console().print(f"{count} files, {size:.1f} MB in {took_s:.1f} s: {arguments.file}")
    return 0


def _restore(settings: Settings, arguments: argparse.Namespace) -> int:
    began = time.monotonic()
    with _Shown() as shown:
        try:
            made_at = restore(arguments.file, places(settings), shown.told, force=arguments.force)
        except (BackupFailed, OSError) as error:
            return _failed("cannot restore", error)
    took_s = time.monotonic() - began
    Console().print(f"as it was at {made_at}, put back in {took_s:.1f} s; `voice-agent check` next")
    return 0


def _failed(what: str, error: Exception) -> int:
    Console(stderr=True).print(f"[red]{what}:[/red] {error}", highlight=False, soft_wrap=True)
    return 1


class _Shown:
    """A progress line on a terminal; nothing elsewhere."""

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), DownloadColumn(), transient=True,
            console=Console(stderr=True), disable=not sys.stderr.isatty(),
        )  # fmt: skip
        self._task = self._bar.add_task("", total=None)
        self._done = 0

    def __enter__(self) -> "_Shown":
        self._bar.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._bar.stop()

    def told(self, name: str, size: int) -> None:
        """Show the next member."""
        self._done += size
        self._bar.update(self._task, description=name[-40:], completed=self._done)
