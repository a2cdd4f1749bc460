"""Databases to test on: SQLite files, and PostgreSQL databases of their own where one runs."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from core.store.unit_of_work import Store
from tests.fakes.postgres import database


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def postgres_url() -> Iterator[str]:
    with database() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    opened = Store(url, server="boot-1")
    yield opened
    await opened.aclose()
