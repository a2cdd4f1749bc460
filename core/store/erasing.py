"""Erases a person from the database: every step is idempotent and resumes after a crash.

The request is written first; its list of conversations outlives the person.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.events import ConsentRecorded, PersonRecalled, SignalCaptured
from core.facts.callbacks import AiCallAnswered
from core.privacy.erasure import ERASED, erased
from core.store import crm_sync, forgotten
from core.store.booking_tables import BookingRow, CalendarRow
from core.store.callback_rows import forget_calls
from core.store.cards import fill
from core.store.codec import decode, encode
from core.store.left_behind import note_entries
from core.store.mails import forget_mails
from core.store.notices import forget_notices
from core.store.nurturing import forget_nurture
from core.store.older import renewed
from core.store.people import drop_unseen, everybody
from core.store.people_tables import (
    ErasureRow,
    MergeRow,
    PersonRow,
    SightingRow,
)
from core.store.reviews import forget_review
from core.store.tables import (
    AccountRow,
    ActivityRow,
    ContactRow,
    ConversationRow,
    FactRow,
    MeetingRow,
    QuestionRow,
    StandingRow,
)
from core.store.transfers import forget_transfers

_account = AccountRow.__table__
_activity = ActivityRow.__table__
_booking = BookingRow.__table__
_calendar = CalendarRow.__table__
_contact = ContactRow.__table__
_conversation = ConversationRow.__table__
_erasure = ErasureRow.__table__
_fact = FactRow.__table__
_meeting = MeetingRow.__table__
_merge = MergeRow.__table__
_person = PersonRow.__table__
_question = QuestionRow.__table__
_sighting = SightingRow.__table__
_standing = StandingRow.__table__


@dataclass(frozen=True, slots=True)
class Erasure:
    """An erasure in progress or finished: `done` once nothing of it can come back."""

    id: str
    persons: tuple[str, ...]
    conversations: tuple[str, ...]
    counts: dict[str, int]
    done: bool
    by: str = ""
    why: str = "asked"
    requested_at: datetime | None = None
    done_at: datetime | None = None


def begin(
    c: sa.Connection, person: str, at: datetime, by: str = "", why: str = "asked"
) -> Erasure | None:
    """Record an erasure request; None if nothing is known about such a person.

    `why`: asked, or retention, in which case the words of consent stay for their own period.

    A repeated request, also by a merged person's id, is the same erasure.
    """
    if (before := erasure_of(c, person)) is not None:
        return before
    known = sa.select(_person.c.id).where(_person.c.id == person).with_for_update()
    if c.execute(known).first() is None:
        return None
    persons = sorted(everybody(c, person))
    mine = sa.select(_conversation.c.id).where(_conversation.c.person_id.in_(persons))
    conversations = sorted(c.execute(mine).scalars())
    values = {
        "id": person, "persons": persons, "conversations": conversations,
        "gone": [], "counts": {}, "requested_at": at, "done_at": None, "by": by, "why": why,
    }  # fmt: skip
    c.execute(sa.insert(_erasure).values(values))
    forgotten.note(c, person, [*persons, *conversations])
    return _of(values)


def erasure_of(c: sa.Connection, person: str) -> Erasure | None:
    """The erasure that forgets, or forgot, a person."""
    mine = sa.select(_erasure).where(_erasure.c.id.in_(forgotten.by_which(person)))
    row = c.execute(mine.order_by(_erasure.c.requested_at)).mappings().first()
    return _of(row) if row is not None else None


def unfinished(c: sa.Connection) -> list[Erasure]:
    """Erasures that are not finished."""
    rows = c.execute(sa.select(_erasure).where(_erasure.c.done_at.is_(None)))
    return [_of(row) for row in rows.mappings()]


def forget_conversation(
    c: sa.Connection, erasure: Erasure, conversation_id: str, files: int, at: datetime
) -> None:
    """Delete everything personal from one conversation. `files`: recordings deleted for it.

    An ongoing written conversation is ended; an ongoing call is processed again later.
    """
    counts = {"conversations": 1, "recordings": files}
    proofs = [ConsentRecorded.__name__, AiCallAnswered.__name__]
    kept = _fact.c.kind.not_in(proofs) if erasure.why == "retention" else sa.true()
    counts["facts"] = _forget_facts(c, sa.and_(_fact.c.conversation_id == conversation_id, kept))
    counts["facts"] += _forget_copies(c, conversation_id)
    mine = conversation_id
    seen = sa.select(_sighting.c.kind, _sighting.c.value).where(_sighting.c.conversation_id == mine)
    known = [(kind, value) for kind, value in c.execute(seen)]
    done = [
        ("identifiers", sa.delete(_sighting).where(_sighting.c.conversation_id == mine)),
        ("snapshots", sa.delete(_standing).where(_standing.c.conversation_id == mine)),
        ("questions", sa.update(_question)
            .where(_question.c.conversation_id == mine, _question.c.text != ERASED)
            .values(text=ERASED)),
        ("crm_records", sa.update(_activity)
            .where(_activity.c.conversation_id == mine, _activity.c.contact_id.is_not(None))
            .values(contact_id=None, from_number=None, summary=ERASED, recording_url=None)),
        ("", sa.update(_conversation).where(_conversation.c.id == mine).values(caller=None)),
        ("", sa.update(_conversation)
            .where(_conversation.c.id == mine, _conversation.c.status == "in_progress")
            .where(_conversation.c.channel != "voice")
            .values(status="completed", outcome="erased", ended_at=at, wrapped_up_at=at)),
    ]  # fmt: skip
    for name, statement in done:
        found = c.execute(statement).rowcount
        if name:
            counts[name] = found
    drop_unseen(c, known)
    counts["snapshots"] += _forget_in_snapshots(c, conversation_id)
    counts["meetings"] = _forget_meetings(c, conversation_id)
    note_entries(c, conversation_id, at)
    counts["mails"] = forget_mails(c, conversation_id)
    fill(c, conversation_id, at)
    counts["notices"] = forget_notices(c, conversation_id)
    counts["nurture"] = forget_nurture(c, conversation_id)
    counts["reviews"] = forget_review(c, conversation_id)
    counts["callbacks"] = forget_calls(c, [conversation_id], at)
    counts["transfers"] = forget_transfers(c, conversation_id)
    _add(c, erasure.id, conversation_id, counts)


def forget_persons(
    c: sa.Connection, erasure: Erasure, at: datetime, living: Collection[str] = ()
) -> Erasure:
    """Delete the persons and their records; done if no conversation is ongoing.

    A conversation that is ongoing, or whose records are still to be written or are being written
    by one of the `living` servers, is erased again later.
    """
    mine = _conversation.c.id.in_(erasure.conversations)
    since = c.execute(sa.select(_conversation.c.person_id).where(mine)).scalars()
    persons = {*erasure.persons, *(p for p in since if p)}
    records = _forget_records(c, persons, erasure.conversations)
    both = sa.or_(_merge.c.kept.in_(persons), _merge.c.absorbed.in_(persons))
    c.execute(sa.delete(_merge).where(both))
    c.execute(sa.update(_conversation).where(mine).values(person_id=None))
    pointing = sa.or_(_person.c.merged_into.in_(persons), _person.c.id.in_(persons))
    c.execute(sa.update(_person).where(pointing).values(merged_into=None))
    c.execute(sa.delete(_person).where(_person.c.id.in_(persons)))
    _add(c, erasure.id, "", {"crm_records": records})
    going_on = sa.select(_conversation.c.id).where(
        mine,
        sa.or_(_conversation.c.status == "in_progress", _conversation.c.wrapped_up_at.is_(None)),
    )
    busy = crm_sync.writing(c, persons, erasure.conversations, living)
    if not busy and c.execute(going_on).first() is None:
        same = _erasure.c.id == erasure.id
        c.execute(sa.update(_erasure).where(same).values(done_at=at))
    return _of(c.execute(sa.select(_erasure).where(_erasure.c.id == erasure.id)).mappings().one())


def _forget_records(c: sa.Connection, persons: set[str], conversations: Sequence[str]) -> int:
    """Delete contacts, and accounts nobody else belongs to; unlink activities and meetings."""
    theirs = _contact.c.id.in_(persons)
    held = _activity.c.conversation_id.in_(conversations)
    accounts = {
        *c.execute(sa.select(_contact.c.account_id).where(theirs)).scalars(),
        *c.execute(sa.select(_activity.c.account_id).where(held)).scalars(),
    } - {None}
    for table, mine in (
        (_meeting, _meeting.c.contact_id.in_(persons)),
        (_activity, sa.or_(held, _activity.c.contact_id.in_(persons))),
    ):
        c.execute(sa.update(table).where(mine).values(contact_id=None, account_id=None))
    crm_sync.forget(c, persons, conversations)
    records = c.execute(sa.delete(_contact).where(theirs)).rowcount
    for account in sorted(accounts):
        used = [
            c.execute(sa.select(t.c.id).where(t.c.account_id == account).limit(1)).first()
            for t in (_contact, _activity, _meeting)
        ]
        if not any(used):
            records += c.execute(sa.delete(_account).where(_account.c.id == account)).rowcount
    return records


def _forget_facts(c: sa.Connection, which: sa.ColumnElement[bool]) -> int:
    """Replace the facts by what may remain; returns how many changed."""
    columns = (_fact.c.conversation_id, _fact.c.seq, _fact.c.kind, _fact.c.payload)
    changed = 0
    for conversation_id, seq, kind, payload in c.execute(sa.select(*columns).where(which)).all():
        after = _blank(kind, payload)
        if after != payload:
            same = sa.and_(_fact.c.conversation_id == conversation_id, _fact.c.seq == seq)
            c.execute(sa.update(_fact).where(same).values(payload=after))
            changed += 1
    return changed


def _blank(kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    """A stored fact without personal data; empty for kinds unknown to this version."""
    known, after = encode(erased(decode(kind, payload)))
    return after if known == kind else {}


def _forget_copies(c: sa.Connection, conversation_id: str) -> int:
    """Delete what other conversations recalled from this one, with the rest of those recalls: few
    facts are recalls, and each names the conversations its signals come from."""
    recall = _fact.c.kind == PersonRecalled.__name__
    naming = sa.select(_fact.c.conversation_id).where(
        recall, _names(_fact.c.payload, conversation_id)
    )
    which = list(c.execute(naming.distinct()).scalars())
    signal = _fact.c.kind == SignalCaptured.__name__
    recalled = sa.or_(recall, sa.and_(signal, _fact.c.payload["origin"].as_string() != ""))
    return _forget_facts(c, sa.and_(_fact.c.conversation_id.in_(which), recalled))


def _names(column: sa.ColumnElement[Any], conversation_id: str) -> sa.ColumnElement[bool]:
    """Whether a row's JSON has this id as a value."""
    told: sa.ColumnElement[bool] = sa.cast(column, sa.String).contains(
        json.dumps(conversation_id), autoescape=True
    )
    return told


def _forget_in_snapshots(c: sa.Connection, conversation_id: str) -> int:
    """Delete what other open conversations hold of this one: they go on without it."""
    columns = _standing.c.conversation_id, _standing.c.state
    rows = c.execute(sa.select(*columns).where(_names(_standing.c.state, conversation_id))).all()
    for which, stored in rows:
        state = renewed(stored)
        kept = [s for s in state["signals"]["all"] if s["origin"] != conversation_id]
        after = {
            **state,
            "signals": {**state["signals"], "all": kept},
            "identity": {**state["identity"], "guesses": [], "person": None},
        }
        same = _standing.c.conversation_id == which
        c.execute(sa.update(_standing).where(same).values(state=after))
    return len(rows)


def _forget_meetings(c: sa.Connection, conversation_id: str) -> int:
    """Remove the person from meetings; the rep's time stays taken."""
    mine = _booking.c.conversation_id == conversation_id
    rows = c.execute(sa.select(_booking.c.id, _booking.c.uid).where(mine)).all()
    c.execute(sa.update(_booking).where(mine).values(caller=None, zone=""))
    c.execute(
        sa.update(_calendar)
        .where(_calendar.c.uid.in_([row.uid for row in rows]))
        .values(title=ERASED, notes=ERASED, guest="")
    )
    return len(rows)


def _add(c: sa.Connection, erasure: str, conversation_id: str, counts: dict[str, int]) -> None:
    """Add to the erasure's counts; a conversation counts once, however often it is processed."""
    same = _erasure.c.id == erasure
    row = c.execute(sa.select(_erasure).where(same).with_for_update()).mappings().one()
    total, seen = dict(row["counts"]), set(row["gone"] or [])
    if conversation_id in seen:
        counts = {**counts, "conversations": 0}
    for name, n in counts.items():
        total[name] = total.get(name, 0) + n
    gone = sorted(seen | ({conversation_id} if conversation_id else set()))
    c.execute(sa.update(_erasure).where(same).values(counts=total, gone=gone))


def _of(row: Any) -> Erasure:
    return Erasure(
        row["id"], tuple(row["persons"]), tuple(row["conversations"]), dict(row["counts"]),
        row["done_at"] is not None, row["by"] or "", row["why"] or "asked", row["requested_at"],
        row["done_at"],
    )  # fmt: skip


def names_of(c: sa.Connection, conversation_id: str) -> Sequence[str]:
    """The names under which a conversation may have left a recording: its id and its CallSid."""
    query = sa.select(_conversation.c.call_sid).where(_conversation.c.id == conversation_id)
    return [n for n in (conversation_id, c.execute(query).scalar()) if n]
