"""Promised calls in the database, updated in the transaction of the facts about them.

Functions take the connection of a write transaction and are idempotent for the same facts.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.callbacks.answered import reached
from core.callbacks.record import OVER, Consent, Promise, Tried
from core.callbacks.wanted import FOLDED, WantedCall, numbers, opted_out, talked, wanted
from core.events import (
    CallbackRequested,
    ConsentRecorded,
    ConversationEnded,
    ConversationStarted,
    Fact,
    MeetingRecorded,
    SignalCaptured,
    TurnMerged,
    UtteranceRecorded,
)
from core.facts.callbacks import AiCallAnswered, CallbackWithdrawn, CallPlaced, callback_id
from core.facts.claims import LeadClaimed
from core.facts.corrections import CorrectionWithdrawn, SignalCorrected
from core.facts.standing import SIGNALS, every, latest
from core.facts.transfers import TransferAccepted
from core.identity.decide import Known
from core.store import do_not_call
from core.store.callback_tables import CallbackAttemptRow, CallbackEventRow, CallbackRow
from core.store.inserting import storable
from core.store.people import everybody, facts_of, look
from core.store.tables import ConversationRow

_callback = CallbackRow.__table__
_event = CallbackEventRow.__table__
_attempt = CallbackAttemptRow.__table__
_conversation = ConversationRow.__table__

Row = Mapping[Any, Any]

TELLING = (
    CallbackRequested, CallbackWithdrawn, AiCallAnswered, MeetingRecorded, ConsentRecorded,
    ConversationEnded,
    TurnMerged, CallPlaced, TransferAccepted, LeadClaimed, CorrectionWithdrawn,
)  # fmt: skip
ENDS = (*OVER, "moved", "rescheduled", "reopened")
"""History entries that end a promise or start it again."""
SETTLES = ("booked", "human", "transferred", "opted_out")
"""Outcomes of a later conversation after which the call is no longer owed."""
BUYER, AGENT = "buyer", "agent"
_NEW_WINDOW = ("start_at", "end_at", "owner", "number")
"""Changes that start a promise's timers again."""


def tells_of_calls(facts: Sequence[Fact]) -> bool:
    """Whether these facts may change which calls are owed."""
    return any(
        f.criterion in ("phone", "name") and not getattr(f, "origin", "")
        if isinstance(f, SignalCaptured | SignalCorrected)
        else isinstance(f, TELLING)
        for f in facts
    )


def settle_calls(
    c: sa.Connection, conversation_id: str, at: datetime, news: Sequence[Fact]
) -> None:
    """Update the promised calls from a conversation. `news`: its latest facts."""
    own = row_of(c, conversation_id=conversation_id)
    fresh_claim = own is None or any(isinstance(f, LeadClaimed) for f in news)
    if own is None and all(isinstance(f, (TurnMerged, *SIGNALS)) for f in news):
        return
    facts = facts_of(c, [conversation_id], FOLDED)[conversation_id]
    made = wanted(facts, own["requested_at"] if own else at)
    stop = opted_out(facts)
    if own is None and made is None and stop is None and not _may_settle(facts):
        return
    begun = latest(facts, ConversationStarted)
    if own is None and made is not None:
        own = _create(c, conversation_id, begun, made, at)
        _supersede(c, own, facts, at)
    elif own is not None and made is None:
        dropped = any(isinstance(f, CallbackWithdrawn) for f in facts)
        why = "not wanted any more" if dropped else "taken back in the same breath"
        close(c, own, at, "cancelled", BUYER, why)
    elif own is not None and made is not None:
        _update(c, own, made, at)
    if stop is not None:
        _opted_out(c, conversation_id, facts, at)
    elif own is not None and made is not None and made.booked:
        close(c, own, at, "cancelled", BUYER, "a meeting was booked instead")
    elif own is not None and made is not None and made.put_through:
        close(c, own, at, "kept", AGENT, "put through to a person in the same talk")
    elif own is not None and made is not None and fresh_claim and made.claimed_by:
        _claimed(c, own, made.claimed_by, at)
    _meanwhile(c, conversation_id, facts, news, at)


def row_of(c: sa.Connection, **by: Any) -> Row | None:
    """One row, locked until the commit."""
    same = [_callback.c[name] == value for name, value in by.items()]
    return c.execute(sa.select(_callback).where(*same).with_for_update()).mappings().first()


def note(
    c: sa.Connection, callback_id: str, at: datetime, kind: str, *,
    by: str = "", words: str = "", tells: str = "",
) -> None:  # fmt: skip
    """Append to a promise's history. The caller has locked its row."""
    last = sa.select(sa.func.max(_event.c.seq)).where(_event.c.callback_id == callback_id)
    row = CallbackEventRow(
        callback_id=callback_id, seq=(c.execute(last).scalar() or 0) + 1, at=at, kind=kind,
        by=by, note=storable(words), tells=tells,
    )  # fmt: skip
    c.execute(sa.insert(_event).values(row.model_dump()))


def close(c: sa.Connection, row: Row, at: datetime, status: str, by: str, why: str) -> bool:
    """End a promise that has not ended; True if it ended now."""
    values = {"status": status, "why": storable(why), "next_at": None, "updated_at": at}
    left = _callback.c.status.not_in(OVER)
    done = c.execute(sa.update(_callback).where(_callback.c.id == row["id"], left).values(**values))
    if not done.rowcount:
        return False
    note(c, row["id"], at, status, by=by, words=why)
    return True


def ends_of(c: sa.Connection, ids: Sequence[str]) -> dict[str, list[Row]]:
    """How each promise ended and restarted, in order."""
    found: dict[str, list[Row]] = {name: [] for name in ids}
    query = sa.select(_event).where(_event.c.callback_id.in_(ids), _event.c.kind.in_(ENDS))
    for event in c.execute(query.order_by(_event.c.callback_id, _event.c.seq)).mappings():
        found[event["callback_id"]].append(event)
    return found


def taken_back(row: Row, ends: Sequence[Row]) -> dict[str, Any] | None:
    """A promise's columns as they were before a team member ended it; None if the buyer or the
    clock did, which nobody can undo."""
    if row["status"] not in OVER or not ends or ends[-1]["kind"] != row["status"]:
        return None
    if ends[-1]["by"] in ("", BUYER, AGENT) or not row["number"]:
        return None
    if len(ends) > 1 and ends[-2]["kind"] == "broken":  # broken first, but kept after all
        return {"status": "broken", "why": ends[-2]["note"], "next_at": None}
    status = "claimed" if row["claimed_by"] else unclaimed(row)
    return {"status": status, "why": "", "next_at": None, "planned": 0}


def unclaimed(row: Row) -> str:
    """The status of an open promise that nobody has claimed."""
    return next((step for step in ("escalated", "reminded") if row[step]), "promised")


def _create(
    c: sa.Connection, conversation_id: str, begun: ConversationStarted | None, made: WantedCall,
    at: datetime,
) -> Row:  # fmt: skip
    row = CallbackRow(
        id=callback_id(conversation_id),
        conversation_id=conversation_id,
        company=begun.company if begun else "",
        channel=begun.channel if begun else "",
        start_at=made.start, end_at=made.end, requested_at=at, updated_at=at, next_at=at,
    ).model_dump()  # fmt: skip
    c.execute(sa.insert(_callback).values({**row, **_told(made)}))
    note(c, row["id"], at, "promised", by=AGENT, words=made.when)
    found = row_of(c, id=row["id"])
    assert found is not None, "it was just written"
    return found


def _told(made: WantedCall) -> dict[str, Any]:
    """The columns derived from the conversation."""
    said = made.consent
    told: dict[str, Any] = {
        "number": made.number, "name": made.name, "language": made.language, "said": made.when,
        "start_at": made.start, "end_at": made.end, "zone": made.zone, "owner": made.owner,
        "priority": made.priority, "reason": made.reason, "about": made.about,
        "quote": made.quote, "turn": made.turn,
        "consent": said.state if said else "", "consent_words": said.words if said else "",
        "consent_question": said.question if said else "",
        "consent_turn": said.turn if said else 0, "consent_ms": said.at_ms if said else 0,
    }  # fmt: skip
    return {k: storable(v) if isinstance(v, str) else v for k, v in told.items()}


def _update(c: sa.Connection, row: Row, made: WantedCall, at: datetime) -> None:
    """Apply what was said since: another window, another number, a name, consent."""
    told = _told(made)
    if row["turn"] == made.turn:  # a team member may have set another window or owner
        for name in ("start_at", "end_at", "zone", "owner", "said"):
            told.pop(name)
    changed = {name: value for name, value in told.items() if row[name] != value}
    if not changed or row["status"] in OVER:
        return
    moved = [name for name in _NEW_WINDOW if name in changed]
    if moved:
        changed |= fresh(row, at)
    c.execute(
        sa.update(_callback).where(_callback.c.id == row["id"]).values(**changed, updated_at=at)
    )
    if moved:
        note(c, row["id"], at, "moved", by=BUYER, words=made.when)
    if "consent" in changed:
        note(c, row["id"], at, f"ai_call_{made.consent.state if made.consent else 'unasked'}",
             by=BUYER, words=told["consent_words"])  # fmt: skip


def fresh(row: Row, at: datetime) -> dict[str, Any]:
    """The columns reset when a promise's window, owner or number changes."""
    claimed = "claimed" if row["claimed_by"] else "promised"
    return {
        "version": row["version"] + 1, "reminded": False, "escalated": False, "status": claimed,
        "next_at": at,
    }  # fmt: skip


def _theirs(c: sa.Connection, conversation_id: str, facts: Sequence[Fact]) -> list[Row]:
    """Open promises of other conversations to the same numbers or person, locked."""
    mine = [_callback.c.number.in_(numbers(facts))]
    decision = look(c, conversation_id).decision
    if isinstance(decision, Known) and decision.sure:
        persons = everybody(c, decision.person)
        same = sa.select(_conversation.c.id).where(_conversation.c.person_id.in_(persons))
        mine.append(_callback.c.conversation_id.in_(same))
    query = (
        sa.select(_callback)
        .where(sa.or_(*mine), _callback.c.conversation_id != conversation_id)
        .where(_callback.c.status.not_in(OVER))
        .order_by(_callback.c.id)
        .with_for_update()
    )
    return list(c.execute(query).mappings())


def _supersede(c: sa.Connection, own: Row, facts: Sequence[Fact], at: datetime) -> None:
    """A later promise to the same person replaces the earlier ones."""
    for row in _theirs(c, own["conversation_id"], facts):
        close(c, row, at, "cancelled", BUYER, f"superseded by {own['id']}")


def _may_settle(facts: Sequence[Fact]) -> bool:
    """Whether the conversation may settle a call that another one promised."""
    return any(isinstance(f, MeetingRecorded | ConversationEnded | CallPlaced) for f in facts)


def _meanwhile(
    c: sa.Connection, conversation_id: str, facts: Sequence[Fact], news: Sequence[Fact],
    at: datetime,
) -> None:  # fmt: skip
    """Apply a later conversation with the buyer to calls that are still owed. One that had begun
    before the promise, such as a chat that ends by silence, settles it only by a meeting booked
    since."""
    if not _may_settle(facts):
        return
    end, begun = latest(facts, ConversationEnded), latest(facts, ConversationStarted)
    met, just_met = (
        any(m.status != "cancelled" for m in every(some, MeetingRecorded)) for some in (facts, news)
    )
    began = c.execute(
        sa.select(_conversation.c.started_at).where(_conversation.c.id == conversation_id)
    ).scalar_one()
    placed = {p.callback_id: p.attempt for p in every(facts, CallPlaced)}
    called = begun is not None and begun.channel == "voice" and begun.direction == "inbound"
    for row in _theirs(c, conversation_id, facts):
        tried, later = row["id"] in placed, began >= row["requested_at"]
        booked = (met and later) or (just_met and at >= row["requested_at"])
        if tried and end is not None and talked(facts):
            turns = sum(u.speaker == "caller" for u in every(facts, UtteranceRecorded))
            _talked(c, row, _attempt_of(c, row["id"], placed[row["id"]]), turns, end, at)
        elif booked and not tried:
            close(c, row, at, "cancelled", BUYER, f"booked a meeting in {conversation_id}")
        elif end is not None and later and not tried and talked(facts):
            late = at >= row["start_at"] or _attempts(c, row["id"])
            if end.outcome in SETTLES or (called and late):
                close(c, row, at, "kept", BUYER, f"the buyer called: {conversation_id}")
            elif called:
                note(c, row["id"], at, "called_meanwhile", by=BUYER, words=conversation_id)


def _talked(
    c: sa.Connection, row: Row, tried: Row | None, turns: int, end: ConversationEnded, at: datetime
) -> None:
    """Our own call reached a person who talked with us, not a machine."""
    if tried is None:
        return
    after_all = tried["status"] == "talked"
    if reached(tried["answered_by"], turns, after_all=after_all):
        close(c, row, at, "kept", AGENT, f"we called: {end.outcome}")


def _attempt_of(c: sa.Connection, callback_id: str, n: int) -> Row | None:
    query = sa.select(_attempt).where(_attempt.c.callback_id == callback_id, _attempt.c.n == n)
    return c.execute(query).mappings().first()


def _attempts(c: sa.Connection, callback_id: str) -> int:
    query = sa.select(sa.func.count()).where(_attempt.c.callback_id == callback_id)
    return int(c.execute(query).scalar_one())


def _claimed(c: sa.Connection, row: Row, by: str, at: datetime) -> None:
    """Whoever claimed the lead makes the call."""
    if row["status"] not in OVER and not row["claimed_by"]:
        values = {"claimed_by": storable(by), "status": "claimed", "next_at": at, "planned": 0}
        change_row(c, row, values, at)
        note(c, row["id"], at, "claimed", by=by)


def _opted_out(c: sa.Connection, conversation_id: str, facts: Sequence[Fact], at: datetime) -> None:
    """List their numbers as do-not-call and cancel what was promised."""
    rows = _theirs(c, conversation_id, facts)
    own = row_of(c, conversation_id=conversation_id)
    every_row = [*rows, own] if own else rows
    listed = {*numbers(facts), *(r["number"] for r in every_row)} - {""}
    do_not_call.add(c, listed, at, how="opted out", by=BUYER, conversation_id=conversation_id)
    for row in every_row:
        close(c, row, at, "cancelled", BUYER, "opted out")


def forget_calls(c: sa.Connection, conversations: Iterable[str], at: datetime) -> int:
    """Delete personal data from promises and cancel open ones. Do-not-call numbers stay."""
    mine = _callback.c.conversation_id.in_(list(conversations))
    rows = list(c.execute(sa.select(_callback).where(mine).with_for_update()).mappings())
    for row in rows:
        close(c, row, at, "cancelled", "", "erased")
    ids = [row["id"] for row in rows]
    nothing = {"number": "", "name": "", "reason": "", "about": "", "quote": "", "said": "",
               "consent_words": "", "zone": "", "why": "erased"}  # fmt: skip
    c.execute(sa.update(_callback).where(_callback.c.id.in_(ids)).values(**nothing))
    c.execute(sa.update(_event).where(_event.c.callback_id.in_(ids)).values(note=""))
    c.execute(sa.update(_attempt).where(_attempt.c.callback_id.in_(ids)).values(number=""))
    return len(ids)


WORDS = ("name", "reason", "about", "quote", "said")
PROOF = ("consent_words",)


def blank_calls(c: sa.Connection, conversation_id: str, columns: Sequence[str]) -> None:
    """Clear the buyer's words in a promise when their retention ends."""
    mine = _callback.c.conversation_id == conversation_id
    c.execute(sa.update(_callback).where(mine).values(dict.fromkeys(columns, "")))


def attempts_of(c: sa.Connection, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Our calls for each promise, oldest first."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in ids}
    query = sa.select(_attempt).where(_attempt.c.callback_id.in_(ids))
    for row in c.execute(query.order_by(_attempt.c.callback_id, _attempt.c.n)).mappings():
        found[row["callback_id"]].append(dict(row))
    return found


def promise_of(row: Row, tried: Sequence[Row]) -> Promise:
    """A row as a `Promise`."""
    return Promise(
        id=row["id"], version=row["version"], status=row["status"], start=row["start_at"],
        end=row["end_at"], zone=row["zone"], number=row["number"], owner=row["owner"],
        priority=row["priority"],
        consent=Consent(row["consent"], row["consent_question"], row["consent_words"]),
        claimed_by=row["claimed_by"], reminded=row["reminded"], escalated=row["escalated"],
        handed_on=row["handed_on"],
        tried=tuple(Tried(one["at"], one["status"]) for one in tried),
    )  # fmt: skip


def change_row(c: sa.Connection, row: Row, values: dict[str, Any], at: datetime) -> None:
    """Change columns of a locked promise."""
    same = sa.update(_callback).where(_callback.c.id == row["id"])
    c.execute(same.values(**values, updated_at=at))
