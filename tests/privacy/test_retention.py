"""Data with a retention time is deleted after it, kind by kind; data on hold stays."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from core.events import ConsentRecorded, RecordingSaved, SignalCaptured, UtteranceRecorded
from core.privacy.facts import Deleted
from core.projections.document import document
from core.store import holding
from core.store.expiring import expire
from core.store.store import Store
from knowledge.sections.retention import Retention
from tests.core.talk import sample
from tests.fakes.a_call import AT, ENDED, facts
from tests.privacy.a_person import a_call, days
from voice_agent.audio.archive import Archive
from voice_agent.privacy.retention import KIND, Keeper
from voice_agent.workflows.erasure import Eraser

pytestmark = pytest.mark.real_clock
KEPT = Retention(audio_days=10, words_days=20, mail_days=20, contact_days=40, consent_days=60)


@dataclass
class Day:
    """The clock of a test."""

    now: datetime = AT

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Asked:
    """Jobs that are only asked for."""

    asked: list[tuple[str, str, float]] = field(default_factory=list)
    job: Any = None

    def serve(self, kind: str, job: Any, queue: str = "") -> None:
        self.job = job

    async def ask(self, kind: str, key: str, *, after_s: float = 0.0, tries: int = 0) -> None:
        self.asked.append((kind, key, after_s))


def keeper(store: Store, archive: Archive, day: Day, kept: Retention = KEPT) -> Keeper:
    company = sample().company.model_copy(update={"retention": kept})
    eraser, registry = Eraser(store, archive, day), CollectorRegistry()
    return Keeper(store, archive, eraser, Asked(), lambda: company, day, registry)


async def every(store: Store, kind: type, name: str = "c1") -> list[Any]:
    return [e.fact for e in await store.log.read(name) if isinstance(e.fact, kind)]


async def each_kind_in_its_own_time(store: Store, tmp_path: Path) -> None:
    archive, day = Archive(tmp_path / "audio"), Day()
    await a_call(store, archive)
    tidy = keeper(store, archive, day).tidy
    none = {"audio": 0, "words": 0, "consent": 0, "mail": 0, "contact": 0}
    day.now = AT + days(9)
    assert await tidy() == none and archive.names() == ["c1"]

    day.now = AT + days(11)
    assert await tidy() == {**none, "audio": 1} and archive.names() == []
    told = document("c1", await store.log.read("c1"))
    assert told["recording"] is None and told["transcript"]

    day.now = AT + days(21)
    assert await tidy() == {**none, "words": 1}
    assert {u.text for u in await every(store, UtteranceRecorded)} == {"[erased]"}
    signals = {s.criterion: (s.value, s.quote) for s in await every(store, SignalCaptured)}
    assert signals["name"] == ("Jane Doe", "[erased]")
    assert signals["tech_stack"] == ("[erased]", "[erased]")
    assert (await every(store, ConsentRecorded))[0].words == "announced"

    day.now = AT + days(41)
    assert await tidy() == {**none, "contact": 1}
    assert await store.people.person_of("c1") is None
    assert {s.value for s in await every(store, SignalCaptured)} == {"[erased]"}
    assert (await every(store, ConsentRecorded))[0].words == "announced"

    day.now = AT + days(61)
    assert await tidy() == {**none, "consent": 1}
    assert (await every(store, ConsentRecorded))[0].words == "[erased]"
    assert [f.what for f in await every(store, Deleted)] == ["audio", "words", "consent"]
    assert await tidy() == none


async def test_each_kind_goes_in_its_own_time(store: Store, tmp_path: Path):
    await each_kind_in_its_own_time(store, tmp_path)


class Scrubbed(Store):
    """A store that counts how often its files are written anew."""

    scrubs = 0

    async def scrub(self) -> None:
        self.scrubs += 1
        await super().scrub()


async def test_files_are_scrubbed_once_for_all_that_was_due(sqlite_url: str, tmp_path: Path):
    store, archive = Scrubbed(sqlite_url), Archive(tmp_path / "audio")
    await a_call(store, archive)
    counts = await keeper(store, archive, Day(AT + days(61))).tidy()
    assert counts["contact"] == counts["consent"] == store.scrubs == 1
    await store.aclose()


async def test_files_are_not_scrubbed_while_a_forgotten_person_talks_on(
    sqlite_url: str, tmp_path: Path
):
    store = Scrubbed(sqlite_url)
    eraser = Eraser(store, Archive(tmp_path), Day())
    await store.log.append("c1", AT, facts("CA-c1"))
    await eraser.erase(str(await store.people.person_of("c1")), why="retention")
    assert await eraser.resume() == await eraser.resume() == 1 and store.scrubs == 0
    await store.log.append("c1", AT, [ENDED])
    await store.conversations.mark_wrapped("c1", AT)
    assert await eraser.resume() == 0 and store.scrubs == 1
    await store.aclose()


@pytest.mark.postgres
async def test_each_kind_goes_in_its_own_time_on_postgresql(postgres_url: str, tmp_path: Path):
    store = Store(postgres_url, server="boot-1")
    await each_kind_in_its_own_time(store, tmp_path)
    await store.aclose()


async def test_nothing_is_due_where_a_time_is_zero(store: Store, tmp_path: Path):
    archive, day = Archive(tmp_path / "audio"), Day(AT + days(9999))
    await a_call(store, archive)
    good = Retention(audio_days=0, words_days=0, mail_days=0, contact_days=0, consent_days=0)
    assert set((await keeper(store, archive, day, good).tidy()).values()) == {0}
    assert archive.names() == ["c1"]


@pytest.mark.parametrize("kind", ["person", "conversation"])
async def test_what_is_held_stays_until_it_is_released(store: Store, tmp_path: Path, kind: str):
    archive, day = Archive(tmp_path / "audio"), Day()
    person = await a_call(store, archive)
    target = person if kind == "person" else "c1"
    place = lambda c: holding.place(c, kind, target, "a lawsuit", "kim", AT)  # type: ignore[arg-type]  # noqa: E731
    hold = await store.write("holds", place)
    assert hold is not None
    day.now = AT + days(100)
    assert set((await keeper(store, archive, day).tidy()).values()) == {0}
    assert archive.names() == ["c1"]
    assert await Eraser(store, archive, day).erase(person, "jane") == hold
    await store.write("holds", lambda c: holding.release(c, hold.id, "kim", day.now))
    assert (await keeper(store, archive, day).tidy())["contact"] == 1 and archive.names() == []


async def test_a_round_that_died_after_the_file_was_gone_is_finished_by_the_next(
    store: Store, tmp_path: Path
):
    archive, day = Archive(tmp_path / "audio"), Day(AT + days(11))
    await a_call(store, archive)
    archive.delete("c1")
    assert (await keeper(store, archive, day).tidy())["audio"] == 1
    again = await store.write("c1", lambda c: expire(c, "c1", "audio", store.server, day.now))
    assert again is False and len(await every(store, Deleted)) == 1
    assert [s.url for s in await every(store, RecordingSaved)] == [""]


async def test_a_person_who_came_back_is_not_due_and_their_old_words_are(
    store: Store, tmp_path: Path
):
    archive, day = Archive(tmp_path / "audio"), Day(AT + days(45))
    await a_call(store, archive)
    await a_call(store, archive, "c2", AT + days(30))
    assert await store.people.person_of("c1") == await store.people.person_of("c2")
    counts = await keeper(store, archive, day).tidy()
    assert (counts["contact"], counts["words"], counts["audio"]) == (0, 1, 2)


async def test_each_day_asks_for_the_next_at_half_past_three(store: Store, tmp_path: Path):
    archive, day, jobs = Archive(tmp_path / "audio"), Day(), Asked()
    registry = CollectorRegistry()
    company = sample().company.model_copy(update={"retention": KEPT})
    eraser = Eraser(store, archive, day)
    made = Keeper(store, archive, eraser, jobs, lambda: company, day, registry)
    await made.begin()
    assert jobs.asked == [(KIND, "2025-03-03", 0.0)]
    await a_call(store, archive)
    day.now = AT + days(11)
    assert await jobs.job("2025-03-03", 0) is None
    kind, key, after_s = jobs.asked[-1]
    assert (kind, key) == (KIND, "2025-03-15") and 12 * 3600 < after_s < 13 * 3600
    told = generate_latest(registry).decode()
    assert 'voice_agent_retention_deleted_total{what="audio"} 1.0' in told


async def test_a_recording_that_cannot_be_deleted_keeps_no_other_and_is_tried_again(
    store: Store, tmp_path: Path
) -> None:
    archive, day = Archive(tmp_path / "audio"), Day(AT + days(11))
    for name in ("c1", "c2"):
        await a_call(store, archive, name)
    archive.path("c1").unlink()
    archive.path("c1").mkdir()  # no file that could be unlinked
    tidy = keeper(store, archive, day).tidy
    assert (await tidy())["audio"] == 1 and not archive.path("c2").exists()
    archive.path("c1").rmdir()
    assert (await tidy())["audio"] == 1
