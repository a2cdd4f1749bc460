"""A colleague on a live call: listens, and may speak in the agent's place.

While they have the floor the agent is silent: the caller's words are still recognised, recorded and
learned from, but not answered. The colleague's microphone goes straight to the caller and has its
own lane in the recording; their words are recognised like the caller's. One person at a time.
"""

from collections import deque
from typing import Literal

import anyio

from core.conversation.ledger import Guidance
from core.events import FloorTaken, Noted, UtteranceRecorded
from core.reply import Action
from core.talk import Sentence, UserSaid
from knowledge.sentences import sentences
from voice_agent.audio import g711
from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.call.answering import Answering
from voice_agent.call.clock import CallClock
from voice_agent.call.hearing import Hearing
from voice_agent.call.host import Host
from voice_agent.call.last_words import last_words
from voice_agent.call.parts import CallParts
from voice_agent.errors import PeerError
from voice_agent.telephony import protocol
from voice_agent.turn import events as turn
from voice_agent.turn.machine import TurnMachine
from voice_agent.word_times import heard_words

Lane = Literal["caller", "agent", "rep"]
HEARD = 250
"""Frames kept for a slow listener: five seconds; older ones are dropped."""
AHEAD_S = 0.4
"""How far a colleague's audio may run ahead of playback; anything faster is dropped."""
UNTIL = "9999-12-31T00:00:00+00:00"
"""The floor of a call is held until it is given back or its holder is gone."""
GONE_S = 5.0
"""A holder of the floor whose microphone sends nothing for this long, not even silence, is gone."""

LEAST_S = 0.01
"""A shorter wait may round to none."""


class FloorHeld(PeerError):
    """Somebody else is speaking to the caller; `rep` says who."""

    code = "floor-held"

    def __init__(self, rep: str) -> None:
        super().__init__(f"{rep} is speaking with the caller")
        self.rep = rep


class Listener:
    """What one person hears: frames in order, at most the last few seconds."""

    def __init__(self, over: anyio.Event) -> None:
        self._frames: deque[tuple[Lane, bytes]] = deque(maxlen=HEARD)
        self._news = anyio.Event()
        self._over = over

    def passed(self, lane: Lane, payload: bytes) -> None:
        """Add a frame; drops the oldest if the listener does not keep up."""
        self._frames.append((lane, payload))
        self._news.set()

    async def next(self) -> list[tuple[Lane, bytes]]:
        """The frames since the last call, as soon as there are any; none once the call is over."""
        while not self._frames and not self._over.is_set():
            async with anyio.create_task_group() as either:
                either.start_soon(_first, self._news, either.cancel_scope)
                either.start_soon(_first, self._over, either.cancel_scope)
        self._news = anyio.Event()
        found = list(self._frames)
        self._frames.clear()
        return found


async def _first(event: anyio.Event, scope: anyio.CancelScope) -> None:
    await event.wait()
    scope.cancel()


class Supervision:
    """The people on one call. Anybody may listen and guide; one person at a time has the floor."""

    def __init__(
        self,
        answering: Answering,
        host: Host,
        parts: CallParts,
        over: anyio.Event,
    ) -> None:
        self._answering = answering
        self._host = host
        self._company = parts.engine.loaded.company
        self._clock = parts.clock
        self._ears, self._callers_ears = parts.ears, parts.hearing
        self._recording = parts.recording
        self._stream_sid = parts.stream_sid
        self._over = over
        self._listeners: list[Listener] = []
        self._out: list[str] = []
        self._ends = 0.0
        self._given_at = 0.0
        self._words: _Words | None = None
        self._unwritten: list[_Words] = []
        """Those whose last words are still to be written down."""
        self.rep: str | None = None
        """The rep who speaks in the agent's place."""

    # --- listening -----------------------------------------------------------------------------

    def listen(self) -> Listener:
        """Start listening; ended by `leave`."""
        listener = Listener(self._over)
        self._listeners.append(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """A listener has gone."""
        self._listeners.remove(listener)

    @property
    def listeners(self) -> int:
        """The number of listeners."""
        return len(self._listeners)

    def passed(self, lane: Lane, payload: bytes) -> None:
        """Pass on audio of the call, as heard or sent."""
        for listener in self._listeners:
            listener.passed(lane, payload)

    # --- the agent, told what to do ------------------------------------------------------------

    def say(self, rep: str, text: str) -> None:
        """Make the agent say a person's words in its own voice. Raises: FloorHeld."""
        self._yielded(rep)
        number = self._host.turn()
        lines = [Sentence(number, n, t, "relayed") for n, t in enumerate(sentences(text))]
        self._host.write(Noted("relayed", {"by": rep, "text": text, "at_ms": self._at_ms()}))
        self._speak(tuple(lines))

    def whisper(self, rep: str, words: str) -> Guidance:
        """Guide the agent; the words are never spoken. Returns what it understood of them."""
        understood = self._answering.guide(words)
        told = {"by": rep, "words": words, "ask": list(understood.ask),
                "propose": understood.propose, "at_ms": self._at_ms()}  # fmt: skip
        self._host.write(Noted("guided", told))
        return understood

    def transfer(self, rep: str, to: str) -> None:
        """Make the agent transfer the caller to a colleague. Raises: FloorHeld."""
        self._yielded(rep)
        number, person = self._host.turn(), self._company.rep(to)
        name = person.name.split()[0] if person else "a colleague"
        text = f"I'll put you through to {name}. One moment."
        line = Sentence(number, 0, text, "next_step", must_hear=True)
        self._host.write(Noted("transfer_wanted", {"by": rep, "to": to, "at_ms": self._at_ms()}))
        self._speak((line,), Action(number, "transfer", "asked for by a colleague", to))

    def end(self, rep: str) -> None:
        """Say goodbye and hang up. Raises: FloorHeld."""
        self._yielded(rep)
        number = self._host.turn()
        text = self._company.voice.goodbye.format(company=self._company.name)
        goodbye = Sentence(number, 0, text, "goodbye", sets="goodbye")
        self._host.write(Noted("ended_by", {"by": rep, "at_ms": self._at_ms()}))
        self._speak((goodbye,), Action(number, "hang_up", "ended by a colleague"))
        self._answering.closing_since = self._clock.now()  # even over a caller who is speaking

    def _yielded(self, rep: str) -> None:
        if self.rep not in (None, rep):
            raise FloorHeld(self.rep or "")
        if self.rep == rep:
            self._over_to_agent()

    # --- a person, speaking --------------------------------------------------------------------

    def take(self, rep: str) -> None:
        """Give a person the floor: from here on the agent is silent. Raises: FloorHeld."""
        if self.rep not in (None, rep):
            raise FloorHeld(self.rep or "")
        if self.rep is None:
            self.rep, self._ends = rep, 0.0
            self._words = _Words(rep, self._ears(), self._clock, self._host)
            self._unwritten.append(self._words)
            self._given_at = self._clock.now()
            self._host.write(FloorTaken(rep, UNTIL))
            self._fall_silent()
            self._host.spawn(self._lapse, rep, self._words)

    def give_back(self, rep: str) -> None:
        """The agent resumes, and says so. Does nothing when the floor is not theirs."""
        if rep == self.rep and not self._over.is_set():
            self._over_to_agent()
            text = self._company.voice.handed_back
            self._speak((Sentence(self._host.turn(), 0, text, "greeting"),))

    async def _lapse(self, rep: str, words: "_Words") -> None:
        """Give the floor back once its holder is silently gone: a broken connection must not leave
        the caller in silence."""
        while self._words is words:
            left_s = self._given_at + GONE_S - self._clock.now()
            if left_s <= 0:
                return self.give_back(rep)
            await anyio.sleep(max(left_s, LEAST_S))

    def _speak(self, sentences: tuple[Sentence, ...], then: Action | None = None) -> None:
        """Make the agent say this instead of its current reply."""
        self._fall_silent()
        self._answering.say(self._host.turn(), sentences, then)

    def _fall_silent(self) -> None:
        cut = self._answering.yield_floor()
        if cut is not None:
            self._host.feed(turn.PlaybackFinished(self._clock.now(), cut))

    def _over_to_agent(self) -> None:
        rep, words = self.rep, self._words
        self.rep, self._words = None, None
        if words is not None:
            self._host.spawn(self._written, words)
        self._host.write(FloorTaken(rep or "", self._clock.utc(self._clock.now()).isoformat()))

    async def _written(self, words: "_Words") -> None:
        await words.end()
        self._unwritten.remove(words)

    async def last_words(self) -> None:
        """After the call: write down what a colleague was saying."""
        for words in self._unwritten:
            await words.end()

    def put_down(self) -> None:
        """Nothing more is heard of anybody here."""
        for words in self._unwritten:
            words.hearing.end()

    def speak(self, rep: str, payload: bytes) -> None:
        """One µ-law frame from the person who has the floor."""
        now, words = self._clock.now(), self._words
        if rep != self.rep or words is None or not payload or self._over.is_set():
            return
        self._given_at = now
        if self._ends - now > AHEAD_S:
            return
        plays_at = max(now, self._ends)
        self._ends = plays_at + len(payload) / RATE_HZ
        self._out.append(protocol.media(self._stream_sid, payload))
        self._host.wake()
        pcm = g711.decode(payload)
        self._recording.rep(pcm, plays_at)
        self._callers_ears.played(pcm, plays_at)
        self.passed("rep", payload)
        words.frame(pcm, plays_at, self._host.turn())

    def due(self) -> list[str]:
        """Messages due on the caller's stream."""
        out, self._out = self._out, []
        return out

    def _at_ms(self) -> int:
        return round(self._clock.now() * 1000)


class _Words:
    """What the person says while they have the floor, split into lines like a caller's words."""

    def __init__(self, rep: str, hearing: Hearing, clock: CallClock, host: Host) -> None:
        self._rep = rep
        self.hearing = hearing
        self._clock = clock
        self._host = host
        self._machine = TurnMachine()
        self._number = 0

    def frame(self, pcm: Pcm, at: float, number: int) -> None:
        """Take one frame; `number` is its turn."""
        now, self._number = self._clock.now(), number
        for event in self.hearing.frame(pcm, at, now):
            self._take(self._machine.feed(event))
        due = self._machine.deadline()
        if due is not None and due <= now:
            self._take(self._machine.feed(turn.Tick(now)))

    async def end(self) -> None:
        """The floor is given back: record what was being said as well."""
        for action in await last_words(self._machine, self.hearing, self._clock.now()):
            self._ended(action)
        self.hearing.end()

    def _take(self, actions: list[turn.TurnAction]) -> None:
        for action in actions:
            match action:
                case turn.Settle():
                    self._host.spawn(self._settle)
                case turn.Consider(at, number, text):
                    told = turn.Understood(at, number, text, "told")
                    self._take(self._machine.feed(told))
                case _:
                    self._ended(action)

    async def _settle(self) -> None:
        if (hypothesis := await self.hearing.settle()) is not None:
            settled = self.hearing.settled(hypothesis, self._clock.now())
            self._take(self._machine.feed(settled))

    def _ended(self, action: turn.TurnAction) -> None:
        if isinstance(action, turn.EndTurn) and action.text:
            start_ms, end_ms = (round(t * 1000) for t in (action.speech_start, action.speech_end))
            said = UserSaid(
                self._number, action.text, start_ms, end_ms, self._clock.utc(action.speech_end),
                self.hearing.words(), self.hearing.confidence,
            )  # fmt: skip
            line = UtteranceRecorded(
                said.turn, "rep", said.text, start_ms, end_ms, confidence=said.confidence,
                kind=self._rep, word_ms=heard_words(said),
            )  # fmt: skip
            self._host.write(line)
        if isinstance(action, turn.EndTurn | turn.DiscardUtterance):
            self.hearing.end()
        if isinstance(action, turn.EndTurn):  # nobody replies, so no reply is to be waited for
            self._take(self._machine.feed(turn.PlaybackFinished(action.at, action.turn)))
