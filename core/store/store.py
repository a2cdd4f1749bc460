"""`Store`: the database, opened and migrated, with its log and its queries.

All writes go through one writer thread, and each piece of work commits in one transaction.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import uuid4

import sqlalchemy as sa
from anyio import CapacityLimiter, to_thread

from core.store.callbacks import Callbacks
from core.store.contacts import People
from core.store.conversations import Conversations
from core.store.database import migrate, open_engine
from core.store.database_file import DatabaseFile
from core.store.dialling import Dialling
from core.store.floors import Floors
from core.store.log import StoredLog
from core.store.mails import Mails
from core.store.news import News
from core.store.search import optimise
from core.store.servers import Servers
from core.store.writer import Work, Writer, failed
from core.store.written import WrittenLog

T = TypeVar("T")

READERS = 4
"""Reader threads, so that slow queries take no thread from the speech engines."""


class Store:
    """The database. Opening blocks: it connects, migrates, and starts the writer.

    `server` identifies this boot of this server; conversations record it.
    Raises: StoreFailed.
    """

    def __init__(self, url: str, *, server: str | None = None) -> None:
        self.server = server or uuid4().hex
        try:
            self.engine = _migrated(url)
        except sa.exc.SQLAlchemyError as error:
            raise failed(error) from error
        self._readers: CapacityLimiter | None = None
        self._file = DatabaseFile.of(self.engine)
        self._writer = Writer(self.engine)
        self.news = News()
        self.tell(self.news.committed)
        self.log = StoredLog(self._writer, self.query, self.server)
        self.written = WrittenLog(self._writer, self.query, self.server)
        self.floors = Floors(self._writer, self.query, self.server)
        self.mails = Mails(self._writer, self.query)
        self.callbacks = Callbacks(self._writer, self.query)
        self.dialling = Dialling(self._writer, self.query)
        self.conversations = Conversations(self._writer, self.query)
        self.people = People(self._writer, self.query)
        self.servers = Servers(self._writer, self.query, self.server)

    @property
    def url(self) -> str:
        """The database URL with its password, for opening a second connection."""
        return self.engine.url.render_as_string(hide_password=False)

    async def write(self, lane: str, work: Work[T]) -> T:
        """Run work in a write transaction, in order within its lane. Raises: StoreFailed."""
        return await self._writer.run(lane, work)

    def tell(self, committed: Callable[[Sequence[str]], None]) -> None:
        """Add a callback that gets the lanes of each commit, on the writer's thread. A
        conversation's lane is its id."""
        self._writer.committed.append(committed)

    def measure(self, timed: Callable[[float], None]) -> None:
        """Add a callback that gets how many seconds each commit took, on the writer's thread."""
        self._writer.timed.append(timed)

    async def query(self, read: Callable[[sa.Connection], T], *, hurry: bool = False) -> T:
        """Run a read in a thread; with `hurry`, a cancelled call does not wait for it.

        Raises: StoreFailed.
        """
        if self._readers is None:
            self._readers = CapacityLimiter(READERS)
        return await to_thread.run_sync(
            self._read, read, limiter=self._readers, abandon_on_cancel=hurry
        )

    async def scrub(self) -> None:
        """Purge deleted data from the files too, as far as current readers allow.

        SQLite rewrites its word index, which takes a second per ten thousand conversations and
        blocks other commits meanwhile.
        """
        if self.engine.dialect.name == "sqlite":
            await self.write("scrub", optimise)
            await to_thread.run_sync(self._checkpoint)

    def _checkpoint(self) -> None:
        """Overwrite the journal's old pages and truncate it."""
        raw: Any = self.engine.raw_connection()
        try:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            raw.close()

    async def aclose(self) -> None:
        """Write what is queued and disconnect. Idempotent."""
        await to_thread.run_sync(self._writer.close)
        self.engine.dispose()
        if self._file is not None:
            await to_thread.run_sync(self._file.close)

    @property
    def lost(self) -> str:
        """Why current writes may be lost, with the remedy; empty while they are safe."""
        return self._file.lost if self._file is not None else ""

    def _read(self, read: Callable[[sa.Connection], T]) -> T:
        try:
            with self.engine.connect() as connection:
                return read(connection)
        except sa.exc.SQLAlchemyError as error:
            raise failed(error) from error


def _migrated(url: str) -> sa.Engine:
    """The database with this version's schema; closes everything if that fails."""
    engine = open_engine(url)
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine
