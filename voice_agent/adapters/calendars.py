"""`Calendars`: each rep's calendar wherever it is, on a server or in the agent's own database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx

from core.clock import Clock
from core.errors import CalendarFailed
from core.scheduling.ports import Calendar, CalendarEntry
from core.scheduling.slots import Busy
from knowledge.calendars import place_of
from knowledge.hosts import LOOPBACK
from knowledge.profile import Company
from voice_agent.adapters.caldav_wire import CalDav, Target
from voice_agent.adapters.calendar_caldav import CalDavDiary
from voice_agent.adapters.calendar_google import GoogleDiary
from voice_agent.adapters.calendar_microsoft import MicrosoftDiary
from voice_agent.adapters.calendar_served import ServedCalendar
from voice_agent.adapters.google_wire import Google, read_key
from voice_agent.adapters.graph_wire import Application, Graph
from voice_agent.adapters.json_wire import Wire
from voice_agent.config import Settings
from voice_agent.errors import ConfigError

EVERYBODY = "*"
HOW = (
    "write VOICE_AGENT_CALDAV_ACCOUNTS as rep=user:password, space-separated, `*` for"
    " every rep, with special characters percent-encoded"
)


@dataclass(frozen=True, slots=True)
class Calendars:
    """Implements `core.scheduling.ports.Calendar`. Time blocked in `own` counts for every rep."""

    own: Calendar
    served: ServedCalendar

    async def busy(
        self, reps: Sequence[str], start: datetime, end: datetime, *, fresh: bool = False
    ) -> Mapping[str, tuple[Busy, ...]]:
        """The time taken, by rep. Raises: CalendarFailed."""
        kept = [rep for rep in reps if self.served.keeps(rep)]
        own = await self.own.busy(reps, start, end)
        if not kept:
            return own
        if len(kept) < len(reps):
            served = await self._some(kept, start, end, fresh)
        else:
            served = await self.served.busy(kept, start, end, fresh=fresh)
        return {rep: tuple(sorted((*own.get(rep, ()), *served.get(rep, ())))) for rep in reps}

    async def create(self, entry: CalendarEntry) -> None:
        """Add an entry. Raises: CalendarFailed."""
        await self._of(entry).create(entry)

    async def move(self, entry: CalendarEntry) -> None:
        """Change an entry's time or its rep. Raises: CalendarFailed."""
        await self._of(entry).move(entry)
        if not self.served.keeps(entry.rep):
            await self.served.leave_others(entry)

    async def cancel(self, entry: CalendarEntry) -> None:
        """Remove an entry. Raises: CalendarFailed."""
        await self._of(entry).cancel(entry)

    async def _some(
        self, reps: Sequence[str], start: datetime, end: datetime, fresh: bool
    ) -> Mapping[str, tuple[Busy, ...]]:
        """The calendars on servers; if all of those are down, the other reps are still offered."""
        try:
            return await self.served.busy(reps, start, end, fresh=fresh)
        except CalendarFailed:
            if fresh:
                raise
            return {rep: (Busy(start, end),) for rep in reps}

    def _of(self, entry: CalendarEntry) -> Calendar:
        return self.served if self.served.keeps(entry.rep) else self.own


def diaries(
    settings: Settings, company: Company, client: httpx.AsyncClient, clock: Clock
) -> dict[str, CalDavDiary | GoogleDiary | MicrosoftDiary]:
    """The calendars on servers that have an account, by rep. Raises: ConfigError."""
    targets = caldav_targets(company, settings.caldav_accounts.get_secret_value())
    dav, google, graph = CalDav(client), _google(settings, client, clock), None
    if settings.microsoft_client_id:
        graph = _graph(settings, client, clock)
    found: dict[str, CalDavDiary | GoogleDiary | MicrosoftDiary] = {}
    for rep in company.team:
        place = place_of(rep.calendar)
        if rep.id in targets:
            found[rep.id] = CalDavDiary(dav, targets[rep.id], clock)
        elif place and place.kind == "google" and google:
            found[rep.id] = GoogleDiary(google, place.address)
        elif place and place.kind == "microsoft" and graph:
            found[rep.id] = MicrosoftDiary(graph, place.address)
    return found


def _google(settings: Settings, client: httpx.AsyncClient, clock: Clock) -> Google | None:
    if not settings.google_calendar_key:
        return None
    account = read_key(Path(settings.google_calendar_key))
    wire = Wire("Google", client, clock, failed=CalendarFailed)
    return Google(wire, account, clock, settings.google_calendar_url)


def _graph(settings: Settings, client: httpx.AsyncClient, clock: Clock) -> Graph:
    secret = settings.microsoft_client_secret.get_secret_value()
    if not (settings.microsoft_tenant_id and secret):
        raise ConfigError(
            "MICROSOFT_CLIENT_ID is set; set MICROSOFT_TENANT_ID and MICROSOFT_CLIENT_SECRET, too"
        )
    app = Application(settings.microsoft_tenant_id, settings.microsoft_client_id, secret)
    wire = Wire("Microsoft", client, clock, failed=CalendarFailed)
    urls = settings.microsoft_graph_url, settings.microsoft_login_url
    return Graph(wire, app, clock, *urls)


def caldav_targets(company: Company, accounts: str) -> dict[str, Target]:
    """The calendars of reps who have an address and an account. Raises: ConfigError."""
    known = _accounts(accounts)
    reps = {rep.id for rep in company.team}
    for name in known.keys() - reps - {EVERYBODY}:
        raise ConfigError(f"VOICE_AGENT_CALDAV_ACCOUNTS names {name}, who is no rep; {HOW}")
    found: dict[str, Target] = {}
    for rep in company.team:
        account, place = known.get(rep.id) or known.get(EVERYBODY), place_of(rep.calendar)
        if account is None or place is None or place.kind != "caldav":
            continue
        url = urlsplit(place.address)
        if url.scheme == "http" and url.hostname not in LOOPBACK:
            raise ConfigError(
                f"the calendar of {rep.id} in company.yaml is {place.address}: write it with https,"
                " or its password would be sent in the clear"
            )
        found[rep.id] = Target(place.address.rstrip("/") + "/", *account)
    return found


def _accounts(text: str) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for part in text.split():
        rep, _, account = part.partition("=")
        user, colon, password = account.partition(":")
        if not (rep and user and colon):
            raise ConfigError(HOW)
        found[rep] = unquote(user), unquote(password)
    return found
