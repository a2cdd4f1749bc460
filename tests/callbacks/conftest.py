from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from core.store.unit_of_work import Store
from tests.fakes import stores


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield stores.sqlite(tmp_path / "store.db")
        return
    with stores.postgresql() as made:
        yield made


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = Store(stores.sqlite(tmp_path / "store.db"), server="boot-1")
    yield opened
    await opened.aclose()
