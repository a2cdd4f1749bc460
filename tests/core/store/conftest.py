"""Databases to test on: SQLite files, and PostgreSQL databases of their own where one runs.

They have their tables, all but `empty_url`.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from core.store.unit_of_work import Store
from tests.fakes import postgres, stores


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return stores.sqlite(tmp_path / "store.db")


@pytest.fixture
def postgres_url() -> Iterator[str]:
    with stores.postgresql() as url:
        yield url


KINDS = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    with postgres.database() as url:
        yield url


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    opened = Store(url, server="boot-1")
    yield opened
    await opened.aclose()
