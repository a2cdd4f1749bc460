"""`Systems`: the company's other systems, built from settings and company folder for `app`."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import httpx
from anyio.abc import TaskGroup
from prometheus_client import Counter
from starlette.routing import BaseRoute

from core.clock import Clock
from core.enrichment.enrich import Enricher
from core.ports import Recogniser
from core.scheduling.ports import Calendar
from core.store.claims import Claims
from core.store.desk import StoredDesk
from core.store.notices import Notices
from core.store.nurturing import Nurturing
from core.store.outgoing import Outgoing
from knowledge.profile import Company
from voice_agent.adapters.calendar_embedded import EmbeddedCalendar
from voice_agent.adapters.calendar_served import ServedCalendar
from voice_agent.adapters.calendars import Calendars, diaries
from voice_agent.adapters.enrich_csv import read_accounts
from voice_agent.adapters.enrich_http import HttpEnricher
from voice_agent.adapters.notify_slack import Slack, SlackWay
from voice_agent.adapters.nurture_http import HttpNurture
from voice_agent.adapters.slack_card import press_of
from voice_agent.calendar_watch import CalendarWatch, entered, ours
from voice_agent.channels.email.mailroom import Post
from voice_agent.channels.email.noticing import MailWay
from voice_agent.channels.email.smtp import Smtp
from voice_agent.coming_back import ComingBack
from voice_agent.enriching import Enriching
from voice_agent.errors import ConfigError
from voice_agent.ground import Ground
from voice_agent.handoffs import Handoffs
from voice_agent.notices import routes as inbox
from voice_agent.notices.ports import Way
from voice_agent.notices.slack_door import SlackDoor
from voice_agent.notices.telling import Telling
from voice_agent.nurture import routes as nurture
from voice_agent.nurture.enrolment import Enrolment
from voice_agent.rounds import regularly
from voice_agent.taking_back import TakingBack
from voice_agent.webhooks import routes as deliveries
from voice_agent.webhooks.sending import Endpoint, Sending
from voice_agent.webhooks.signing import secret_of
from voice_agent.workflows.ports import DurableJobs

SWEEP_S = 60.0
TIMEOUT_S = httpx.Timeout(20.0, connect=3.0)
LIMITS = httpx.Limits(max_connections=50, keepalive_expiry=60.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Systems:
    """The systems that are set up."""

    notices: Notices
    handoffs: Handoffs
    telling: Telling
    """Tells people; implements `core.ports.Notify`."""
    post: Post | None
    calendar: Calendar
    desk: StoredDesk
    watch: CalendarWatch
    outgoing: Outgoing
    sending: Sending | None
    presses: SlackDoor | None
    taking_back: TakingBack
    """Removes what is left of forgotten persons from other systems."""
    nurturing: Nurturing
    enrolment: Enrolment
    returning: ComingBack
    people: Recogniser
    """Recognises people who were here before, and knows what others know of their company."""
    clock: Clock
    tasks: TaskGroup

    async def finished(self, document: dict[str, Any]) -> None:
        """Tell everyone concerned about a conversation by its document, the lead's rep first.

        Each is told even if another fails. Raises: the first failure, after all were tried.
        """
        unasked = (self.post.unasked.tell,) if self.post is not None else ()
        back = partial(self.returning.finished, document["id"])
        ways = (self.telling.lead, *unasked, self.enrolment.finished)
        failures: list[Exception] = []
        for tell in (*(partial(way, document) for way in ways), back):
            try:
                await tell()
            except Exception as error:
                failures.append(error)
        if failures:
            raise failures[0]

    async def begin(self) -> None:
        """Enqueue what a crash left behind, and watch for more. Raises: StoreFailed."""
        await self._take_up()
        self.tasks.start_soon(self._sweep)
        self.tasks.start_soon(self.taking_back.watch)
        self.tasks.start_soon(self.returning.watch)
        if self.sending is not None:
            await self.sending.begin()
            self.tasks.start_soon(self.sending.watch)

    async def _take_up(self) -> None:
        """Enqueue work that was never enqueued. Raises: StoreFailed."""
        await self.telling.begin()
        await self.enrolment.begin()
        await self.watch.begin()

    async def _sweep(self) -> None:
        """Regularly take up what dead servers left behind."""
        await regularly("taking up what was left", self._take_up, SWEEP_S, first_s=SWEEP_S)

    def routes(self, token: str) -> Sequence[BaseRoute]:
        """Their routes; to be placed before the API's own."""
        return [
            *inbox.routes(self.notices, self.handoffs, self.telling, token, self.clock),
            *([self.presses.route()] if self.presses else ()),
            *nurture.routes(self.nurturing, self.enrolment, token),
            *(deliveries.routes(self.outgoing, self.sending, token) if self.sending else ()),
        ]


@asynccontextmanager
async def built_systems(
    ground: Ground, post: Post | None, jobs: DurableJobs
) -> AsyncIterator[Systems]:
    """The configured systems, which do their durable work as jobs. Raises: ConfigError."""
    async with httpx.AsyncClient(timeout=TIMEOUT_S, limits=LIMITS) as client:
        async with anyio.create_task_group() as tasks:
            yield _built(ground, post, jobs, client, tasks)
            tasks.cancel_scope.cancel()


def _built(
    ground: Ground, post: Post | None, jobs: DurableJobs, client: httpx.AsyncClient,
    tasks: TaskGroup,
) -> Systems:  # fmt: skip
    settings, present, store, clock = ground.settings, ground.present, ground.store, ground.clock
    company, notices = present.company(), Notices(store)
    ways = _ways(ground, post, client)
    telling = Telling(notices, ways, jobs, present.company, clock, settings.public_url)
    handoffs = Handoffs(store, telling.changed)
    own: Calendar = EmbeddedCalendar(store)
    served = None
    failures = Counter(
        "voice_agent_calendar_failures", "Times a rep's calendar could not be read", ["rep"],
        registry=ground.registry,
    )  # fmt: skip
    if kept := diaries(settings, company, client, clock):
        served = ServedCalendar(
            kept, present.company, partial(ours, store), clock,
            failed=lambda rep: failures.labels(rep).inc(), written=partial(entered, store),
        )  # fmt: skip
        own = Calendars(own, served)
    watch = CalendarWatch(store, served, telling, present.company, clock, jobs)
    desk = StoredDesk(store, own, present.company)
    nurturing = Nurturing(store)
    other = None
    if settings.nurture_url:
        token = settings.nurture_token.get_secret_value()
        other = HttpNurture(client, settings.nurture_url, token)
    enrolment = Enrolment(nurturing, other, telling, jobs, present.company, present.pages, clock)
    addresses = endpoints_of(company, settings.webhook_secrets.get_secret_value())
    outgoing = Outgoing(store, {hook.id: hook.events for hook in company.systems.webhooks})
    sending = None
    if addresses:
        sending = Sending(outgoing, addresses, client, jobs, clock, settings.public_url)
        store.tell(sending.committed)
    slack = next((w for w in ways if isinstance(w, SlackWay)), None)
    return Systems(
        notices=notices,
        handoffs=handoffs,
        telling=telling,
        post=post,
        calendar=own,
        desk=desk,
        watch=watch,
        outgoing=outgoing,
        sending=sending,
        presses=_presses(ground, handoffs),
        taking_back=TakingBack(store, slack, served, clock),
        nurturing=nurturing,
        enrolment=enrolment,
        returning=ComingBack(store, telling, present.company, clock, settings.public_url),
        people=_people(ground, client),
        clock=clock,
        tasks=tasks,
    )


def endpoints_of(company: Company, secrets: str) -> list[Endpoint]:
    """The webhook endpoints, each with its key. Raises: ConfigError."""
    given = dict(part.partition("=")[::2] for part in secrets.split())
    ids = [hook.id for hook in company.systems.webhooks]
    for name in sorted(given.keys() - set(ids)):
        raise ConfigError(f"VOICE_AGENT_WEBHOOK_SECRETS names {name}, no webhook in company.yaml")
    return [
        Endpoint(hook.id, hook.url, secret_of(given.get(hook.id, ""), hook.id))
        for hook in company.systems.webhooks
    ]


def _people(ground: Ground, client: httpx.AsyncClient) -> Recogniser:
    """What recognises people. Raises: ConfigError."""
    settings, store = ground.settings, ground.store
    sources: list[Enricher] = []
    if settings.enrich_csv:
        sources.append(read_accounts(Path(settings.enrich_csv)))
    asked = frozenset[str]()
    if settings.enrich_url:
        token = settings.enrich_token.get_secret_value()
        service = HttpEnricher(client, settings.enrich_url, token)
        sources, asked = [*sources, service], frozenset({service.name})
    if not sources:
        return store.people
    return Enriching(store.people, store, sources, asked, ground.present.company, ground.clock)


def _ways(ground: Ground, post: Post | None, client: httpx.AsyncClient) -> list[Way]:
    ways: list[Way] = []
    present = ground.present
    if post is not None and post.settings.smtp is not None:
        ways.append(MailWay(Smtp(post.settings.smtp), lambda: post.outbox.sender, present.company))
    token = ground.settings.slack_bot_token.get_secret_value()
    if token:  # without a channel it reaches nobody, and still takes back what was posted
        ways.append(SlackWay(Slack(client, token), present.company, Claims(ground.store)))
    return ways


def _presses(ground: Ground, handoffs: Handoffs) -> SlackDoor | None:
    """The endpoint for buttons in Slack; None when nothing could verify them."""
    secret = ground.settings.slack_signing_secret.get_secret_value().encode()
    if not secret:
        return None

    def members() -> Mapping[str, str]:
        return ground.present.company().systems.notices.slack_users

    return SlackDoor(secret, press_of, members, handoffs, ground.clock)
