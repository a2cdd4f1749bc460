"""Corrections by a person of what the agent heard: a wrong value, one never said, or one missed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.responses import Response

from core.conversation.words.named import MULTIPLE
from core.fields import OUT, Field, Fields
from core.store.tables import ConversationRow
from voice_agent.console.call_audio import conversation
from voice_agent.console.call_posts import back, key_of, person_of, words
from voice_agent.console.doors import Door, Room, Visit
from voice_agent.console.frame import Frame
from voice_agent.console.pages import dated, phone
from voice_agent.corrections import Corrections, RequestedCorrection

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing known of the buyer, or that could be, as the panel shows it."""

    field: Field
    id: str
    """Of its form; stable as long as the page."""
    signal: Mapping[str, Any] | None
    """As in the call document; None when nothing was heard."""
    correction: Mapping[str, Any] | None
    """The correction that made it so, if a person corrected it."""
    first: str = ""
    """How it was before any correction, as text."""

    @property
    def value(self) -> str:
        """The current value, formatted; empty when nothing was heard."""
        return shown(self.field, self.signal) if self.signal else ""

    @property
    def right(self) -> str:
        """The correction's value, formatted; empty: it was not said."""
        made = self.correction
        return shown(self.field, made) if made and made["value"] else ""

    @property
    def said(self) -> bool:
        """Whether there is a current value."""
        return self.signal is not None and self.signal["superseded_by"] is None


def heard(told: Mapping[str, Any], fields: Fields) -> list[Heard]:
    """Current values and those a person has ruled out: identity first, then by label."""
    made = {c["id"]: c for c in told["corrections"] if not c["withdrawn"]}
    signals = {s["id"]: s for s in told["signals"]}
    found = list[Heard]()
    for signal in told["signals"]:
        by = made.get(signal["superseded_by"] or signal["id"])
        unsaid = by is not None and not by["value"] and by["signal"] == signal["id"]
        if signal["superseded_by"] is None or unsaid:
            field = fields.of(signal["criterion"])
            first = _first(field, by, made, signals) if by is not None else ""
            found.append(Heard(field, f"signal-{signal['id']}", signal, by, first))
    order = [field.name for field in fields.every()]
    return sorted(found, key=lambda one: (_place(one.field.name, order), one.field.label))


def shown(field: Field, told: Mapping[str, Any]) -> str:
    """A value, formatted: a number with separators, a choice by its label, a no with "not"."""
    value = str(told["value"])
    match field.kind:
        case "phone":
            return phone(value)
        case "number" if value.isdecimal() and len(value) > 4:
            return f"{int(value):,}"
        case "date" if DAY.fullmatch(value):
            return dated(date.fromisoformat(value))
    no = told["polarity"] == "negative" and value not in ("no", "none") and field.name != OUT
    return ("not " if no else "") + dict(field.choices).get(value, value)


def _first(
    field: Field, by: Mapping[str, Any], made: Mapping[str, Mapping[str, Any]],
    signals: Mapping[str, Mapping[str, Any]],
) -> str:  # fmt: skip
    """What the first correction in a chain was made from."""
    while by["signal"] in made:
        by = made[by["signal"]]
    old = signals.get(by["signal"])
    return f"Heard as {shown(field, old)}" if old else f"Added as {shown(field, by)}"


def missed(found: Sequence[Heard], fields: Fields) -> list[Heard]:
    """Fields without a value, or of which a buyer may have several."""
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
    """The forms of what was heard."""

    frame: Frame
    corrections: Corrections

    def room(self) -> Room:
        """The routes under a call's page."""
        mine = "/console/calls/{id}"
        return Room((
            Door(f"{mine}/signals", self.correct, methods=("POST",)),
            Door(f"{mine}/corrections/{{correction}}/withdraw", self.withdraw, methods=("POST",)),
        ))  # fmt: skip

    async def correct(self, visit: Visit) -> Response:
        """Correct, rule out or add a signal. Raises: Refused."""
        row, key, form = await self._row(visit), key_of(visit), visit.form
        wanted = RequestedCorrection(
            form.get("criterion", ""), form.get("signal", ""),
            None if form.get("act") == "unsaid" else words(visit, "value"),
            person_of(visit.account), words(visit, "note"), form.get("negative") == "yes",
        )  # fmt: skip
        line = visit.did(wanted.act, f"conversation:{row.id}", correction=key)
        await self.corrections.correct(row, wanted, key, line)
        return back(visit, row, "signals")

    async def withdraw(self, visit: Visit) -> Response:
        """Withdraw a correction. Raises: Refused."""
        row, made, key = await self._row(visit), visit.path["correction"], key_of(visit)
        line = visit.did("withdraw correction", f"conversation:{row.id}", correction=made)
        await self.corrections.withdraw(row, made, person_of(visit.account), key, line)
        return back(visit, row, "signals")

    async def _row(self, visit: Visit) -> ConversationRow:
        return await conversation(self.frame.store, visit.path["id"])
