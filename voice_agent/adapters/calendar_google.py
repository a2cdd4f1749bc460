"""`GoogleDiary`: a rep's own calendar at Google.

An event's id is made of the meeting's UID, so that what is put in twice is there once. The buyer is
not among the event's guests: they have our invitation, and Google would add another. Whom a rep
asks along is told of changes by Google.
"""

from base64 import b32hexencode
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.errors import CalendarFailed
from core.privacy.erasure import ERASED
from core.scheduling.ports import Entry
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
"""Events of an answer, and answers of one question; a fortnight has a hundredth of the first."""
FIELDS = (
    "nextPageToken,items(status,eventType,transparency,summary,start,end,"
    "attendees(self,responseStatus),extendedProperties/private)"
)
OURS, CHANGE = "voiceAgentUid", "voiceAgentSequence"
"""Private properties of an event of ours: whose UID it has, and the change it is at."""
_TIMES = ("start", "end", "status", "transparency", "reminders")
"""What stays of an event whose person was forgotten."""


class GoogleDiary:
    """Implements `Diary` and `Tried`. `address`: theirs at Google; empty: their own."""

    def __init__(self, google: Google, address: str = "") -> None:
        self._google = google
        self._address = address

    async def tried(self, rep: Rep) -> str:
        """Where it is, if it can be read and written. Raises: CalendarFailed."""
        params = {"maxResults": 1, "fields": "accessRole"}
        answer = await self._google.ask(self._who(rep), "GET", params=params)
        if answer.body.get("accessRole") not in ("owner", "writer"):
            raise CalendarFailed(f"the calendar of {self._who(rep)} at Google cannot be written")
        return f"{self._who(rep)} at Google"

    async def taken(self, rep: Rep, start: datetime, end: datetime) -> list[Found]:
        """What is taken of a stretch of time. Raises: CalendarFailed."""
        params = {
            "singleEvents": "true", "maxResults": PAGE, "maxAttendees": 1, "fields": FIELDS,
            "timeMin": stamp(start - DAY), "timeMax": stamp(end + DAY),  # zones' days differ
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
        """The event of a meeting of ours, also one that was deleted. Raises: CalendarFailed."""
        answer = await self._google.ask(self._who(rep), "GET", event_id(uid))
        if not answer.ok:
            return None
        return Kept(uid, standing(answer.body, ZoneInfo(rep.timezone)), answer.body)

    async def add(self, rep: Rep, entry: Entry) -> bool:
        """Put an event in, under an id of its own. Raises: CalendarFailed."""
        body = {"id": event_id(entry.uid), **_words(entry), **_at(rep, entry)}
        quiet = {"sendUpdates": "none"}
        answer = await self._google.ask(self._who(rep), "POST", body=body, params=quiet)
        return answer.ok

    async def change(self, rep: Rep, kept: Kept, to: Entry | Without) -> bool:
        """Change, blank or delete what we have seen. Raises: CalendarFailed."""
        event: Event = kept.event
        deleted = event.get("status") == "cancelled"
        if isinstance(to, Without) and deleted:
            return True
        told, body, method = {"sendUpdates": "all"}, None, "DELETE"
        if to is Without.WORDS:
            # What is left out of a PUT is gone, and so are these two kinds where we name them.
            told = {"sendUpdates": "none", "conferenceDataVersion": "1",
                    "supportsAttachments": "true"}  # fmt: skip
            body, method = _blanked(event, rep), "PUT"
        elif isinstance(to, Entry):
            again = _words(to) if deleted else _asked_anew(event)
            at = _at(rep, to)
            for name in ("start", "end"):
                at[name]["date"] = None  # somebody may have made it a whole day
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
    """A UID in the letters Google allows: base32hex (RFC 4648, 7) in lower case."""
    return b32hexencode(uid.encode()).decode().rstrip("=").lower()


def taken(events: Any, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Found]:
    """What events take of a stretch of time; what is no event is left out."""

    def read(event: Event) -> Found | None:
        if not _blocks(event):
            return None
        uid, sequence = _private(event, OURS), _number(_private(event, CHANGE))
        return Found(_span(event, zone), uid, sequence)

    return of_events(events, read, start, end)


def standing(event: Event, zone: ZoneInfo) -> Standing | None:
    """How an event has a meeting of ours; None where it does not tell."""
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
    """Whether an event takes its time from whose calendar it is in."""
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


def _words(entry: Entry) -> dict[str, Any]:
    return {"summary": entry.title, "description": entry.notes, "transparency": "opaque"}


def _at(rep: Rep, entry: Entry) -> dict[str, Any]:
    """What an entry's time is to Google, and which change of ours it is at."""
    return {
        "status": "confirmed",
        "start": {"dateTime": stamp(entry.start), "timeZone": rep.timezone},
        "end": {"dateTime": stamp(entry.end), "timeZone": rep.timezone},
        "extendedProperties": {"private": {OURS: entry.uid, CHANGE: str(entry.sequence)}},
    }


def _asked_anew(event: Event) -> dict[str, Any]:
    """Whoever a rep asked along, with no answer to the new time yet."""
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
