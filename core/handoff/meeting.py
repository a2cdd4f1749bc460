"""The `booking` part of the call document, and its invitation. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.caller_id import as_written
from core.colleagues import invited, to_invite
from core.events import ConversationStarted, Fact, MeetingRecorded, Noted
from core.facts.standing import contact, every, latest, meeting
from core.handoff.wording import person
from core.scheduling.ics import Invitation
from core.scheduling.ports import CalendarEntry
from knowledge.profile import Company, MeetingType, Rep

TOLD = "notified"
"""The kind of the note that the team was told of the conversation so far."""


def meeting_part(facts: Sequence[Fact], company: Company | None = None) -> dict[str, Any] | None:
    """The meeting as it stands; None when none was booked. `company` supplies names and zones."""
    booked = meeting(facts)
    if booked is None:
        return None
    said, started = contact(facts), latest(facts, ConversationStarted)
    rep = company.rep(booked.rep) if company else None
    zone = rep.timezone if rep else ""
    change = {"booking_id": booked.booking_id, "sequence": booked.sequence}
    heard = any(n.kind == "booking_heard" and n.data == change for n in every(facts, Noted))
    return {
        "id": booked.booking_id,
        "rep": booked.rep,
        "rep_name": person(booked.rep, company),
        "meeting": booked.meeting,
        "title": _title(booked, company),
        "status": booked.status,
        "start": _utc(booked.start),
        "end": _utc(booked.end),
        "buyer_zone": booked.zone or None,
        "buyer_local": _local(booked.start, booked.zone),
        "rep_zone": zone or None,
        "rep_local": _local(booked.start, zone),
        "uid": booked.uid,
        "sequence": booked.sequence,
        "guest": said["email"].value if "email" in said else None,
        "colleagues": invited(to_invite(facts), said["email"].value if "email" in said else ""),
        "phone": said["phone"].value if "phone" in said else started.caller if started else None,
        "confirmation_heard": heard if booked.turn else None,  # said in another conversation
        "untold": _untold(facts),
    }


def _untold(facts: Sequence[Fact]) -> bool:
    """Whether the buyer moved it or called it off and the team, told of it before, is yet to hear;
    what is agreed and moved before anybody is told needs telling once, as it stands."""
    told, untold, ours = False, False, set[str]()
    for fact in facts:
        if isinstance(fact, MeetingRecorded) and fact.turn:  # else the other conversation tells
            elsewhere = fact.sequence > 0 and fact.booking_id not in ours
            untold = untold or told or elsewhere
            ours.add(fact.booking_id)
        elif isinstance(fact, Noted) and fact.kind == TOLD:
            told, untold = True, False
    return untold


def entry(booking: dict[str, Any], summary: str) -> CalendarEntry:
    """The calendar entry for a document's meeting."""
    return CalendarEntry(
        booking["uid"], booking["sequence"], booking["rep"], _entry_title(booking), summary,
        datetime.fromisoformat(booking["start"]), datetime.fromisoformat(booking["end"]),
        booking["guest"] or "",
    )  # fmt: skip


def invitation(document: dict[str, Any], company: Company, made_at: datetime) -> Invitation | None:
    """The invitation for a document's meeting; None if there is no meeting or its rep is gone."""
    booking = document["booking"]
    rep = company.rep(booking["rep"]) if booking else None
    if not booking or rep is None:
        return None
    guest = booking["guest"]
    return Invitation(
        booking["uid"], booking["sequence"], datetime.fromisoformat(booking["start"]),
        datetime.fromisoformat(booking["end"]), rep.timezone, f"{booking['title']}: {company.name}",
        _how(booking, rep, company), (rep.name, rep.email), ("", guest) if guest else None, made_at,
        cancelled=booking["status"] == "cancelled", others=tuple(booking.get("colleagues", ())),
    )  # fmt: skip


def _how(booking: Mapping[str, Any], rep: Rep, company: Company) -> str:
    """How they meet, in words to the buyer; nothing of a meeting that is off."""
    if booking["status"] == "cancelled":
        return ""
    if company.is_visit(booking["meeting"]):
        return f"{rep.name} comes to you."
    if booking["phone"]:
        return f"{rep.name} calls you on {as_written(booking['phone'])}."
    return f"Please reply with the number on which {rep.name} can call you."


def _entry_title(booking: dict[str, Any]) -> str:
    return (
        f"{booking['title']} with {booking['guest'] or as_written(booking['phone'] or 'a buyer')}"
    )


def _title(booked: MeetingRecorded, company: Company | None) -> str:
    kinds: tuple[MeetingType, ...] = company.meeting_types if company else ()
    return next((kind.label for kind in kinds if kind.id == booked.meeting), booked.meeting)


def _read(instant: str) -> datetime | None:
    """An instant from a fact; None for a format no version of ours wrote."""
    try:
        at = datetime.fromisoformat(instant)
    except ValueError:
        return None
    return at if at.tzinfo else None


def _utc(instant: str) -> str | None:
    at = _read(instant)
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _local(instant: str, zone: str) -> str | None:
    """The local time in a zone, with its offset; None if the zone is unknown."""
    at = _read(instant)
    try:
        return at.astimezone(ZoneInfo(zone)).isoformat() if at and zone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
