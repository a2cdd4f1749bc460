from collections.abc import AsyncIterator

import pytest

from tests.fakes.mail_sink import Sink, sink


@pytest.fixture
async def mail_server() -> AsyncIterator[Sink]:
    async with sink() as running:
        yield running
