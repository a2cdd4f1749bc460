"""`Calendars`: each rep's calendar where it is, on a server or in the agent's own database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from core.errors import CalendarFailed
from core.scheduling.ports import Calendar, Entry
from core.scheduling.slots import Busy
from knowledge.profile import Company
from voice_agent.adapters.caldav_wire import Target
from voice_agent.adapters.calendar_caldav import CalDavCalendar
from voice_agent.errors import ConfigError

EVERYBODY = "*"
_HERE = {"localhost", "127.0.0.1", "::1"}
HOW = (
    "write VOICE_AGENT_CALDAV_ACCOUNTS as rep=user:password, several parted by blanks, `*` for"
    " every rep, with special characters percent-encoded"
)


@dataclass(frozen=True, slots=True)
class Calendars:
    """Implements `core.scheduling.ports.Calendar`. Time blocked in `own` counts for every rep."""

    own: Calendar
    served: CalDavCalendar

    async def busy(
        self, reps: Sequence[str], start: datetime, end: datetime, *, fresh: bool = False
    ) -> Mapping[str, tuple[Busy, ...]]:
        """What is taken, by rep. Raises: CalendarFailed."""
        kept = [rep for rep in reps if self.served.keeps(rep)]
        own = await self.own.busy(reps, start, end)
        if not kept:
            return own
        if len(kept) < len(reps):
            served = await self._some(kept, start, end, fresh)
        else:
            served = await self.served.busy(kept, start, end, fresh=fresh)
        return {rep: tuple(sorted((*own.get(rep, ()), *served.get(rep, ())))) for rep in reps}

    async def create(self, entry: Entry) -> None:
        """Put an entry in. Raises: CalendarFailed."""
        await self._of(entry).create(entry)

    async def move(self, entry: Entry) -> None:
        """Change an entry's time, or whose it is. Raises: CalendarFailed."""
        await self._of(entry).move(entry)
        if not self.served.keeps(entry.rep):
            await self.served.leave_others(entry)

    async def cancel(self, entry: Entry) -> None:
        """Take an entry out. Raises: CalendarFailed."""
        await self._of(entry).cancel(entry)

    async def _some(
        self, reps: Sequence[str], start: datetime, end: datetime, fresh: bool
    ) -> Mapping[str, tuple[Busy, ...]]:
        """Those on servers, where others are not: if all are away, the others are offered."""
        try:
            return await self.served.busy(reps, start, end, fresh=fresh)
        except CalendarFailed:
            if fresh:
                raise
            return {rep: (Busy(start, end),) for rep in reps}

    def _of(self, entry: Entry) -> Calendar:
        return self.served if self.served.keeps(entry.rep) else self.own


def caldav_targets(company: Company, accounts: str) -> dict[str, Target]:
    """The calendars of reps who have an address and an account. Raises: ConfigError."""
    known = _accounts(accounts)
    reps = {rep.id for rep in company.team}
    for name in known.keys() - reps - {EVERYBODY}:
        raise ConfigError(f"VOICE_AGENT_CALDAV_ACCOUNTS names {name}, who is no rep; {HOW}")
    found: dict[str, Target] = {}
    for rep in company.team:
        account = known.get(rep.id) or known.get(EVERYBODY)
        if account is None or not on_server(rep.calendar):
            continue
        assert rep.calendar is not None
        url = urlsplit(rep.calendar)
        if url.scheme == "http" and url.hostname not in _HERE:
            raise ConfigError(
                f"the calendar of {rep.id} in company.yaml is {rep.calendar}: write it with https,"
                " or its password would be sent in the clear"
            )
        found[rep.id] = Target(rep.calendar.rstrip("/") + "/", *account)
    return found


def on_server(calendar: str | None) -> bool:
    """Whether a rep's `calendar` is the address of a calendar on a server."""
    return bool(calendar) and urlsplit(calendar or "").scheme in ("http", "https")


def _accounts(text: str) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for part in text.split():
        rep, _, account = part.partition("=")
        user, colon, password = account.partition(":")
        if not (rep and user and colon):
            raise ConfigError(HOW)
        found[rep] = unquote(user), unquote(password)
    return found
