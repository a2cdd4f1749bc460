"""Builds everything, wires it, and says what is served where. Nothing else makes these objects."""

import logging
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

import anyio
import anyio.to_thread
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.routing import BaseRoute, WebSocketRoute

from core.clock import Clock, utc_now
from core.crm.sync import CrmSync
from core.engine import Engine
from core.ports import Recogniser
from core.scheduling.ports import Desk
from core.store.unit_of_work import Store
from knowledge.answer import KnowledgeBase
from knowledge.load import Loaded, load
from voice_agent.adapters.language import choose_model
from voice_agent.api import calls as calls_api
from voice_agent.api import contacts as contacts_api
from voice_agent.api import crm as crm_api
from voice_agent.api import metrics as metrics_api
from voice_agent.audio.archive import Archive
from voice_agent.call.lifecycle import Calls
from voice_agent.call.lines import prepared_voice
from voice_agent.call.repair import Repair
from voice_agent.call.services import CallServices
from voice_agent.call.spill import spilling
from voice_agent.channels.chat.routes import routes as chat_routes
from voice_agent.channels.chat.services import ChatMetrics, ChatServices
from voice_agent.channels.elsewhere import Elsewhere
from voice_agent.channels.email.mailroom import Post, mail_post
from voice_agent.channels.knowing import Knowing
from voice_agent.channels.phone.doorman import Doorman
from voice_agent.channels.phone.routes import BrowserPhone
from voice_agent.channels.takeover import Takeover
from voice_agent.channels.writing import Writing
from voice_agent.config import Settings
from voice_agent.connections import Connections
from voice_agent.console.oidc.build import provider_of
from voice_agent.console.routes import ConsoleServices, console
from voice_agent.crm import crm_of
from voice_agent.database import make_folder, opened
from voice_agent.embedding import START_S, Embedding, Known
from voice_agent.headroom import Headroom
from voice_agent.health import Health
from voice_agent.observe import CallMetrics
from voice_agent.operations import operations
from voice_agent.peers import Peers
from voice_agent.pilot import Pilot
from voice_agent.present import Present
from voice_agent.privacy.build import begun
from voice_agent.privacy.export import Exporter
from voice_agent.promises import built_promises
from voice_agent.recordings import archive_of
from voice_agent.refilling import refill_patiently
from voice_agent.renewal import Renewal
from voice_agent.signing_key import signing_key
from voice_agent.speech.choose import choose_synthesizer, choose_transcriber
from voice_agent.speech.silero import SileroModel
from voice_agent.speech.sphinx.caller_language import phrases_of
from voice_agent.speech.tts_espeak import EspeakSynthesizer
from voice_agent.speech.watched import WatchedTranscriber
from voice_agent.systems import built_systems
from voice_agent.telephones import can_ring, control_of, switchboard
from voice_agent.telephony.socket import MediaSocket
from voice_agent.tracing import traces_of
from voice_agent.watch import Watch
from voice_agent.waveforms import Waveforms
from voice_agent.weekly_mail import weekly_mail
from voice_agent.workflows.durable import Workflows
from voice_agent.workflows.erasure import Eraser

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Server:
    """A built server: its ASGI application and what the command line needs of it."""

    app: Starlette
    calls: Calls
    writing: Writing
    api_token: str
    engines: tuple[str, ...]
    """One line per engine: which was taken and why."""
    store: Store
    renewal: Renewal
    doorman: Doorman | None
    """Guards the browser telephone; None where there is none."""
    peers: Peers


@asynccontextmanager
async def built(
    settings: Settings, clock: Clock = utc_now, address: str = ""
) -> AsyncIterator[Server]:
    """A server ready for its first call: company loaded, models warm, database migrated.

    `address`: where other processes reach its `peers`.

    Raises: ConfigError, CompanyInvalid, EngineUnavailable, StoreFailed.
    """
    present = Present(load(settings.company))
    archive = archive_of(settings)
    make_folder(settings.var, "VAR")
    make_folder(archive.folder, "RECORDINGS")
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(opened(settings.store_url))
        metrics_registry = CollectorRegistry()
        secret_key = signing_key(settings.secret_key.get_secret_value(), settings.var)
        peers = Peers(store, secret_key, clock, address)
        pilot = await Pilot.opened(store, present.company(), clock)
        post = mail_post(settings, secret_key, store, present.company, clock, pilot.writes_to)
        systems = await stack.enter_async_context(
            built_systems(settings, present, store, post, clock)
        )
        crm = await stack.enter_async_context(
            crm_of(settings, present.company(), store, clock, metrics_registry)
        )
        workflows = Workflows(
            store,
            crm,
            calendar=systems.calendar,
            company=present.company,
            notify=systems.finished,
            repair=Repair(archive, present.keeps_stopped),
            draw=Waveforms(store, archive, clock).draw,
            traced=await stack.enter_async_context(
                traces_of(settings, store.log.read, metrics_registry)
            ),
            clock=clock,
        )
        await systems.start(workflows)
        stack.push_async_callback(workflows.aclose)
        metrics, health = (
            CallMetrics(metrics_registry),
            Health(
                store,
                headroom=Headroom(settings.lag_limit_ms / 1000, settings.busy_limit_pct / 100),
            ),
        )
        embedding = Embedding.of(settings, present.company().id, metrics.embedded)
        services, engines = await _services(
            settings, present.loaded, store, workflows, clock, stack, metrics, archive, embedding,
            systems.desk, systems.people, crm, health,
        )  # fmt: skip
        for conversation_id in await workflows.sweep():
            log.warning("finishing a conversation that a server left: %s", conversation_id)
        watch = await stack.enter_async_context(anyio.create_task_group())
        watch.start_soon(workflows.watch)
        stack.callback(watch.cancel_scope.cancel)
        calls = Calls(services)
        knowing = Knowing(systems.people, store, services.crm, clock)
        watch.start_soon(Watch(
            store, clock, metrics_registry, settings.max_calls, health.headroom,
            lambda: (calls.active, calls.late),
        ).run)  # fmt: skip
        writing = Writing(
            services.engine, store, services.desk, workflows, clock, knowing, pilot.attends
        )
        await stack.enter_async_context(writing.running())

        def use(engine: Engine) -> None:
            for part in (present, calls, writing, pilot):
                part.use(engine)

        eraser = Eraser(store, archive, clock)
        renewal = Renewal(settings.company, services.engine, use, clock, embedding)
        refilling = partial(refill_patiently, store, clock)
        for run in (
            health.watch,
            pilot.watch,
            eraser.watch,
            renewal.watch,
            renewal.watch_meaning,
            refilling,
            Elsewhere(store.floors, writing).watch,
        ):
            watch.start_soon(run)
        api_token = settings.api_token.get_secret_value() or secrets.token_urlsafe(24)
        privacy = await begun(
            store, archive, eraser, present.company, clock, jobs=workflows.jobs,
            registry=metrics_registry, secret=secret_key, var=settings.var, token=api_token,
        )  # fmt: skip
        promises = built_promises(
            present.company, store, systems.telling, workflows.jobs, services.control, clock,
            settings.public_url, rings=can_ring(settings),
        )  # fmt: skip
        watch.start_soon(promises.keeping.watch)
        board = await stack.enter_async_context(
            switchboard(
                settings,
                store,
                archive,
                calls,
                services,
                workflows,
                secret_key,
                clock,
                pilot.elsewhere,
            )
        )
        mail = post.unasked if post and post.settings.smtp else None
        chat = ChatServices(
            writing, secret_key, clock, settings.public_url, ChatMetrics(metrics_registry),
            mail=mail,
        )  # fmt: skip
        doorman = _doorman(settings, secret_key)
        routes: list[BaseRoute] = [
            *board.routes,
            *chat_routes(chat),
            _media(MediaSocket(secret_key, clock, services.metrics, calls.claim, calls.serve)),
            *await weekly_mail(
                post,
                store,
                present.company,
                workflows.jobs,
                secret_key,
                settings.public_url,
                clock,
            ),
            *await _mail_routes(post, writing, workflows, stack, api_token),
            *operations(calls, health, metrics_registry, settings.shared_metrics),
            *systems.routes(api_token),
            *pilot.routes(api_token),
            *promises.routes(api_token, board.webhooks, calls),
            *metrics_api.routes(
                store, api_token, clock, lambda: writing.loaded.company.costs.currency
            ),
            *crm_api.routes(crm, workflows.crm_later, api_token),
            *privacy,
            *contacts_api.routes(store, api_token, eraser, clock, present.company),
            *calls_api.routes(store, api_token, archive, present.company),
        ]
        routes += console(ConsoleServices(
            store, lambda: present.loaded, clock, secret_key, settings.public_url,
            settings.company, archive, lambda: calls.engine, mail, systems.telling,
            workflows.crm_later.now,
            calls,
            eraser.erase,
            Exporter(store, archive, present.company, clock, settings.var).export,
            Takeover(store, writing, clock),
            await stack.enter_async_context(provider_of(settings, clock)),
            Connections(settings, store, present.company, clock),
            peers,
        ))  # fmt: skip
        if doorman is not None:
            phone = BrowserPhone(
                doorman, calls.admit, board.stream_token, store, archive, present.company
            )
            routes += phone.routes()
        yield Server(
            Starlette(routes=routes), calls, writing, api_token, engines, store, renewal, doorman,
            peers,
        )  # fmt: skip


def _media(socket: MediaSocket) -> WebSocketRoute:
    """Where Twilio's media streams come in."""
    return WebSocketRoute("/twilio/media", socket.endpoint)


def _doorman(settings: Settings, secret_key: bytes) -> Doorman | None:
    """Who guards the browser telephone; None where there is none."""
    public = bool(settings.public_url)
    if settings.phone == "off" or (settings.phone == "auto" and public):
        return None
    return Doorman(secret_key, public)


async def _mail_routes(
    post: Post | None, writing: Writing, workflows: Workflows, stack: AsyncExitStack, token: str
) -> Sequence[BaseRoute]:
    """The mail channel's routes, once it runs; none where no address is set."""
    room = post.mailroom(writing, workflows.jobs) if post else None
    workflows.crm_later.serve()
    await workflows.jobs.begin()
    if room is None:
        return ()
    await stack.enter_async_context(room.running())
    return room.routes(token)


async def _services(
    settings: Settings,
    loaded: Loaded,
    store: Store,
    workflows: Workflows,
    clock: Clock,
    stack: AsyncExitStack,
    metrics: CallMetrics,
    archive: Archive,
    embedding: Embedding | None,
    desk: Desk,
    people: Recogniser,
    crm: CrmSync,
    health: Health,
) -> tuple[CallServices, tuple[str, ...]]:
    phrases = phrases_of(loaded.articles)
    hearing = await choose_transcriber(settings, loaded.company, phrases)
    watched = health.hearing = WatchedTranscriber(hearing.engine, anyio.current_time)
    stack.push_async_callback(watched.aclose)
    speaking = await choose_synthesizer(settings, loaded.company.voice.speaking_rate)
    stack.push_async_callback(speaking.engine.aclose)
    wording = await choose_model(settings)
    if wording.model is not None:
        stack.push_async_callback(wording.model.aclose)
    reader = wording.model if settings.llm_reading else None
    known = Known(KnowledgeBase(loaded))
    if embedding is not None:
        stack.push_async_callback(embedding.aclose)
        known = await embedding.known(loaded, START_S)
    engine = Engine(
        loaded, known.base, wording.model, reader=reader, questions=known.questions,
        transfers=can_ring(settings),
    )  # fmt: skip
    await anyio.to_thread.run_sync(engine.warm, clock())
    engines = (hearing.why, speaking.why, wording.why, *((embedding.why,) if embedding else ()))
    for line in engines:
        log.info(line)
    fallback = speaking.engine
    if fallback.name != "espeak":
        fallback = EspeakSynthesizer(rate=loaded.company.voice.speaking_rate)
        await fallback.load()
        stack.push_async_callback(fallback.aclose)
    voice = await prepared_voice(engine, speaking.engine, fallback, loaded.company)
    silero = await anyio.to_thread.run_sync(SileroModel().load)
    services = CallServices(
        engine=engine,
        transcriber=watched,
        health=health,
        silero=silero,
        voice=voice,
        events=store.log,
        begun=store.conversations.has_call,
        wrap_up=workflows,
        control=control_of(settings),
        metrics=metrics,
        archive=archive,
        spill=await stack.enter_async_context(spilling(settings.var / "journal", store)),
        clock=clock,
        max_calls=settings.max_calls,
        desk=desk,
        people=people,
        crm=crm.crm.find if crm.crm.name != "embedded" else None,
    )
    return services, engines
