"""What the database does not take waits on disk, and is stored once, by this server or the next."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import pytest

from core.errors import StoreFailed
from core.events import ConversationEnded, ConversationStarted, IdentifierSeen, Noted
from core.store.store import Store
from voice_agent.audio.archive import Archive
from voice_agent.call.journal import Journal
from voice_agent.call.shelf import Shelf, ShelvedFacts
from voice_agent.call.spill import Spill, spilling
from voice_agent.workflows.erasure import Eraser

pytestmark = pytest.mark.real_clock
AT = datetime(2026, 11, 25, tzinfo=UTC)
STARTED = ConversationStarted("voice", "inbound", None, None, "CA1", "t", "1", "1", False)
ENDED = ConversationEnded("talked", "stopped", 1000)


class Away:
    """A store's log that can be away, before or after it commits."""

    def __init__(self, store: Store) -> None:
        self.store, self.away, self.loses_answer = store, True, False
        self.log = self

    async def query(self, _read) -> None:
        raise StoreFailed("away")

    async def append_once(self, conversation_id, at, facts, key) -> bool:
        if self.away and self.loses_answer:
            await self.store.log.append_once(conversation_id, at, facts, key)
        if self.away:
            raise StoreFailed("away")
        return await self.store.log.append_once(conversation_id, at, facts, key)


def nobody(waiting: int, refused: int) -> None:
    """Is told of nothing."""


class Picky:
    """A store that refuses some facts for good, until it is mended."""

    def __init__(self, store: Store, refuses: str) -> None:
        self.store, self.refuses = store, refuses
        self.log, self.conversations, self.query = self, store.conversations, store.query

    async def append_once(self, conversation_id, at, facts, key) -> bool:
        if any(getattr(fact, "kind", None) == self.refuses for fact in facts):
            refused = StoreFailed("DataError: out of range")
            refused.retryable = False
            raise refused
        return await self.store.log.append_once(conversation_id, at, facts, key)


async def kinds(store: Store) -> list[str]:
    return [getattr(e.fact, "kind", type(e.fact).__name__) for e in await store.log.read("c")]


async def a_call(journal: Journal, away: Away, *, back_after_s: float | None) -> None:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(journal.run)
        for fact in (STARTED, Noted("a"), Noted("b")):
            journal.write(AT, fact)
        await anyio.sleep(0.1)
        journal.write(AT, Noted("c"), ENDED)
        if back_after_s is not None:
            await anyio.sleep(back_after_s)
            away.away = False
            assert await journal.close()
        tasks.cancel_scope.cancel()


@pytest.mark.parametrize("loses_answer", [False, True])
async def test_a_database_that_comes_back_gets_each_fact_once_and_the_disk_is_cleared(
    store: Store, tmp_path: Path, loses_answer: bool
):
    spill, away = Spill(tmp_path / "journal"), Away(store)
    away.loses_answer = loses_answer
    await a_call(Journal(away, "c", spill), away, back_after_s=0.2)
    assert await kinds(store) == ["ConversationStarted", "a", "b", "c", "ConversationEnded"]
    assert spill.waiting.names() == []


async def test_an_outage_that_is_over_leaves_nothing_on_the_disk_though_the_call_goes_on(
    store: Store, tmp_path: Path
):
    spill, away = Spill(tmp_path / "journal"), Away(store)
    journal = Journal(away, "c", spill)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(journal.run)
        for _ in range(2):
            away.away = True
            journal.write(AT, Noted("a"))
            while not spill.waiting.names():
                await anyio.sleep(0.01)
            away.away = False
            assert await journal.flush()
            assert spill.waiting.names() == []
        tasks.cancel_scope.cancel()
    assert await kinds(store) == ["a", "a"]


async def test_a_crash_during_an_outage_loses_nothing(store: Store, tmp_path: Path):
    told: list[tuple[int, int]] = []
    spill, away = Spill(tmp_path / "journal", lambda *counts: told.append(counts)), Away(store)
    await a_call(Journal(away, "c", spill), away, back_after_s=None)  # and then it died
    spill.release()
    with pytest.raises(StoreFailed):
        await spill.recover(away)
    assert told == [(1, 0)], "what waits is told of while the database is away"
    folder = spill.folder
    (file,) = folder.iterdir()
    assert oct(file.stat().st_mode)[-3:] == "600" and await kinds(store) == []
    async with spilling(folder, store, nobody):
        assert (await kinds(store))[:3] == ["ConversationStarted", "a", "b"]
    assert list(folder.iterdir()) == []
    row = await store.conversations.get("c")
    assert row is not None and (row.status != "in_progress" or row.server == "")


async def test_what_is_cut_off_is_left_out_and_the_rest_is_stored_in_order(
    store: Store, tmp_path: Path
):
    spill = Spill(tmp_path / "journal")
    entries = [
        ShelvedFacts(f"journal:{n}", AT, (Noted(kind),)) for n, kind in enumerate("abc", start=1)
    ]
    await spill.add("c", entries)
    os.truncate(spill.folder / "c.jsonl", (spill.folder / "c.jsonl").stat().st_size - 5)
    await store.log.append_once("c", AT, [Noted("a")], "journal:1")
    spill.release()  # as its process does
    assert await Spill(tmp_path / "journal").recover(store) == ["c"]
    assert await kinds(store) == ["a", "b"]


async def test_a_call_that_goes_on_is_not_recovered_under_its_feet(store: Store, tmp_path: Path):
    spill, another_servers = Spill(tmp_path / "journal"), Spill(tmp_path / "journal")
    await spill.add("c", [ShelvedFacts("journal:1", AT, (Noted("a"),))])
    for one in (spill, another_servers):
        assert await one.recover(store) == [] and await kinds(store) == []
    await spill.add("c", [ShelvedFacts("journal:2", AT, (Noted("b"),))])
    await spill.done("c", stored=False)
    assert await another_servers.recover(store) == ["c"] and await kinds(store) == ["a", "b"]


async def test_what_the_database_refuses_is_put_aside_told_of_and_stored_once_it_takes_it(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    told: list[tuple[int, int]] = []
    picky = Picky(store, "b")
    spill = Spill(tmp_path / "journal", lambda *counts: told.append(counts))
    journal = Journal(picky, "c", spill)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(journal.run)
        for n, fact in enumerate((STARTED, Noted("a"), Noted("b"), Noted("d"))):
            journal.write(AT + timedelta(seconds=n), fact)
        assert await journal.close()
        tasks.cancel_scope.cancel()
    assert await kinds(store) == ["ConversationStarted", "a", "d", "not_stored"]
    (line,) = [r.getMessage() for r in caplog.records if "put aside" in r.getMessage()]
    assert "out of range" in line and str(spill.refused.folder) in line and "runbook" in line
    ((entry,), _) = spill.refused.read("c")
    assert entry.facts == (Noted("b"),) and entry.why == "DataError: out of range"
    assert oct((spill.refused.folder / "c.jsonl").stat().st_mode)[-3:] == "600"
    await spill.retry(picky)
    await spill.recover(picky)
    assert told[-1] == (0, 1) and spill.refused.names() == ["c"]
    picky.refuses = ""
    async with spilling(tmp_path / "journal", picky, spill.told):  # the next start
        assert told[-1] == (0, 0) and spill.refused.names() == []
    assert (await kinds(store))[-1] == "b"


async def test_one_conversation_the_database_refuses_keeps_no_others_facts_from_being_stored(
    store: Store, tmp_path: Path
):
    spill = Spill(tmp_path / "journal")
    await spill.add("a", [ShelvedFacts("journal:1", AT, (Noted("no"),))])
    await spill.add("c", [ShelvedFacts("journal:1", AT, (Noted("yes"),))])
    spill.release()
    assert await spill.recover(Picky(store, "no")) == ["a", "c"]
    assert await kinds(store) == ["yes"] and spill.refused.names() == ["a"]


async def test_a_line_somebody_spoilt_is_not_thrown_away(store: Store, tmp_path: Path):
    spill = Spill(tmp_path / "journal")
    assert await spill.put_aside("c", [ShelvedFacts("journal:1", AT, (Noted("a"),), "refused")])
    with (spill.refused.folder / "c.jsonl").open("a") as file:
        file.write("mended by ha\n")
    await spill.retry(store)
    assert await kinds(store) == ["a"] and spill.refused.names() == ["c"]


async def test_facts_of_a_forgotten_person_do_not_come_back_from_the_disk(
    store: Store, tmp_path: Path
):
    await store.log.append_once(
        "c", AT, [STARTED, IdentifierSeen("email", "jane@acme.com", True)], "one"
    )
    row = await store.conversations.get("c")
    assert row is not None and row.person_id
    spill = Spill(tmp_path / "journal")
    await spill.add("c", [ShelvedFacts("journal:1", AT, (Noted("a"),))])
    spill.release()
    assert await spill.put_aside("c", [ShelvedFacts("journal:2", AT, (Noted("b"),), "refused")])
    await Eraser(store, Archive(tmp_path), lambda: AT).erase(row.person_id)
    await spill.recover(store)
    assert not {"a", "b"} & {*await kinds(store)}
    assert spill.waiting.names() == spill.refused.names() == []


async def test_a_disk_that_takes_nothing_is_told_of_once_and_given_the_facts_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    (tmp_path / "journal").write_text("in the way")
    spill = Spill(tmp_path / "journal")
    entry = ShelvedFacts("journal:1", AT, (Noted("a"),))
    assert [await spill.add("c", [entry]) for _ in range(3)] == [False] * 3
    (tmp_path / "journal").unlink()
    assert await spill.add("c", [entry])
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert spill.waiting.read("c") == ([entry], True)
    spill.release()


HALF = """
import resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from core.events import Noted
from voice_agent.call.shelf import ShelvedFacts, Shelf

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
shelf, at = Shelf(Path(sys.argv[1])), datetime(2026, 11, 25, tzinfo=UTC)
with shelf.locked("c"):
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, most))
    try:
        shelf.add("c", [ShelvedFacts("1", at, (Noted("a", {"filler": "x" * 2000}),))])
    except OSError:
        shelf.add("c", [ShelvedFacts("2", at, (Noted("b"),))])
"""


async def test_a_full_disk_leaves_no_half_line_to_spoil_the_next_one(tmp_path: Path):
    command = [sys.executable, "-c", HALF, str(tmp_path)]
    done = await anyio.run_process(command, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    entries, whole = Shelf(tmp_path).read("c")
    assert whole and [entry.key for entry in entries] == ["2"]
