"""The team's reviews of conversations, for `Store.write` and `Store.query`.

Comments and overrides are append-only. A person's scores replace their earlier ones. Every write is
idempotent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.privacy.erasure import ERASED
from core.store.inserting import added, insert
from core.store.review_tables import (
    AnswerCheckRow,
    CommentRow,
    ListenRow,
    OverrideRow,
    PeaksRow,
    ScorecardRow,
    ShareRow,
)
from core.store.tables import ConversationRow, every_row, first_row

_check = AnswerCheckRow.__table__
_comment = CommentRow.__table__
_conversation = ConversationRow.__table__
_listen = ListenRow.__table__
_override = OverrideRow.__table__
_peaks = PeaksRow.__table__
_scorecard = ScorecardRow.__table__
_share = ShareRow.__table__

LISTEN = timedelta(hours=12)
"""The longest a listening session lasts; after that it counts as another."""


@dataclass(frozen=True, slots=True)
class Review:
    """The team's full review of one conversation, oldest first."""

    comments: tuple[CommentRow, ...] = ()
    overrides: tuple[OverrideRow, ...] = ()
    scorecards: tuple[ScorecardRow, ...] = ()
    shares: tuple[ShareRow, ...] = ()

    @property
    def override(self) -> OverrideRow | None:
        """The colleague's verdict that counts."""
        last = self.overrides[-1] if self.overrides else None
        return last if last and last.result else None


def review_of(c: sa.Connection, conversation_id: str) -> Review:
    """The review of one conversation."""

    def rows(table: sa.Table, kind: type[Any]) -> tuple[Any, ...]:
        mine = sa.select(table).where(table.c.conversation_id == conversation_id)
        order = [table.c.at, *(c for c in table.primary_key.columns)]
        return tuple(every_row(c, kind, mine.order_by(*order)))

    return Review(
        rows(_comment, CommentRow),
        rows(_override, OverrideRow),
        rows(_scorecard, ScorecardRow),
        rows(_share, ShareRow),
    )


def add_comment(c: sa.Connection, row: CommentRow) -> bool:
    """Store a comment, once by its id; True if it is new."""
    return added(c, _comment, row.model_dump())


def withdraw_comment(
    c: sa.Connection, conversation_id: str, comment_id: str, author: str | None, at: datetime
) -> bool:
    """Withdraw a comment; only its author's, if given. False: there was none."""
    mine = [
        _comment.c.id == comment_id,
        _comment.c.conversation_id == conversation_id,
        _comment.c.withdrawn_at.is_(None),
    ]
    if author is not None:
        mine.append(_comment.c.author == author)
    return bool(c.execute(sa.update(_comment).where(*mine).values(withdrawn_at=at)).rowcount)


def hold(c: sa.Connection, conversation_id: str) -> None:
    """Keep other servers from judging this conversation until this transaction ends."""
    mine = sa.select(_conversation.c.id).where(_conversation.c.id == conversation_id)
    c.execute(mine.with_for_update())


def overrides(c: sa.Connection, conversation_id: str) -> list[OverrideRow]:
    """All colleagues' verdicts on it, oldest first."""
    mine = sa.select(_override).where(_override.c.conversation_id == conversation_id)
    return every_row(c, OverrideRow, mine.order_by(_override.c.at, _override.c.id))


def add_override(c: sa.Connection, row: OverrideRow) -> bool:
    """Store a verdict, once by its id."""
    return added(c, _override, row.model_dump())


def score(c: sa.Connection, row: ScorecardRow) -> bool:
    """Store a person's scores in place of their earlier ones."""
    return _put(c, _scorecard, row.model_dump(), ("conversation_id", "by"))


def add_share(c: sa.Connection, row: ShareRow) -> bool:
    """Store a link."""
    return added(c, _share, row.model_dump())


def share(c: sa.Connection, share_id: str) -> ShareRow | None:
    """A link by its id, whatever its status."""
    return first_row(c, ShareRow, sa.select(_share).where(_share.c.id == share_id))


def revoke_share(c: sa.Connection, share_id: str, by: str, at: datetime) -> bool:
    """Revoke a link. False: it was not active."""
    mine = _share.c.id == share_id, _share.c.revoked_at.is_(None)
    values = {"revoked_at": at, "revoked_by": by}
    return bool(c.execute(sa.update(_share).where(*mine).values(values)).rowcount)


def opened_share(c: sa.Connection, share_id: str, at: datetime) -> None:
    """Count a visit to a link."""
    values = {"opened": _share.c.opened + 1, "opened_at": at}
    c.execute(sa.update(_share).where(_share.c.id == share_id).values(values))


def listening(c: sa.Connection, row: ListenRow) -> bool:
    """Store a listening session; True for its first range."""
    if goes_on(c, row):
        return False
    _put(c, _listen, row.model_dump(), ("id",))
    return True


def goes_on(c: sa.Connection, row: ListenRow) -> bool:
    """Whether this listening session began before and still runs."""
    begun = c.execute(sa.select(_listen).where(_listen.c.id == row.id)).mappings().first()
    if begun is None:
        return False
    same = (begun["conversation_id"], begun["by"]) == (row.conversation_id, row.by)
    return same and bool(row.at - begun["at"] < LISTEN)


def keep_peaks(c: sa.Connection, row: PeaksRow) -> None:
    """Store a recording's waveform in place of the previous one."""
    _put(c, _peaks, row.model_dump(), ("conversation_id",))


def peaks(c: sa.Connection, conversation_id: str) -> PeaksRow | None:
    """A recording's waveform, if it was made."""
    mine = sa.select(_peaks).where(_peaks.c.conversation_id == conversation_id)
    return first_row(c, PeaksRow, mine)


@dataclass(frozen=True, slots=True)
class Judged:
    """A conversation's verdict by the agent and by a colleague, for their agreement rate."""

    conversation_id: str
    agent: str
    colleague: str
    by: str
    at: datetime


def judged(c: sa.Connection, among: "sa.Select[tuple[str]] | None" = None) -> list[Judged]:
    """Conversations with a colleague's verdict that counts, oldest first, of those selected."""
    query = sa.select(_override).order_by(_override.c.at, _override.c.id)
    if among is not None:
        query = query.where(_override.c.conversation_id.in_(among))
    standing: dict[str, OverrideRow] = {}
    for row in every_row(c, OverrideRow, query):
        standing.pop(row.conversation_id, None)
        standing[row.conversation_id] = row
    return [
        Judged(o.conversation_id, o.agent_result, o.result, o.by, o.at)
        for o in standing.values()
        if o.result
    ]


def unjudged(conversation_id: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """The condition that no colleague's verdict counts on a conversation."""
    last = (
        sa.select(_override.c.result)
        .where(_override.c.conversation_id == conversation_id)
        .order_by(_override.c.at.desc(), _override.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return sa.func.coalesce(last, "") == ""


def forget_review(c: sa.Connection, conversation_id: str) -> int:
    """Delete what may quote the buyer; the verdicts themselves stay. Returns how many rows."""
    changed = 0
    for table, column in ((_comment, "text"), (_override, "reason"), (_check, "told"),
                          (_scorecard, "note"), (_share, "note")):  # fmt: skip
        mine = table.c.conversation_id == conversation_id, ~table.c[column].in_(("", ERASED))
        changed += c.execute(sa.update(table).where(*mine).values({column: ERASED})).rowcount
    gone = sa.delete(_peaks).where(_peaks.c.conversation_id == conversation_id)
    c.execute(gone)
    open_links = _share.c.conversation_id == conversation_id, _share.c.revoked_at.is_(None)
    at = sa.func.coalesce(_share.c.opened_at, _share.c.at)
    c.execute(sa.update(_share).where(*open_links).values(revoked_at=at, revoked_by="erasure"))
    return changed


def _put(c: sa.Connection, table: sa.Table, values: Mapping[str, Any], key: Sequence[str]) -> bool:
    """Insert a row, or update the one with the same key."""
    statement = insert(c, table).values(values)
    rest = {n: statement.excluded[n] for n in values if n not in key}
    c.execute(statement.on_conflict_do_update(index_elements=list(key), set_=rest))
    return True
