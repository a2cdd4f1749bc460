"""`voice-agent callbacks`: lists promised calls, and records the outcome of one."""

import argparse
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import anyio
import anyio.to_thread
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from core.callbacks.record import OVER
from core.clock import utc_now
from core.errors import CoreError
from core.store.callbacks import Over, UnknownCallback
from core.store.store import Store
from voice_agent.callbacks.routes import STATUSES, shown
from voice_agent.config import Settings
from voice_agent.database import opened
from voice_agent.errors import VoiceAgentError

MOST = 200
WIDTH = 180
"""Width of a listing that goes to a file or pipe."""
ENDS = {"kept": "kept", "broken": "broken", "cancel": "cancelled"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.description = "List the calls that are owed, soonest first; or act on one of them."
    parser.add_argument(
        "act", nargs="?", choices=("list", "show", "claim", *ENDS), default="list",
        help="what to do; default: list",
    )  # fmt: skip
    parser.add_argument("id", nargs="?", default="", help="which callback, for all but list")
    parser.add_argument("--by", default="", help="who does it: an id of the team, or a name")
    parser.add_argument("--why", default="", help="what to note beside it")
    parser.add_argument("--status", choices=STATUSES, help="only these; default: all still owed")
    parser.add_argument("--owner", default="", metavar="ID", help="only this person's")
    parser.add_argument("--due", action="store_true", help="only those whose window has begun")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--company", type=str, help=argparse.SUPPRESS)
    parser.add_argument("--var", type=str, help="folder of the database")
    parser.set_defaults(command=callbacks)


def callbacks(settings: Settings, arguments: argparse.Namespace) -> int:
    """List or change them; 1 when that fails."""
    if arguments.act != "list" and not arguments.id:
        print("which one? give its id, as `voice-agent callbacks` lists it", file=sys.stderr)  # noqa: T201
        return 1
    if arguments.act in ("claim", *ENDS) and not arguments.by:
        print("who does it? add --by with an id of the team", file=sys.stderr)  # noqa: T201
        return 1
    work = {"list": _list, "show": _show, "claim": _claim}.get(arguments.act, _end)
    try:
        found = anyio.run(_with_store, settings, work, arguments)
    except UnknownCallback:
        print(f"there is no callback {arguments.id}", file=sys.stderr)  # noqa: T201
        return 1
    except Over as over:
        print(f"it has ended already: {over.status}", file=sys.stderr)  # noqa: T201
        return 1
    except (CoreError, VoiceAgentError) as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 1
    if arguments.json or arguments.act == "show":
        print(json.dumps(found, indent=2, ensure_ascii=False))  # noqa: T201
    else:
        _print(found)
    return 0


Work = Callable[[Store, argparse.Namespace], Awaitable[list[dict[str, Any]]]]


async def _with_store(
    settings: Settings, work: Work, arguments: argparse.Namespace
) -> list[dict[str, Any]]:
    async with opened(settings.store_url) as store:
        return await work(store, arguments)


async def _list(store: Store, arguments: argparse.Namespace) -> list[dict[str, Any]]:
    owed = [status for status in STATUSES if status not in OVER]
    rows = await store.callbacks.listed(
        statuses=[arguments.status] if arguments.status else owed, owner=arguments.owner,
        due_before=utc_now() if arguments.due else None, limit=MOST,
    )  # fmt: skip
    return [shown(row) for row in rows]


async def _show(store: Store, arguments: argparse.Namespace) -> list[dict[str, Any]]:
    found = await store.callbacks.get(arguments.id)
    if found is None:
        raise UnknownCallback(arguments.id)
    return [shown(found)]


async def _claim(store: Store, arguments: argparse.Namespace) -> list[dict[str, Any]]:
    await store.callbacks.claim(arguments.id, arguments.by, utc_now())
    return await _show(store, arguments)


async def _end(store: Store, arguments: argparse.Namespace) -> list[dict[str, Any]]:
    status = ENDS[arguments.act]
    await store.callbacks.end(arguments.id, status, arguments.by, utc_now(), arguments.why)
    return await _show(store, arguments)


def _print(rows: list[dict[str, Any]]) -> None:
    if not rows:
        print("no calls are owed")  # noqa: T201
        return
    table = Table("id", "window (UTC)", "status", "whom", "who calls", "about", box=None)
    for row in rows:
        table.add_row(*(escape(str(cell)) for cell in _cells(row)))
    Console(width=max(Console().width, WIDTH)).print(table)


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    start, end = row["start"], row["end"]
    window = f"{start[:10]} {start[11:16]} to {end[11:16]}"
    whom = " ".join(part for part in (row["name"], row["number"]) if part)
    return (
        row["id"], window, row["status"], whom, row["claimed_by"] or row["owner"],
        row["about"] or row["reason"][:40],
    )  # fmt: skip
