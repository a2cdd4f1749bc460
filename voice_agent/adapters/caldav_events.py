"""Reads and edits calendar objects: what time they take, and the state of a meeting of ours. Pure.

Recurring events are expanded here, since servers differ in what they can do. All-day events count
in the person's own zone; one marked as free still takes the time if its words say the person is
away.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from core.errors import CalendarFailed
from core.privacy.erasure import ERASED
from core.scheduling.slots import Busy
from knowledge.profile import Rep
from voice_agent.adapters.diary import (
    DAY,
    NO_EVENT,
    Found,
    Standing,
    colleague,
    instant,
    says_away,
    within,
)

if TYPE_CHECKING:
    from icalendar.prop import vCalAddress

_TIMES = ("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "STATUS", "TRANSP",
          "ORGANIZER", "CREATED", "LAST-MODIFIED", "RECURRENCE-ID", "RRULE")  # fmt: skip
"""Properties that stay of an event whose person was forgotten."""


def taken(
    texts: Iterable[str], start: datetime, end: datetime, zone: ZoneInfo, address: str
) -> list[Found]:
    """The time the events take in a range. `address`: the calendar's owner.

    Unreadable objects are left out.
    """
    found: list[Found] = []
    for text in texts:
        try:
            found += _of_object(text, start, end, zone, address)
        except (CalendarFailed, *NO_EVENT):
            continue
    return sorted(found, key=lambda f: f.busy)


def standing(text: str, uid: str, zone: ZoneInfo) -> Standing | None:
    """The state of a meeting of ours in an object; None when it has no such event."""
    event = _event(text, uid)
    if event is None:
        return None
    span = _span(event, zone)
    return Standing(
        span.start, span.end, _number(event.get("SEQUENCE")),
        tuple(who for who, part in _parts(event) if part == "DECLINED"),
        str(event.get("STATUS", "")).upper() == "CANCELLED",
    )  # fmt: skip


def revised(
    text: str, uid: str, start: datetime, end: datetime, sequence: int, at: datetime
) -> str:
    """The object with the meeting moved; what people added to it stays.

    Attendees are asked again. Raises: CalendarFailed.
    """
    calendar = _calendar(text)
    event = next((e for e in calendar.walk("VEVENT") if str(e.get("UID")) == uid), None)
    if event is None:
        raise CalendarFailed(f"the calendar has something else under {uid}")
    for name in ("DTSTART", "DTEND", "DURATION", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "STATUS"):
        event.pop(name, None)
    event.add("DTSTART", start.astimezone(UTC))
    event.add("DTEND", end.astimezone(UTC))
    event.add("SEQUENCE", sequence)
    event.add("DTSTAMP", at.astimezone(UTC))
    event.add("STATUS", "CONFIRMED")
    for attendee in _attendees(event):
        attendee.params["PARTSTAT"] = "NEEDS-ACTION"
    made: bytes = calendar.to_ical()
    return made.decode()


def blanked(text: str, uid: str, rep: Rep) -> str:
    """The object with nothing left in the meeting but its time, its owner, and colleagues.

    Raises: CalendarFailed.
    """
    calendar = _calendar(text)
    for event in (e for e in calendar.walk("VEVENT") if str(e.get("UID")) == uid):
        kept = [a for a in _attendees(event) if colleague(str(a), rep)]
        for name in [n for n in event if n not in _TIMES]:
            del event[name]
        event.subcomponents.clear()
        event.add("SUMMARY", ERASED)
        for attendee in kept:
            event.add("ATTENDEE", attendee)
    made: bytes = calendar.to_ical()
    return made.decode()


def _of_object(
    text: str, start: datetime, end: datetime, zone: ZoneInfo, address: str
) -> Iterator[Found]:
    import recurring_ical_events

    occurrences = recurring_ical_events.of(_calendar(text), skip_bad_series=True)
    for event in occurrences.between(start - DAY, end + DAY):  # days differ between zones
        if not _blocks(event, address):
            continue
        span = _span(event, zone)
        if within(span, start, end):
            yield Found(span, str(event.get("UID", "")), _number(event.get("SEQUENCE")))


def _blocks(event: Any, address: str) -> bool:
    """Whether an event blocks time for the person with this address."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return False
    if (address.lower(), "DECLINED") in set(_parts(event)):
        return False
    shown = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper()
    if shown == "OOF":
        return True
    free = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
    if free or shown in ("FREE", "WORKINGELSEWHERE"):
        return _whole_days(event) and says_away(str(event.get("SUMMARY", "")))
    return True


def _span(event: Any, zone: ZoneInfo) -> Busy:
    begins = event.decoded("DTSTART")
    if "DTEND" in event:
        ends = event.decoded("DTEND")
    elif "DURATION" in event:
        ends = begins + event.decoded("DURATION")
    else:
        ends = begins if isinstance(begins, datetime) else begins + DAY
    return Busy(instant(begins, zone), instant(ends, zone))


def _whole_days(event: Any) -> bool:
    return not isinstance(event.decoded("DTSTART"), datetime)


def _event(text: str, uid: str) -> Any | None:
    events = _calendar(text).walk("VEVENT")
    return next((e for e in events if str(e.get("UID")) == uid and "RECURRENCE-ID" not in e), None)


def _calendar(text: str) -> Any:
    import icalendar

    try:
        return icalendar.Calendar.from_ical(text)
    except (ValueError, IndexError) as error:
        raise CalendarFailed(f"not a calendar object: {error}") from error


def _attendees(event: Any) -> "list[vCalAddress]":
    found = event.get("ATTENDEE", [])
    return list(found) if isinstance(found, list) else [found]


def _parts(event: Any) -> Iterator[tuple[str, str]]:
    for attendee in _attendees(event):
        address = str(attendee).lower().removeprefix("mailto:")
        yield address, str(attendee.params.get("PARTSTAT", "")).upper()


def _number(value: Any) -> int:
    try:
        return int(value or 0)
    except (TypeError, ValueError):
        return 0
