"""Crash matrix: kill -9 at random instants of calls and wrap-ups; counts losses and duplicates.

    python -m tests.bench.bench_crashes --kills 200 --seed 1 --database postgres

A real server process with several concurrent real calls is killed at a random instant, every third
time just as a call ends and is written up, and restarted on what it left. At the end every call is
compared with its document before the kill, and everything that must exist once is counted in the
database.
"""

import argparse
import json
import random
import tempfile
import threading
import time
import wave
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import anyio
import httpx
import sqlalchemy as sa

from core.store.database import open_engine
from tests.bench.stub import Stub
from tests.fakes import postgres
from tests.hostile.process import ServerProcess, brisk_company, environment
from voice_agent.emulator import script as scripts
from voice_agent.emulator.script import Script, Step, parse_when
from voice_agent.emulator.twilio import CallPlan, EmulatedCall

HANG_UP = Step(parse_when("agent silent 0.6s"), "hangs up", hangup=True)
SCRIPTS = ("pricing", "booking", "fast_talker", "phone_number", "unanswerable")
LONGEST_S = 24.0
"""A kill comes within this after the server is ready: calls last 12 to 25 seconds."""
CALLS = 4
WRAP_UPS = 1 / 3
"""Share of kills that wait for a call to end, and come within this of its end."""
WRAP_UP_S = 1.5
SETTLED_S = 180.0
RECORDING_LOST_S = 4.0
"""How much of a recording's end a kill may cost."""
ONCE = {
    "calls": "SELECT call_sid, count(*) FROM conversation WHERE call_sid IS NOT NULL "
    "GROUP BY call_sid HAVING count(*) > 1",
    "ends of calls": "SELECT conversation_id, count(*) FROM fact WHERE kind = 'ConversationEnded' "
    "GROUP BY conversation_id HAVING count(*) > 1",
    "recordings": "SELECT conversation_id, count(*) FROM fact WHERE kind = 'RecordingSaved' "
    "GROUP BY conversation_id HAVING count(*) > 1",
    "lines": "SELECT conversation_id, payload FROM fact WHERE kind = 'UtteranceRecorded'",
    "promises": "SELECT conversation_id, payload FROM fact WHERE kind = 'PromiseMade'",
    "bookings": "SELECT conversation_id, count(*) FROM booking WHERE status = 'booked' "
    "GROUP BY conversation_id HAVING count(*) > 1",
    "callbacks": "SELECT conversation_id, count(*) FROM callback "
    "GROUP BY conversation_id HAVING count(*) > 1",
    "CRM activities": "SELECT conversation_id, count(*) FROM crm_activity "
    "GROUP BY conversation_id HAVING count(*) > 1",
    "CRM contacts": "SELECT phone, count(*) FROM crm_contact WHERE phone IS NOT NULL "
    "GROUP BY phone HAVING count(*) > 1",
    "notices": "SELECT person, kind, conversation_id, about, count(*) FROM notice "
    "GROUP BY person, kind, conversation_id, about HAVING count(*) > 1",
}  # fmt: skip
"""Each query finds duplicates; if it shows payloads, equal ones are duplicates."""


@dataclass
class Placed:
    """One call, and what was known of it."""

    sid: str
    script: str
    began: float
    document: dict[str, Any] | None = None
    """As it was last shown before the kill."""
    seen: float = 0.0
    stage: str = "before its first fact"


@dataclass
class Found:
    """The outcome of a whole run."""

    kills: int = 0
    stages: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    calls: int = 0
    bookings: int = 0
    promises: int = 0
    callbacks: int = 0
    recordings: int = 0
    written: int = 0


def a_script(name: str) -> Script:
    """A caller's first turns, then a hang-up: short enough for a kill to hit every part."""
    steps = scripts.load(name).steps[:2]
    return Script(name, (*steps, HANG_UP))


async def calling(url: str, placed: list[Placed], dice: random.Random) -> None:
    """Place the calls, a little apart; a dying server ends them."""

    async def one(call: Placed, number: int) -> None:
        await anyio.sleep(number * 0.9)
        call.began = time.monotonic()
        caller = f"+1415555{dice.randrange(10_000):04}"
        plan = CallPlan(url, a_script(call.script), call_sid=call.sid, max_s=60, caller=caller)
        async with httpx.AsyncClient(trust_env=False) as http:
            try:
                await EmulatedCall(plan, http).run()
            except Exception:  # the server is gone: that is what is measured
                return

    with anyio.move_on_after(LONGEST_S + 30):
        async with anyio.create_task_group() as tasks:
            for number, call in enumerate(placed):
                tasks.start_soon(one, call, number)


def look(server: ServerProcess, call: Placed) -> None:
    """Remember what the call's document says now."""
    try:
        document = server.document(call.sid)
    except httpx.HTTPError:
        return
    if document is None:
        return
    call.document, call.seen = document, time.monotonic()
    if document["status"] == "in_progress":
        call.stage = "talking"
    elif document["crm"]["status"] == "pending":
        call.stage = "wrapping up"
    else:
        call.stage = "wrapped up"


def killed_once(server: ServerProcess, placed: list[Placed], dice: random.Random) -> None:
    """Place calls, look at them, and kill the server at a random instant."""
    thread = threading.Thread(target=partial(anyio.run, calling, server.url, placed, dice))
    thread.start()
    ends = time.monotonic() + dice.uniform(0.5, LONGEST_S)
    at_the_end, after_s = dice.random() < WRAP_UPS, dice.uniform(0.0, WRAP_UP_S)
    if at_the_end:
        ends = time.monotonic() + 2 * LONGEST_S
    while (left := ends - time.monotonic()) > 0:
        for call in placed:
            look(server, call)
        if at_the_end and any(call.stage.startswith("wrap") for call in placed):
            time.sleep(after_s)
            break
        time.sleep(min(left, 0.2 if at_the_end else 0.5))
    server.kill()
    thread.join(120)


def compared(after: dict[str, Any] | None, call: Placed) -> Iterator[str]:
    """What is missing of what was known before the kill."""
    before = call.document
    if before is None:
        return
    if after is None:
        yield "the call is gone"
        return
    if after["status"] == "in_progress":
        yield "it never ended"
    lines = [(n["speaker"], n["text"]) for n in after["transcript"]]
    yield from (
        f"line lost: {n['text'][:40]!r}"
        for n in before["transcript"]
        if not any(n["speaker"] == who and n["text"] in text for who, text in lines)
    )  # a continued turn's words are part of a longer turn
    told = {(s["criterion"], s["value"]) for s in after["signals"]}
    yield from (
        f"signal lost: {s['criterion']}"
        for s in before["signals"]
        if (s["criterion"], s["value"]) not in told
    )
    if before["booking"] and not after["booking"]:
        yield "booking lost"
    if before["callback"] and not after["callback"]:
        yield "callback lost"
    if len(after["handoff"]["promises"]) < len(before["handoff"].get("promises", [])):
        yield "promise lost"
    if after["crm"]["status"] != "written":
        yield f"CRM {after['crm']['status']}"
    if before["recording_consent"] == "given" and before["recording"] and not after["recording"]:
        yield "recording lost"


def heard(server: ServerProcess, call: Placed, after: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a call's recording."""
    if not after["recording"]:
        return
    answer = server.get(f"/api/v1/calls/{call.sid}/recording")
    if answer.status_code != 200:
        yield f"recording answers {answer.status_code}"
        return
    with wave.open(BytesIO(answer.content)) as file:
        lasted_s = file.getnframes() / 8000
    if abs(lasted_s - after["recording"]["duration_ms"] / 1000) > 0.1:
        yield "recording and document differ"
    if after["status"] == "interrupted" and call.seen:
        missing = call.seen - call.began - lasted_s
        if missing > RECORDING_LOST_S:
            yield f"{missing:.1f} s of the recording lost"


def settled(server: ServerProcess, calls: list[Placed]) -> dict[str, dict[str, Any] | None]:
    """Every call's document once no work is left."""
    ends = time.monotonic() + SETTLED_S
    found: dict[str, dict[str, Any] | None] = {}
    open_ones = list(calls)
    while open_ones and time.monotonic() < ends:
        for call in list(open_ones):
            document = found[call.sid] = server.document(call.sid)
            if document is None or (
                document["status"] != "in_progress" and document["crm"]["status"] != "pending"
            ):
                open_ones.remove(call)
        time.sleep(0.5)
    return found


def doubled(url: str) -> list[str]:
    """Duplicates in the database."""
    engine = open_engine(url)
    found: list[str] = []
    with engine.connect() as connection:
        for what, query in ONCE.items():
            rows = connection.execute(sa.text(query)).all()
            if "payload" in query:
                same = Counter((row[0], json.dumps(row[1], sort_keys=True)) for row in rows)
                found += [f"{what}: {key[0]}" for key, n in same.items() if n > 1]
            else:
                found += [f"{what}: {row[0]}" for row in rows]
    engine.dispose()
    return found


def measure(var: Path, url: str, kills: int, seed: int, until: float | None = None) -> Found:
    """Kill and restart, then compare; `until` (monotonic) ends it before `kills` are done."""
    dice, found = random.Random(seed), Found()
    company = brisk_company(var / "company")
    every: list[Placed] = []
    with Stub() as ears:
        env = environment(var, ears.base_url, DATABASE_URL=url, COMPANY=str(company))
        for number in range(kills):
            if until is not None and time.monotonic() > until:
                break
            placed = [
                Placed(f"CA{number:06}{n:026}", dice.choice(SCRIPTS), 0.0) for n in range(CALLS)
            ]
            every += placed
            with ServerProcess(env, var) as server:
                killed_once(server, placed, dice)
            found.kills += 1
            found.stages.update(call.stage for call in placed)
        with ServerProcess(env, var) as server:
            documents = settled(server, every)
            for call in every:
                after = documents[call.sid]
                wrong = list(compared(after, call))
                if after is not None:
                    wrong += heard(server, call, after)
                    found.calls += 1
                    found.bookings += bool(after["booking"])
                    found.callbacks += bool(after["callback"])
                    found.promises += len(after["handoff"]["promises"])
                    found.recordings += bool(after["recording"])
                    found.written += after["crm"]["status"] == "written"
                found.lost += [f"{call.sid} ({call.script}, {call.stage}): {w}" for w in wrong]
            server.terminate()
            server.exit_code(60)
    found.twice = doubled(url)
    return found


@contextmanager
def database(kind: str, var: Path) -> Iterator[str]:
    """A database for this run."""
    if kind == "sqlite":
        yield f"sqlite:///{var / 'calls.db'}"
        return
    with postgres.database() as url:
        yield url


def report(found: Found, kind: str, seed: int) -> dict[str, Any]:
    """The figures as JSON."""
    return {
        "bench": "crashes", "database": kind, "seed": seed, "kills": found.kills,
        "calls_met": dict(found.stages), "calls": found.calls, "recordings": found.recordings,
        "crm_written": found.written, "bookings": found.bookings, "promises": found.promises,
        "callbacks": found.callbacks, "lost": found.lost, "twice": found.twice,
    }  # fmt: skip


def main() -> int:
    """Run it on one database; 1 when anything was lost or done twice."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--minutes", type=float, help="stop killing after this long")
    given = parser.parse_args()
    until = time.monotonic() + given.minutes * 60 if given.minutes else None
    with tempfile.TemporaryDirectory() as folder, database(given.database, Path(folder)) as url:
        found = measure(Path(folder), url, given.kills, given.seed, until)
    made = report(found, given.database, given.seed)
    print(json.dumps(made, indent=2))  # noqa: T201
    for what, count in found.stages.most_common():
        print(f"  met {what:<24} {count:>5}")  # noqa: T201
    print(f"  lost {len(found.lost)}, twice {len(found.twice)}")  # noqa: T201
    return 1 if found.lost or found.twice else 0


if __name__ == "__main__":
    raise SystemExit(main())
