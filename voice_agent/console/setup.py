"""Set-up: the company's progress through its five phases, and the switch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from anyio import to_thread
from starlette.responses import RedirectResponse, Response

from core.pilot import Switch
from core.store import audit
from core.store.asked import asked_elsewhere
from core.store.figures import Figures, Period, figures
from core.store.pilot import switch, switched
from core.store.queues import counts
from knowledge.load import Loaded
from knowledge.profile import Company
from knowledge.unwritten import MARK, unwritten
from voice_agent.allowance import Allowance
from voice_agent.console.access import HOME
from voice_agent.console.doors import Door, Nav, Room, Visit
from voice_agent.console.frame import LANE, Frame
from voice_agent.console.pages import channel, counted
from voice_agent.console.queues import viewer_of
from voice_agent.http import Refused

SETUP, RULES = f"{HOME}/setup", f"{HOME}/criteria"
LATELY = timedelta(days=7)
WORST = ("error", "warning", "off")
"""Levels of test results, the worst first."""


class Told(Protocol):
    """One line of a test's result. `level`: ok, warning, error, or off."""

    @property
    def level(self) -> str: ...

    @property
    def text(self) -> str: ...


class Connections(Protocol):
    """The company's other systems, tested on demand."""

    @property
    def labels(self) -> Mapping[str, str]:
        """Each system's name for people."""

    async def test(self, name: str) -> Sequence[Told]:
        """What works in one of them, and what does not; bounded in time, never raises."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to have in order. `state`: done, look (a person should) or missing."""

    state: str
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """One of the five phases, with its items."""

    name: str
    items: tuple[Item, ...]


class SetUp:
    """The routes of set-up, for managers, who may also use the switch.

    `folder`: the company's.
    """

    def __init__(self, frame: Frame, folder: Path, connections: Connections | None = None) -> None:
        self._frame = frame
        self._folder = folder
        self._connections = connections
        self._pace = Allowance(burst=8, every_s=10.0)

    def room(self) -> Room:
        """The page and its navigation."""
        return Room(
            (
                Door(SETUP, self._show, "manager"),
                Door(f"{SETUP}/switch", self._switch, "manager", ("POST",)),
                Door(f"{SETUP}/test/{{name}}", self._test, "admin", ("POST",)),
            ),
            (Nav("Set-up", SETUP, "manager", "s"),),
        )

    async def _test(self, visit: Visit) -> Response:
        """Test one connection now; the result appears below it."""
        name = visit.path["name"]
        if self._connections is None or name not in self._connections.labels:
            raise Refused(404, "unknown-connection", "There is no such connection.")
        if (wait_s := self._pace.take(visit.account.id, visit.at.timestamp())) > 0:
            raise Refused(429, "too-fast", f"Try again in {round(wait_s) + 1} seconds.")
        found = await self._connections.test(name)
        worst = next((w for w in WORST if any(one.level == w for one in found)), "ok")
        await self._frame.audited(visit.did("connection tested", f"connection:{name}", found=worst))
        return await self._show(visit, tested=name, found=found)

    async def _show(self, visit: Visit, tested: str = "", found: Sequence[Told] = ()) -> Response:
        loaded, viewer = self._frame.company(), viewer_of(self._frame, visit)
        period = Period(visit.at - LATELY, visit.at + timedelta(minutes=1))

        def read(c: sa.Connection) -> tuple[Switch, dict[str, int], Figures]:
            waiting = counts(c, replace(viewer, rep=None))
            waiting["elsewhere"] = len(asked_elsewhere(c, loaded.company))
            return switched(c), waiting, figures(c, period, loaded.company.timezone)

        stands, waiting, week = await self._frame.store.query(read)
        waiting["unwritten"] = len(
            await to_thread.run_sync(unwritten, self._folder, loaded.articles)
        )
        return self._frame.page(
            visit, "setup.html", stands=stands, tested=tested, found=found,
            connections=self._connections.labels if self._connections else {},
            phases=phases(loaded, waiting, week, stands, visit.at),
        )  # fmt: skip

    async def _switch(self, visit: Visit) -> Response:
        """Take the agent off everything at once, or put it back."""
        given = visit.form
        if given.get("on") not in ("yes", "no"):
            raise Refused(422, "bad-switch", "The agent is switched on or off.")
        on, why = given["on"] == "yes", given.get("why", "").strip()[:200]
        line = visit.did("agent on" if on else "agent off")

        def work(c: sa.Connection) -> None:
            switch(c, on=on, by=visit.account.display, why=why, at=visit.at)
            audit.record(c, line)

        await self._frame.store.write(LANE, work)
        return RedirectResponse(SETUP, 303)


def phases(
    loaded: Loaded, waiting: dict[str, int], week: Figures, stands: Switch, at: datetime
) -> Sequence[Phase]:
    """All five phases, each item judged by what is there."""
    company = loaded.company
    return (
        Phase("Foundation", _foundation(company)),
        Phase("Knowledge", _knowledge(loaded, waiting, at)),
        Phase("Integration", _integration(company, waiting)),
        Phase("Pilot", _pilot(company, waiting, week, stands)),
        Phase("Scale", _scale(week)),
    )


def _foundation(company: Company) -> tuple[Item, ...]:
    criteria = sum(len(segment.criteria) for segment in company.segments)
    routed = {rep for rule in company.routing for rep in rule.reps}
    idle = [rep.name for rep in company.team if rep.id not in routed]
    return (
        _counted(criteria, "criterion", "No criteria yet.", RULES, "criteria"),
        _counted(len(company.segments), "segment", "No kinds of buyers yet.", RULES),
        _counted(len(company.disqualifiers), "disqualifier", "Nothing says who is no fit.", RULES),
        _counted(len(company.escalations), "escalation", "Nothing goes to a person at once.",
                 f"{RULES}/routing"),
        _counted(len(company.routing), "routing rule", "No rule says who gets which lead.",
                 f"{RULES}/routing"),
        Item("look", f"No rule names {', '.join(idle)}.") if idle
        else Item("done", "Every rep is named by a rule."),
    )  # fmt: skip


def _knowledge(loaded: Loaded, waiting: dict[str, int], at: datetime) -> tuple[Item, ...]:
    live = [a for a in loaded.articles if a.status == "published"]
    due = [a.id for a in live if a.review_by <= at.date()]
    owed, begun = waiting.get("questions", 0), waiting.get("unwritten", 0)
    return (
        _counted(len(live), "published article", "No article is published.", f"{HOME}/knowledge"),
        *([Item("missing", f"To be written, marked {MARK}: {counted(begun, 'article')}.",
                f"{HOME}/knowledge")] if begun else []),
        Item("look", f"To be reviewed: {', '.join(due[:6])}.") if due
        else Item("done", "No article is past its review."),
        Item("look", f"Without an answer: {counted(owed, 'question')}.", f"{HOME}/queues/questions")
        if owed
        else Item("done", "Every question has its answer."),
        *_elsewhere(waiting.get("elsewhere", 0)),
    )  # fmt: skip


def _elsewhere(n: int) -> tuple[Item, ...]:
    """Questions from tickets, chats and lost deals, once an export has been read."""
    told = f"Without an answer: {counted(n, 'question')} of other systems."
    return (Item("look", told, f"{HOME}/knowledge/gaps"),) if n else ()


def _integration(company: Company, waiting: dict[str, int]) -> tuple[Item, ...]:
    failed = waiting.get("sync", 0)
    team, week = company.team, company.hours.week
    working = [rep for rep in team if (rep.hours.week if rep.hours else week)]
    shared = sum(rep.hours is None for rep in working)
    hours = f"{len(working)} of {counted(len(team), 'rep')} have working hours"
    return (
        _counted(len(company.numbers), "telephone number", "No number is set."),
        _counted(len(company.meeting_types), "meeting type", "Nothing can be booked."),
        Item("done" if len(working) == len(team) else "look",
             f"{hours}, {shared} of them the company's." if shared else f"{hours}."),
        Item("look", f"Records failed of {counted(failed, 'conversation')}.", f"{HOME}/queues/sync")
        if failed else Item("done", "Every record was written."),
    )  # fmt: skip


def _pilot(
    company: Company, waiting: dict[str, int], week: Figures, stands: Switch
) -> tuple[Item, ...]:
    pilot, looks = company.pilot, waiting.get("second-looks", 0)
    share = "no pilot: the agent takes everything" if pilot is None else "a pilot is set"
    rated = f"{counted(week.ratings, 'handoff')} rated this week"
    seen = week.reviewed
    return (
        Item("done" if stands.on else "missing", "The agent is on." if stands.on
             else f"Switched off by {stands.by}: {stands.why or 'no reason given'}."),
        Item("done", share.capitalize() + "."),
        Item("done" if seen.part == seen.whole else "look",
             f"{seen.part} of {seen.whole} flagged conversations of this week are reviewed.",
             f"{HOME}/queues/flagged"),
        Item("done" if week.ratings else "look", f"{rated}.", f"{HOME}/queues/handoffs"),
        Item("look", f"Waiting for a second look: {counted(looks, 'verdict')}.",
             f"{HOME}/queues/second-looks")
        if looks else Item("done", "No verdict waits for a second look."),
    )  # fmt: skip


def _scale(week: Figures) -> tuple[Item, ...]:
    channels = ", ".join(map(channel, week.by_channel))
    return (
        Item("done" if len(week.by_channel) > 1 else "look",
             f"In use this week: {channels or 'no channel'}."),
        Item("done" if week.qualified.part else "look",
             f"{week.qualified.part} qualified this week.", f"{HOME}/numbers"),
    )  # fmt: skip


def _counted(n: int, one: str, none: str, href: str = "", many: str = "") -> Item:
    return Item("done", f"{counted(n, one, many)}.", href) if n else Item("missing", none, href)
