"""A list of persons: who talked with us recently, or whose words or names match a search."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.identity import joined
from core.store.card_tables import CardRow
from core.store.joining import pointers
from core.store.paging import after, cursor_of
from core.store.queues import Place, decode_cursor
from core.store.search import found
from core.store.tables import ConversationRow

_card = CardRow.__table__
_conversation = ConversationRow.__table__
READ = 400
"""Conversations read at a time."""
MOST = 60
"""Persons on a page."""
_PLACE = (_card.c.started_at, _card.c.id)


@dataclass(frozen=True, slots=True)
class Known:
    """A person as listed, by their latest conversations."""

    id: str
    name: str | None
    organisation: str | None
    caller: str | None
    channels: tuple[str, ...]
    verdict: str | None
    conversations: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Most recent conversation first; `next` fetches the page after this one, None at the end."""

    people: tuple[Known, ...]
    next: str | None


def people(c: sa.Connection, words: str = "", *, limit: int = MOST, cursor: str = "") -> PeoplePage:
    """A page of persons. Raises: BadCursor."""
    start = place = decode_cursor(cursor) if cursor else None
    searched = found(c.dialect.name, words)
    fits = [_conversation.c.person_id.is_not(None), *([] if searched is None else [searched])]
    theirs: dict[str, list[Any]] = {}
    while len(theirs) <= limit:
        rows = _older(c, fits, place)
        for person, row in _new(c, fits, rows, start):
            theirs.setdefault(person, []).append(row)
        if len(rows) < READ:
            break
        place = rows[-1].started_at, rows[-1].id
    shown = list(theirs.items())[:limit]
    last = shown[-1][1][0] if len(theirs) > limit else None
    return PeoplePage(
        tuple(_known(person, all_) for person, all_ in shown),
        cursor_of(last.started_at, last.id) if last else None,
    )


def _older(c: sa.Connection, fits: list[Any], before: Place | None) -> Sequence[sa.Row[Any]]:
    """The latest conversations before a position."""
    columns = ("id", "name", "organisation", "caller", "channel", "verdict", "started_at")
    query = (
        sa.select(_conversation.c.person_id, *(_card.c[name] for name in columns))
        .join(_conversation, _conversation.c.id == _card.c.conversation_id)
        .where(*fits)
        .order_by(_card.c.started_at.desc(), _card.c.id.desc())
        .limit(READ)
    )
    if before is not None:
        query = query.where(after(_PLACE, before, newest_first=True))
    return c.execute(query).all()


def _new(
    c: sa.Connection, fits: list[Any], rows: Sequence[sa.Row[Any]], start: Place | None
) -> Iterator[tuple[str, sa.Row[Any]]]:
    """Each conversation with its person, but for persons of the pages before `start`."""
    tree = pointers(c, {row.person_id for row in rows})
    roots = [joined.root(row.person_id, tree) for row in rows]
    before: set[str] = set()
    if start is not None:
        newer = (
            sa.select(_conversation.c.person_id)
            .join(_card, _conversation.c.id == _card.c.conversation_id)
            .where(*fits, _conversation.c.person_id.in_({*roots, *tree}))
            .where(~after(_PLACE, start, newest_first=True))
            .distinct()
        )
        before = {joined.root(person, tree) for person in c.execute(newer).scalars()}
    return ((root, row) for root, row in zip(roots, rows, strict=True) if root not in before)


def _known(person: str, rows: list[Any]) -> Known:
    def latest(name: str) -> str | None:
        return next((value for row in rows if (value := getattr(row, name))), None)

    return Known(
        person, latest("name"), latest("organisation"), latest("caller"),
        tuple(sorted({row.channel for row in rows if row.channel})), latest("verdict"), len(rows),
        rows[0].started_at,
    )  # fmt: skip
