from collections.abc import AsyncIterator

import pytest

from core.store.unit_of_work import Store
from tests.core.store.conftest import sqlite_url
from tests.fakes.mail_sink import Sink, sink

__all__ = ["sqlite_url"]


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Store]:
    opened = Store(sqlite_url, server="boot-1")
    yield opened
    await opened.aclose()


@pytest.fixture
async def mail_server() -> AsyncIterator[Sink]:
    async with sink() as running:
        yield running
