"""Builds and wires every object of a server, and lists its routes. Nothing else creates them."""

import logging
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

import anyio
from anyio.abc import TaskGroup
from starlette.applications import Starlette
from starlette.routing import BaseRoute, WebSocketRoute

from core.clock import Clock, utc_now
from core.crm.sync import CrmSync
from core.engine import Engine
from core.ports import StructuredModel
from core.store.store import Store
from voice_agent.api import calls as calls_api
from voice_agent.api import contacts as contacts_api
from voice_agent.api import corrections as corrections_api
from voice_agent.api import crm as crm_api
from voice_agent.api import metrics as metrics_api
from voice_agent.call.lifecycle import Calls
from voice_agent.call.repair import Repair
from voice_agent.call.services import CallServices
from voice_agent.channels.chat.routes import routes as chat_routes
from voice_agent.channels.chat.services import ChatMetrics, ChatServices
from voice_agent.channels.chat.tallying import Tallying
from voice_agent.channels.elsewhere import Elsewhere
from voice_agent.channels.email.mailroom import Mailroom, Post, mail_post
from voice_agent.channels.email.unasked import Unasked
from voice_agent.channels.knowing import Knowing
from voice_agent.channels.phone.doorman import Doorman
from voice_agent.channels.phone.routes import BrowserPhone
from voice_agent.channels.takeover import Takeover
from voice_agent.channels.writing import Writing
from voice_agent.config import Settings
from voice_agent.connections import Connections
from voice_agent.console.oidc.build import provider_of
from voice_agent.console.routes import ConsoleServices, console
from voice_agent.corrections import Corrections
from voice_agent.crm import crm_of
from voice_agent.embedding import Embedding
from voice_agent.engines import call_services
from voice_agent.ground import Ground, ground_of
from voice_agent.observe import CallMetrics
from voice_agent.peers import Peers
from voice_agent.pilot import Pilot
from voice_agent.privacy.build import keeper_of, privacy_of
from voice_agent.privacy.retention import Keeper
from voice_agent.privacy.routes import Privacy
from voice_agent.promises import Promises, built_promises
from voice_agent.refilling import refill_patiently
from voice_agent.server.faults import counted
from voice_agent.server.headroom import Headroom
from voice_agent.server.health import Health
from voice_agent.server.operations import operations
from voice_agent.server.renewal import Renewal
from voice_agent.server.tracing import traces_of
from voice_agent.server.watch import Watch
from voice_agent.suggesting import patient
from voice_agent.systems import Systems, built_systems
from voice_agent.telephones import Switchboard, switchboard
from voice_agent.telephony.socket import MediaSocket
from voice_agent.waveforms import Waveforms
from voice_agent.weekly_mail import WeeklyMail, weekly_mail
from voice_agent.workflows.durable import Workflows
from voice_agent.workflows.erasure import Eraser
from voice_agent.workflows.jobs import Jobs

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A built server: its ASGI application, and what the command line needs of it."""

    app: Starlette
    calls: Calls
    writing: Writing
    api_token: str
    engines: tuple[str, ...]
    """One line per engine: which was chosen and why."""
    store: Store
    renewal: Renewal
    doorman: Doorman | None
    """Guards the browser telephone; None when there is none."""
    peers: Peers


@asynccontextmanager
async def built(
    settings: Settings, clock: Clock = utc_now, address: str = ""
) -> AsyncIterator[Server]:
    """A server ready for its first call: company loaded, models warm, database migrated.

    `address`: where other processes reach its `peers`.

    Raises: ConfigError, CompanyInvalid, EngineUnavailable, StoreFailed.
    """
    async with AsyncExitStack() as stack:
        ground = await ground_of(settings, clock, stack)
        stack.enter_context(counted(ground.registry))
        peers, jobs = Peers(ground.store, ground.secret_key, clock, address), Jobs()
        behind = await _behind(ground, jobs)
        talk = await _talk(ground, behind)
        token = settings.api_token.get_secret_value() or secrets.token_urlsafe(24)
        doorman = _doorman(settings, ground.secret_key)
        doors = await _doors(ground, behind, talk, doorman, jobs)
        routes = _routes(ground, behind, talk, token, doors)
        routes += await _console(ground, behind, talk, peers, doors)
        await _begin(ground, talk, doors, jobs)
        yield Server(
            app=Starlette(routes=routes), calls=talk.calls, writing=talk.writing, api_token=token,
            engines=talk.engines, store=ground.store, renewal=talk.renewal, doorman=doorman,
            peers=peers,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Behind:
    """Everything behind the conversations."""

    pilot: Pilot
    post: Post | None
    systems: Systems
    crm: CrmSync
    workflows: Workflows

    @property
    def mail(self) -> Unasked | None:
        """Sends mails that answer none of ours; None when no mail server is set."""
        return self.post.unasked if self.post and self.post.settings.smtp else None


async def _behind(ground: Ground, jobs: Jobs) -> _Behind:
    """The company's other systems, connected, with durable work running."""
    settings, present, store = ground.settings, ground.present, ground.store
    clock, stack = ground.clock, ground.stack
    pilot = await Pilot.opened(store, present.company(), clock)
    post = mail_post(settings, ground.secret_key, store, present.company, clock, pilot.writes_to)
    systems = await stack.enter_async_context(built_systems(ground, post, jobs))
    crm = await stack.enter_async_context(
        crm_of(settings, present.company(), store, clock, ground.registry)
    )
    workflows = Workflows(
        store,
        crm,
        jobs,
        calendar=systems.calendar,
        company=present.company,
        notify=systems.finished,
        repair=Repair(ground.archive, present.keeps_stopped),
        draw=Waveforms(store, ground.archive, clock).draw,
        traced=await stack.enter_async_context(
            traces_of(settings, store.log.read, ground.registry)
        ),
        clock=clock,
    )
    stack.push_async_callback(workflows.aclose)
    await workflows.start()
    await systems.begin()
    return _Behind(pilot, post, systems, crm, workflows)


@dataclass(frozen=True, slots=True)
class _Talk:
    """The conversations, and what watches over them."""

    calls: Calls
    writing: Writing
    services: CallServices
    engines: tuple[str, ...]
    health: Health
    eraser: Eraser
    renewal: Renewal
    tasks: TaskGroup


async def _talk(ground: Ground, behind: _Behind) -> _Talk:
    """Engines loaded and warm, leftovers taken up, everything watched."""
    settings, present, store, clock = ground.settings, ground.present, ground.store, ground.clock
    workflows, systems, pilot = behind.workflows, behind.systems, behind.pilot
    headroom = Headroom(settings.lag_limit_ms / 1000, settings.busy_limit_pct / 100)
    metrics, health = CallMetrics(ground.registry), Health(store, headroom=headroom)
    embedding = Embedding.of(settings, present.company().id, metrics.embedded)
    services, engines = await call_services(
        ground, workflows=workflows, metrics=metrics, health=health, embedding=embedding,
        desk=systems.desk, people=systems.people, crm=behind.crm,
    )  # fmt: skip
    for conversation_id in await workflows.sweep():
        log.warning("finishing a conversation that a server left: %s", conversation_id)
    tasks = await ground.stack.enter_async_context(anyio.create_task_group())
    ground.stack.callback(tasks.cancel_scope.cancel)
    calls = Calls(services)
    knowing = Knowing(systems.people, store, services.crm, clock)
    writing = Writing(
        services.engine,
        store,
        services.desk,
        workflows,
        clock,
        people=knowing,
        attends=pilot.attends,
        wrote=metrics.wrote,
    )
    await ground.stack.enter_async_context(writing.running())

    def use(engine: Engine) -> None:
        for part in (present, calls, writing, pilot):
            part.use(engine)

    eraser = Eraser(store, ground.archive, clock)
    renewal = Renewal(settings.company, services.engine, use, clock, embedding)
    watch = Watch(
        store, clock, ground.registry, settings.max_calls, headroom,
        lambda: (calls.active, calls.late),
    )  # fmt: skip
    for run in (
        workflows.watch,
        watch.run,
        health.watch,
        pilot.watch,
        eraser.watch,
        renewal.watch,
        renewal.watch_meaning,
        partial(refill_patiently, store, clock),
        Elsewhere(store.floors, writing).watch,
    ):
        tasks.start_soon(run)
    return _Talk(calls, writing, services, engines, health, eraser, renewal, tasks)


@dataclass(frozen=True, slots=True)
class _Doors:
    """What answers requests, and the durable work that goes with it."""

    promises: Promises
    board: Switchboard
    chat: ChatServices
    phone: BrowserPhone | None
    corrections: Corrections
    weekly: WeeklyMail | None
    mailroom: Mailroom | None
    privacy: Privacy
    keeper: Keeper


async def _doors(
    ground: Ground, behind: _Behind, talk: _Talk, doorman: Doorman | None, jobs: Jobs
) -> _Doors:
    """Everything that is not built yet; every kind of job is registered afterwards."""
    settings, present, store, clock = ground.settings, ground.present, ground.store, ground.clock
    promises = built_promises(ground, behind.systems.telling, jobs, talk.services.control)
    board = await ground.stack.enter_async_context(
        switchboard(ground, talk.calls, talk.services, behind.workflows, behind.pilot.elsewhere)
    )
    chat = ChatServices(
        talk.writing,
        ground.secret_key,
        clock,
        settings.public_url,
        ChatMetrics(ground.registry),
        mail=behind.mail,
        tally=Tallying(store, clock),
    )
    phone = mailroom = None
    if doorman:
        phone = BrowserPhone(
            doorman=doorman, admit=talk.calls.admit, stream_token=board.stream_token, store=store,
            archive=ground.archive, company=present.company,
        )  # fmt: skip
    if behind.post:
        mailroom = behind.post.mailroom(talk.writing, jobs)
    corrections = Corrections(
        store, lambda: present.loaded, settings.company, behind.workflows.crm_later.now
    )
    return _Doors(
        promises=promises, board=board, chat=chat, phone=phone, corrections=corrections,
        weekly=weekly_mail(ground, behind.post, jobs), mailroom=mailroom,
        privacy=privacy_of(ground), keeper=keeper_of(ground, talk.eraser, jobs),
    )  # fmt: skip


async def _begin(ground: Ground, talk: _Talk, doors: _Doors, jobs: Jobs) -> None:
    """Take up durable work."""
    await doors.keeper.begin()
    if doors.weekly:
        await doors.weekly.plan()
    talk.tasks.start_soon(doors.promises.timers.watch)
    await jobs.begin()
    if doors.mailroom:
        await ground.stack.enter_async_context(doors.mailroom.running())


def _routes(
    ground: Ground, behind: _Behind, talk: _Talk, token: str, doors: _Doors
) -> list[BaseRoute]:
    """All routes except the console's."""
    settings, present, store, clock = ground.settings, ground.present, ground.store, ground.clock
    calls, archive, board = talk.calls, ground.archive, doors.board
    media = MediaSocket(ground.secret_key, clock, talk.services.metrics, calls.claim, calls.serve)
    return [
        *board.routes,
        *chat_routes(doors.chat),
        WebSocketRoute("/twilio/media", media.endpoint),
        *(doors.weekly.routes() if doors.weekly else ()),
        *(doors.mailroom.routes(token) if doors.mailroom else ()),
        *operations(calls, talk.health, ground.registry, settings.shared_metrics),
        *behind.systems.routes(token),
        *behind.pilot.routes(token),
        *doors.promises.routes(behind.systems.handoffs, token, board.webhooks, calls),
        *metrics_api.routes(store, token, clock, present.company),
        *crm_api.routes(behind.crm, behind.workflows.crm_later, token),
        *doors.privacy.routes(token),
        *corrections_api.routes(doors.corrections, token, clock),
        *contacts_api.routes(store, token, talk.eraser, clock, present.company),
        *calls_api.routes(store, token, archive, present.company),
        *(doors.phone.routes() if doors.phone else ()),
    ]


async def _console(
    ground: Ground, behind: _Behind, talk: _Talk, peers: Peers, doors: _Doors
) -> Sequence[BaseRoute]:
    """The reps' console."""
    settings, present, store, clock = ground.settings, ground.present, ground.store, ground.clock
    provider = await ground.stack.enter_async_context(provider_of(settings, clock))
    return console(
        ConsoleServices(
            store=store,
            company=lambda: present.loaded,
            clock=clock,
            secret=ground.secret_key,
            public_url=settings.public_url,
            folder=settings.company,
            archive=ground.archive,
            engine=lambda: talk.calls.engine,
            answers=behind.mail,
            desk=doors.mailroom.drafts if doors.mailroom else None,
            notify=behind.systems.telling,
            crm_retry=behind.workflows.crm_later.now,
            calls=talk.calls,
            erase=talk.eraser.erase,
            export=doors.privacy.exporter.export,
            certify=doors.privacy.certify,
            floor=Takeover(store, talk.writing, clock),
            provider=provider,
            connections=Connections(settings, store, present.company, clock),
            peers=peers,
            suggests=await _suggests(ground) if talk.calls.engine.words else None,
            handoffs=behind.systems.handoffs,
        )
    )


async def _suggests(ground: Ground) -> StructuredModel:
    """The language model, given time to suggest wordings."""
    model = patient(ground.settings)
    ground.stack.push_async_callback(model.aclose)
    return model


def _doorman(settings: Settings, secret_key: bytes) -> Doorman | None:
    """The guard of the browser telephone; None when there is none."""
    public = bool(settings.public_url)
    if settings.phone == "off" or (settings.phone == "auto" and public):
        return None
    return Doorman(secret_key, public)
