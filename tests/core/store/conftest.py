"""The whole store is tested on SQLite, and on PostgreSQL if one is running."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.store.store import Store
from tests.fakes import postgres


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    with postgres.database() as url:
        yield url


@pytest.fixture
def store(both: Store) -> Store:
    return both
