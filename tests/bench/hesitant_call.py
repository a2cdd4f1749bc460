"""A line of a caller through the real ear and the real turn machine, on virtual time.

Real: gate, echo guard, pocketsphinx, melody, machine, and the embedded engine's understanding, in
a state in which what the line answers was asked. Simulated: the clock (20 ms frames, nothing
waits), the recogniser's answer arriving `SETTLE_S` after it was asked for, and a reply that begins
to play `SEND_S` after its turn was ended and lasts `REPLY_S`: what was measured in real calls.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from core.conversation.state import ConversationState
from core.engine import Engine
from tests.bench.hesitant_sense import sense_of, state_before
from tests.bench.hesitant_speech import Spoken
from voice_agent.audio.pcm import FRAME_S, RATE_HZ, Pcm
from voice_agent.call.hearing import Hearing
from voice_agent.speech.ports import Hypothesis
from voice_agent.speech.silero import SileroModel
from voice_agent.speech.sphinx import wire
from voice_agent.speech.sphinx.decoder import SphinxDecoder
from voice_agent.speech.vad import Gate
from voice_agent.turn import events as ev
from voice_agent.turn.machine import TurnMachine

FRAME = int(FRAME_S * RATE_HZ)
SETTLE_S, SEND_S, REPLY_S = 0.06, 0.02, 2.0
LEAD_S, TAIL_S = 0.6, 2.2
HISS = 8.0
"""Level of the line's noise, standard deviation in samples."""


class DirectUtterance:
    """An utterance decoded in this process, as the workers do it."""

    def __init__(self, decoder: SphinxDecoder, owner: "DirectTranscriber") -> None:
        self._decoder, self._owner = decoder, owner
        decoder.begin(owner.mean)

    def push(self, pcm: Pcm) -> None:
        self._decoder.feed(pcm)

    def partial(self) -> Hypothesis:
        return self._decoder.partial()

    async def settle(self) -> Hypothesis:
        """In a forked copy, so that this one can go on."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.write(writing, wire.pack_hypothesis(self._decoder.finish()))
            finally:
                os._exit(0)
        os.close(writing)
        packed = os.read(reading, 1 << 16)
        os.close(reading)
        os.waitpid(child, 0)  # noqa: ASYNC222 - it has written and ends
        return wire.unpack_hypothesis(packed)

    def close(self) -> None:
        self._owner.mean = self._decoder.abandon()


class DirectTranscriber:
    """One decoder for one caller after another."""

    name = "direct"

    def __init__(self, decoder: SphinxDecoder) -> None:
        self._decoder = decoder
        self.mean = ""

    async def load(self) -> None: ...

    def open(self, call_id: str) -> DirectUtterance:
        return DirectUtterance(self._decoder, self)

    async def aclose(self) -> None: ...


@dataclass
class Outcome:
    """What became of one line. Instants are seconds of the call."""

    spoken: Spoken
    start: float
    """Where the line's first sample lies."""
    ended: list[ev.EndTurn] = field(default_factory=list)

    @property
    def early(self) -> list[tuple[ev.EndTurn, float]]:
        """Ends of turn within the line, and when the caller went on after each."""
        spans = [(self.start + a, self.start + b) for a, b in self.spoken.spans_s]
        found = []
        for end in self.ended:
            resumed = next((a for a, _ in spans if a > end.speech_end - FRAME_S), None)
            inside = any(a < end.at < b for a, b in spans)
            if resumed is not None or inside:
                found.append((end, end.at if resumed is None else resumed))
        return found

    @property
    def premature(self) -> bool:
        """Whether the caller heard us begin before they went on."""
        return any(end.at + SEND_S < resumed for end, resumed in self.early)

    @property
    def merged(self) -> bool:
        """Whether a turn was ended early, and the caller never knew."""
        return bool(self.early) and not self.premature

    @property
    def heard_s(self) -> float | None:
        """From the line's last sample to our first; None when no end of turn covers it."""
        last = self.start + self.spoken.spans_s[-1][1]
        ends = [end.at + SEND_S - last for end in self.ended if end.at > last]
        return ends[-1] if ends else None


class Caller:
    """One call: the same voice says line after line, and is learnt as callers are."""

    def __init__(self, silero: SileroModel, decoder: SphinxDecoder, engine: Engine) -> None:
        self._engine = engine
        self._state: ConversationState | None = None
        self._gate = Gate(silero)
        self._hearing = Hearing(self._gate, DirectTranscriber(decoder), "bench")
        self._machine = TurnMachine()
        self._noise = np.random.default_rng(1)
        self._at = 0.0
        self._due: list[tuple[float, ev.TurnInput]] = []
        self._ended: list[ev.EndTurn] = []

    async def say(self, spoken: Spoken) -> Outcome:
        """The line, after what was asked and a moment's silence."""
        self._ended = []
        self._state = state_before(spoken.line, self._engine)
        await self._feed(ev.SlotExpected(self._at, spoken.line.slot))
        start = self._at + LEAD_S
        silence = [np.zeros(int(s * RATE_HZ), np.int16) for s in (LEAD_S, TAIL_S)]
        for frame in self._frames(np.concatenate((silence[0], spoken.pcm, silence[1]))):
            at, self._at = self._at, self._at + FRAME_S
            while self._next() <= self._at:
                await self._pass_time()
            for event in self._hearing.frame(frame, at, self._at):
                await self._feed(event)
        return Outcome(spoken, start, self._ended)

    def _frames(self, pcm: Pcm) -> Iterator[Pcm]:
        hiss = np.round(self._noise.normal(0, HISS, len(pcm)))
        whole = np.clip(pcm + hiss, -32768, 32767).astype(np.int16)
        return (whole[n : n + FRAME] for n in range(0, len(whole) - FRAME + 1, FRAME))

    def _next(self) -> float:
        dues = [at for at, _ in self._due]
        if (due := self._machine.deadline()) is not None:
            dues.append(due)
        return min(dues, default=float("inf"))

    async def _pass_time(self) -> None:
        now = self._next()
        owed = next((item for item in self._due if item[0] <= now), None)
        if owed is not None:
            self._due.remove(owed)
        await self._feed(owed[1] if owed is not None else ev.Tick(now))

    async def _feed(self, event: ev.TurnInput) -> None:
        for action in self._machine.feed(event):
            match action:
                case ev.Settle():
                    hypothesis = await self._hearing.settle()
                    if hypothesis is not None:
                        at = action.at + SETTLE_S
                        self._due.append((at, self._hearing.settled(hypothesis, at)))
                case ev.Consider() if self._state is not None:
                    sense = sense_of(action, self._state, self._hearing, self._engine)
                    told = ev.Understood(action.at, action.turn, action.text, sense)
                    self._due.append((action.at, told))
                case ev.EndTurn():
                    self._ended.append(action)
                    self._hearing.end()
                    began = action.at + SEND_S
                    self._due.append((began, ev.PlaybackStarted(began, action.turn)))
                    over = began + REPLY_S
                    self._due.append((over, ev.PlaybackFinished(over, action.turn)))
                case ev.DiscardUtterance():
                    self._hearing.end()
                case ev.MergeTurn() | ev.CommitInterruption():
                    self._due = [
                        one for one in self._due
                        if not isinstance(one[1], ev.PlaybackStarted | ev.PlaybackFinished)
                    ]  # fmt: skip
                case _:
                    pass
        self._due.sort(key=lambda item: item[0])
