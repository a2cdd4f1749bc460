"""`WeeklyMail`: mails last week's numbers on Monday morning to the accounts that want them.

Each Monday is a durable job that enqueues one letter per account and the next Monday, so a server
that dies in between costs nobody their mail; at worst the letter just handed over is sent twice.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from html import escape
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from core.clock import Clock
from core.errors import StoreFailed
from core.presence import local_day
from core.store import accounts, audit, weekly
from core.store.audit import Audited
from core.store.console_tables import ConsoleAccountRow
from core.store.figures import Period
from core.store.store import Store
from knowledge.profile import Company
from voice_agent.channels.email import thread
from voice_agent.channels.email.build import From, Letter, built
from voice_agent.channels.email.mailroom import Post
from voice_agent.channels.email.smtp import NotSent, Sender, Smtp
from voice_agent.console.number_tiles import Counted, tiles
from voice_agent.console.numbers import counted_in
from voice_agent.console.weekly import address_of
from voice_agent.ground import Ground
from voice_agent.patience import Patience
from voice_agent.signatures import WEEKLY_STOP, same
from voice_agent.weekly_letter import Week, html, subject, text
from voice_agent.workflows.ports import DurableJobs

log = logging.getLogger(__name__)
WEEK, LETTER = "weekly-numbers", "weekly-letter"
AT = time(8)
"""In the company's time zone."""
LATE = timedelta(days=3)
"""A Monday that no server was up for is skipped after this."""
A_MORNING = Patience((300.0, 1800.0, 7200.0, 21600.0))
STOP = "/weekly/stop"
PAGE = '<!doctype html><html lang="en"><title>Weekly numbers</title><body>{}</body></html>'


def weekly_mail(ground: Ground, post: Post | None, jobs: DurableJobs) -> "WeeklyMail | None":
    """The mails, where mail can be sent."""
    if post is None or post.settings.smtp is None:
        return None
    return WeeklyMail(
        store=ground.store, company=ground.present.company, sender=Smtp(post.settings.smtp),
        from_=post.outbox.sender, jobs=jobs, secret=ground.secret_key,
        public_url=ground.settings.public_url, clock=ground.clock,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyMail:
    """Schedules and sends the mails, and serves their unsubscribe link."""

    store: Store
    company: Callable[[], Company]
    sender: Sender
    from_: From
    jobs: DurableJobs
    secret: bytes
    public_url: str
    clock: Clock = field(repr=False)

    def __post_init__(self) -> None:
        self.jobs.serve(WEEK, self.week)
        self.jobs.serve(LETTER, self.letter)

    async def week(self, monday: str, _tries: int) -> float | None:
        """Enqueue a letter for each account that wants one, and the next Monday. Job."""
        if self.clock() - self._instant(date.fromisoformat(monday)) < LATE:
            for account in await self.store.query(lambda c: weekly.due(c, monday)):
                await self.jobs.ask(LETTER, f"{monday}/{account.id}")
        await self.plan()
        return None

    async def letter(self, key: str, tries: int) -> float | None:
        """Send one letter, if it is still wanted and was not sent. Job."""
        monday, _, account_id = key.partition("/")
        due = await self.store.query(lambda c: weekly.due(c, monday))
        account = next((one for one in due if one.id == account_id), None)
        to = address_of(account, self.company()) if account else ""
        if account is None or not to:
            return None
        made = await self._letter(account, to, date.fromisoformat(monday))
        try:
            await self.sender.send(built(made, self.from_), self.from_.address, to)
        except NotSent as error:
            log.warning("the weekly numbers were not sent: %s", error)
            return None if error.final else A_MORNING.after(tries)
        await self.store.write("weekly", lambda c: weekly.sent(c, account_id, monday))
        return None

    async def _letter(self, account: ConsoleAccountRow, to: str, monday: date) -> Letter:
        week = await self._week(account, monday)
        return Letter(
            id=thread.mail_id("weekly", f"{monday}/{account.id}", self.from_.address),
            to=to, to_name=account.display, subject=subject(week), text=text(week),
            html=html(week), at=self._instant(monday), unsubscribe=week.stop,
            automatic="auto-generated",
        )  # fmt: skip

    async def _week(self, account: ConsoleAccountRow, monday: date) -> Week:
        company, now = self.company(), self.clock()
        zone = ZoneInfo(company.timezone)
        ends = [datetime.combine(monday - timedelta(weeks=n), time(), zone) for n in range(3)]
        periods = [Period(ends[1], ends[0]), Period(ends[2], ends[1])]

        def read(c: sa.Connection) -> tuple[Counted, Counted]:
            this, last = (counted_in(c, p, company, company.costs, now) for p in periods)
            return this, last

        this, last = await self.store.query(read)
        return Week(
            company.name, monday, tiles(this), tiles(last), this.outcomes.entries,
            self._link(monday), self._stop(account.id),
        )  # fmt: skip

    async def plan(self) -> None:
        """Schedule the next Monday. Raises: StoreFailed."""
        now = self.clock()
        today = local_day(self.company(), now)
        monday = today - timedelta(days=today.weekday())
        if self._instant(monday) <= now:
            monday += timedelta(days=7)
        wait_s = (self._instant(monday) - now).total_seconds()
        await self.jobs.ask(WEEK, monday.isoformat(), after_s=max(0.0, wait_s))

    def _instant(self, monday: date) -> datetime:
        return datetime.combine(monday, AT, ZoneInfo(self.company().timezone))

    # --- stopping ----------------------------------------------------------------------------

    def routes(self) -> Sequence[BaseRoute]:
        """The link in each letter, which needs no sign-in."""
        return [Route(STOP, self._stopped, methods=["GET", "POST"])]

    async def _stopped(self, request: Request) -> Response:
        """GET asks first, as link checkers follow every link; POST stops the mails (RFC 8058)."""
        token = request.query_params.get("t", "")
        account_id, _, mac = token.partition(".")
        if not same(mac, WEEKLY_STOP.hex(self.secret, account_id)):
            return HTMLResponse(PAGE.format("<p>This link is not valid.</p>"), 404)
        if request.method in ("GET", "HEAD"):
            form = f"<form method=post action='{STOP}?t={escape(token)}'>"
            ask = f"<h1>Stop the weekly numbers?</h1>{form}<button>Stop them</button></form>"
            return HTMLResponse(PAGE.format(ask))
        at = self.clock()

        def work(c: sa.Connection) -> None:
            account = accounts.by_id(c, account_id)
            if weekly.stop(c, account_id) and account is not None:
                target = f"account:{account_id}"
                audit.record(c, Audited(at, account.name, "weekly mail off", target))

        try:
            await self.store.write("weekly", work)
        except StoreFailed:
            return PlainTextResponse("cannot do that now, please try again\n", 503)
        return HTMLResponse(PAGE.format("<h1>Done</h1><p>No more weekly numbers.</p>"))

    def _link(self, monday: date) -> str:
        first, last = monday - timedelta(days=7), monday - timedelta(days=1)
        query = f"since={first}&until={last}"
        return f"{self.public_url}/console/numbers?{query}" if self.public_url else ""

    def _stop(self, account_id: str) -> str:
        token = f"{account_id}.{WEEKLY_STOP.hex(self.secret, account_id)}"
        return f"{self.public_url}{STOP}?t={token}" if self.public_url else ""
