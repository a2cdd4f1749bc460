"""What is backed up from a running server is restored intact on an empty machine."""

import tarfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.events import ConversationStarted, Noted
from core.store.database import sqlite_file
from core.store.store import Store
from tests.fakes.postgres import database
from voice_agent.backup import BackupFailed, Places, back_up, restore
from voice_agent.call.shelf import ShelvedFacts
from voice_agent.call.spill import JOURNAL, Spill
from voice_agent.cli import main

pytestmark = pytest.mark.real_clock

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
STARTED = ConversationStarted(
    "voice", "inbound", "+15550100", "+15550199", "CA1", "tideline", "c1", "k1", False
)


def quiet(_name: str, _size: int) -> None: ...


def places(folder: Path, url: str = "") -> Places:
    var, company = folder / "var", folder / "company"
    url = url or f"sqlite:///{var / 'voice_agent.db'}"
    return Places(var, url, f"sqlite:///{var / 'voice_agent-workflows.db'}", var / "rec", company)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Places, Places]]:
    """A server's places and those of an empty machine."""
    old, new = tmp_path / "old", tmp_path / "new"
    if request.param == "sqlite":
        yield places(old), places(new)
        return
    with database() as first, database() as second:
        yield places(old, first), places(new, second)


async def lived_in(at: Places) -> Store:
    at.company.mkdir(parents=True)
    (at.company / "company.yaml").write_text("id: tideline\n")
    at.recordings.mkdir(parents=True)
    (at.recordings / "c1.wav").write_bytes(bytes(range(256)) * 4000)
    (at.var / "signing.key").write_bytes(b"k" * 32)
    store = Store(at.url, server="boot-1")
    await store.log.append("c1", AT, [STARTED])
    return store


async def facts_of(url: str, conversation: str) -> int:
    store = Store(url, server="boot-2")
    try:
        return len(await store.log.read(conversation))
    finally:
        await store.aclose()


async def test_what_was_saved_while_others_write_comes_back_whole(both, tmp_path: Path):
    old, new = both
    store, saved = await lived_in(old), tmp_path / "kept" / "backup.tar"
    stop = threading.Event()

    def grow() -> None:
        with (old.recordings / "c1.wav").open("ab") as wav:
            while not stop.wait(0.001):
                wav.write(b"\0" * 320)

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        count = back_up(old, saved, AT, quiet)
    finally:
        stop.set()
        writer.join()
    await store.log.append("c1", AT, [Noted("after the backup", {})])
    await store.aclose()
    assert count >= 4 and saved.stat().st_mode & 0o077 == 0
    assert [p.name for p in saved.parent.iterdir()] == ["backup.tar"]
    assert restore(saved, new, quiet) == AT.isoformat()
    assert await facts_of(new.url, "c1") == 1
    assert await facts_of(old.url, "c1") == 2
    original = (old.recordings / "c1.wav").read_bytes()
    copy = (new.recordings / "c1.wav").read_bytes()
    assert len(copy) >= 256 * 4000 and original.startswith(copy)
    assert (new.var / "signing.key").read_bytes() == b"k" * 32
    assert (new.var / "signing.key").stat().st_mode & 0o077 == 0
    if (file := sqlite_file(new.url)) is not None:
        assert file.stat().st_mode & 0o777 == 0o600
    assert (new.company / "company.yaml").read_text() == "id: tideline\n"


async def test_what_is_deleted_meanwhile_does_not_undo_a_backup(tmp_path: Path):
    old, new = places(tmp_path / "old"), places(tmp_path / "new")
    store, saved = await lived_in(old), tmp_path / "backup.tar"
    await store.aclose()
    (old.recordings / "c0.wav").write_bytes(b"0" * 99)

    def forget(_name: str, _size: int) -> None:
        (old.recordings / "c1.wav").unlink(missing_ok=True)

    back_up(old, saved, AT, forget)
    restore(saved, new, quiet)
    assert [p.name for p in new.recordings.iterdir()] == ["c0.wav"]


@pytest.mark.postgres
async def test_postgresql_is_reached_as_its_url_says(tmp_path: Path):
    """By whatever of libpq's parameters, with the tools of this machine's own PATH."""
    with database() as plain:
        name = plain.rpartition("/")[2]
        there = "no-such-host.invalid:5432", "hostaddr=127.0.0.1&connect_timeout=9"
        url = f"postgresql://postgres:p%3Aw%5C@{there[0]}/{name}?{there[1]}"
        old = places(tmp_path / "old", url)
        store = await lived_in(old)
        await store.aclose()
        back_up(old, tmp_path / "backup.tar", AT, quiet)
        restore(tmp_path / "backup.tar", old, quiet, force=True)
        assert await facts_of(plain, "c1") == 1


async def test_what_is_there_is_replaced_only_by_force(both, tmp_path: Path):
    old, new = both
    store = await lived_in(old)
    await store.aclose()
    back_up(old, tmp_path / "backup.tar", AT, quiet)
    other = Store(new.url, server="boot-9")
    await other.log.append("c9", AT, [replace(STARTED, call_sid="CA9")])
    await other.aclose()
    with pytest.raises(BackupFailed, match="--force"):
        restore(tmp_path / "backup.tar", new, quiet)
    assert await facts_of(new.url, "c9") == 1
    restore(tmp_path / "backup.tar", new, quiet, force=True)
    assert await facts_of(new.url, "c9") == 0 and await facts_of(new.url, "c1") == 1


async def test_what_waits_for_the_database_is_saved_and_stored_once(tmp_path: Path):
    old, new = places(tmp_path / "old"), places(tmp_path / "new")
    store, saved = await lived_in(old), tmp_path / "backup.tar"
    await store.aclose()
    before, after = Spill(old.var / JOURNAL), Spill(new.var / JOURNAL)
    await before.add("c1", [ShelvedFacts("c1-2", AT, (Noted("waits", {}),))])
    await before.put_aside("c2", [ShelvedFacts("c2-1", AT, (Noted("refused", {}),), "damaged")])
    await after.add(
        "c7", [ShelvedFacts("c7-1", AT, (Noted("of the database that is replaced", {}),))]
    )
    before.release()
    after.release()
    back_up(old, saved, AT, quiet)
    restore(saved, new, quiet)
    store = Store(new.url, server="boot-2")
    for _ in range(2):  # the second time nothing is left
        await after.recover(store)
        await after.retry(store)
    assert len(await store.log.read("c1")) == 2
    assert len(await store.log.read("c2")) == 1
    assert not await store.log.read("c7")
    await store.aclose()


async def test_a_damaged_backup_touches_nothing(tmp_path: Path):
    old, new = places(tmp_path / "old"), places(tmp_path / "new")
    store, saved = await lived_in(old), tmp_path / "backup.tar"
    await store.aclose()
    back_up(old, saved, AT, quiet)
    with tarfile.open(saved) as tar:
        offset = tar.getmember("recordings/c1.wav").offset_data
    whole = saved.read_bytes()
    bad = tmp_path / "bad.tar"
    bad.write_bytes(whole[: offset + 99] + b"x" + whole[offset + 100 :])
    with pytest.raises(BackupFailed, match=r"damaged: recordings/c1\.wav"):
        restore(bad, new, quiet)
    bad.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BackupFailed, match="no whole backup"):
        restore(bad, new, quiet)
    assert [*new.var.iterdir()] == []


def test_the_commands_say_what_they_did_and_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("VOICE_AGENT_DATABASE_URL", "")
    var, saved = tmp_path / "var", tmp_path / "backup.tar"
    assert main(["backup", str(saved), "--var", str(var)]) == 1
    assert "there is no database" in capsys.readouterr().err
    Store(f"sqlite:///{var / 'voice_agent.db'}", server="boot-1")
    assert main(["backup", str(saved), "--var", str(var)]) == 0
    assert main(["restore", str(saved), "--var", str(var)]) == 1
    assert "--force" in capsys.readouterr().err
    company = str(tmp_path / "company")
    assert main(["restore", str(saved), "--var", str(tmp_path / "v2"), "--company", company]) == 0
    assert (tmp_path / "v2" / "voice_agent.db").is_file()
