"""Deletes data at the end of its retention period, one kind at a time. Each step is idempotent.

A tombstone is committed together with the deletion, so nothing is processed twice, and an
interrupted step is found again.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlmodel import Field

from core.events import (
    ConsentRecorded,
    ConversationStarted,
    Fact,
    IdentifierSeen,
    RecordingSaved,
    SignalCaptured,
)
from core.facts.callbacks import AiCallAnswered
from core.facts.corrections import SignalCorrected
from core.privacy.erasure import ERASED, erased
from core.privacy.facts import Deleted
from core.store.callback_rows import PROOF, WORDS, blank_calls
from core.store.cards import fill
from core.store.codec import decode, encode
from core.store.contacts import root_of
from core.store.crm_sync import SHARED
from core.store.crm_sync_tables import CrmRecordRow, CrmSyncRow
from core.store.forgotten import among
from core.store.holding import held
from core.store.log import Append
from core.store.mail_tables import MailInRow, MailOutRow
from core.store.people import everybody
from core.store.review_tables import PeaksRow
from core.store.reviews import forget_review
from core.store.tables import (
    ActivityRow,
    ConversationRow,
    FactRow,
    Instant,
    QuestionRow,
    StandingRow,
    Table,
)


class TombstoneRow(Table, table=True):
    """A kind of data that a conversation had, and when it was deleted."""

    __tablename__ = "tombstone"

    conversation_id: str = Field(primary_key=True)
    what: str = Field(primary_key=True)
    """audio, words, contact or consent"""
    at: datetime = Field(sa_type=Instant)


_activity = ActivityRow.__table__
_conversation = ConversationRow.__table__
_fact = FactRow.__table__
_in = MailInRow.__table__
_out = MailOutRow.__table__
_peaks = PeaksRow.__table__
_question = QuestionRow.__table__
_record = CrmRecordRow.__table__
_standing = StandingRow.__table__
_sync = CrmSyncRow.__table__
_tombstone = TombstoneRow.__table__

What = Literal["audio", "words", "contact", "consent"]
CONTACT = ("name", "email", "phone", "company", "role")
"""Signals that identify a person: they are kept as long as the contact."""


def due(c: sa.Connection, what: What, before: datetime, limit: int) -> list[str]:
    """Conversations that ended before an instant and still have this data, without legal holds."""
    gone = sa.exists().where(
        _tombstone.c.conversation_id == _conversation.c.id, _tombstone.c.what == what
    )
    query = (
        sa.select(_conversation.c.id)
        .where(_conversation.c.ended_at < before, _conversation.c.wrapped_up_at.is_not(None))
        .where(~gone)
        .order_by(_conversation.c.ended_at, _conversation.c.id)
    )
    if keep := held(c):
        query = query.where(_conversation.c.id.not_in(keep))
    return list(c.execute(query.limit(limit)).scalars())


def forgotten(c: sa.Connection, conversations: Collection[str]) -> set[str]:
    """Those of which no words may be kept: erased, or expired."""
    over = sa.select(_tombstone.c.conversation_id).where(_tombstone.c.what == "words")
    mine = over.where(_tombstone.c.conversation_id.in_(conversations))
    return among(c, conversations) | {*c.execute(mine).scalars()}


def persons_due(c: sa.Connection, before: datetime, limit: int) -> list[str]:
    """Persons whose last conversation ended before an instant, without legal holds."""
    last = sa.func.max(sa.func.coalesce(_conversation.c.ended_at, _conversation.c.started_at))
    query = (
        sa.select(_conversation.c.person_id)
        .where(_conversation.c.person_id.is_not(None))
        .group_by(_conversation.c.person_id)
        .having(last < before)
        .order_by(_conversation.c.person_id)
    )
    keep, found = held(c), list[str]()
    for person in c.execute(query).scalars().all():
        if len(found) < limit and not _still_with_us(c, person, before, keep):
            found.append(person)
    return found


def _still_with_us(c: sa.Connection, person: str, before: datetime, keep: frozenset[str]) -> bool:
    """Whether this person was here later, is here now, or is under a legal hold."""
    mine = _conversation.c.person_id.in_(everybody(c, root_of(c, person) or person))
    later = sa.or_(
        sa.func.coalesce(_conversation.c.ended_at, _conversation.c.started_at) >= before,
        _conversation.c.wrapped_up_at.is_(None), _conversation.c.id.in_(keep),
    )  # fmt: skip
    return c.execute(sa.select(_conversation.c.id).where(mine, later).limit(1)).first() is not None


def expire(c: sa.Connection, conversation_id: str, what: What, server: str, at: datetime) -> bool:
    """Delete this data of a conversation and log it; False if that was already done.

    Recordings are deleted beforehand.
    """
    mark = {"conversation_id": conversation_id, "what": what, "at": at}
    done = _tombstone.c.conversation_id == conversation_id, _tombstone.c.what == what
    if c.execute(sa.select(_tombstone.c.at).where(*done)).first() is not None:
        return False
    match what:
        case "words":
            _expire_words(c, conversation_id)
            forget_review(c, conversation_id)
        case "consent":
            _rewrite(c, conversation_id, (ConsentRecorded, AiCallAnswered))
            blank_calls(c, conversation_id, PROOF)
        case "audio":
            _rewrite(c, conversation_id, (RecordingSaved,))
            c.execute(sa.delete(_peaks).where(_peaks.c.conversation_id == conversation_id))
        case "contact":
            pass
    fill(c, conversation_id, at)
    c.execute(sa.insert(_tombstone).values(mark))
    Append(conversation_id, at, (Deleted(what),), server, f"expired:{what}", once=True)(c)
    return True


def expire_mails(c: sa.Connection, before: datetime, limit: int) -> int:
    """Empty mails received or created before an instant; returns how many."""
    keep = held(c)
    came = sa.select(_in.c.key).where(
        _in.c.received_at < before, _in.c.status.not_in(("received", "expired")),
        _in.c.conversation_id.not_in(keep), sa.func.length(_in.c.raw) > 0,
    )  # fmt: skip
    keys = list(c.execute(came.limit(limit)).scalars())
    nothing = {"raw": b"", "subject": "", "why": "expired"}
    c.execute(sa.update(_in).where(_in.c.key.in_(keys)).values(nothing))
    sent = sa.select(_out.c.id).where(
        _out.c.created_at < before, _out.c.status.not_in(("draft", "queued")),
        _out.c.conversation_id.not_in(keep), _out.c.text != "",
    )  # fmt: skip
    ids = list(c.execute(sent.limit(limit)).scalars())
    c.execute(
        sa.update(_out).where(_out.c.id.in_(ids)).values(subject="", text="", letter={}, why="")
    )
    return len(keys) + len(ids)


def _expire_words(c: sa.Connection, conversation_id: str) -> None:
    mine = conversation_id
    kept = (ConsentRecorded, AiCallAnswered, ConversationStarted, IdentifierSeen, RecordingSaved)
    _rewrite(c, mine, None, kept)
    blank_calls(c, mine, WORDS)
    c.execute(sa.delete(_standing).where(_standing.c.conversation_id == mine))
    c.execute(sa.update(_question).where(_question.c.conversation_id == mine).values(text=ERASED))
    c.execute(
        sa.update(_activity)
        .where(_activity.c.conversation_id == mine)
        .values(summary=ERASED, recording_url=None)
    )
    told = sa.and_(_sync.c.conversation_id == mine, _sync.c.kind.not_in(SHARED))
    for kind, key in c.execute(sa.select(_sync.c.kind, _sync.c.key).where(told)).all():
        same = sa.and_(_record.c.kind == kind, _record.c.key == key)
        c.execute(sa.update(_record).where(same).values(fields={}))
    c.execute(sa.update(_sync).where(told).values(fields={}, message="", remedy=""))


def _rewrite(
    c: sa.Connection, conversation_id: str, only: tuple[type, ...] | None,
    but: Collection[type] = (),
) -> None:  # fmt: skip
    """Replace facts of these kinds by what may remain."""
    mine = _fact.c.conversation_id == conversation_id
    rows = c.execute(sa.select(_fact.c.seq, _fact.c.kind, _fact.c.payload).where(mine)).all()
    for seq, kind, payload in rows:
        fact = decode(kind, payload)
        if isinstance(fact, tuple(but)) or (only is not None and not isinstance(fact, only)):
            continue
        known, after = encode(_left(fact))
        after = after if known == kind else {}
        if after != payload:
            c.execute(sa.update(_fact).where(mine, _fact.c.seq == seq).values(payload=after))


def _left(fact: Fact) -> Fact:
    """What remains of a fact whose words expired: identity has its own retention period."""
    if isinstance(fact, SignalCaptured) and fact.criterion in CONTACT:
        return replace(fact, quote=ERASED)
    if isinstance(fact, SignalCorrected) and fact.criterion in CONTACT:
        return replace(fact, note=ERASED if fact.note else "")
    return erased(fact)
