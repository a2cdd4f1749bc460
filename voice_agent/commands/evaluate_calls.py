"""Authored conversations as real calls: spoken, recognised, and answered by a server."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import anyio
import httpx
import numpy as np
from pydantic import SecretStr

from core.clock import utc_now
from core.evaluation.caller import AuthoredCaller, Saying
from core.evaluation.format import Conversation
from core.evaluation.run import Exchange, Held
from core.events import ConversationEnded, Fact, UtteranceRecorded
from core.facts.standing import every, unmerged
from core.store.store import Store
from knowledge.profile import Company
from voice_agent.config import Settings
from voice_agent.emulator.script import Script, Step, When, speech_of
from voice_agent.emulator.twilio import CallPlan, EmulatedCall
from voice_agent.emulator.webhook import ANONYMOUS
from voice_agent.server.serving import listening
from voice_agent.speech.choose import choose_synthesizer
from voice_agent.speech.ports import Synthesizer, voiced
from voice_agent.speech.verbalise.verbaliser import spoken

LOOK_S = 0.05
QUIET_S = 0.9
"""Silence after which the agent's reply counts as over."""
PATIENCE_S = 10.0
"""How long a caller waits for a reply before going on."""
BOOKS_S = 10.0
"""For the last facts of a call to reach the log."""
MOST_S = 420.0
SLACK_MS = 300
"""A recogniser may place the edges of an utterance this far outside it."""


class SetClock:
    """A clock that can be set, so that each call arrives at its authored time."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def set(self, at: datetime) -> None:
        """Set the time."""
        self._ahead = at - utc_now()

    def __call__(self) -> datetime:
        return utc_now() + self._ahead


@dataclass(frozen=True, slots=True)
class Telephone:
    """A server started for evaluation, its clock and log, and its callers' voice."""

    url: str
    company: Company
    clock: SetClock
    store: Store
    voice: Synthesizer
    engines: tuple[str, ...]


@asynccontextmanager
async def telephone(
    settings: Settings, folder: Path, company: Company, var: Path
) -> AsyncIterator[Telephone]:
    """A server for this company; callers use the best voice available."""
    own = settings.model_copy(
        update={"host": "127.0.0.1", "port": 0, "var": var, "database_url": "", "recordings": "",
                "public_url": "", "company": folder, "twilio_auth_token": SecretStr("")}
    )  # fmt: skip
    clock = SetClock()
    async with listening(own, clock) as up:
        voice = (await choose_synthesizer(settings)).engine
        try:
            yield Telephone(up.url, company, clock, up.server.store, voice, up.server.engines)
        finally:
            await voice.aclose()


async def call(conversation: Conversation, line: Telephone) -> Held:
    """Hold one conversation by telephone, in real time."""
    assert conversation.when is not None, "loaded conversations have a time"
    line.clock.set(conversation.when)
    plan = CallPlan(
        line.url, Script(conversation.id, ()), caller=conversation.number or ANONYMOUS,
        called=line.company.numbers[0], max_s=MOST_S, keep_audio=False,
    )  # fmt: skip
    async with httpx.AsyncClient(trust_env=False) as http, anyio.create_task_group() as tasks:
        placed = EmulatedCall(plan, http)
        talker = Talker(conversation, placed, line)

        async def ring() -> None:
            await placed.run()
            talker.over = True

        tasks.start_soon(ring)
        await talker.talk()
    facts = unmerged(await talker.log(until_ended=True))
    return Held(conversation, facts, talker.exchanges(facts), talker.caller.left)


class Talker:
    """The caller's side of one call: picks the next line by what the agent was heard to ask."""

    def __init__(self, conversation: Conversation, placed: EmulatedCall, line: Telephone) -> None:
        self.caller = AuthoredCaller(conversation)
        self.over = False
        self._placed = placed
        self._line = line
        self._said: list[tuple[Saying, Step]] = []

    async def talk(self) -> None:
        """Say every line, wait for each reply, and hang up; ends early when the call does."""
        asks: tuple[str, ...] = ()
        while not self.over and (saying := self.caller.next(asks)) is not None:
            step = await self._step(saying)
            self._said.append((saying, step))
            self._placed.say(step)
            asks = await self._reply(step)
        self._placed.say(Step(When("agent silent", 0.6), "hang up", hangup=True, patience_s=2.0))

    async def _step(self, saying: Saying) -> Step:
        said = spoken(saying.text)
        pcm = np.concatenate([np.zeros(0, np.int16), *await voiced(self._line.voice, said)])
        speech = speech_of(pcm)
        cue = When("agent silent", 0.6) if self._said else When("greeting ended", 0.6)
        if not speech:  # an author's "..." means silence
            return Step(When("after", 0.0), saying.text, pause_s=2.0)
        patience_s = 1.0 if self._said else PATIENCE_S
        return Step(cue, saying.text, pcm, saying.text, speech, patience_s=patience_s)

    async def _reply(self, step: Step) -> tuple[str, ...]:
        """Wait until the reply has been heard; returns what it asks for."""
        await self._until(lambda: self._end(step) is not None)
        end = self._end(step)
        if end is not None:
            await self._until(lambda: self._replied(end))
        since = 1000 * (end or 0.0)
        lines = [u for u in every(await self.log(), UtteranceRecorded) if u.speaker == "agent"]
        return tuple(u.asks for u in lines if u.asks and u.end_ms > since)

    async def _until(self, holds: Callable[[], bool]) -> None:
        """Poll until it holds, as the telephone's clock has no events; ends with the call."""
        while not self.over and not holds():  # noqa: ASYNC110
            await anyio.sleep(LOOK_S)

    def _replied(self, since: float) -> bool:
        """Whether the agent has since finished a reply, or has been silent for too long."""
        at = self._placed.at
        silent = None if at is None else self._placed.playout.silent_since(at)
        if at is None or silent is None:
            return at is None
        return at - silent >= QUIET_S if silent > since else at - since >= PATIENCE_S

    def _end(self, step: Step) -> float | None:
        """When the step's last sample was said; None until then."""
        at = self._placed.at
        ended = [d.end for d in self._placed.done if d.step is step]
        return ended[0] if ended and at is not None and at >= ended[0] else None

    async def log(self, *, until_ended: bool = False) -> Sequence[Fact]:
        """The facts of this call so far; all of them with `until_ended`."""
        facts: list[Fact] = []
        with anyio.move_on_after(BOOKS_S):
            while True:
                row = await self._line.store.conversations.by_call_sid(self._placed.plan.call_sid)
                if row is not None:
                    facts = [entry.fact for entry in await self._line.store.log.read(row.id)]
                if not until_ended or every(facts, ConversationEnded):
                    break
                await anyio.sleep(LOOK_S)
        return facts

    def exchanges(self, facts: Sequence[Fact]) -> list[Exchange]:
        """Each line with the turns it was heard as; it may be heard in pieces, or not at all."""
        heard = [u for u in every(facts, UtteranceRecorded) if u.speaker == "caller"]
        found = []
        for saying, step in self._said:
            done = next((d for d in self._placed.done if d.step is step), None)
            own = []
            if done is not None and step.speech_s:
                start = 1000 * (done.start + step.speech_s[0][0]) - SLACK_MS
                end = 1000 * (done.start + step.speech_s[-1][1]) + SLACK_MS
                own = [u for u in heard if u.start_ms < end and u.end_ms > start]
            turns = frozenset(u.turn for u in own)
            found.append(Exchange(saying, turns, " ".join(u.text for u in own)))
        if found and self._placed.log.ended_by == "server":
            found[-1] = replace(found[-1], action="hang_up")
        return found
