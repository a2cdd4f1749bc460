"""`call_services`: the configured engines, loaded, warmed up and assembled for calls."""

import logging
from functools import partial

import anyio
import anyio.to_thread

from core.crm.sync import CrmSync
from core.engine import Engine
from core.ports import Recogniser
from core.scheduling.ports import Desk
from core.trust import Trusts
from knowledge.answer import KnowledgeBase
from voice_agent.adapters.language import choose_model
from voice_agent.call.lines import prepared_voice
from voice_agent.call.services import CallServices
from voice_agent.call.spill import JOURNAL, spilling
from voice_agent.embedding import START_S, Embedding, Known
from voice_agent.ground import Ground
from voice_agent.observe import CallMetrics
from voice_agent.server.health import Health
from voice_agent.server.model_watch import ModelWatch
from voice_agent.speech.choose import choose_synthesizer, choose_transcriber
from voice_agent.speech.silero import SileroModel
from voice_agent.speech.tts_espeak import EspeakSynthesizer
from voice_agent.speech.watched import WatchedTranscriber
from voice_agent.telephones import can_ring, control_of
from voice_agent.workflows.durable import Workflows

log = logging.getLogger(__name__)


async def call_services(
    ground: Ground,
    *,
    workflows: Workflows,
    metrics: CallMetrics,
    health: Health,
    embedding: Embedding | None,
    desk: Desk,
    people: Recogniser,
    crm: CrmSync,
) -> tuple[CallServices, tuple[str, ...]]:
    """The services a call is built from, and one line per engine: which was chosen and why.

    Raises: EngineUnavailable.
    """
    settings, store, stack, clock = ground.settings, ground.store, ground.stack, ground.clock
    loaded = ground.present.loaded
    hearing = await choose_transcriber(settings, loaded)
    watched = health.hearing = WatchedTranscriber(
        hearing.engine, anyio.current_time, partial(metrics.engine_failed, "hearing")
    )
    stack.push_async_callback(watched.aclose)
    rate, own = loaded.company.voice.speaking_rate, loaded.company.vocabulary.pronunciations
    speaking = await choose_synthesizer(settings, rate, own)
    stack.push_async_callback(speaking.engine.aclose)
    wording = await choose_model(settings)
    if wording.model is not None:
        stack.push_async_callback(wording.model.aclose)
    reader, trusts = wording.model if settings.llm_reading else None, Trusts()
    if wording.model is not None:
        health.models = ModelWatch(wording.model, trusts)
    if wording.late:
        trusts.wording.rest(anyio.current_time(), "no answer in time yet")
    known = Known(KnowledgeBase(loaded))
    if embedding is not None:
        stack.push_async_callback(embedding.aclose)
        known = await embedding.known(loaded, START_S)
    engine = Engine(
        loaded, known.base, wording.model, reader=reader, questions=known.questions,
        transfers=can_ring(settings), trusts=trusts,
    )  # fmt: skip
    await anyio.to_thread.run_sync(engine.warm, clock())
    engines = (hearing.why, speaking.why, wording.why, *((embedding.why,) if embedding else ()))
    for line in engines:
        log.info(line)
    fallback = speaking.engine
    if fallback.name != "espeak":
        fallback = EspeakSynthesizer(rate=rate, own=own)
        await fallback.load()
        stack.push_async_callback(fallback.aclose)
    voice = await prepared_voice(
        engine, speaking.engine, fallback, failed=partial(metrics.engine_failed, "voice"),
    )  # fmt: skip

    def told(waiting: int, refused: int) -> None:
        metrics.kept(waiting, refused)
        health.facts = {"waiting": waiting, "refused": refused}

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
        archive=ground.archive,
        spill=await stack.enter_async_context(spilling(settings.var / JOURNAL, store, told)),
        clock=clock,
        max_calls=settings.max_calls,
        desk=desk,
        people=people,
        crm=crm.crm.find if crm.crm.name != "embedded" else None,
    )
    return services, engines
