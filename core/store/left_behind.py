"""Data about erased persons in other systems, and how far its removal has come.

A chat message is identified by its delivery, a calendar entry by its booking; removals are recorded
there, so that any server can continue with the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.privacy.erasure import ERASED
from core.store.booking_tables import BookingRow, CalendarRow
from core.store.notice_tables import NoticeDeliveryRow, NoticeRow
from core.store.nurture_tables import NurtureRow

_booking = BookingRow.__table__
_calendar = CalendarRow.__table__
_delivery = NoticeDeliveryRow.__table__
_notice = NoticeRow.__table__
_nurture = NurtureRow.__table__
AGAIN = timedelta(minutes=10)
"""Delay before retrying a refused removal."""
TAKEN = "erased"
"""The status of a delivery whose message was removed."""


@dataclass(frozen=True, slots=True)
class LeftCard:
    """A message about an erased person in an outside channel; `ref` is the channel's id for it."""

    notice_id: str
    way: str
    ref: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LeftEntry:
    """A meeting of an erased person in a rep's calendar."""

    rep: str
    uid: str


def note_entries(c: sa.Connection, conversation_id: str, at: datetime) -> None:
    """Mark an erased conversation's entries in outside calendars for blanking."""
    own = sa.exists().where(
        _calendar.c.uid == _booking.c.uid, _calendar.c.rep == _booking.c.rep,
        _calendar.c.cancelled.is_(False),
    )  # fmt: skip
    mine = sa.update(_booking).where(
        _booking.c.conversation_id == conversation_id, _booking.c.status == "booked", ~own,
        _booking.c.blank_at.is_(None), _booking.c.blanked.is_(False),
    )  # fmt: skip
    c.execute(mine.values(blank_at=at))


def cards_left(c: sa.Connection, now: datetime) -> list[LeftCard]:
    """Messages of erased conversations that are due for removal."""
    query = _cards().where(_delivery.c.status == "sent", _delivery.c.at <= now)
    return [LeftCard(r.notice_id, r.way, r.ref) for r in c.execute(query) if r.ref]


def entries_left(c: sa.Connection, now: datetime) -> list[LeftEntry]:
    """Calendar entries that are due for blanking."""
    query = sa.select(_booking.c.rep, _booking.c.uid).where(_booking.c.blank_at <= now)
    return [LeftEntry(row.rep, row.uid) for row in c.execute(query)]


def card_taken(c: sa.Connection, card: LeftCard, at: datetime, why: str = "") -> None:
    """Record that a message was removed, or why not."""
    done = {"status": TAKEN, "ref": {}, "why": "", "at": at}
    values = {"why": why[:300], "at": at + AGAIN} if why else done
    mine = sa.update(_delivery).where(_delivery.c.notice_id == card.notice_id)
    c.execute(mine.where(_delivery.c.way == card.way).values(**values))


def entry_blanked(c: sa.Connection, uid: str, at: datetime, *, done: bool) -> None:
    """Record that an entry was blanked, or must be tried again."""
    values = {"blank_at": None, "blanked": True} if done else {"blank_at": at + AGAIN}
    c.execute(sa.update(_booking).where(_booking.c.uid == uid).values(**values))


def taken_back(c: sa.Connection, conversations: Sequence[str]) -> dict[str, int]:
    """How much of erased conversations was removed, by kind, without zeros."""
    cards = _cards().where(_notice.c.conversation_id.in_(conversations))
    entries = sa.select(_booking.c.uid).where(_booking.c.conversation_id.in_(conversations))
    counts = {
        "messages": len(c.execute(cards.where(_delivery.c.status == TAKEN)).all()),
        "calendar_entries": len(c.execute(entries.where(_booking.c.blanked.is_(True))).all()),
    }
    return {name: n for name, n in counts.items() if n}


def still_there(c: sa.Connection, conversations: Sequence[str]) -> list[dict[str, Any]]:
    """What is still to be removed, as the certificate lists it."""
    cards = _cards().where(_notice.c.conversation_id.in_(conversations))
    entries = sa.select(_booking.c.rep, _booking.c.uid).where(
        _booking.c.conversation_id.in_(conversations), _booking.c.blank_at.is_not(None)
    )
    told = sa.select(_nurture.c.conversation_id).where(
        _nurture.c.conversation_id.in_(conversations),
        sa.or_(_nurture.c.synced.not_in(("", "left")), _nurture.c.sync_why != ""),
    )
    found = [
        {"system": row.way, "kind": "message", "remote_id": str(row.ref.get("ts", "")),
         "url": "", "why": row.why}
        for row in c.execute(cards.where(_delivery.c.status == "sent")) if row.ref
    ]  # fmt: skip
    found += [
        {"system": "calendar", "kind": f"entry of {row.rep}", "remote_id": row.uid, "url": ""}
        for row in c.execute(entries)
    ]
    found += [
        {"system": "nurture", "kind": "person", "remote_id": row.conversation_id, "url": ""}
        for row in c.execute(told)
    ]
    return found


def _cards() -> sa.Select[Any]:
    return (
        sa.select(_delivery.c.notice_id, _delivery.c.way, _delivery.c.ref, _delivery.c.why)
        .join(_notice, _notice.c.id == _delivery.c.notice_id)
        .where(_notice.c.title == ERASED)
    )
