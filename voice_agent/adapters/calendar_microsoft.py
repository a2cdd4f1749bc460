"""`MicrosoftDiary`: a rep's own calendar in Microsoft 365.

Our events carry the meeting's UID in an extended property and are found by it; a transaction id
keeps a repeated insert from creating a second event. The buyer is not an attendee of the event:
they have our invitation, and Exchange would mail another. Exchange notifies the attendees a rep
adds of changes.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5
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
from voice_agent.adapters.graph_wire import Graph

PROPERTY = "String {5f0a2f6e-3a0d-4c0b-9c57-6d1f0a5b7e21} Name voice-agent"
"""Holds the UID and the sequence number of our change, space-separated."""
UTC_TIMES = 'outlook.timezone="UTC"'
PAGE, PAGES = 500, 40
NOTHING = "voice-agent-check"
"""An event id that does not exist."""
_EXPAND = f"singleValueExtendedProperties($filter=id eq '{PROPERTY}')"
_READ = "subject,start,end,isAllDay,isCancelled,showAs,responseStatus"


class MicrosoftDiary:
    """Implements `Diary` and `Tried`. `address`: the rep's mailbox; empty: their email."""

    def __init__(self, graph: Graph, address: str = "") -> None:
        self._graph = graph
        self._address = address

    async def tried(self, rep: Rep) -> str:
        """The calendar's address, if it can be read and written. Raises: CalendarFailed."""
        who = self._who(rep)
        await self._graph.ask(who, "GET", "/calendar", params={"$select": "name"})
        await self._graph.ask(who, "DELETE", f"/events/{NOTHING}")  # refused without write access
        return f"{who} at Microsoft 365"

    async def taken(self, rep: Rep, start: datetime, end: datetime) -> list[Found]:
        """The time taken in a range. Raises: CalendarFailed."""
        who, found = self._who(rep), list[Found]()
        params = {
            "startDateTime": stamp(start - DAY), "endDateTime": stamp(end + DAY),
            "$select": _READ, "$expand": _EXPAND, "$top": PAGE,
        }  # fmt: skip
        answer = await self._graph.ask(who, "GET", "/calendarView", params=params, prefer=UTC_TIMES)
        for _ in range(PAGES):
            found += taken(answer.body.get("value"), start, end, ZoneInfo(rep.timezone))
            more = answer.body.get("@odata.nextLink")
            if not more:
                return sorted(found, key=lambda f: f.busy)
            answer = await self._graph.more(who, more, UTC_TIMES)
        raise CalendarFailed(f"the calendar of {who} at Microsoft has no end")

    async def find(self, rep: Rep, uid: str) -> Kept | None:
        """The event of a meeting of ours. Raises: CalendarFailed."""
        with_it = f"ep/id eq '{PROPERTY}' and startswith(ep/value, '{_quoted(uid)} ')"
        params = {
            "$filter": f"singleValueExtendedProperties/Any(ep: {with_it})", "$expand": _EXPAND,
        }  # fmt: skip
        answer = await self._graph.ask(
            self._who(rep), "GET", "/events", params=params, prefer=UTC_TIMES
        )
        ours = [e for e in answer.body.get("value", ()) if e.get("id") and _property(e)[0] == uid]
        if not ours:
            return None
        # A person's copy of it has our property too, but not its original id. Two inserted at once
        # for different changes of the meeting are both ours: the earlier one has to go.
        made = [e for e in ours if e.get("transactionId")] or ours[:1]
        event = min(made, key=lambda e: _property(e)[1])
        return Kept(uid, standing(event), event)

    async def add(self, rep: Rep, entry: CalendarEntry) -> bool:
        """Insert an event, once per change of the meeting. Raises: CalendarFailed."""
        body = {
            "subject": entry.title, "body": {"contentType": "text", "content": entry.notes},
            "transactionId": str(uuid5(NAMESPACE_URL, f"{entry.uid} {entry.sequence}")),
            **_at(entry),
        }  # fmt: skip
        answer = await self._graph.ask(self._who(rep), "POST", "/events", body=body)
        return answer.ok

    async def change(self, rep: Rep, kept: Kept, to: CalendarEntry | Without) -> bool:
        """Change, blank or delete the event we have seen. Raises: CalendarFailed."""
        event: Event = kept.event
        path, tag = f"/events/{quote(event['id'], safe='')}", event.get("@odata.etag", "")
        if to is Without.IT:
            answer = await self._graph.ask(self._who(rep), "DELETE", path, tag=tag)
            return answer.ok or answer.status in (400, 404)
        if isinstance(to, CalendarEntry):
            body = _at(to)
        else:
            body = _blanked(event, rep)
            if event.get("hasAttachments"):
                await self._without_attachments(rep, path)
                tag = ""
        answer = await self._graph.ask(self._who(rep), "PATCH", path, tag=tag, body=body)
        return answer.ok

    async def _without_attachments(self, rep: Rep, path: str) -> None:
        who, there = self._who(rep), f"{path}/attachments"
        answer = await self._graph.ask(who, "GET", there, params={"$select": "id"})
        for one in answer.body.get("value", ()):
            await self._graph.ask(who, "DELETE", f"{there}/{quote(one['id'], safe='')}")

    def _who(self, rep: Rep) -> str:
        return self._address or rep.email


def taken(events: Any, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Found]:
    """The time events take in a range; malformed entries are skipped."""

    def read(event: Event) -> Found | None:
        return Found(_span(event, zone), *_property(event)) if _blocks(event) else None

    return of_events(events, read, start, end)


def standing(event: Event) -> Standing | None:
    """The state of a meeting of ours; None if the event does not say."""
    try:
        span = _span(event, ZoneInfo("UTC"))
        declined = tuple(
            str(one["emailAddress"]["address"]).lower() for one in event.get("attendees") or ()
            if one.get("status", {}).get("response") == "declined"
        )  # fmt: skip
        return Standing(
            span.start, span.end, _property(event)[1], declined, bool(event.get("isCancelled"))
        )
    except NO_EVENT:
        return None


def _blocks(event: Event) -> bool:
    """Whether an event blocks the calendar owner's time."""
    answered = (event.get("responseStatus") or {}).get("response")
    if event.get("isCancelled") or answered == "declined":
        return False
    if event.get("showAs") in ("free", "workingElsewhere"):
        return bool(event.get("isAllDay")) and says_away(str(event.get("subject", "")))
    return True


def _span(event: Event, zone: ZoneInfo) -> Busy:
    """An event's time; all-day events are midnights without a zone, and count in the person's."""
    starts, ends = (datetime.fromisoformat(event[name]["dateTime"]) for name in ("start", "end"))
    midnights = all(not (at.hour or at.minute) for at in (starts, ends))
    told = zone if event.get("isAllDay") and midnights else ZoneInfo("UTC")
    return Busy(instant(starts, told), instant(ends, told))


def _at(entry: CalendarEntry) -> dict[str, Any]:
    """An entry's time as Graph takes it, and the sequence number of our change."""
    return {
        "start": {"dateTime": stamp(entry.start).rstrip("Z"), "timeZone": "UTC"},
        "end": {"dateTime": stamp(entry.end).rstrip("Z"), "timeZone": "UTC"},
        "showAs": "busy",
        "singleValueExtendedProperties": [
            {"id": PROPERTY, "value": f"{entry.uid} {entry.sequence}"}
        ],
    }


def _blanked(event: Event, rep: Rep) -> dict[str, Any]:
    known = event.get("attendees") or ()
    kept = [a for a in known if colleague(a["emailAddress"]["address"], rep)]
    return {
        "subject": ERASED, "body": {"contentType": "text", "content": ""},
        "location": {"displayName": ""}, "categories": [],
        **({"attendees": kept} if len(kept) < len(known) else {}),
    }  # fmt: skip


def _property(event: Event) -> tuple[str, int]:
    """The UID and sequence number in an event; an empty UID when it is not ours."""
    for one in event.get("singleValueExtendedProperties") or ():
        if str(one.get("id", "")).lower() == PROPERTY.lower():
            uid, _, number = str(one.get("value", "")).rpartition(" ")
            return uid, int(number) if number.isdecimal() else 0
    return "", 0


def _quoted(text: str) -> str:
    """A text escaped for an OData string literal."""
    return text.replace("'", "''")
