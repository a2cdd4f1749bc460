"""What kills do to webhooks and calendars: a server killed at random instants, over and over.

Each boot continues with conversations that book meetings, on a real CalDAV server or one that
speaks like Google's or Microsoft's, and sends webhooks to a real receiver, which is itself away now
and then. At the end every fact must have been delivered, in order and once by its id, and every
meeting must be in the calendar once.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import anyio
import pytest
from anyio import to_thread

from core.projections.outgoing import kind_of
from core.store.outgoing import Outgoing
from core.store.store import Store
from tests.bench import rig
from tests.bench.systems_worker import SECRET
from tests.contracts.calendar_rigs import GoogleRig, MicrosoftRig, RadicaleRig, Rig
from tests.contracts.desk import MAYA
from tests.fakes.google_calendar import GoogleCalendar
from tests.fakes.graph import Graph
from tests.fakes.ports import free_port
from tests.fakes.postgres import database
from tests.fakes.radicale import radicale
from tests.fakes.webhook_receiver import Receiver, listening
from voice_agent.webhooks.signing import secret_of

KILLS, QUICK_KILLS = 16, 4
EACH = 3
"""Conversations between two kills."""
LONGEST_S = 300.0


def measured(arguments: argparse.Namespace) -> rig.Result:
    """Both databases, with this many kills each."""
    kills = arguments.kills or (QUICK_KILLS if arguments.quick else KILLS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with calendar(arguments.calendar, folder / "a") as (kept, how):
            found = {"sqlite": anyio.run(held, f"sqlite:///{folder}/a.db", kept, how, kills)}
        try:
            with database() as url, calendar(arguments.calendar, folder / "b") as (kept, how):
                found["postgresql"] = anyio.run(held, url, kept, how, kills)
        except pytest.skip.Exception as away:
            rig.say(f"without PostgreSQL: {away}")
    wrong = sum(
        one[name] for one in found.values()
        for name in ("lost", "unordered", "meetings_missing", "meetings_twice", "forged")
    )  # fmt: skip
    told = sum(one["told"] for one in found.values())
    return rig.Result(
        "lost, unordered or doubled after kills", wrong, None, told, "facts and meetings",
        "0, repeats known by their id", wrong == 0,
        {"calendar": arguments.calendar, "kills": kills, **found},
    )  # fmt: skip


@contextmanager
def calendar(kind: str, folder: Path) -> Iterator[tuple[Rig, str]]:
    """A server with Maya's calendar, and how a worker reaches it."""
    folder.mkdir()
    if kind == "google":
        with GoogleCalendar(MAYA.email) as google:
            given = google.settings(folder)
            yield GoogleRig(google, given), json.dumps({"kind": kind, **given})
    elif kind == "microsoft":
        with Graph(MAYA.email) as graph:
            yield MicrosoftRig(graph), json.dumps({"kind": kind, **graph.settings})
    else:
        with radicale(folder, MAYA.id) as dav:
            target = dav.target(MAYA.id)
            account = f"*={target.user}:{quote(target.password, safe='')}"
            yield RadicaleRig(dav), json.dumps({"kind": target.url, "caldav_accounts": account})


async def held(url: str, kept: Rig, how: str, kills: int) -> dict[str, Any]:
    """Kill it this often, then let it finish; returns what the receiver and the calendar have."""
    receiver, port, dice = Receiver(secret_of(SECRET, "ops")), free_port(), random.Random(7)
    Store(url)  # migrated before the first boot
    for boot in range(kills + 1):
        last = boot == kills
        command = [
            sys.executable, "-m", "tests.bench.systems_worker", url, f"boot-{boot}",
            f"http://127.0.0.1:{port}/hook", how,
            str(max(0, boot - 1) * EACH), str((boot + (not last)) * EACH),
        ]  # fmt: skip
        start = partial(subprocess.Popen, command, cwd=rig.ROOT, stdout=subprocess.PIPE)
        running = await to_thread.run_sync(start)
        if boot % 3 == 1 and not last:  # the receiver is away
            await to_thread.run_sync(running.stdout.readline)
            await anyio.sleep(dice.uniform(0.0, 3.0))
        else:
            async with listening(receiver, port):
                await to_thread.run_sync(running.stdout.readline)
                if last:
                    await to_thread.run_sync(running.wait, LONGEST_S)
                else:
                    await anyio.sleep(dice.uniform(0.0, 3.0))
        if not last:
            running.kill()
            running.wait()
    return await counted(url, kept, receiver)


async def counted(url: str, kept: Rig, receiver: Receiver) -> dict[str, Any]:
    """What is there, compared with what should be."""
    store = Store(url)
    conversations = await Outgoing(store, {"new": ()}).behind()
    owed: list[str] = []
    for which in conversations:
        logged = await store.log.read(which)
        owed += [f"{which}.{e.seq}" for e in logged if kind_of(e.fact) is not None]
    ids = [message for message, _ in receiver.taken]
    firsts = list(dict.fromkeys(ids))
    unordered = 0
    for which in conversations:
        numbers = [int(m.rpartition(".")[2]) for m in firsts if m.rpartition(".")[0] == which]
        unordered += numbers != sorted(numbers)
    uids = [seen.uid for seen in await to_thread.run_sync(kept.ours, MAYA.id)]
    booked = {w for w in conversations if any("MeetingRecorded" == type(e.fact).__name__
              for e in await store.log.read(w))}  # fmt: skip
    await store.aclose()
    return {
        "told": len(firsts), "repeats": len(ids) - len(firsts), "forged": receiver.forged,
        "lost": len(set(owed) - set(ids)), "unordered": unordered,
        "conversations": len(conversations), "meetings": len(booked),
        "meetings_missing": max(0, len(booked) - len(set(uids))),
        "meetings_twice": len(uids) - len(set(uids)),
    }  # fmt: skip


def main() -> None:
    """Print the figure as JSON."""
    parser = rig.arguments(__doc__)
    parser.add_argument("--kills", type=int, default=0, help="kills on each database")
    parser.add_argument("--calendar", choices=("caldav", "google", "microsoft"), default="caldav")
    rig.run(measured, parser)


if __name__ == "__main__":
    main()
