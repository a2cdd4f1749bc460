"""A whole server on virtual time: real sessions, engine, gate and wire; fake recogniser and
voice."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path

import anyio
import httpx
from prometheus_client import CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from core.engine import Engine
from core.errors import CalendarFailed
from core.ports import Recogniser
from core.projections.document import document
from core.scheduling.memory import MemoryDesk
from core.scheduling.ports import Desk
from core.scheduling.tools import Receipt, Tool, recorded
from knowledge.answer import KnowledgeBase
from knowledge.load import load
from knowledge.profile import Company
from tests.core.talk import knowledge, sample
from tests.fakes.memory_log import MemoryLog
from tests.fakes.telephone import AsgiSocket, dial_asgi
from tests.fakes.tone_synthesizer import ToneSynthesizer
from voice_agent.audio.archive import Archive
from voice_agent.audio.pcm import Pcm
from voice_agent.call.lifecycle import Calls
from voice_agent.call.lines import prepared_voice
from voice_agent.call.services import CallServices
from voice_agent.emulator import script as scripts
from voice_agent.emulator.report import CallReport
from voice_agent.emulator.script import Script, Step, parse_when
from voice_agent.emulator.twilio import CallPlan, EmulatedCall
from voice_agent.errors import TranscriptionFailed
from voice_agent.observe import CallMetrics
from voice_agent.speech.lines import LineCache
from voice_agent.speech.ports import NOTHING, HeardWord, Hypothesis
from voice_agent.speech.silero import SileroModel
from voice_agent.telephony import twiml
from voice_agent.telephony.ports import CallControl, NoCallControl
from voice_agent.telephony.socket import MediaSocket
from voice_agent.telephony.webhook import Webhooks, WebhookSettings

BEGAN = datetime(2026, 11, 23, 15, tzinfo=UTC)


class Prompter:
    """A recogniser told beforehand what each utterance says; it hears the words as time passes."""

    name = "prompter"

    def __init__(self, texts: Sequence[str], delay_s: float = 0.05) -> None:
        self.texts = list(texts)
        self.delay_s = delay_s
        self.failing = False
        self.lengths: list[float] = []
        """Seconds of speech in each utterance to come; the office fills it from the script."""

    async def load(self) -> None: ...

    async def aclose(self) -> None: ...

    def open(self, call_id: str) -> "Prompted":
        length = self.lengths.pop(0) if self.lengths else 0.0
        return Prompted(self, self.texts.pop(0) if self.texts else "", length)


@dataclass
class Prompted:
    owner: Prompter
    text: str
    length_s: float
    pushed_s: float = 0.0
    settled: Hypothesis = NOTHING

    def push(self, pcm: Pcm) -> None:
        self.pushed_s += len(pcm) / 8000

    def partial(self) -> Hypothesis:
        return self.settled

    async def settle(self) -> Hypothesis:
        upto = self.pushed_s
        await anyio.sleep(self.owner.delay_s)
        if self.owner.failing:
            raise TranscriptionFailed("told to")
        words = self.text.split()
        each = max(self.length_s, 0.2) / max(len(words), 1)
        heard = [HeardWord(w, 0.4 + n * each, 0.4 + (n + 1) * each) for n, w in enumerate(words)]
        heard = [word for word in heard if word.start_s + each / 2 < upto]
        self.settled = Hypothesis(" ".join(w.text for w in heard), tuple(heard), 0.9, upto)
        return self.settled

    def close(self) -> None: ...


class LoggedDesk(MemoryDesk):
    """In-memory bookings that log each change like the stored desk; counts requests."""

    def __init__(self, company, **known) -> None:
        super().__init__(company, **known)
        self.log: MemoryLog | None = None
        self.asked: list[Tool] = []
        self.slow_s = 0.0
        self.failing = False

    async def look(self, conversation_id, caller, at):
        if self.failing:
            raise CalendarFailed("away")
        return await super().look(conversation_id, caller, at)

    async def perform(self, tool: Tool, at: datetime) -> Receipt:
        self.asked.append(tool)
        await anyio.sleep(self.slow_s)
        receipt = await super().perform(tool, at)
        if (fact := recorded(tool, receipt)) and self.log:
            await self.log.append(tool.who.conversation_id, at, [fact])
        return receipt


@dataclass
class WrapUps:
    asked: list[str] = field(default_factory=list)

    async def wrap_up(self, conversation_id: str) -> None:
        self.asked.append(conversation_id)


@lru_cache
def voiced(letter_s: float) -> LineCache:
    """Fixed lines in the tone voice, voiced by the first office that needs them."""
    return LineCache()


@lru_cache
def silero() -> SileroModel:
    return SileroModel().load()


@dataclass
class Office:
    """The server's parts that a test may inspect or break."""

    ears: Prompter
    voice: ToneSynthesizer
    log: MemoryLog
    calls: Calls
    wrap_ups: WrapUps
    app: Starlette
    registry: CollectorRegistry
    folder: Path
    engine: Engine
    sockets: list[AsgiSocket] = field(default_factory=list)

    async def call(self, script: Script, **plan: object) -> CallReport:
        """Place one emulated call; virtual time makes it short."""
        self.ears.lengths += [
            s.speech_s[-1][1] - s.speech_s[0][0] for s in script.steps if s.speech_s
        ]
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://localhost"
        ) as http:
            plan = CallPlan("http://localhost", script, **plan)
            call = EmulatedCall(plan, http, dial=dial_asgi(self.app, self.sockets.append))
            report = await call.run()
        with anyio.move_on_after(60):
            while self.calls.open or not self.wrap_ups.asked:
                await anyio.sleep(0.1)
        return report

    async def document(self, which: int = 0) -> dict:
        conversation_id = self.wrap_ups.asked[which]
        return document(conversation_id, await self.log.read(conversation_id))

    def metric(self, line: str) -> float:
        found = [r for r in generate_latest(self.registry).decode().splitlines() if
                 r.startswith(line + " ")]  # fmt: skip
        return float(found[0].split()[-1]) if found else 0.0


@asynccontextmanager
async def office(
    folder: Path, texts: Sequence[str] = (), *, model=None, reader=None, max_calls: int = 10,
    fallback: ToneSynthesizer | None = None, letter_s: float = 0.06, desk: Desk | None = None,
    people: Recogniser | None = None, crm=None, company: Path | None = None,
    edit: Callable[[Company], Company] = lambda company: company, log: MemoryLog | None = None,
    begun: Callable[[str], Awaitable[bool]] | None = None,
    control: CallControl | None = None,
):  # fmt: skip
    """An office whose recogniser will hear these texts, one per utterance.

    `fallback` speaks when the voice fails; a small `letter_s` makes real-clock calls short.
    """
    loaded, base = (load(company), KnowledgeBase(load(company))) if company else (
        sample(), knowledge()
    )  # fmt: skip
    loaded = replace(loaded, company=edit(loaded.company))
    ears, log, wrap_ups = Prompter(texts), log or MemoryLog(), WrapUps()
    voice = ToneSynthesizer(letter_s=letter_s)
    registry = CollectorRegistry()
    metrics = CallMetrics(registry)
    engine = Engine(loaded, base, model, reader=reader)
    engine.warm(BEGAN)
    began = anyio.current_time()

    def clock() -> datetime:
        return BEGAN + timedelta(seconds=anyio.current_time() - began)

    if isinstance(desk, LoggedDesk):
        desk.log = log
    services = CallServices(
        desk=desk, people=people, crm=crm, begun=begun,
        engine=engine, transcriber=ears, silero=silero(),
        voice=await prepared_voice(
            engine, voice, fallback or voice, voiced(letter_s),
            partial(metrics.engine_failed, "voice"),
        ), events=log,
        wrap_up=wrap_ups, control=control or NoCallControl(), metrics=metrics,
        archive=Archive(folder), clock=clock, max_calls=max_calls,
    )  # fmt: skip
    calls = Calls(services)
    hooks = Webhooks(
        WebhookSettings("", "", b"key"), calls, clock, ended=calls.status,
        turned_away=lambda told, why: twiml.response(twiml.said("Busy.")),
    )  # fmt: skip
    socket = MediaSocket(b"key", clock, services.metrics, calls.claim, calls.serve)
    app = Starlette(routes=[*hooks.routes(), WebSocketRoute("/twilio/media", socket.endpoint)])
    yield Office(ears, voice, log, calls, wrap_ups, app, registry, folder, engine)


def speech(name: str) -> Step:
    """A fixture's utterance by file name, as a step that waits for nothing."""
    pcm = scripts.read_mono(scripts.FIXTURES / name)
    return Step(parse_when("after 0s"), name, pcm, speech_s=scripts.speech_of(pcm))


def script(*steps: tuple[str, str | Step]) -> Script:
    """A script of (when, fixture file or step)."""
    made = []
    for when, what in steps:
        step = speech(what) if isinstance(what, str) else what
        made.append(replace(step, when=parse_when(when)))
    return Script("test", tuple(made))


HANG_UP = Step(parse_when("after 0s"), "hang up", hangup=True)
