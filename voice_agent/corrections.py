"""`Corrections`: a person's corrections of what the agent heard, from the console or over the API.

Each is stored once per key, with the resulting verdict and brief.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from anyio import to_thread

from core.correcting import Change, Rules, following, in_state, overtaken
from core.events import (
    ConversationStarted,
    Fact,
    Logged,
    Noted,
    SignalCaptured,
    VerdictReached,
)
from core.facts.corrected import as_heard
from core.facts.corrections import CorrectionWithdrawn, SignalCorrected
from core.facts.standing import every, latest, unmerged
from core.fields import CannotRead, Fields, Given
from core.store.audit import Audited
from core.store.corrections import keep
from core.store.store import Store
from core.store.tables import ConversationRow
from core.store.written import Standing
from knowledge.errors import KnowledgeError
from knowledge.load import Loaded, criteria_version
from knowledge.rules.book import RuleBook
from voice_agent.http import Refused

TRIES = 5
"""Retries when something else was corrected meanwhile."""
LOOKED_BACK = 20
"""Versions of the rules searched for the conversation's own."""
SETTLES_S = 3.0
"""Delay before the CRM is written, by which time the correction is stored."""


class Retry(Protocol):
    """Enqueues writing records, at once or soon: by a conversation's id, a slash, and what tells
    this request from others."""

    def __call__(self, key: str, after_s: float = 0.0) -> Awaitable[None]: ...


@dataclass(frozen=True, slots=True)
class RequestedCorrection:
    """A requested correction. `value` None: it was not said."""

    criterion: str
    signal: str
    """The id of the signal corrected; empty when nothing was heard."""
    value: str | None
    by: str
    note: str = ""
    negative: bool = False
    """They said no to the value."""

    @property
    def act(self) -> str:
        """Its name in the audit."""
        if self.value is None:
            return "not said"
        return "correct" if self.signal else "add"


@dataclass(frozen=True, slots=True)
class Corrections:
    """Stores corrections. `company` returns the folder's current company; `rewrite` is None when no
    CRM is written to."""

    store: Store
    company: Callable[[], Loaded]
    folder: Path
    rewrite: Retry | None = None

    async def correct(
        self, row: ConversationRow, wanted: RequestedCorrection, key: str, line: Audited
    ) -> bool:
        """Correct, rule out or add a signal; False when that was stored before.

        Raises: Refused, StoreFailed.
        """
        logged = await self.store.log.read(row.id)
        made = self._read(wanted, key, [entry.fact for entry in logged])
        return await self._keep(row, made, key, line)

    async def withdraw(
        self, row: ConversationRow, correction: str, by: str, key: str, line: Audited
    ) -> bool:
        """Withdraw a correction; False when it was before. Raises: Refused, StoreFailed."""
        return await self._keep(row, CorrectionWithdrawn(correction, by), key, line)

    def _read(
        self, wanted: RequestedCorrection, key: str, facts: Sequence[Fact]
    ) -> SignalCorrected:
        """The correction as a fact. Raises: Refused."""
        name, fields = wanted.criterion, Fields(self.company().company)
        signals = every(unmerged(facts), SignalCaptured)
        old = next((s for s in signals if s.signal_id == wanted.signal), None)
        known = old is not None and old.criterion == name
        new = not wanted.signal and wanted.value is not None
        if not known and not (new and name in {f.name for f in fields.every()}):
            why = "There is no such signal or criterion here. Reload, and take one that there is."
            raise Refused(422, "bad-signal", why)
        given, before = Given(""), old.value if old else ""
        if wanted.value is not None:
            try:
                given = fields.read(name, wanted.value, wanted.negative)
            except CannotRead as error:
                raise Refused(422, "bad-value", str(error)) from error
            if given.value == before and old and (old.polarity == "negative") == given.negative:
                raise Refused(422, "same-value", f"It stands as {before} already.")
        return SignalCorrected(
            key, wanted.signal, name, before, given.value, wanted.by, wanted.note, given.negative
        )

    async def _keep(self, row: ConversationRow, made: Change, key: str, line: Audited) -> bool:
        """Store it with what follows from it, once per key. Raises: Refused, StoreFailed."""
        if not correctable(row):
            raise Refused(409, "going-on", "The call goes on: put it right once it is over.")
        asked = False
        for _ in range(TRIES):
            sent = await self.store.log.written(row.id, key)
            logged = await self.store.log.read(row.id)
            log = [entry.fact for entry in logged]
            if sent:
                return _sent_before(made, log)
            if overtaken(log, made):
                why = "Something else stands here by now. Reload, see it, and correct that."
                raise Refused(409, "overtaken", why)
            facts = await to_thread.run_sync(self._following, logged, made, line.at)
            quiet = await self._quiet(row, [*log, *facts])
            told = quiet is None or any(_written_up(fact) for fact in log)
            if self.rewrite is not None and told and not asked:  # first: a crash forgets nothing
                await self.rewrite(f"{row.id}/corrected.{key}", SETTLES_S)
                asked = True
            last = logged[-1].seq
            kept = await keep(self.store, row.id, line.at, facts, key, last, line, quiet)
            if kept == "kept":
                return True
            if kept == "forgotten":
                raise Refused(409, "forgotten", "The buyer was forgotten: nothing can be added.")
        raise Refused(409, "overtaken", "Colleagues are putting this right. Reload and try again.")

    async def _quiet(self, row: ConversationRow, facts: Sequence[Fact]) -> Standing | None:
        """The standing of an ongoing written conversation between two turns. Raises: Refused."""
        if row.status != "in_progress":
            return None
        stands = await self.store.written.standing(row.id)
        if stands is None or stands.received != stands.answered:
            raise Refused(409, "answering", "An answer is being written. Try again in a moment.")
        return replace(stands, state=in_state(stands.state, facts))

    def _following(self, logged: Sequence[Logged], made: Change, at: datetime) -> list[Fact]:
        loaded = self.company()
        version = judged_by(unmerged([entry.fact for entry in logged]))
        return following(logged, made, rules_of(self.folder, at, version, loaded), loaded.company)


def _sent_before(made: Change, log: Sequence[Fact]) -> bool:
    """False when this very change is stored under its key. Raises: Refused when another is."""
    if made in log:
        return False
    why = "Something else was sent with this form. Reload, see what stands, and correct that."
    raise Refused(409, "sent-before", why)


def correctable(row: ConversationRow) -> bool:
    """Whether corrections are possible now: during a call it is still being heard."""
    return row.status != "in_progress" or row.channel not in ("voice", "")


def _written_up(fact: Fact) -> bool:
    return isinstance(fact, Noted) and fact.kind == "handoff"


def judged_by(facts: Sequence[Fact]) -> str:
    """The version of the criteria that judged a conversation."""
    reached = latest(as_heard(facts), VerdictReached)
    started = latest(facts, ConversationStarted)
    return (reached or started).criteria_version if reached or started else ""  # type: ignore[union-attr]


def rules_of(folder: Path, at: datetime, version: str, in_use: Loaded) -> Rules:
    """The criteria of a version: those in use, else those stored; blocking."""
    if version == in_use.criteria_version:
        return Rules(in_use.company, version)
    try:
        book = RuleBook(folder, at)
        for entry in book.versions()[:LOOKED_BACK]:
            company = book.company(book.text_of(entry.version))
            if company is not None and criteria_version(company) == version:
                return Rules(company, version)
    except (KnowledgeError, OSError):
        pass  # nothing was ever stored, or it cannot be read now
    return Rules(in_use.company, in_use.criteria_version, then=False)
