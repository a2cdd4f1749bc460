"""Takes newly published knowledge and rules into use during calls; each call keeps what it has."""

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import anyio
import anyio.to_thread

from core.clock import Clock
from core.engine import Engine
from knowledge.answer import KnowledgeBase
from knowledge.errors import CompanyInvalid
from knowledge.governance.vault import TRAIL
from knowledge.load import Loaded, criteria_version, load
from knowledge.profile import Company
from knowledge.rules.renewing import misfits, with_rules
from voice_agent.embedding import START_S, Embedding, Known
from voice_agent.rounds import regularly

log = logging.getLogger(__name__)
EVERY_S = 2.0
"""How often the audit trail is checked."""
AGAIN_S = 30.0
"""How often embedding is retried for passages without vectors."""
MOST_S = 900.0
"""Time limit of one try; what it embedded is kept for the next."""

Stamp = tuple[int, int] | None


class Renewal:
    """Watches a company folder's audit trail, and builds a new engine from what was published.

    Articles, criteria and routing are renewed. The rest of the profile, the recogniser's vocabulary
    and the voiced lines stay until the next start; other changes in `company.yaml` are logged.
    """

    def __init__(
        self,
        folder: Path,
        engine: Engine,
        use: Callable[[Engine], None],
        clock: Clock,
        embedding: Embedding | None = None,
    ) -> None:
        self._folder = folder
        self._engine = engine
        self._use = use
        self._clock = clock
        self._embedding = embedding
        self._seen = self._stamp()
        self._one = anyio.Lock()

    async def watch_meaning(self) -> None:
        """Embed what could not be embedded before, and use it; until cancelled."""
        if self._embedding is not None:
            embed = partial(self._embed, self._embedding)
            await regularly("embedding the knowledge", embed, AGAIN_S, first_s=AGAIN_S)

    async def _embed(self, embedding: Embedding) -> None:
        if self._engine.by_meaning:
            return
        loaded = self._engine.loaded
        known = await embedding.known(loaded, MOST_S)
        async with self._one:
            if known.questions is not None and self._engine.loaded is loaded:
                await self._take(loaded, known)
                log.info("%s, from the next call on", embedding.why)

    async def watch(self) -> None:
        """Renew whenever the trail has grown; until cancelled."""
        await regularly("renewing the knowledge", self._look, EVERY_S, first_s=EVERY_S)

    async def _look(self) -> None:
        now = await anyio.to_thread.run_sync(self._stamp)
        if now != self._seen:
            self._seen = now
            await self.renew()

    async def renew(self) -> bool:
        """Use what is published now from the next call on; returns whether anything changed.

        A folder with faults changes nothing: the log names them.
        """
        async with self._one:
            try:
                fresh = await anyio.to_thread.run_sync(load, self._folder)
            except CompanyInvalid as error:
                log.error("keeping the knowledge in use; the company folder has %s", error)
                return False
            loaded = self._engine.loaded
            company = self._company(loaded, fresh)
            if company != fresh.company:
                log.warning("company.yaml has changed; restart the server to use all of it")
            if fresh.knowledge_version == loaded.knowledge_version and company == loaded.company:
                log.debug("knowledge %s is up to date", loaded.knowledge_version)
                return False
            renewed = replace(
                loaded, company=company, articles=fresh.articles,
                knowledge_version=fresh.knowledge_version,
                criteria_version=criteria_version(company),
            )  # fmt: skip
            known = Known(KnowledgeBase(renewed))
            if self._embedding is not None:
                known = await self._embedding.known(renewed, START_S)
            await self._take(renewed, known)
            log.info(
                "knowledge %s and criteria %s in use from the next call on",
                renewed.knowledge_version, renewed.criteria_version,
            )  # fmt: skip
            return True

    def _company(self, loaded: Loaded, fresh: Loaded) -> Company:
        """The company in use with the folder's new rules, where it can work by them."""
        company = with_rules(loaded.company, fresh.company)
        problems = misfits(company, fresh.articles)
        for problem in problems:
            log.error("keeping the rules in use until the next start: %s", problem)
        return loaded.company if problems else company

    async def _take(self, loaded: Loaded, known: Known) -> None:
        engine = self._engine.renewed(loaded, known.base, known.questions)
        await anyio.to_thread.run_sync(engine.warm, self._clock())
        self._engine = engine
        self._use(engine)

    def _stamp(self) -> Stamp:
        try:
            found = (self._folder / TRAIL).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size
