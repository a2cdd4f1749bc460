"""`voice-agent replay`: runs stored calls with today's code, and shows what would differ."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
from rich.console import Console
from rich.markup import escape

from core.engine import Engine
from core.errors import CoreError
from core.events import Logged
from core.store.codec import decode, encode
from core.store.conversations import Filters
from core.store.store import Store
from knowledge.errors import CompanyInvalid
from knowledge.load import load
from voice_agent.commands.failure import failed
from voice_agent.config import Settings
from voice_agent.database import opened
from voice_agent.embedding import all_known
from voice_agent.errors import ConfigError, VoiceAgentError
from voice_agent.replaying import Replay, asking, replayed

Call = tuple[str, list[Logged]]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.description = (
        "Run stored calls again: whose turn it was is decided anew, and what was said "
        "is thought through anew, from what was kept of each. Shows decisions, replies, verdicts "
        "and routes that would differ; ends with 1 if there are any."
    )
    parser.add_argument(
        "call", nargs="*",
        help="a call's id, its CallSid, or a file that --save wrote",
    )  # fmt: skip
    parser.add_argument("--since", type=_day, metavar="DAY", help="all calls since: 2026-03-01")
    parser.add_argument("--limit", type=int, default=200, help="of --since, the latest so many")
    parser.add_argument("--json", metavar="FILE", help="write the differences to a file; - prints")
    parser.add_argument(
        "--save", type=Path, metavar="FOLDER",
        help="write the calls' logs to files instead, to be kept as a regression suite",
    )  # fmt: skip
    parser.add_argument("--company", type=Path, help="company folder")
    parser.add_argument("--var", type=Path, help="folder of the database")
    parser.set_defaults(command=replay)


def _day(text: str) -> datetime:
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a day is like 2026-03-01, found {text!r}") from None
    return day if day.tzinfo else day.replace(tzinfo=UTC)


def replay(settings: Settings, arguments: argparse.Namespace) -> int:
    """Replay them; 1 when something differs or cannot be read, or there is nothing to replay."""
    show = Console(soft_wrap=True, highlight=False, stderr=arguments.json == "-")
    if not arguments.call and arguments.since is None:
        show.print("[red]error[/red]  which? name calls or files, or add --since with a day")
        return 1
    try:
        files = [Path(name) for name in arguments.call if Path(name).is_file()]
        names = [name for name in arguments.call if not Path(name).is_file()]
        calls = [read_log(path) for path in files]
        if names or arguments.since is not None:
            calls += anyio.run(_stored, settings.store_url, names, arguments)
        if arguments.save is not None:
            return _save(show, calls, arguments.save)
        found = anyio.run(_again, settings, calls, show.print)
    except (CompanyInvalid, CoreError, VoiceAgentError, OSError) as error:
        return failed(show, error)
    if arguments.json == "-":
        sys.stdout.write(_json(found))
    elif arguments.json:
        Path(arguments.json).write_text(_json(found), encoding="utf-8")
    return _summed(show, found, named=bool(arguments.call))


async def _stored(url: str, names: Sequence[str], arguments: argparse.Namespace) -> list[Call]:
    """The requested calls from the database. Raises: ConfigError for an unknown one."""
    async with opened(url) as store:
        ids = [await _id_of(store, name) for name in names]
        if arguments.since is not None:
            wanted = Filters(channel="voice", since=arguments.since)
            page = await store.conversations.page(wanted, limit=max(arguments.limit, 1))
            ids += [row.id for row in reversed(page.conversations)]
        return [(one, await store.log.read(one)) for one in ids]


async def _id_of(store: Store, name: str) -> str:
    row = await store.conversations.by_call_sid(name) or await store.conversations.get(name)
    if row is None:
        raise ConfigError(f"there is no call {name} in this database, nor a file of that name")
    return row.id


async def _again(
    settings: Settings, calls: Sequence[Call], tell: Callable[[str], None]
) -> list[Replay]:
    """Replay by words, and by meaning if embeddings are set. Raises: EmbeddingFailed."""
    loaded, found = load(settings.company), []
    async with all_known(settings, loaded) as known:
        engine = Engine(loaded, known.base, questions=known.questions)
        for conversation_id, logged in calls:
            work = partial(replayed, conversation_id, logged, engine, asking(engine))
            one = await anyio.to_thread.run_sync(work)
            found.append(one)
            for line in told(one):
                tell(line)
    return found


def told(one: Replay) -> list[str]:
    """The result of one call, as lines with markup."""
    name = one.conversation_id
    if one.why_not:
        return [f"{name}  [yellow]not run[/yellow]  {escape(one.why_not)}"]
    if not one.differences:
        lines = [f"{name}  [green]the same[/green]  {one.turns} turns"]
    else:
        lines = [f"{name}  [red]{len(one.differences)} differences[/red]  {one.turns} turns"]
    for d in one.differences:
        lines.append(f"  {d.at_ms / 1000:7.1f} s  {d.what}, turn {d.turn}")
        lines.append(f"      then  {escape(d.then) or '[dim]nothing[/dim]'}")
        lines.append(f"      now   {escape(d.now) or '[dim]nothing[/dim]'}")
    return lines + [f"  [dim]note: {escape(note)}[/dim]" for note in one.notes]


def _summed(show: Console, found: Sequence[Replay], *, named: bool) -> int:
    if not found:
        show.print("No stored call in that time.")
        return 0
    ran = [one for one in found if not one.why_not]
    differing = sum(bool(one.differences) for one in ran)
    show.print(f"{len(ran)} of {len(found)} calls run again, {differing} would be otherwise")
    return 1 if differing or (named and len(ran) < len(found)) else 0


def _json(found: Sequence[Replay]) -> str:
    return json.dumps([asdict(one) for one in found], indent=2, ensure_ascii=False) + "\n"


def _save(show: Console, calls: Sequence[Call], folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for conversation_id, logged in calls:
        path = folder / f"{conversation_id}.json"
        path.write_text(log_text(logged), encoding="utf-8")
        show.print(f"written to {escape(str(path))}")
    return 0


def log_text(logged: Sequence[Logged]) -> str:
    """A call's log as a file's text, one fact per line."""
    rows = [json.dumps([e.at.isoformat(), *encode(e.fact)], ensure_ascii=False) for e in logged]
    body = ",\n".join(rows)
    return f'{{"id": {json.dumps(logged[0].conversation_id)}, "facts": [\n{body}\n]}}\n'


def read_log(path: Path) -> Call:
    """The call in a file written by `--save`. Raises: ConfigError."""
    try:
        kept: Any = json.loads(path.read_text(encoding="utf-8"))
        name = str(kept["id"])
        return name, [
            Logged(name, n, datetime.fromisoformat(at), decode(kind, payload))
            for n, (at, kind, payload) in enumerate(kept["facts"], start=1)
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path} is no log of a call that --save wrote: {error}") from error
