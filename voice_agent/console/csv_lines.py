"""Conversations as CSV lines, safe from formula injection. Pure."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from core.store.card_tables import CardRow

HEAD = (
    "conversation", "started_at", "channel", "direction", "from", "to", "name", "company",
    "verdict", "segment", "score", "rep", "action", "outcome", "duration_ms", "after_hours",
    "heard_p95_ms", "abstained", "flags", "callback_at", "meeting_at", "records", "reviewed_at",
    "reviewed_by", "assigned_to",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def row_of(card: CardRow) -> tuple[object, ...]:
    """One conversation's cells, in the order of `HEAD`."""
    return (
        card.conversation_id, card.started_at, card.channel, card.direction, card.caller,
        card.called, card.name, card.organisation, card.verdict, card.segment, card.score,
        card.rep, card.action, card.outcome, card.duration_ms, card.after_hours, card.p95_ms,
        card.abstained, " ".join(card.kinds), card.callback_at, card.meeting_at, card.sync,
        card.reviewed_at, card.reviewed_by, card.assignee,
    )  # fmt: skip


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
        case datetime():
            return value.isoformat(timespec="seconds")
        case str() if value.startswith(_FORMULA):
            return f"'{value}"
        case _:
            return value
