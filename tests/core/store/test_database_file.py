"""A database file that is deleted or replaced under a running server loses nothing."""

import os
import shutil
from pathlib import Path

import pytest

from core.errors import StoreFailed
from core.events import Noted
from core.store.store import Store
from tests.fakes import stores
from tests.fakes.a_call import AT

pytestmark = pytest.mark.real_clock


async def noted(store: Store) -> list[str]:
    return [e.fact.kind for e in await store.log.read("c") if isinstance(e.fact, Noted)]


async def test_a_new_database_and_its_journals_are_for_the_owner_alone(tmp_path: Path):
    store = Store(f"sqlite:///{tmp_path / 'calls.db'}")
    await store.log.append("c", AT, [Noted("before")])
    modes = {p.name: p.stat().st_mode & 0o777 for p in tmp_path.iterdir()}  # noqa: ASYNC240
    assert modes == {"calls.db": 0o600, "calls.db-wal": 0o600, "calls.db-shm": 0o600}
    (tmp_path / "calls.db").unlink()
    await store.aclose()
    assert (tmp_path / "calls.db").stat().st_mode & 0o777 == 0o600


async def test_the_mode_of_a_database_that_was_there_stays(tmp_path: Path):
    url = stores.sqlite(tmp_path / "calls.db")
    (tmp_path / "calls.db").chmod(0o640)
    store = Store(url)
    await store.log.append("c", AT, [Noted("before")])
    await store.aclose()
    assert (tmp_path / "calls.db").stat().st_mode & 0o777 == 0o640


async def test_what_is_written_after_the_folder_was_deleted_is_put_back_at_the_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    folder = tmp_path / "var"
    store = Store(stores.sqlite(folder / "calls.db"))
    await store.log.append("c", AT, [Noted("before")])
    assert store.lost == ""
    shutil.rmtree(folder)
    assert "SIGTERM" in store.lost and str(folder / "calls.db") in store.lost
    await store.log.append("c", AT, [Noted("after")])
    await store.aclose()
    await store.aclose()
    assert f"what it held is in {folder / 'calls.db'}" in caplog.text
    again = Store(stores.sqlite(folder / "calls.db"))
    assert await noted(again) == ["before", "after"] and again.lost == ""
    await again.aclose()


async def test_a_journal_of_the_file_that_is_gone_is_not_mixed_into_what_is_put_back(
    tmp_path: Path,
):
    store = Store(stores.sqlite(tmp_path / "calls.db"))
    await store.log.append("c", AT, [Noted("before")])
    os.unlink(tmp_path / "calls.db")
    assert (tmp_path / "calls.db-wal").exists()
    await store.log.append("c", AT, [Noted("after")])
    await store.aclose()
    again = Store(stores.sqlite(tmp_path / "calls.db"))
    assert await noted(again) == ["before", "after"]
    await again.aclose()


async def test_what_a_replaced_file_held_is_put_beside_the_new_one(tmp_path: Path):
    store = Store(stores.sqlite(tmp_path / "calls.db"))
    await store.log.append("c", AT, [Noted("old")])
    stores.sqlite(tmp_path / "new.db")
    os.replace(tmp_path / "new.db", tmp_path / "calls.db")
    await store.aclose()
    (beside,) = (p for p in tmp_path.iterdir() if p.match("calls-put-back-*.db"))  # noqa: ASYNC240
    for path, kinds in ((beside, ["old"]), (tmp_path / "calls.db", [])):
        found = Store(stores.sqlite(path))
        assert await noted(found) == kinds
        await found.aclose()


async def test_a_deleted_file_is_not_made_anew_and_empty_by_who_connects_later(tmp_path: Path):
    store = Store(stores.sqlite(tmp_path / "calls.db"))
    store.engine.dispose()
    os.unlink(tmp_path / "calls.db")
    with pytest.raises(StoreFailed, match="it was deleted") as refused:
        await noted(store)
    assert refused.value.retryable and not (tmp_path / "calls.db").exists()
    await store.aclose()
    assert (tmp_path / "calls.db").exists()
