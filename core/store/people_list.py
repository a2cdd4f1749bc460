"""A list of persons: who talked with us recently, or whose words or names match a search."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.identity import joined
from core.store.card_tables import CardRow
from core.store.joining import pointers
from core.store.search import found
from core.store.tables import ConversationRow

_card = CardRow.__table__
_conversation = ConversationRow.__table__
LOOKED_AT = 400
"""The list is built from at most this many conversations, the latest."""
MOST = 60


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


def people(c: sa.Connection, words: str = "", limit: int = MOST) -> list[Known]:
    """Persons, most recent conversation first."""
    query = (
        sa.select(
            _conversation.c.person_id, _card.c.name, _card.c.organisation, _card.c.caller,
            _card.c.channel, _card.c.verdict, _card.c.started_at,
        )
        .join(_conversation, _conversation.c.id == _card.c.conversation_id)
        .where(_conversation.c.person_id.is_not(None))
        .order_by(_card.c.started_at.desc(), _card.c.id.desc())
        .limit(LOOKED_AT)
    )  # fmt: skip
    if (searched := found(c.dialect.name, words)) is not None:
        query = query.where(searched)
    rows = c.execute(query).all()
    tree = pointers(c, {row.person_id for row in rows})
    theirs: dict[str, list[Any]] = {}
    for row in rows:
        theirs.setdefault(joined.root(row.person_id, tree), []).append(row)
    return [_known(person, all_) for person, all_ in list(theirs.items())[:limit]]


def _known(person: str, rows: list[Any]) -> Known:
    def latest(name: str) -> str | None:
        return next((value for row in rows if (value := getattr(row, name))), None)

    return Known(
        person, latest("name"), latest("organisation"), latest("caller"),
        tuple(sorted({row.channel for row in rows if row.channel})), latest("verdict"), len(rows),
        rows[0].started_at,
    )  # fmt: skip
