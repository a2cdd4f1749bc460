"""`MicrosoftDiary`: a rep's own calendar in Microsoft 365.

Our events carry the meeting's UID in a property of their own and are found by it; a transaction id
keeps what is put in twice from being there twice. The buyer is not among the event's attendees:
they have our invitation, and Exchange would mail another. Whom a rep asks along is told of changes
by Exchange.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5
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
from voice_agent.adapters.graph_wire import Graph

PROPERTY = "String {5f0a2f6e-3a0d-4c0b-9c57-6d1f0a5b7e21} Name voice-agent"
"""Holds the UID and the number of the change of ours it is at, parted by a blank."""
UTC_TIMES = 'outlook.timezone="UTC"'
PAGE, PAGES = 500, 40
NOTHING = "voice-agent-check"
"""The id of no event."""
_EXPAND = f"singleValueExtendedProperties($filter=id eq '{PROPERTY}')"
_READ = "subject,start,end,isAllDay,isCancelled,showAs,responseStatus"


class MicrosoftDiary:
    """Implements `Diary` and `Tried`. `address`: that of their mailbox; empty: their own."""

    def __init__(self, graph: Graph, address: str = "") -> None:
        self._graph = graph
        self._address = address

    async def tried(self, rep: Rep) -> str:
        """Where it is, if it can be read and written. Raises: CalendarFailed."""
        who = self._who(rep)
        await self._graph.ask(who, "GET", "/calendar", params={"$select": "name"})
        await self._graph.ask(who, "DELETE", f"/events/{NOTHING}")  # refused where we may not write
        return f"{who} at Microsoft 365"

    async def taken(self, rep: Rep, start: datetime, end: datetime) -> list[Found]:
        """What is taken of a stretch of time. Raises: CalendarFailed."""
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
        # A copy somebody made of it has our property, too, but not the id it was made with.
        event = next((e for e in ours if e.get("transactionId")), ours[0])
        return Kept(uid, standing(event), event)

    async def add(self, rep: Rep, entry: Entry) -> bool:
        """Put an event in, once for this change of the meeting. Raises: CalendarFailed."""
        body = {
            "subject": entry.title, "body": {"contentType": "text", "content": entry.notes},
            "transactionId": str(uuid5(NAMESPACE_URL, f"{entry.uid} {entry.sequence}")),
            **_at(entry),
        }  # fmt: skip
        answer = await self._graph.ask(self._who(rep), "POST", "/events", body=body)
        return answer.ok

    async def change(self, rep: Rep, kept: Kept, to: Entry | Without) -> bool:
        """Change, blank or delete what we have seen. Raises: CalendarFailed."""
        event: Event = kept.event
        path, tag = f"/events/{quote(event['id'], safe='')}", event.get("@odata.etag", "")
        if to is Without.IT:
            answer = await self._graph.ask(self._who(rep), "DELETE", path, tag=tag)
            return answer.ok or answer.status in (400, 404)
        if isinstance(to, Entry):
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
    """What events take of a stretch of time; what is no event is left out."""

    def read(event: Event) -> Found | None:
        return Found(_span(event, zone), *_property(event)) if _blocks(event) else None

    return of_events(events, read, start, end)


def standing(event: Event) -> Standing | None:
    """How an event has a meeting of ours; None where it does not tell."""
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
    """Whether an event takes its time from whose calendar it is in."""
    answered = (event.get("responseStatus") or {}).get("response")
    if event.get("isCancelled") or answered == "declined":
        return False
    if event.get("showAs") in ("free", "workingElsewhere"):
        return bool(event.get("isAllDay")) and says_away(str(event.get("subject", "")))
    return True


def _span(event: Event, zone: ZoneInfo) -> Busy:
    """Its time; whole days are told as midnights of no zone, and are the person's own."""
    starts, ends = (datetime.fromisoformat(event[name]["dateTime"]) for name in ("start", "end"))
    midnights = all(not (at.hour or at.minute) for at in (starts, ends))
    told = zone if event.get("isAllDay") and midnights else ZoneInfo("UTC")
    return Busy(instant(starts, told), instant(ends, told))


def _at(entry: Entry) -> dict[str, Any]:
    """What an entry's time is to Graph, and which change of ours it is at."""
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
    """The UID and the change of ours that an event is at; nobody's is empty."""
    for one in event.get("singleValueExtendedProperties") or ():
        if str(one.get("id", "")).lower() == PROPERTY.lower():
            uid, _, number = str(one.get("value", "")).rpartition(" ")
            return uid, int(number) if number.isdecimal() else 0
    return "", 0


def _quoted(text: str) -> str:
    """A text for a filter, whatever is in it."""
    return text.replace("'", "''")
