"""Which servers use this database, and which of them are alive.

A server on this host is alive if its process is; one on another host if it renews its heartbeat.
Hosts that share a database need distinct names.
"""

import os
import platform
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from core.store.log import Query
from core.store.tables import ConversationRow, ServerRow, every_row
from core.store.writer import Writer

BEAT_S = 10.0
"""Heartbeat interval."""
SILENT_LOOKS = 6
"""A server on another host is dead after this many checks, one per beat, without a new heartbeat.

Checks are counted instead of comparing clocks: those of two hosts differ, and while the database is
down nobody can send a heartbeat.
"""

_server = ServerRow.__table__
_conversation = ConversationRow.__table__


@dataclass(frozen=True, slots=True)
class Holder:
    """The server that runs a conversation."""

    host: str
    address: str
    """host:port for other servers; empty when unreachable."""
    mine: bool
    """Whether it is this server."""
    near: bool
    """Whether it is on this host."""


class Servers:
    """The boots of all servers; `me` is this one's id, `address` is where others reach it."""

    def __init__(self, writer: Writer, query: Query, me: str) -> None:
        self._writer = writer
        self._query = query
        self._me = me
        self.address = ""
        self._heard: dict[str, tuple[datetime, int]] = {}
        """Each server's last heartbeat, and how many checks ago it was new."""

    async def beat(self, at: datetime) -> None:
        """Send this server's heartbeat; the first one registers it. Raises: StoreFailed."""
        pid = os.getpid()
        row = ServerRow(
            id=self._me, host=platform.node(), pid=pid, process_start=process_start(pid) or "",
            address=self.address, started_at=at, beat_at=at,
        ).model_dump()  # fmt: skip

        def work(connection: sa.Connection) -> None:
            mine = sa.update(_server).where(_server.c.id == self._me)
            if not connection.execute(mine.values(beat_at=at, stopped_at=None)).rowcount:
                connection.execute(sa.insert(_server).values(row))

        await self._writer.run("servers", work)

    async def sign_off(self, at: datetime) -> None:
        """Mark this server as gone, whatever its process does. Raises: StoreFailed."""
        gone = sa.update(_server).where(_server.c.id == self._me).values(stopped_at=at)
        await self._writer.run("servers", lambda connection: connection.execute(gone).rowcount)

    async def holding(self, conversation_id: str) -> Holder | None:
        """The live server that runs a conversation, if any. Raises: StoreFailed."""
        its = _conversation.c.server == _server.c.id
        query = sa.select(_server).join(_conversation, its)
        query = query.where(_conversation.c.id == conversation_id, _server.c.stopped_at.is_(None))
        rows: list[ServerRow] = await self._query(lambda c: every_row(c, ServerRow, query))
        host = platform.node()
        return next(
            (
                Holder(row.host, row.address, row.id == self._me, row.host == host)
                for row in rows
                if self._lives(row, host)
            ),
            None,
        )

    async def look(self) -> None:
        """Check for new heartbeats since the last check, one beat ago. Raises: StoreFailed."""
        rows = await self._signed_on()
        self._heard = {row.id: (row.beat_at, self._silent(row)) for row in rows}

    async def living(self) -> Collection[str]:
        """Ids of live servers. Raises: StoreFailed."""
        rows, host = await self._signed_on(), platform.node()
        return {row.id for row in rows if self._lives(row, host)}

    def _lives(self, row: ServerRow, host: str) -> bool:
        _, silent_looks = self._heard.get(row.id, (None, 0))
        return row.id == self._me or lives(row, host, silent_looks)

    def _silent(self, row: ServerRow) -> int:
        last, looks = self._heard.get(row.id, (None, 0))
        return looks + 1 if last == row.beat_at else 0

    async def _signed_on(self) -> list[ServerRow]:
        query = sa.select(_server).where(_server.c.stopped_at.is_(None))
        return await self._query(lambda c: every_row(c, ServerRow, query))


def lives(row: ServerRow, host: str, silent_looks: int) -> bool:
    """Whether this row's server is alive, as seen from `host`."""
    if row.host == host and row.process_start:
        return process_start(row.pid) == row.process_start
    return silent_looks < SILENT_LOOKS


def process_start(pid: int) -> str | None:
    """Distinguishes a process from later ones with its pid; "" when unknown, None if it is gone.

    Read from `/proc`, field 22 of stat(5): clock ticks since boot. A zombie counts as gone.
    """
    if not Path("/proc/self/stat").exists():
        return ""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    state, *rest = stat.rpartition(")")[2].split()
    return None if state in "ZX" else rest[18]
