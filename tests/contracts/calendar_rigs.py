"""Each kind of calendar server, with what the calendar's owner does there by hand."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import httpx

from core.clock import Clock
from tests.contracts.desk import COMPANY
from tests.fakes.google_calendar import GoogleCalendar
from tests.fakes.graph import Graph, told
from tests.fakes.radicale import Radicale
from voice_agent.adapters.caldav_events import standing
from voice_agent.adapters.caldav_wire import CalDav
from voice_agent.adapters.calendar_caldav import CalDavDiary
from voice_agent.adapters.calendar_google import GoogleDiary
from voice_agent.adapters.calendar_microsoft import MicrosoftDiary
from voice_agent.adapters.calendars import diaries
from voice_agent.adapters.diary import Diary
from voice_agent.config import Settings

MAYA, TOM = "maya-lindqvist", "tom-beckett"
PEOPLE = (MAYA, TOM)


@dataclass(frozen=True, slots=True)
class Seen:
    """An event of ours as its server has it."""

    uid: str
    start: datetime
    sequence: int
    text: str
    """All its text."""


class Rig(Protocol):
    """One server. `lost` names the request whose response is lost, by its purpose."""

    create: str
    change: str

    def diaries(self, client: httpx.AsyncClient, clock: Clock) -> Mapping[str, Diary]:
        """The calendars of `PEOPLE`."""

    def put(
        self, person: str, start: datetime, minutes: int, words: str = "", *, free: bool = False,
        days: int = 0, weekly: bool = False,
    ) -> None:  # fmt: skip
        """An event of the person's own; `days`: all-day."""

    def ours(self, person: str) -> list[Seen]:
        """Our events there."""

    def push(self, person: str, uid: str, by: timedelta) -> None:
        """They move a meeting of ours."""

    def note(self, person: str, uid: str, where: str) -> None:
        """They add a location to a meeting of ours."""

    def along(self, person: str, uid: str, address: str, *, declined: bool = False) -> None:
        """They invite somebody else to a meeting of ours."""

    def remove(self, person: str, uid: str) -> None:
        """They delete a meeting of ours."""

    def close(self, person: str) -> None:
        """Their calendar is gone for good."""


class RadicaleRig:
    """CalDAV, on a real server."""

    create = change = "PUT"

    def __init__(self, server: Radicale) -> None:
        self.server = server

    def diaries(self, client: httpx.AsyncClient, clock: Clock) -> Mapping[str, Diary]:
        dav = CalDav(client)
        return {p: CalDavDiary(dav, self.server.target(p), clock) for p in PEOPLE}

    def put(
        self, person: str, start: datetime, minutes: int, words: str = "", *, free: bool = False,
        days: int = 0, weekly: bool = False,
    ) -> None:  # fmt: skip
        times = [f"DTSTART:{start:%Y%m%dT%H%M%SZ}", f"DURATION:PT{minutes}M"]
        if days:
            times = [f"DTSTART;VALUE=DATE:{start:%Y%m%d}", f"DURATION:P{days}D"]
        more = ["TRANSP:TRANSPARENT"] * free + ["RRULE:FREQ=WEEKLY"] * weekly
        name = f"{start:%d%H%M}{days}"
        self.server.put(person, name, *times, *more, f"SUMMARY:{words or 'busy'}")

    def ours(self, person: str) -> list[Seen]:
        found, zone = [], ZoneInfo(COMPANY.rep(person).timezone)
        for text in self.server.texts(person):
            whole = text.replace("\r\n ", "")
            uid = whole.partition("\nUID:")[2].split()[0]
            stands = standing(text, uid, zone)
            if uid.endswith(".voice-agent") and stands is not None:
                found.append(Seen(uid, stands.start, stands.sequence, whole))
        return found

    def push(self, person: str, uid: str, by: timedelta) -> None:
        (seen,) = [s for s in self.ours(person) if s.uid == uid]
        lines = [line for line in seen.text.splitlines() if line.startswith("DTSTART;TZID")]
        (line,) = lines or [f"DTSTART:{seen.start:%Y%m%dT%H%M%SZ}"]
        after = f"DTSTART:{seen.start + by:%Y%m%dT%H%M%SZ}"
        self.server.rewrite(person, uid, (line, after))

    def note(self, person: str, uid: str, where: str) -> None:
        self.server.rewrite(person, uid, ("END:VEVENT", f"LOCATION:{where}\r\nEND:VEVENT"))

    def along(self, person: str, uid: str, address: str, *, declined: bool = False) -> None:
        part = ";PARTSTAT=DECLINED" if declined else ""
        line = f"ATTENDEE{part}:mailto:{address}"
        self.server.rewrite(person, uid, ("END:VEVENT", f"{line}\r\nEND:VEVENT"))

    def remove(self, person: str, uid: str) -> None:
        self.server.remove(person, uid)

    def close(self, person: str) -> None:
        self.server.close(person)


def address(person: str) -> str:
    return COMPANY.rep(person).email


def kept_at(
    kind: str, given: Mapping[str, str], client: httpx.AsyncClient, clock: Clock
) -> Mapping[str, CalDavDiary | GoogleDiary | MicrosoftDiary]:
    """Their calendars as built from the company's profile and the settings."""
    settings = Settings(_env_file=None, **given)  # type: ignore[arg-type, call-arg]
    team = [rep.model_copy(update={"calendar": kind}) for rep in COMPANY.team if rep.id in PEOPLE]
    company = COMPANY.model_copy(update={"team": tuple(team)})
    return diaries(settings, company, client, clock)


class GoogleRig:
    """Google Calendar."""

    create, change = "POST", "PATCH"

    def __init__(self, server: GoogleCalendar, settings: Mapping[str, str]) -> None:
        self.server = server
        self.settings = settings

    def diaries(self, client: httpx.AsyncClient, clock: Clock) -> Mapping[str, Diary]:
        return kept_at("google", self.settings, client, clock)

    def put(
        self, person: str, start: datetime, minutes: int, words: str = "", *, free: bool = False,
        days: int = 0, weekly: bool = False,
    ) -> None:  # fmt: skip
        end = start + timedelta(days=days, minutes=minutes)
        shown = [
            {"date": f"{at:%Y-%m-%d}"}
            if days
            else {"dateTime": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}
            for at in (start, end)
        ]
        more = {"transparency": "transparent"} if free else {}
        again = {"recurrence": ["RRULE:FREQ=WEEKLY"]} if weekly else {}
        self.server.put(
            address(person), summary=words, start=shown[0], end=shown[1], **more, **again
        )

    def ours(self, person: str) -> list[Seen]:
        found = []
        for event in self.server.standing(address(person)):
            mine = event.get("extendedProperties", {}).get("private", {})
            if mine:
                at = datetime.fromisoformat(event["start"]["dateTime"])
                number = int(mine["voiceAgentSequence"])
                found.append(Seen(mine["voiceAgentUid"], at, number, json.dumps(event)))
        return found

    def push(self, person: str, uid: str, by: timedelta) -> None:
        event = _event(self.server, person, uid)
        for name in ("start", "end"):
            at = datetime.fromisoformat(event[name]["dateTime"]) + by
            event[name] = {"dateTime": at.isoformat()}
        self.server.touch(event)

    def note(self, person: str, uid: str, where: str) -> None:
        event = _event(self.server, person, uid)
        event["location"] = where
        self.server.touch(event)

    def along(self, person: str, uid: str, address: str, *, declined: bool = False) -> None:
        event = _event(self.server, person, uid)
        answer = "declined" if declined else "needsAction"
        event.setdefault("attendees", []).append({"email": address, "responseStatus": answer})
        self.server.touch(event)

    def remove(self, person: str, uid: str) -> None:
        event = _event(self.server, person, uid)
        event["status"] = "cancelled"
        self.server.touch(event)

    def close(self, person: str) -> None:
        del self.server.events[address(person)]
        self.server.expire()


class MicrosoftRig:
    """Microsoft Graph."""

    create, change = "POST", "PATCH"

    def __init__(self, server: Graph) -> None:
        self.server = server

    def diaries(self, client: httpx.AsyncClient, clock: Clock) -> Mapping[str, Diary]:
        return kept_at("microsoft", self.server.settings, client, clock)

    def put(
        self, person: str, start: datetime, minutes: int, words: str = "", *, free: bool = False,
        days: int = 0, weekly: bool = False,
    ) -> None:  # fmt: skip
        begins = start
        if days:  # midnights without a zone
            begins = datetime(start.year, start.month, start.day, tzinfo=UTC)
        more = {"rrule": "RRULE:FREQ=WEEKLY"} if weekly else {}
        self.server.put(
            address(person), subject=words, start=told(begins), isAllDay=bool(days),
            end=told(begins + timedelta(days=days, minutes=0 if days else minutes)),
            showAs="free" if free else "busy", **more,
        )  # fmt: skip

    def ours(self, person: str) -> list[Seen]:
        found = []
        for event in self.server.standing(address(person)):
            for one in event.get("singleValueExtendedProperties", ()):
                uid, number = one["value"].split()
                at = datetime.fromisoformat(event["start"]["dateTime"]).replace(tzinfo=UTC)
                found.append(Seen(uid, at, int(number), json.dumps(event)))
        return found

    def push(self, person: str, uid: str, by: timedelta) -> None:
        event = _event(self.server, person, uid)
        for name in ("start", "end"):
            at = datetime.fromisoformat(event[name]["dateTime"]).replace(tzinfo=UTC) + by
            event[name] = told(at)
        self.server.touch(event)

    def note(self, person: str, uid: str, where: str) -> None:
        event = _event(self.server, person, uid)
        event["location"] = {"displayName": where}
        self.server.touch(event)

    def along(self, person: str, uid: str, address: str, *, declined: bool = False) -> None:
        event = _event(self.server, person, uid)
        guest = {
            "emailAddress": {"address": address}, "type": "required",
            "status": {"response": "declined" if declined else "none"},
        }  # fmt: skip
        event.setdefault("attendees", []).append(guest)
        self.server.touch(event)

    def remove(self, person: str, uid: str) -> None:
        del self.server.events[address(person)][_event(self.server, person, uid)["id"]]

    def close(self, person: str) -> None:
        del self.server.events[address(person)]


def _event(server: GoogleCalendar | Graph, person: str, uid: str) -> dict[str, Any]:
    (found,) = [e for e in server.standing(address(person)) if uid in json.dumps(e)]
    return found
