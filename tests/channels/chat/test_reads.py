"""How often the database is read for an answer, with a page and another server's eye open."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio
import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette

from core.scheduling.memory import MemoryDesk
from core.store.store import Store
from tests.channels.chat.test_chat import NoWrapUp, _now, token_of, visiting
from tests.core.talk import engine, sample
from tests.fakes import stores
from voice_agent.channels.chat.routes import routes
from voice_agent.channels.chat.services import ChatMetrics, ChatServices
from voice_agent.channels.elsewhere import Elsewhere
from voice_agent.channels.writing import Writing

pytestmark = pytest.mark.real_clock


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    made = Store(stores.sqlite(tmp_path / "chat.db"))
    yield made
    await made.aclose()


@contextmanager
def counted(store: Store) -> Iterator[dict[str, int]]:
    """How many SELECTs there are of a conversation's standing, and of its lines."""
    found = {"standing": 0, "lines": 0}

    def look(_c: object, _cursor: object, sql: str, given: object, *_rest: object) -> None:
        if sql.lstrip().startswith("SELECT"):
            found["standing"] += "conversation_standing.state" in sql
            found["lines"] += "FROM fact" in sql and "UtteranceRecorded" in str(given)

    sa.event.listen(store.engine, "before_cursor_execute", look)
    try:
        yield found
    finally:
        sa.event.remove(store.engine, "before_cursor_execute", look)


async def test_an_answer_reads_where_it_stands_and_its_lines_once(store: Store):
    writing = Writing(engine(), store, MemoryDesk(sample().company), NoWrapUp(), _now)
    services = ChatServices(writing, b"key", _now, "", ChatMetrics(CollectorRegistry()), None)
    app, elsewhere = Starlette(routes=routes(services)), Elsewhere(store.floors, writing)
    async with writing.running(), visiting(app, await token_of(app)) as page:
        await page.writes("m1", "Hello there.")
        await page.until_answered(1)
        await page.until("choices")
        await elsewhere.look()
        await anyio.sleep(0.2)
        with counted(store) as reads:
            await page.writes("m2", "Do you sync Snowflake?")
            await page.until_answered(2)
            await page.until("choices")
            await elsewhere.look()
            await anyio.sleep(0.2)
    assert reads == {"standing": 1, "lines": 0}  # it was 6 and 5
