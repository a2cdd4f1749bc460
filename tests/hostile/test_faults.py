"""Each thing that can fail, broken in a whole call; docs/failures.md is checked against it."""

import os
import platform
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest

from core.errors import StoreFailed
from core.store.servers import lives, process_start
from core.store.tables import ServerRow
from tests.core.talk import sample
from tests.fakes.memory_log import MemoryLog
from tests.fakes.office import HANG_UP, LoggedDesk, Office, office, script
from tests.fakes.tone_synthesizer import ToneSynthesizer
from voice_agent.call.clock import CallClock

PAGE = (Path(__file__).parents[2] / "docs" / "failures.md").read_text(encoding="utf-8")
QUESTION = "demo/01_hi_there_i_was.wav"
SNOWFLAKE = "does tideline integrate with our snowflake data warehouse"
ASKS = script(("greeting ended", QUESTION), ("agent silent 1.5s", HANG_UP))
ASKS_TWICE = script(
    ("greeting ended", QUESTION), ("agent silent 0.7s", QUESTION), ("agent silent 8s", HANG_UP)
)
SHOWN_ELSEWHERE = {
    "database, and the server dies meanwhile": "tests/call/test_spill.py",
    "database refuses facts for good (damaged, a bug)": "tests/call/test_spill.py",
    "disk full": "tests/call/test_store_faults.py",
    "SQLite's file deleted or replaced under the server": "tests/core/store/test_database_file.py",
    "CRM": "tests/workflows/test_durable.py",
    "line to Twilio stalled": "tests/hostile/test_stream.py",
}
"""Faults that need a real disk, process or socket, with the tests that break them."""


def row(fault: str) -> tuple[str, str]:
    """What the table says that a caller hears and a rep sees."""
    found = re.search(rf"^\| {re.escape(fault)} \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
    assert found, f"the page has no row for {fault!r}"
    return found[1], found[2]


def quoted(cell: str) -> list[str]:
    return re.findall(r"“([^”]+)”", cell)


def by_agent(document: dict[str, Any]) -> str:
    """What the agent said after the caller's first words."""
    rows = document["transcript"]
    first = next((n for n, r in enumerate(rows) if r["speaker"] == "caller"), len(rows))
    return " ".join(r["text"] for r in rows[first:] if r["speaker"] == "agent")


def kinds(document: dict[str, Any]) -> set[str]:
    return {flag["kind"] for flag in document["flags"]}


def as_told(fault: str, document: dict[str, Any]) -> None:
    """What was said holds every quotation of the table, and each flag it names is there."""
    hears, sees = row(fault)
    said = by_agent(document)
    for words in quoted(hears):
        assert words in said, f"{fault}: {words!r} was not said in {said!r}"
    flags = set(re.findall(r"`([a-z_]+)`", sees)) - {"socket_lost"}
    assert flags <= kinds(document), fault
    if sees.startswith("nothing"):
        assert not kinds(document) & {"engine_failed", "stored_late", "recording_incomplete"}


def failures(it: Office) -> dict[str, float]:
    """How often which engine failed, as is counted."""
    (counted,) = (m for m in it.registry.collect() if m.name == "voice_agent_engine_failures")
    return {s.labels["engine"]: s.value for s in counted.samples
            if s.name.endswith("_total") and s.value}  # fmt: skip


def promised(document: dict[str, Any]) -> bool:
    return bool(document["callback"]) and bool(document["handoff"]["promises"])


async def test_hearing_that_fails_once_is_asked_again(tmp_path: Path):
    async with office(tmp_path, [SNOWFLAKE, SNOWFLAKE]) as it:
        it.ears.failing = True

        async def back() -> None:
            while it.ears.texts[1:]:  # noqa: ASYNC110 - the fake tells nobody
                await anyio.sleep(0.05)
            await anyio.sleep(9)
            it.ears.failing = False

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(back)
            await it.call(ASKS_TWICE)
            tasks.cancel_scope.cancel()
        document = await it.document()
    as_told("hearing, once", document)
    assert any(r["citations"] for r in document["transcript"])


async def test_hearing_that_stays_away_is_apologised_for_and_a_call_is_promised(tmp_path: Path):
    async with office(tmp_path, [SNOWFLAKE] * 6) as it:
        it.ears.failing = True
        report = await it.call(ASKS_TWICE)
        document = await it.document()
    as_told("hearing, twice in a row", document)
    assert report.ended_by == "server" and promised(document)


async def test_a_voice_that_fails_is_replaced(tmp_path: Path):
    async with office(tmp_path, [SNOWFLAKE], fallback=ToneSynthesizer(name="spare")) as it:
        it.voice.dead = True
        report = await it.call(ASKS)
        document = await it.document()
    as_told("voice", document)
    assert "Snowflake" in by_agent(document) and report.heard_ms[0] < 1000
    assert failures(it) == {"voice": 1}


async def test_two_dead_voices_are_owned_up_to_and_a_call_is_promised(tmp_path: Path):
    spare = ToneSynthesizer(name="spare")
    async with office(tmp_path, [SNOWFLAKE], fallback=spare) as it:
        it.voice.dead = spare.dead = True
        await it.call(script(("greeting ended", QUESTION), ("agent silent 9s", HANG_UP)))
        document = await it.document()
    as_told("both voices", document)
    assert promised(document)


class Dead:
    """A language model that is away."""

    async def stream(self, system: str, messages: object) -> Any:
        await anyio.sleep(60)
        yield ""


async def test_a_language_model_that_hangs_costs_its_deadline_and_no_answer(tmp_path: Path):
    async with office(tmp_path, [SNOWFLAKE], model=Dead()) as it:
        report = await it.call(script(("greeting ended", QUESTION), ("agent silent 3s", HANG_UP)))
        document = await it.document()
    as_told("language model", document)
    assert any(r["citations"] for r in document["transcript"]) and report.heard_ms[0] < 2500
    assert failures(it) == {"wording": 1}


class AwayLog(MemoryLog):
    """A database that is away for a while in the middle of a call."""

    def __init__(self) -> None:
        super().__init__()
        self.began = anyio.current_time()

    async def append_once(self, conversation_id, at, facts, key) -> bool:  # type: ignore[no-untyped-def]
        if 3 < anyio.current_time() - self.began < 13:
            raise StoreFailed("away")
        return await super().append_once(conversation_id, at, facts, key)


async def test_a_database_that_is_away_during_a_call_is_not_noticed_and_nothing_is_lost(
    tmp_path: Path,
):
    away = AwayLog()
    async with office(tmp_path, [SNOWFLAKE], log=away) as it:
        report = await it.call(ASKS)
        document = await it.document()
    as_told("database, during a call", document)
    assert any(r["citations"] for r in document["transcript"]) and report.heard_ms[0] < 1000
    logged = [entry.seq for entry in await away.read(document["id"])]
    assert logged == list(range(1, len(logged) + 1)) and document["status"] == "completed"


async def test_a_full_disk_ends_the_recording_and_not_the_call(tmp_path: Path):
    async with office(tmp_path / "full", [SNOWFLAKE]) as it:
        (tmp_path / "full").write_text("no folder")  # as a disk that takes no file
        report = await it.call(ASKS)
        document = await it.document()
    as_told("disk full", document)
    assert any(r["citations"] for r in document["transcript"]) and report.ended_by == "caller"
    assert document["recording"] is None


async def test_a_calendar_that_is_away_costs_the_meeting_and_not_the_lead(tmp_path: Path):
    texts = ["can we schedule a demo for this week", "yes please", "yes"]
    desk = LoggedDesk(sample().company)
    desk.failing = True
    async with office(tmp_path, texts, desk=desk) as it:
        await it.call(
            script(
                ("greeting ended", QUESTION), ("agent silent 0.7s", QUESTION),
                ("agent silent 0.7s", QUESTION), ("agent silent 2s", HANG_UP),
            )
        )  # fmt: skip
        document = await it.document()
    as_told("calendar", document)
    assert document["booking"] is None and promised(document)
    assert re.search(r"\bcall you\b", by_agent(document))


async def test_a_line_that_is_cut_keeps_what_was_said(tmp_path: Path):
    async with office(tmp_path, [SNOWFLAKE]) as it:

        async def cut() -> None:
            while it.ears.texts:  # noqa: ASYNC110 - the fake tells nobody
                await anyio.sleep(0.1)
            await anyio.sleep(7)
            await it.sockets[0].close()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(cut)
            await it.call(script(("greeting ended", QUESTION), ("agent silent 60s", HANG_UP)))
        document = await it.document()
        ended = [e.fact for e in await it.log.read(document["id"])][-1]
    as_told("line to Twilio cut", document)
    assert SNOWFLAKE in [r["text"] for r in document["transcript"]]
    assert getattr(ended, "reason", "") == "socket_lost"


async def test_a_clock_set_to_another_time_changes_no_call_and_kills_no_server():
    began = datetime(2026, 11, 25, 12, tzinfo=UTC)
    clock = CallClock(began)
    await anyio.sleep(3)
    assert clock.utc(clock.now()) == began + timedelta(seconds=3)
    row("clock set to another time")
    here = ServerRow(
        id="x", host=platform.node(), pid=os.getpid(), started_at=began, beat_at=began,
        process_start=process_start(os.getpid()) or "",
    )  # fmt: skip
    for jump in (timedelta(hours=-10), timedelta(), timedelta(days=400)):
        assert lives(here, platform.node(), began + jump)


@pytest.mark.parametrize("fault", re.findall(r"^\| ([^|]+) \|", PAGE, re.MULTILINE)[1:])
def test_every_fault_of_the_table_is_broken_by_a_test(fault: str):
    source = Path(__file__).read_text(encoding="utf-8")
    there = f'as_told("{fault}"' in source or f'row("{fault}")' in source
    elsewhere = SHOWN_ELSEWHERE.get(fault)
    assert there or elsewhere and (Path(__file__).parents[2] / elsewhere).exists()
