"""Conversations of a time range for reports, read in pages. Blocking."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa

from core.events import TALKED_OVER, Logged
from core.metrics.measured import Measured, measured
from core.store.codec import decode
from core.store.tables import ConversationRow, FactRow

PAGE = 200
MOST = 20_000
"""Most conversations in one report; request a longer range in parts."""
_WHOLE = ("ConversationStarted", "ConversationEnded", "VerdictReached", "CriterionAsked",
          "QuestionRaised", "QuestionAnswered", "QuestionDeferred", "TurnMerged", "MeetingRecorded",
          "CallbackRequested", "HumanRequested", "TransferAccepted", "FloorTaken", "MessageTaken",
          "MessageLeft")  # fmt: skip
"""The kinds of facts that count whatever they say; they are a fifth of a log."""
_NAMED = ("SignalCaptured", "SignalCorrected", "CorrectionWithdrawn", "PersonRecalled")
"""The kinds that tell who called when no number does."""
_UNREAD = {"VerdictReached": {"criteria": (), "flips": ()}}
"""Long fields that do not count, emptied."""
_NOTED = ("greeted", "mail_sent", TALKED_OVER)
_conversation = ConversationRow.__table__
_fact = FactRow.__table__


def measured_between(
    c: sa.Connection,
    since: datetime,
    until: datetime,
    channel: str | None = None,
    among: sa.Select[tuple[str]] | None = None,
) -> tuple[list[Measured], bool]:
    """The newest selected conversations of a range, and whether a report had to leave some out."""
    query = sa.select(_conversation.c.id).where(
        _conversation.c.started_at >= since, _conversation.c.started_at < until
    )
    if channel is not None:
        query = query.where(_conversation.c.channel == channel)
    if among is not None:
        query = query.where(_conversation.c.id.in_(among))
    query = query.order_by(_conversation.c.started_at.desc(), _conversation.c.id.desc())
    ids = [row.id for row in c.execute(query.limit(MOST + 1))]
    made: list[Measured] = []
    for first in range(0, min(len(ids), MOST), PAGE):
        made += _page(c, ids[first : min(first + PAGE, MOST)])
    return made, len(ids) > MOST


def _page(c: sa.Connection, ids: list[str]) -> Iterator[Measured]:
    query = (
        sa.select(_fact.c.conversation_id, _fact.c.seq, _fact.c.at, _fact.c.kind, _fact.c.payload)
        .join(_conversation, _conversation.c.id == _fact.c.conversation_id)
        .where(_fact.c.conversation_id.in_(ids), _counts())
        .order_by(_fact.c.conversation_id, _fact.c.seq)
    )
    for _, group in groupby(c.execute(query), key=lambda row: row[0]):
        log = [
            Logged(id_, seq, at, decode(kind, payload | _UNREAD.get(kind, {})))
            for id_, seq, at, kind, payload in group
        ]
        if (one := measured(log)) is not None:
            yield one


def _counts() -> sa.ColumnElement[bool]:
    """Whether `measured` may look at a fact: reading and decoding the others takes most of the
    time.

    A CASE, so that SQLite looks by conversation rather than for every fact of a kind.
    """
    fact = _fact.c.kind
    written = sa.func.coalesce(_conversation.c.channel, "") != "voice"
    return sa.case(
        (fact.in_(_WHOLE), sa.true()),
        (fact.in_(_NAMED), sa.func.coalesce(_conversation.c.caller, "") == ""),
        (fact == "UtteranceRecorded",
         sa.or_(written, _says("kind", "answer"), _says("speaker", "rep"))),
        (fact == "Noted", sa.or_(*(_says("kind", kind) for kind in _NOTED))),
        (fact == "Flagged", _says("kind", "pilot")),
        else_=sa.false(),
    )  # fmt: skip


def _says(name: str, value: str) -> sa.ColumnElement[bool]:
    """Whether a payload may have this value, by its text: PostgreSQL parses none that holds NUL."""
    text = sa.cast(_fact.c.payload, sa.Text)
    return text.contains(f'"{name}": "{value}"', autoescape=True)
