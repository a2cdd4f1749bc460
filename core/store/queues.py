"""Queues of conversations: filtered, newest first, a page at a time by where the last one ended.

Every condition is on the cards, whose indexes carry them; no page costs more for being far down.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

import sqlalchemy as sa

from core.callbacks.record import OVER, Status
from core.metrics.accuracy import LOOKED_AT
from core.store.callback_tables import CallbackRow
from core.store.card_tables import CardCriterionRow, CardFlagRow, CardRow
from core.store.conversations import BadCursor
from core.store.figures import HANDED_OVER
from core.store.reviews import unjudged
from core.store.search import excerpts, found
from core.store.tables import QuestionRow

_callback = CallbackRow.__table__  # type: ignore[attr-defined]
_card = CardRow.__table__  # type: ignore[attr-defined]
_criterion = CardCriterionRow.__table__  # type: ignore[attr-defined]
_flag = CardFlagRow.__table__  # type: ignore[attr-defined]
_question = QuestionRow.__table__  # type: ignore[attr-defined]

LOOK_BACK = timedelta(days=60)
"""A second look is owed to conversations no older than this."""
COUNTED = 100
"""A queue is counted up to here: more is "many" for who has to work through it."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: their account, which rep they are, and whether the agent is being tried out."""

    account: str
    rep: str | None
    at: datetime
    pilot: bool = False
    second_looks: float = 0.0
    """Share of conversations drawn for a second look."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations; what is empty or None lets all pass. `until` is exclusive."""

    queue: str = "all"
    words: str = ""
    channel: str = ""
    called: str = ""
    entry: str = ""
    segment: str = ""
    verdict: str = ""
    outcome: str = ""
    criterion: str = ""
    """Name and state, as name:state."""
    flag: str = ""
    rep: str = ""
    assignee: str = ""
    after_hours: bool | None = None
    reviewed: bool | None = None
    abstained: bool | None = None
    slower_ms: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One conversation of a page, with where its words were found and why it is flagged."""

    card: CardRow
    excerpt: tuple[str, str, str] | None
    flags: tuple[CardFlagRow, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Newest first; `next` fetches the page after this one, None at the end."""

    lines: tuple[Line, ...]
    next: str | None


QUEUES: Mapping[str, str] = {
    "flagged": "Flagged",
    "live": "Live now",
    "callbacks": "Callbacks due",
    "handoffs": "Handoffs to rate",
    "questions": "Open questions",
    "sync": "Sync problems",
    "pilot": "Pilot review",
    "second-looks": "Second looks",
    "all": "All",
}
"""Every queue and its name."""
NO_CONVERSATIONS = ("questions", "callbacks")
"""These hold what a buyer waits for, and are lists of their own."""
OPEN_CALLS = tuple(status for status in get_args(Status) if status not in OVER)


def page(
    c: sa.Connection, wanted: Wanted, viewer: Viewer, *, limit: int = 50, cursor: str = ""
) -> Page:
    """A page of a queue. Raises: BadCursor."""
    query = selected(c.dialect.name, wanted, viewer)
    if cursor:
        started_at, last = decode_cursor(cursor)
        query = query.where(
            (_card.c.started_at < started_at)
            | ((_card.c.started_at == started_at) & (_card.c.id < last))
        )
    rows = [CardRow(**row) for row in c.execute(query.limit(limit + 1)).mappings()]
    shown = rows[:limit]
    ids = [row.id for row in shown if row.id is not None]
    where = excerpts(c, ids, wanted.words) if wanted.words and ids else {}
    flags = _flags_of(c, [row.id for row in shown if row.id is not None and row.flags])
    lines = tuple(
        Line(row, where.get(row.id or 0), tuple(flags.get(row.id or 0, ()))) for row in shown
    )
    return Page(lines, encode_cursor(shown[-1]) if len(rows) > limit else None)


def selected(dialect: str, wanted: Wanted, viewer: Viewer) -> sa.Select[tuple[CardRow]]:
    """The query for all of a queue, newest first."""
    query = sa.select(_card).where(*_of_queue(wanted.queue, viewer), *_filters(dialect, wanted))
    return query.order_by(_card.c.started_at.desc(), _card.c.id.desc())


def counts(c: sa.Connection, viewer: Viewer) -> dict[str, int]:
    """How many wait in each queue, up to a hundred."""
    counted: dict[str, int] = {}
    for queue in QUEUES:
        if queue == "all":
            continue
        if queue == "questions":
            some = sa.select(sa.literal(1)).where(_question.c.answered_at.is_(None))
        elif queue == "callbacks":
            some = sa.select(sa.literal(1)).where(_callback.c.status.in_(OPEN_CALLS))
            if viewer.rep:
                mine = sa.or_(_callback.c.owner == viewer.rep, _callback.c.claimed_by == viewer.rep)
                some = some.where(mine)
        else:
            some = sa.select(sa.literal(1)).select_from(_card).where(*_of_queue(queue, viewer))
        capped = some.limit(COUNTED).subquery()
        counted[queue] = int(c.execute(sa.select(sa.func.count()).select_from(capped)).scalar_one())
    return counted


def next_of(c: sa.Connection, wanted: Wanted, viewer: Viewer, conversation_id: str) -> str | None:
    """The conversation after this one in its queue, for who works through it."""
    at = sa.select(_card.c.started_at, _card.c.id).where(_card.c.conversation_id == conversation_id)
    here = c.execute(at).first()
    if here is None:
        return None
    later = (_card.c.started_at < here.started_at) | (
        (_card.c.started_at == here.started_at) & (_card.c.id < here.id)
    )
    query = selected(c.dialect.name, wanted, viewer).where(later).limit(1)
    row = c.execute(query).mappings().first()
    return row["conversation_id"] if row else None


@dataclass(frozen=True, slots=True)
class Owed:
    """A question that waits for its answer, and whose conversation it came up in."""

    conversation_id: str
    question_id: str
    text: str
    owner: str
    reason: str
    raised_at: datetime
    name: str | None
    organisation: str | None
    caller: str | None
    verdict: str | None


def open_questions(
    c: sa.Connection, *, owner: str = "", after: tuple[datetime, str] | None = None, limit: int = 50
) -> list[Owed]:
    """Questions still owed an answer, the longest waiting first; of one owner if named."""
    columns = ("conversation_id", "question_id", "text", "owner", "reason", "raised_at")
    people = ("name", "organisation", "caller", "verdict")
    query = (
        sa.select(*(_question.c[n] for n in columns), *(_card.c[n] for n in people))
        .outerjoin(_card, _card.c.conversation_id == _question.c.conversation_id)
        .where(_question.c.answered_at.is_(None))
    )
    if owner:
        query = query.where(_question.c.owner == owner)
    if after is not None:
        at, last = after
        query = query.where(
            (_question.c.raised_at > at)
            | ((_question.c.raised_at == at) & (_question.c.question_id > last))
        )
    query = query.order_by(_question.c.raised_at, _question.c.question_id).limit(limit)
    return [Owed(**row) for row in c.execute(query).mappings()]


def choices(c: sa.Connection) -> dict[str, list[str]]:
    """Values that occur, for filters whose values the company folder does not name."""
    made: dict[str, list[str]] = {}
    for name, column in (("outcome", _card.c.outcome), ("flag", _flag.c.kind)):
        rows = c.execute(sa.select(column).where(column.is_not(None)).distinct().limit(60))
        made[name] = sorted(rows.scalars())
    return made


def _of_queue(queue: str, viewer: Viewer) -> Sequence[sa.ColumnElement[bool]]:
    unreviewed = _card.c.reviewed_at.is_(None)
    match queue:
        case "flagged":
            return (unreviewed, _card.c.flags > 0)
        case "live":
            return (_card.c.status == "in_progress",)
        case "handoffs":
            mine = [_card.c.rep == viewer.rep] if viewer.rep else [_card.c.rep.is_not(None)]
            return (
                *mine, _card.c.verdict.in_(HANDED_OVER), _card.c.rated_at.is_(None),
                _card.c.status != "in_progress",
            )  # fmt: skip
        case "sync":
            return (_card.c.sync == "failed",)
        case "pilot":
            over = (_card.c.status != "in_progress", unreviewed)
            return over if viewer.pilot else (*over, _flagged("random_audit"))
        case "second-looks":
            return (
                _card.c.draw < viewer.second_looks, _card.c.verdict.in_(LOOKED_AT),
                _card.c.started_at >= viewer.at - LOOK_BACK, _card.c.status != "in_progress",
                unjudged(_card.c.conversation_id),
            )  # fmt: skip
        case _:
            return ()


def _filters(dialect: str, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    same = ("channel", "called", "entry", "segment", "verdict", "outcome", "rep", "assignee")
    made = [_card.c[name] == value for name in same if (value := getattr(wanted, name))]
    for name in ("after_hours", "abstained"):
        if (value := getattr(wanted, name)) is not None:
            made.append(_card.c[name].is_(value))
    if wanted.reviewed is not None:
        unset = _card.c.reviewed_at.is_(None)
        made.append(~unset if wanted.reviewed else unset)
    if wanted.slower_ms is not None:
        made.append(_card.c.p95_ms > wanted.slower_ms)
    if wanted.since is not None:
        made.append(_card.c.started_at >= wanted.since)
    if wanted.until is not None:
        made.append(_card.c.started_at < wanted.until)
    if wanted.flag:
        made.append(_flagged(wanted.flag))
    if wanted.criterion:
        name, _, state = wanted.criterion.partition(":")
        held = sa.select(_criterion.c.card_id).where(_criterion.c.name == name)
        made.append(_card.c.id.in_(held.where(_criterion.c.state == state) if state else held))
    if (searched := found(dialect, wanted.words)) is not None:
        made.append(searched)
    return made


def _flagged(kind: str) -> sa.ColumnElement[bool]:
    held: sa.ColumnElement[bool] = _card.c.id.in_(
        sa.select(_flag.c.card_id).where(_flag.c.kind == kind)
    )
    return held


def _flags_of(c: sa.Connection, ids: list[int]) -> dict[int, list[CardFlagRow]]:
    made: dict[int, list[CardFlagRow]] = {}
    if ids:
        for row in c.execute(sa.select(_flag).where(_flag.c.card_id.in_(ids))).mappings():
            made.setdefault(row["card_id"], []).append(CardFlagRow(**row))
    return made


def encode_cursor(row: CardRow) -> str:
    """Where a page ended."""
    return base64.urlsafe_b64encode(f"{row.started_at.isoformat()} {row.id}".encode()).decode()


def decode_cursor(cursor: str) -> tuple[datetime, int]:
    """Where a page ended. Raises: BadCursor."""
    try:
        at, _, last = base64.urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        started_at, number = datetime.fromisoformat(at), int(last)
    except (ValueError, binascii.Error) as error:
        raise BadCursor(cursor) from error
    if started_at.tzinfo is None or not 0 < number < 2**63 or not last.isdigit():
        raise BadCursor(cursor)
    return started_at, number
