"""A meeting as an iCalendar invitation (RFC 5545, RFC 5546): local times with their zone's rules.

The UID stays when a meeting moves and SEQUENCE grows, so that a calendar replaces its entry.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

PRODUCT = "-//voice-agent//scheduling//EN"
FOLD = 75
"""Longest line in octets before it is folded."""
AROUND = timedelta(days=400)
"""Clock changes this long before and after the meeting are included in its time zone."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """The content of an invitation. Instants are UTC; times are written in `zone`."""

    uid: str
    sequence: int
    start: datetime
    end: datetime
    zone: str
    title: str
    notes: str
    organizer: tuple[str, str]
    """Name and e-mail address."""
    guest: tuple[str, str] | None
    made_at: datetime
    cancelled: bool = False
    others: tuple[str, ...] = ()
    """Addresses of other invitees at the buyer's company."""


def ics(invitation: Invitation, *, stored: bool = False) -> str:
    """The text of an `.ics` file, with CRLF line ends.

    `stored`: for storage on a calendar server (RFC 4791, 4.1), which must send no mail of its own
    for it (RFC 6638, 7.1): we send the invitation.
    """
    zone = ZoneInfo(invitation.zone)
    method, status = ("CANCEL", "CANCELLED") if invitation.cancelled else ("REQUEST", "CONFIRMED")
    quiet = ";SCHEDULE-AGENT=CLIENT" if stored else ""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        *([] if stored else [f"METHOD:{method}"]),
        *_timezone(invitation.zone, zone, invitation.start),
        "BEGIN:VEVENT",
        f"UID:{_text(invitation.uid)}",
        f"SEQUENCE:{invitation.sequence}",
        f"DTSTAMP:{_utc(invitation.made_at)}",
        *_times(invitation, zone),
        f"SUMMARY:{_text(invitation.title)}",
        f"DESCRIPTION:{_text(invitation.notes)}",
        f"STATUS:{status}",
        "TRANSP:OPAQUE",
        f"ORGANIZER{quiet};CN={_quoted(invitation.organizer[0])}:mailto:{invitation.organizer[1]}",
        *_guest(invitation.guest, quiet),
        *(line for one in invitation.others for line in _guest(("", one), quiet)),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _times(invitation: Invitation, zone: ZoneInfo) -> tuple[str, str]:
    """Start and end; in UTC when either is in the hour that a clock set back repeats: a local time
    there means its first occurrence (RFC 5545, 3.3.5)."""
    start, end = (at.astimezone(zone) for at in (invitation.start, invitation.end))
    if start.fold or end.fold:
        return f"DTSTART:{_utc(start)}", f"DTEND:{_utc(end)}"
    of = f";TZID={invitation.zone}"
    return f"DTSTART{of}:{start:%Y%m%dT%H%M%S}", f"DTEND{of}:{end:%Y%m%dT%H%M%S}"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _guest(guest: tuple[str, str] | None, quiet: str) -> Iterator[str]:
    if guest is not None:
        name = _quoted(guest[0] or guest[1])
        yield f"ATTENDEE{quiet};CN={name};ROLE=REQ-PARTICIPANT;RSVP=TRUE:mailto:{guest[1]}"


def _timezone(name: str, zone: ZoneInfo, at: datetime) -> list[str]:
    """The zone's rules around an instant, as its actual clock changes."""
    changes = list(_changes(zone, at - AROUND, at + AROUND)) or [at - AROUND]
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}"]
    for change in changes:
        before = (change - timedelta(seconds=1)).astimezone(zone)
        after = change.astimezone(zone)
        kind = "DAYLIGHT" if after.dst() else "STANDARD"
        wall = change.replace(tzinfo=None) + (before.utcoffset() or timedelta())
        lines += [
            f"BEGIN:{kind}",
            f"DTSTART:{wall:%Y%m%dT%H%M%S}",
            f"TZOFFSETFROM:{_offset(before)}",
            f"TZOFFSETTO:{_offset(after)}",
            f"TZNAME:{after.tzname()}",
            f"END:{kind}",
        ]
    return [*lines, "END:VTIMEZONE"]


def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """Instants at which the zone's offset changes, found by bisection."""
    day = start
    while day < end:
        low, high = day, day + timedelta(days=1)
        if low.astimezone(zone).utcoffset() != high.astimezone(zone).utcoffset():
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                same = middle.astimezone(zone).utcoffset() == day.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            yield _whole_minute(high)
        day += timedelta(days=1)


def _whole_minute(at: datetime) -> datetime:
    """The nearest full minute: clocks change on one."""
    return (at + timedelta(seconds=30)).replace(second=0, microsecond=0)


def _offset(at: datetime) -> str:
    minutes = round((at.utcoffset() or timedelta()).total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"


def _text(value: str) -> str:
    """Text escaped for a property value."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join("".join(c for c in line if c >= " ") for line in escaped.splitlines())


def _quoted(value: str) -> str:
    """Text for a parameter value, without quotes and line ends, which cannot occur there."""
    return '"' + "".join(c for c in value if c >= " " and c != '"') + '"'


def _folded(line: str) -> Iterator[str]:
    """A line folded at 75 octets, never inside a character."""
    piece, size = "", 0
    for char in line:
        width = len(char.encode())
        if size + width > FOLD:
            yield piece
            piece, size = " ", 1
        piece, size = piece + char, size + width
    yield piece
