"""Takes newly published knowledge into use while calls go on; each call keeps what it has."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import anyio
import anyio.to_thread

from core.clock import Clock
from core.engine import Engine
from knowledge.answer import KnowledgeBase
from knowledge.errors import CompanyInvalid
from knowledge.governance.vault import TRAIL
from knowledge.load import Loaded, load

log = logging.getLogger(__name__)
EVERY_S = 2.0
"""How often the audit trail is looked at."""

Stamp = tuple[int, int] | None


class Renewal:
    """Watches a company folder's audit trail, and makes a new engine of what was published.

    Only articles are renewed. The profile, the recogniser's words and the voiced lines stay until
    the next start; a changed `company.yaml` is said in the log.
    """

    def __init__(
        self, folder: Path, engine: Engine, use: Callable[[Engine], None], clock: Clock
    ) -> None:
        self._folder = folder
        self._engine = engine
        self._use = use
        self._clock = clock
        self._seen = self._stamp()
        self._one = anyio.Lock()

    async def watch(self) -> None:
        """Renew whenever the trail has grown; until cancelled."""
        while True:
            await anyio.sleep(EVERY_S)
            now = await anyio.to_thread.run_sync(self._stamp)
            if now != self._seen:
                self._seen = now
                await self.renew()

    async def renew(self) -> bool:
        """Use what is published now from the next call on; whether anything changed.

        A folder with faults changes nothing: the log names them.
        """
        async with self._one:
            try:
                fresh = await anyio.to_thread.run_sync(load, self._folder)
            except CompanyInvalid as error:
                log.error("keeping the knowledge in use; the company folder has %s", error)
                return False
            loaded = self._engine.loaded
            if fresh.company != loaded.company:
                log.warning("company.yaml has changed; restart the server to use it")
            if fresh.knowledge_version == loaded.knowledge_version:
                log.debug("knowledge %s is up to date", loaded.knowledge_version)
                return False
            renewed = replace(
                loaded, articles=fresh.articles, knowledge_version=fresh.knowledge_version
            )
            self._engine = engine = await anyio.to_thread.run_sync(self._remade, renewed)
            self._use(engine)
            log.info("knowledge %s in use from the next call on", fresh.knowledge_version)
            return True

    def _remade(self, loaded: Loaded) -> Engine:
        engine = self._engine.renewed(loaded, KnowledgeBase(loaded))
        engine.warm(self._clock())
        return engine

    def _stamp(self) -> Stamp:
        try:
            found = (self._folder / TRAIL).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size
