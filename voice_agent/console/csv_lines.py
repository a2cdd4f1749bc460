"""Conversations as CSV lines, safe from formula injection. Pure."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core.flags.kinds import kind_of
from core.store.card_tables import CardRow
from voice_agent.console.pages import channel, verdict, words

MARK = "\ufeff"
"""Begins a file: without it Excel takes UTF-8 for another encoding."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Conversations as the console shows them: names for ids, and instants in `zone`."""

    zone: str
    names: Mapping[str, str]
    """Of reps and segments, by id."""

    def head(self) -> tuple[str, ...]:
        """The columns' names."""
        return (
            "Conversation", f"Began ({self.zone})", "Channel", "Direction", "From", "To", "Name",
            "Company", "Verdict", "Segment", "Score", "Rep", "Next step", "Outcome", "Seconds",
            "After hours", "Slowest answer in ms", "Deferred a question", "Flags",
            f"Call promised for ({self.zone})", f"Meeting ({self.zone})", "CRM records",
            f"Reviewed ({self.zone})", "Reviewed by", "Assigned to",
        )  # fmt: skip

    def row(self, card: CardRow) -> tuple[object, ...]:
        """One conversation's cells, in the order of `head`."""
        seconds = None if card.duration_ms is None else round(card.duration_ms / 1000)
        return (
            card.conversation_id, self._when(card.started_at), channel(card.channel),
            card.direction, card.caller, card.called, card.name, card.organisation,
            verdict(card.verdict), self._name(card.segment), card.score, self._name(card.rep),
            words(card.action), words(card.outcome), seconds, card.after_hours, card.p95_ms,
            card.abstained, "; ".join(kind_of(kind).label for kind in card.kinds),
            self._when(card.callback_at), self._when(card.meeting_at), words(card.sync),
            self._when(card.reviewed_at), card.reviewed_by, card.assignee,
        )  # fmt: skip

    def _name(self, known: str | None) -> str | None:
        return self.names.get(known or "", known)

    def _when(self, at: datetime | None) -> str | None:
        """`2026-11-28 05:52:30`, which every spreadsheet takes for a time."""
        return f"{at.astimezone(ZoneInfo(self.zone)):%Y-%m-%d %H:%M:%S}" if at else None


def line_of(cells: Sequence[object]) -> str:
    """One line. A cell that a spreadsheet would take for a formula is prefixed with a quote."""
    line = io.StringIO()
    csv.writer(line).writerow([_cell(cell) for cell in cells])
    return line.getvalue()


def _cell(value: object) -> object:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str() if value.startswith(_FORMULA):
            return f"'{value}"
        case _:
            return value
