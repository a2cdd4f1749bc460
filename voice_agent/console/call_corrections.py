"""What the agent heard, put right by a person: a value corrected, not said at all, or missed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from anyio import to_thread
from starlette.responses import Response

from core.conversation.words.named import MULTIPLE
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
from core.fields import CannotRead, Field, Fields, Given
from core.store.corrections import keep
from core.store.tables import ConversationRow
from core.store.written import Standing
from knowledge.errors import KnowledgeError
from knowledge.load import Loaded, criteria_version
from knowledge.rules.book import RuleBook
from voice_agent.console.call_audio import conversation
from voice_agent.console.call_crm import Retry
from voice_agent.console.call_posts import back, key_of, person_of, words
from voice_agent.console.doors import Door, Room, Visit
from voice_agent.console.frame import Frame
from voice_agent.console.pages import phone
from voice_agent.http import Refused

TRIES = 5
"""Times it is worked out anew because something else was put right meanwhile."""
LOOKED_BACK = 20
"""Versions of the rules among which those of the conversation are looked for."""
SETTLES_S = 3.0
"""When the CRM is written after it was asked for, by which time the correction is kept."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that is known of the buyer, or could be, as the panel shows it."""

    field: Field
    id: str
    """Of its form, the same while the page is."""
    signal: Mapping[str, Any] | None
    """As the call document has it; None where nothing was heard."""
    correction: Mapping[str, Any] | None
    """The one by which it is so, if a person put it right."""
    first: str = ""
    """What the agent heard, before anybody put it right; empty where it heard nothing."""

    @property
    def value(self) -> str:
        """What stands, as people write it; empty where nothing was heard."""
        return self.shown(str(self.signal["value"])) if self.signal else ""

    def shown(self, value: str) -> str:
        """A value as people write it: a number in groups, a choice in the words of its list."""
        if self.field.kind == "phone":
            return phone(value)
        return dict(self.field.choices).get(value, value)

    @property
    def said(self) -> bool:
        """Whether it stands."""
        return self.signal is not None and self.signal["superseded_by"] is None


def heard(told: Mapping[str, Any], fields: Fields) -> list[Heard]:
    """What stands, and what a person says was not said: who they are first, then by label."""
    made = {c["id"]: c for c in told["corrections"] if not c["withdrawn"]}
    found = list[Heard]()
    for signal in told["signals"]:
        by = made.get(signal["superseded_by"] or signal["id"])
        unsaid = by is not None and not by["value"] and by["signal"] == signal["id"]
        if signal["superseded_by"] is None or unsaid:
            field = fields.of(signal["criterion"])
            found.append(Heard(field, f"signal-{signal['id']}", signal, by, _first(by, made)))
    order = [field.name for field in fields.every()]
    return sorted(found, key=lambda one: (_place(one.field.name, order), one.field.label))


def _first(by: Mapping[str, Any] | None, made: Mapping[str, Mapping[str, Any]]) -> str:
    """What the first of the corrections that rest on each other was made of."""
    while by is not None and by["signal"] in made:
        by = made[by["signal"]]
    return (by["heard"] or "") if by is not None else ""


def missed(found: Sequence[Heard], fields: Fields) -> list[Heard]:
    """What nothing stands of, or of which a buyer may have more."""
    known = {one.field.name for one in found if one.said}
    return [
        Heard(field, f"missed-{field.name}", None, None)
        for field in fields.every()
        if field.name not in known or field.name in MULTIPLE
    ]


def _place(name: str, order: Sequence[str]) -> int:
    return order.index(name) if name in order else len(order)


@dataclass(frozen=True, slots=True)
class CallCorrections:
    """The forms of what was heard. `rewrite` is None where no CRM is written to."""

    frame: Frame
    folder: Path
    rewrite: Retry | None = None

    def room(self) -> Room:
        """The routes under a call's page."""
        mine = "/console/calls/{id}"
        return Room((
            Door(f"{mine}/signals", self.correct, methods=("POST",)),
            Door(f"{mine}/corrections/{{correction}}/withdraw", self.withdraw, methods=("POST",)),
        ))  # fmt: skip

    async def correct(self, visit: Visit) -> Response:
        """A signal put right, said to be none, or added. Raises: Refused."""
        row = await self._row(visit)
        logged = await self.frame.store.log.read(row.id)
        made = self._read(visit, [entry.fact for entry in logged])
        act = "correct" if made.signal_id and made.value else "add" if made.value else "not said"
        await self._keep(visit, row, made, act)
        return back(visit, row, "signals")

    def _read(self, visit: Visit, facts: Sequence[Fact]) -> SignalCorrected:
        """What the form says. Raises: Refused."""
        name, signal_id = visit.form.get("criterion", ""), visit.form.get("signal", "")
        unsaid, fields = visit.form.get("act") == "unsaid", Fields(self.frame.company().company)
        signals = every(unmerged(facts), SignalCaptured)
        old = next((s for s in signals if s.signal_id == signal_id), None)
        known = old is not None and old.criterion == name
        if not known and (signal_id or unsaid or name not in {f.name for f in fields.every()}):
            raise Refused(422, "bad-signal", "The form was incomplete. Reload and try again.")
        given, before = Given(""), old.value if old else ""
        if not unsaid:
            try:
                given = fields.read(name, words(visit, "value"))
            except CannotRead as error:
                raise Refused(422, "bad-value", str(error)) from error
            if given.value == before and old and (old.polarity == "negative") == given.negative:
                raise Refused(422, "same-value", f"It stands as {before} already.")
        return SignalCorrected(
            key_of(visit), signal_id, name, before, given.value, person_of(visit.account),
            words(visit, "note"), given.negative,
        )  # fmt: skip

    async def withdraw(self, visit: Visit) -> Response:
        """A correction taken back. Raises: Refused."""
        row = await self._row(visit)
        made = CorrectionWithdrawn(visit.path["correction"], person_of(visit.account))
        await self._keep(visit, row, made, "withdraw correction")
        return back(visit, row, "signals")

    async def _row(self, visit: Visit) -> ConversationRow:
        row = await conversation(self.frame.store, visit.path["id"])
        if not correctable(row):
            raise Refused(409, "going-on", "The call goes on: put it right once it is over.")
        return row

    async def _quiet(self, row: ConversationRow, facts: Sequence[Fact]) -> Standing | None:
        """Where a written conversation that goes on stands with it. Raises: Refused."""
        if row.status != "in_progress":
            return None
        stands = await self.frame.store.written.standing(row.id)
        if stands is None or stands.received != stands.answered:
            raise Refused(409, "answering", "An answer is being written. Try again in a moment.")
        return replace(stands, state=in_state(stands.state, facts))

    async def _keep(self, visit: Visit, row: ConversationRow, made: Change, act: str) -> None:
        """Keep it with what follows from it, once by the form's key. Raises: Refused."""
        key, log = key_of(visit), self.frame.store.log
        if await log.written(row.id, key):
            return
        asked = False
        for _ in range(TRIES):
            logged = await log.read(row.id)
            if overtaken([entry.fact for entry in logged], made):
                why = "Something else stands here by now. Reload, see it, and correct that."
                raise Refused(409, "overtaken", why)
            facts = await to_thread.run_sync(self._following, logged, made, visit.at)
            quiet = await self._quiet(row, [*(entry.fact for entry in logged), *facts])
            told = quiet is None or any(_written_up(entry.fact) for entry in logged)
            if self.rewrite is not None and told and not asked:  # first: a crash forgets nothing
                await self.rewrite(f"{row.id}/corrected.{key}", SETTLES_S)
                asked = True
            line = visit.did(act, f"conversation:{row.id}", correction=made.correction_id)
            kept = await keep(
                self.frame.store, row.id, visit.at, facts, key, logged[-1].seq, line, quiet
            )
            if kept == "kept":
                return
            if kept == "forgotten":
                raise Refused(409, "forgotten", "The buyer was forgotten: nothing can be added.")
        raise Refused(409, "overtaken", "Colleagues are putting this right. Reload and try again.")

    def _following(self, logged: Sequence[Logged], made: Change, at: datetime) -> list[Fact]:
        loaded = self.frame.company()
        version = judged_by(unmerged([entry.fact for entry in logged]))
        return following(logged, made, rules_of(self.folder, at, version, loaded), loaded.company)


def correctable(row: ConversationRow) -> bool:
    """Whether what was heard can be put right now: in a call it is still being heard."""
    return row.status != "in_progress" or row.channel not in ("voice", "")


def _written_up(fact: Fact) -> bool:
    return isinstance(fact, Noted) and fact.kind == "handoff"


def judged_by(facts: Sequence[Fact]) -> str:
    """The version of the criteria a conversation was judged by."""
    reached = latest(as_heard(facts), VerdictReached)
    started = latest(facts, ConversationStarted)
    return (reached or started).criteria_version if reached or started else ""  # type: ignore[union-attr]


def rules_of(folder: Path, at: datetime, version: str, in_use: Loaded) -> Rules:
    """The criteria of a version: those in use, or else as they were kept; blocking."""
    if version == in_use.criteria_version:
        return Rules(in_use.company, version)
    try:
        book = RuleBook(folder, at)
        for entry in book.versions()[:LOOKED_BACK]:
            company = book.company(book.text_of(entry.version))
            if company is not None and criteria_version(company) == version:
                return Rules(company, version)
    except (KnowledgeError, OSError):
        pass  # nothing was ever kept, or it cannot be read now
    return Rules(in_use.company, in_use.criteria_version, then=False)
