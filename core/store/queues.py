"""Queues of conversations: filtered, newest first, in pages by cursor.

Every condition is on the cards and served by their indexes; a page costs the same however far down
it is, or how many conversations there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args

import sqlalchemy as sa

from core.callbacks.record import OVER, Status
from core.facts.standing import HANDED_OVER
from core.metrics.accuracy import LOOKED_AT
from core.store import forgotten
from core.store.callback_tables import CallbackRow
from core.store.card_tables import CardCriterionRow, CardFlagRow, CardRow
from core.store.mail_tables import MailInRow, MailOutRow
from core.store.owed import OPEN
from core.store.paging import BadCursor, after, cursor_of, place_of
from core.store.reviews import unjudged
from core.store.search import excerpts, found, holds
from core.store.tables import every_row

_callback = CallbackRow.__table__
_card = CardRow.__table__
_criterion = CardCriterionRow.__table__
_flag = CardFlagRow.__table__
_letter = MailOutRow.__table__
_mail = MailInRow.__table__

LOOK_BACK = timedelta(days=60)
"""A second look is due only for conversations no older than this."""
COUNTED = 100
"""Queue counts stop here: more is "many" to the person working through it."""
READ_FIRST = 1_000
"""How many of the newest are searched for words before the word index is used for the rest."""
Place = tuple[datetime, int]
"""Where a page ended: the start of its last conversation, and its card."""
_NEWEST = (_card.c.started_at.desc(), _card.c.id.desc())


@dataclass(frozen=True, slots=True)
class Viewer:
    """The viewer: their account, which rep they are, and whether a pilot is running."""

    account: str
    rep: str | None
    at: datetime
    pilot: bool = False
    second_looks: float = 0.0
    """Share of conversations drawn for a second look."""
    leads: bool = False
    """They also handle calls that others owe."""


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """Filters; empty or None matches all. `until` is exclusive."""

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
class QueueLine:
    """One conversation on a page, with the matched words and the reason for its flag."""

    card: CardRow
    excerpt: tuple[str, str, str] | None
    flags: tuple[CardFlagRow, ...]

    def flag(self, kind: str) -> CardFlagRow | None:
        """The flag of a kind."""
        return next((flag for flag in self.flags if flag.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Page:
    """Newest first; `next` fetches the page after this one, None at the end."""

    lines: tuple[QueueLine, ...]
    next: str | None


QUEUES: Mapping[str, str] = {
    "flagged": "Flagged",
    "live": "In progress",
    "callbacks": "Promised calls",
    "handoffs": "Handoffs to rate",
    "questions": "Open questions",
    "mail": "Mail to send",
    "sync": "Sync problems",
    "pilot": "Pilot review",
    "second-looks": "Second looks",
    "all": "All",
}
"""Every queue and its name."""
NO_CONVERSATIONS = ("questions", "callbacks", "mail")
"""Lists of their own that hold no conversations, but what buyers wait for."""
OPEN_CALLS = tuple(status for status in get_args(Status) if status not in OVER)


def page(
    c: sa.Connection, wanted: QueueFilters, viewer: Viewer, *, limit: int = 50, cursor: str = ""
) -> Page:
    """A page of a queue. Raises: BadCursor."""
    place = decode_cursor(cursor) if cursor else None
    rows = _newest(c, wanted, viewer, place, limit + 1)
    shown = rows[:limit]
    ids = [row.id for row in shown if row.id is not None]
    where = excerpts(c, ids, wanted.words) if wanted.words and ids else {}
    flags = _flags_of(c, [row.id for row in shown if row.id is not None and row.flags])
    lines = tuple(
        QueueLine(row, where.get(row.id or 0), tuple(flags.get(row.id or 0, ()))) for row in shown
    )
    if len(rows) <= limit:
        return Page(lines, None)
    return Page(lines, cursor_of(shown[-1].started_at, shown[-1].id))


def _newest(
    c: sa.Connection, wanted: QueueFilters, viewer: Viewer, before: Place | None, limit: int
) -> list[CardRow]:
    """The newest conversations of a queue before a position.

    A common word is in many of the newest; a rare one has few entries in the index. PostgreSQL is
    queried in that order, so that it never sorts all matches of a common word; SQLite's index is
    fast either way.
    """
    fits = [*_of_queue(wanted.queue, viewer), *_filters(wanted)]
    if before is not None:
        fits.append(_older(before))
    indexed = found(c.dialect.name, wanted.words)
    if indexed is None or c.dialect.name != "postgresql":
        return _cards(
            c, sa.select(_card).where(*fits, *([] if indexed is None else [indexed])), limit
        )
    looked_at = sa.select(_card).where(*fits).order_by(*_NEWEST).limit(READ_FIRST).subquery("card")
    rows = _cards(c, sa.select(looked_at).where(holds(wanted.words, looked_at.c.id)), limit)
    if len(rows) == limit:
        return rows
    last = sa.select(_card.c.started_at, _card.c.id).where(*fits).order_by(*_NEWEST)
    place = c.execute(last.offset(READ_FIRST - 1).limit(1)).first()
    if place is None:
        return rows
    rest = sa.select(_card).where(*fits, _older((place.started_at, place.id)), indexed)
    return rows + _cards(c, rest, limit - len(rows))


def _cards(c: sa.Connection, query: sa.Select[Any], limit: int) -> list[CardRow]:
    order = [query.selected_columns[name].desc() for name in ("started_at", "id")]
    return every_row(c, CardRow, query.order_by(*order).limit(limit))


def _older(place: Place) -> sa.ColumnElement[bool]:
    return after((_card.c.started_at, _card.c.id), place, newest_first=True)


def counts(c: sa.Connection, viewer: Viewer) -> dict[str, int]:
    """How many conversations wait in each queue, up to a hundred."""
    counted = []
    for queue in QUEUES:
        if queue == "all":
            continue
        if queue == "questions":
            some = sa.select(sa.literal(1)).where(OPEN)
        elif queue == "mail":
            drafts = sa.select(sa.literal(1)).where(_letter.c.status == "draft")
            left = sa.select(sa.literal(1)).where(_mail.c.status == "held")
            some = sa.select(sa.union_all(drafts, left).subquery())
        elif queue == "callbacks":
            some = sa.select(sa.literal(1)).where(_callback.c.status.in_(OPEN_CALLS))
            if viewer.rep and not viewer.leads:
                mine = sa.or_(_callback.c.owner == viewer.rep, _callback.c.claimed_by == viewer.rep)
                some = some.where(mine)
        else:
            some = sa.select(sa.literal(1)).select_from(_card).where(*_of_queue(queue, viewer))
        capped = some.limit(COUNTED).subquery()
        one = sa.select(sa.func.count()).select_from(capped).scalar_subquery()
        counted.append(one.label(queue))
    return dict(c.execute(sa.select(*counted)).mappings().one())


def next_of(
    c: sa.Connection, wanted: QueueFilters, viewer: Viewer, conversation_id: str
) -> str | None:
    """The conversation after this one in its queue."""
    at = sa.select(_card.c.started_at, _card.c.id).where(_card.c.conversation_id == conversation_id)
    here = c.execute(at).first()
    if here is None:
        return None
    later = _newest(c, wanted, viewer, (here.started_at, here.id), 1)
    return later[0].conversation_id if later else None


def choices(c: sa.Connection) -> dict[str, list[str]]:
    """Values that occur, for filters whose values the company folder does not define."""
    made: dict[str, list[str]] = {}
    for name, column in (("outcome", _card.c.outcome), ("flag", _flag.c.kind)):
        rows = c.execute(sa.select(column).where(column.is_not(None)).distinct().limit(60))
        made[name] = sorted(rows.scalars())
    return made


def _of_queue(queue: str, viewer: Viewer) -> Sequence[sa.ColumnElement[bool]]:
    """What a queue holds; erased conversations are in none that waits for a person."""
    held = _waiting(queue, viewer)
    return (*held, _card.c.conversation_id.not_in(forgotten.done())) if held else ()


def _waiting(queue: str, viewer: Viewer) -> Sequence[sa.ColumnElement[bool]]:
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
                _card.c.draw < viewer.second_looks, _card.c.own_verdict.in_(LOOKED_AT),
                _card.c.started_at >= viewer.at - LOOK_BACK, _card.c.status != "in_progress",
                unjudged(_card.c.conversation_id),
            )  # fmt: skip
        case _:
            return ()


def _filters(wanted: QueueFilters) -> list[sa.ColumnElement[bool]]:
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
    return made


def _flagged(kind: str) -> sa.ColumnElement[bool]:
    held: sa.ColumnElement[bool] = _card.c.id.in_(
        sa.select(_flag.c.card_id).where(_flag.c.kind == kind)
    )
    return held


def _flags_of(c: sa.Connection, ids: list[int]) -> dict[int, list[CardFlagRow]]:
    made: dict[int, list[CardFlagRow]] = {}
    if ids:
        for row in every_row(c, CardFlagRow, sa.select(_flag).where(_flag.c.card_id.in_(ids))):
            made.setdefault(row.card_id, []).append(row)
    return made


def decode_cursor(cursor: str) -> Place:
    """Where a page ended. Raises: BadCursor."""
    started_at, last = place_of(cursor)
    if not (last.isascii() and last.isdigit() and len(last) < 20 and 0 < int(last) < 2**63):
        raise BadCursor(cursor)
    return started_at, int(last)
