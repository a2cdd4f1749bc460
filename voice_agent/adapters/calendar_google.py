"""`GoogleDiary`: a rep's own calendar at Google.

An event's id is made from the meeting's UID, so that inserting twice creates one event. The buyer
is not a guest of the event: they have our invitation, and Google would send another. Google
notifies the guests a rep adds of changes.
"""

from base64 import b32hexencode
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.errors import CalendarFailed
from core.privacy.erasure import ERASED
from core.scheduling.ports import CalendarEntry
from core.scheduling.slots import Busy
from knowledge.profile import Rep
from voice_agent.adapters.diary import (
    DAY,
    NO_EVENT,
    Event,
    Found,
    Kept,
    Standing,
    Without,
    colleague,
    instant,
    of_events,
    says_away,
    stamp,
)
from voice_agent.adapters.google_wire import Google

PAGE, PAGES = 2500, 20
"""Events per page, and pages per query; a fortnight has a hundredth of the first."""
FIELDS = (
    "nextPageToken,items(status,eventType,transparency,summary,start,end,"
    "attendees(self,responseStatus),extendedProperties/private)"
)
OURS, CHANGE = "voiceAgentUid", "voiceAgentSequence"
"""Private properties of our events: the meeting's UID, and the sequence number of our change."""
_TIMES = ("start", "end", "status", "transparency", "reminders")
"""Fields that stay of an event whose person was forgotten."""


class GoogleDiary:
    """Implements `Diary` and `Tried`. `address`: the rep's at Google; empty: their email."""

    def __init__(self, google: Google, address: str = "") -> None:
        self._google = google
        self._address = address

    async def tried(self, rep: Rep) -> str:
        """The calendar's address, if it can be read and written. Raises: CalendarFailed."""
        params = {"maxResults": 1, "fields": "accessRole"}
        answer = await self._google.ask(self._who(rep), "GET", params=params)
        if answer.body.get("accessRole") not in ("owner", "writer"):
            raise CalendarFailed(f"the calendar of {self._who(rep)} at Google cannot be written")
        return f"{self._who(rep)} at Google"

    async def taken(self, rep: Rep, start: datetime, end: datetime) -> list[Found]:
        """The time taken in a range. Raises: CalendarFailed."""
        params = {
            "singleEvents": "true", "maxResults": PAGE, "maxAttendees": 1, "fields": FIELDS,
            "timeMin": stamp(start - DAY), "timeMax": stamp(end + DAY),  # days differ between zones
        }  # fmt: skip
        found: list[Found] = []
        for _ in range(PAGES):
            answer = await self._google.ask(self._who(rep), "GET", params=params)
            found += taken(answer.body.get("items"), start, end, ZoneInfo(rep.timezone))
            page = answer.body.get("nextPageToken")
            if not page:
                return sorted(found, key=lambda f: f.busy)
            params["pageToken"] = page
        raise CalendarFailed(f"the calendar of {self._who(rep)} at Google has no end")

    async def find(self, rep: Rep, uid: str) -> Kept | None:
        """The event of a meeting of ours, even a deleted one. Raises: CalendarFailed."""
        answer = await self._google.ask(self._who(rep), "GET", event_id(uid))
        if not answer.ok:
            return None
        return Kept(uid, standing(answer.body, ZoneInfo(rep.timezone)), answer.body)

    async def add(self, rep: Rep, entry: CalendarEntry) -> bool:
        """Insert an event under an id of our own. Raises: CalendarFailed."""
        body = {"id": event_id(entry.uid), **_words(entry), **_at(rep, entry)}
        quiet = {"sendUpdates": "none"}
        answer = await self._google.ask(self._who(rep), "POST", body=body, params=quiet)
        return answer.ok

    async def change(self, rep: Rep, kept: Kept, to: CalendarEntry | Without) -> bool:
        """Change, blank or delete the event we have seen. Raises: CalendarFailed."""
        event: Event = kept.event
        deleted = event.get("status") == "cancelled"
        if isinstance(to, Without) and deleted:
            return True
        told, body, method = {"sendUpdates": "all"}, None, "DELETE"
        if to is Without.WORDS:
            # A PUT removes fields it omits, and with these two parameters conference and
            # attachments too.
            told = {"sendUpdates": "none", "conferenceDataVersion": "1",
                    "supportsAttachments": "true"}  # fmt: skip
            body, method = _blanked(event, rep), "PUT"
        elif isinstance(to, CalendarEntry):
            again = _words(to) if deleted else _asked_anew(event)
            at = _at(rep, to)
            for name in ("start", "end"):
                at[name]["date"] = None  # somebody may have made it an all-day event
            body, method = {**at, **again}, "PATCH"
        answer = await self._google.ask(
            self._who(rep),
            method,
            event_id(kept.uid),
            tag=event.get("etag", ""),
            body=body,
            params=told,
        )
        return answer.ok or (answer.status in (404, 410) and to is Without.IT)

    def _who(self, rep: Rep) -> str:
        return self._address or rep.email


def event_id(uid: str) -> str:
    """A UID in the letters Google allows in an event id: lower-case base32hex (RFC 4648, 7)."""
    return b32hexencode(uid.encode()).decode().rstrip("=").lower()


def taken(events: Any, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Found]:
    """The time events take in a range; malformed entries are skipped."""

    def read(event: Event) -> Found | None:
        if not _blocks(event):
            return None
        uid, sequence = _private(event, OURS), _number(_private(event, CHANGE))
        return Found(_span(event, zone), uid, sequence)

    return of_events(events, read, start, end)


def standing(event: Event, zone: ZoneInfo) -> Standing | None:
    """The state of a meeting of ours; None if the event does not say."""
    try:
        span = _span(event, zone)
        declined = [a for a in _guests(event) if a.get("responseStatus") == "declined"]
        return Standing(
            span.start, span.end, _number(_private(event, CHANGE)),
            tuple(str(a.get("email", "")).lower() for a in declined),
            event.get("status") == "cancelled",
        )  # fmt: skip
    except NO_EVENT:
        return None


def _blocks(event: Event) -> bool:
    """Whether an event blocks the calendar owner's time."""
    kind = event.get("eventType")
    me: Event = next((a for a in _guests(event) if a.get("self")), {})
    if event.get("status") == "cancelled" or me.get("responseStatus") == "declined":
        return False
    if kind in ("workingLocation", "birthday"):
        return False
    if kind != "outOfOffice" and event.get("transparency") == "transparent":
        return "date" in event["start"] and says_away(str(event.get("summary", "")))
    return True


def _span(event: Event, zone: ZoneInfo) -> Busy:
    return Busy(_instant(event["start"], zone), _instant(event["end"], zone))


def _instant(told: Mapping[str, str], zone: ZoneInfo) -> datetime:
    if "date" in told:
        return instant(date.fromisoformat(told["date"]), zone)
    return instant(datetime.fromisoformat(told["dateTime"]), zone)


def _words(entry: CalendarEntry) -> dict[str, Any]:
    return {"summary": entry.title, "description": entry.notes, "transparency": "opaque"}


def _at(rep: Rep, entry: CalendarEntry) -> dict[str, Any]:
    """An entry's time as Google takes it, and the sequence number of our change."""
    return {
        "status": "confirmed",
        "start": {"dateTime": stamp(entry.start), "timeZone": rep.timezone},
        "end": {"dateTime": stamp(entry.end), "timeZone": rep.timezone},
        "extendedProperties": {"private": {OURS: entry.uid, CHANGE: str(entry.sequence)}},
    }


def _asked_anew(event: Event) -> dict[str, Any]:
    """The guests a rep added, with their answers reset for the new time."""
    anew = [{**a, "responseStatus": "needsAction"} for a in _guests(event)]
    return {"attendees": anew} if anew else {}


def _blanked(event: Event, rep: Rep) -> dict[str, Any]:
    kept: dict[str, Any] = {name: event[name] for name in _TIMES if name in event}
    mine = {name: _private(event, name) for name in (OURS, CHANGE)}
    colleagues = [a for a in _guests(event) if colleague(str(a.get("email", "")), rep)]
    return {
        **kept, "summary": ERASED, "attendees": colleagues,
        "extendedProperties": {"private": mine},
    }  # fmt: skip


def _guests(event: Event) -> list[dict[str, Any]]:
    return event.get("attendees") or []


def _private(event: Event, name: str) -> str:
    told = (event.get("extendedProperties") or {}).get("private") or {}
    return str(told.get(name, ""))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
