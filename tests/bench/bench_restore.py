"""Restoring a backup on an empty machine, timed step by step.

    python -m tests.bench.bench_restore --database postgres --conversations 20000

Creates realistic conversations (28 facts and their rows each) and recordings; the shipped commands
back them up, restore them into an empty folder and database, check and start; then documents and
recordings are compared with the originals. Times are of these commands as an operator would run
them; creating the data is not included.
"""

import argparse
import hashlib
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import sqlalchemy as sa

from core.clock import utc_now
from core.events import ConversationStarted, Noted
from core.store.store import Store
from tests.bench import rig
from tests.bench.stub import Stub
from tests.fakes import postgres
from tests.fakes.a_call import ENDED, facts
from tests.hostile.process import ServerProcess, environment, run
from voice_agent.audio.wav import WavWriter

CONVERSATIONS, QUICK = 20_000, 500
SHARE, SECONDS = 0.1, 30
"""Share of conversations with a recording, and its length."""
WRITTEN = 100
"""Conversations that are really written; the others are copies."""
COMPARED = 25
WITHIN_S = 1800.0


COPIED = {
    "conversation": ("id",), "fact": ("conversation_id",), "sighting": ("conversation_id",),
    "outstanding_question": ("conversation_id",), "assignment": ("conversation_id",),
    "card": ("id", "conversation_id"), "card_flag": ("card_id",), "card_criterion": ("card_id",),
    "transcript": ("id",),
}  # fmt: skip
"""Tables with rows of a call, and the columns that identify it."""


def sid(n: int) -> str:
    return f"CAc{n}"


async def filled(url: str, count: int) -> None:
    """Ended, written-up conversations: some as servers write them, the rest row-by-row copies under
    ids of their own."""
    store, began = Store(url, server="before"), utc_now() - timedelta(days=30)
    for n in range(min(count, WRITTEN)):
        started, *rest = facts()
        assert isinstance(started, ConversationStarted)
        of_it = [replace(started, call_sid=sid(n), caller=f"+1415{n:07}"), *rest, ENDED,
                 Noted("handoff", {"summary": f"Call {n} about Snowflake."}),
                 Noted("crm", {"status": "written", "records": []})]  # fmt: skip
        await store.log.append(f"c{n}", began + timedelta(minutes=n), of_it)
        await store.conversations.mark_wrapped(f"c{n}", began + timedelta(minutes=n))
    for round_ in range(1, count // WRITTEN):
        await store.write("copies", partial(copied, round_ * WRITTEN))
    await store.aclose()


def copied(first: int, connection: sa.Connection) -> None:
    """Copies of all that was written, numbered from `first`."""
    tables = sa.MetaData()
    tables.reflect(connection, only=COPIED)
    for name, keys in COPIED.items():
        table = tables.tables[name]
        columns: dict[str, Any] = {c.name: c for c in table.c if c.computed is None}
        for key in keys:
            if isinstance(table.c[key].type, sa.BigInteger | sa.Integer):
                own, original = table.c[key] + first, table.c[key] <= WRITTEN
            else:
                number = sa.cast(sa.func.substr(table.c[key], 2), sa.BigInteger)
                own = sa.literal("c").concat(sa.cast(number + first, sa.String))
                original = number < WRITTEN
            columns[key] = own
        if name == "conversation":
            columns["call_sid"] = sa.literal("CA").concat(columns["id"])
        chosen = sa.select(*columns.values()).where(original)
        connection.execute(sa.insert(table).from_select(list(columns), chosen))


def recorded(folder: Path, count: int, seconds: int) -> None:
    """The recordings of the first conversations: noise, which no file system compresses."""
    folder.mkdir(parents=True)
    dice = np.random.default_rng(1)
    lane = dice.integers(-4000, 4000, seconds * 8000, dtype=np.int16)
    for n in range(count):
        writer = WavWriter(folder / f"c{n}.wav")
        writer.write(np.roll(lane, n), lane)
        writer.close()


def size_mb(folder: Path) -> float:
    """All files below a folder."""
    return round(sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6, 1)


@contextmanager
def databases(kind: str) -> Iterator[tuple[str, str]]:
    """The original database, and an empty one."""
    if kind == "sqlite":
        yield "", ""
        return
    with postgres.database() as first, postgres.database() as second:
        yield first, second


class Steps:
    """What each step took, in seconds."""

    def __init__(self) -> None:
        self.took: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.took[name] = round(time.monotonic() - began, 1)
        rig.say(f"  {name}: {self.took[name]} s")


def told(server: ServerProcess, count: int) -> dict[str, Any]:
    """Some conversations from the API, and the digests of their recordings."""
    found: dict[str, Any] = {}
    for n in range(0, count, max(1, count // COMPARED)):
        found[sid(n)] = server.document(sid(n))
        sound = server.get(f"/api/v1/calls/{sid(n)}/recording")
        digest = hashlib.sha256(sound.content).hexdigest()
        found[f"recording {n}"] = digest if sound.status_code == 200 else sound.status_code
    return found


def measured(arguments: argparse.Namespace) -> rig.Result:
    """Create, back up, lose, restore, start."""
    count = QUICK if arguments.quick else arguments.conversations
    sounds, step, size = round(count * SHARE), Steps(), {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        old, new, saved = folder / "old", folder / "new", folder / "backup.tar"
        old.mkdir()
        with databases(arguments.database) as (there, empty), Stub() as ears:
            env = {var: environment(var, ears.base_url, DATABASE_URL=url)
                   for var, url in ((old, there), (new, empty))}  # fmt: skip
            with step("(making the data)"):
                anyio.run(filled, there or f"sqlite:///{old / 'voice_agent.db'}", count)
                recorded(old / "recordings", sounds, SECONDS)
            with ServerProcess(env[old], folder) as server:
                before = told(server, count)
                with step("backup, while a server runs"):
                    _did("backup", str(saved), env=env[old], cwd=folder)
            size = {"recordings_mb": size_mb(old / "recordings"),
                    "backup_mb": round(saved.stat().st_size / 1e6, 1)}  # fmt: skip
            with step("restore into nothing"):
                _did("restore", str(saved), env=env[new], cwd=folder)
            with step("check"):
                _did("check", env=env[new], cwd=folder)
            began = time.monotonic()
            with ServerProcess(env[new], folder) as server:
                step.took["start to ready"] = round(time.monotonic() - began, 1)
                after = told(server, count)
    same = sum(before[key] == after.get(key) for key in before)
    whole = [took for name, took in step.took.items() if name[0] not in "(b"]
    return rig.Result(
        "from a backup to a server that takes calls", round(sum(whole), 1), None, count, "s",
        "every document and recording compared is the same", same == len(before),
        {"database": arguments.database, "steps_s": step.took, **size, "recordings": sounds,
         "compared": len(before), "same": same},
    )  # fmt: skip


def _did(*command: str, env: dict[str, str], cwd: Path) -> None:
    code, output = run(*command, env=env, cwd=cwd, within_s=WITHIN_S)
    if code:
        raise SystemExit(f"voice-agent {' '.join(command)} ended with {code}:\n{output[-2000:]}")


def main() -> None:
    """Print the figures as JSON."""
    parser = rig.arguments(__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--conversations", type=int, default=CONVERSATIONS)
    rig.run(measured, parser)


if __name__ == "__main__":
    main()
