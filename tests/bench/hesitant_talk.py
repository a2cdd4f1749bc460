"""Calls of hesitant callers through the real turn machine, on virtual time, from cached hearing.

Real: what was heard (`hesitant_heard`), melody, machine, and the embedded engine's sense, in a
state in which what the line answers was asked. Simulated: the clock, the recogniser's answer
arriving `SETTLE_S` after it was requested, and a reply that begins to play `SEND_S` after its turn
was ended and lasts `REPLY_S`: values measured in real calls. A call takes milliseconds.

If a turn was ended too early, the rest of the line has the words heard in it after the first part,
rather than on its own; whether the end was too early does not depend on that.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from core.engine import Engine
from core.talk import Word
from core.thinking.understood import Sense
from tests.bench.hesitant_heard import Call, Heard, Stretch
from tests.bench.hesitant_sense import sense_of, state_before
from tests.bench.hesitant_speech import Line, Spoken
from voice_agent.audio.pcm import FRAME_S, RATE_HZ
from voice_agent.speech.melody import LISTEN_S, Register
from voice_agent.speech.ports import HeardWord, Hypothesis
from voice_agent.turn import events as ev
from voice_agent.turn.machine import TurnMachine

SETTLE_S, SEND_S, REPLY_S = 0.06, 0.02, 2.0
AFTER_S = 2.0
"""Silence after a line, in which its turn ends."""


@dataclass
class Outcome:
    """The outcome of one line. Instants are seconds of the call."""

    spoken: Spoken
    start: float
    """Where the line's first sample is."""
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
        """Whether a turn was ended early, and the caller never noticed."""
        return bool(self.early) and not self.premature

    @property
    def heard_s(self) -> float | None:
        """From the line's last sample to our first; None when no end of turn covers it."""
        last = self.start + self.spoken.spans_s[-1][1]
        ends = [end.at + SEND_S - last for end in self.ended if end.at > last]
        return ends[-1] if ends else None


Senses = dict[tuple[Line, str], Sense]


def talk(call: Call, engine: Engine, senses: Senses | None = None) -> list[Outcome]:
    """The outcome of each line in the call; `senses` caches what was thought."""
    caller = _Caller(engine, {} if senses is None else senses)
    return [caller.say(heard) for heard in call]


class _Caller:
    """One call: the same voice says line after line, and is learned as callers are."""

    def __init__(self, engine: Engine, senses: Senses) -> None:
        self._engine, self._senses = engine, senses
        self._machine = TurnMachine()
        self._register = Register()
        self._due: list[tuple[float, ev.TurnInput]] = []
        self._ended: list[ev.EndTurn] = []
        self._line: Line
        self._known: list[Stretch] = []
        """What has been heard of the line so far."""

    def say(self, heard: Heard) -> Outcome:
        """Say the line, after the question and a moment's silence."""
        self._ended, self._known, self._line = [], [], heard.spoken.line
        self._feed(ev.SlotExpected(heard.begins, heard.spoken.line.slot))
        for stretch, event in self._speech(heard):
            self._pass_time(ev.known_at(event))
            if isinstance(event, ev.SpeechStopped):
                self._known.append(stretch)
            self._feed(event)
        self._pass_time(heard.stretches[-1].end + AFTER_S if heard.stretches else heard.start)
        return Outcome(heard.spoken, heard.start, self._ended)

    def _speech(self, heard: Heard) -> Iterator[tuple[Stretch, ev.TurnInput]]:
        for one in heard.stretches:
            yield one, ev.SpeechStarted(one.start, one.start_known)
            first = max(one.start, one.end - LISTEN_S)
            span = (round((at - heard.begins) * RATE_HZ) for at in (first, one.end))
            melody = self._register.ending(heard.pcm[slice(*span)])
            yield one, ev.SpeechStopped(one.end, one.end_known, melody)

    def _pass_time(self, until: float) -> None:
        while (now := self._next()) <= until:
            owed = next((item for item in self._due if item[0] <= now), None)
            if owed is not None:
                self._due.remove(owed)
            self._feed(owed[1] if owed is not None else ev.Tick(now))

    def _next(self) -> float:
        dues = [at for at, _ in self._due]
        if (due := self._machine.deadline()) is not None:
            dues.append(due)
        return min(dues, default=float("inf"))

    def _feed(self, event: ev.TurnInput) -> None:
        for action in self._machine.feed(event):
            self._perform(action)
        self._due.sort(key=lambda item: item[0])

    def _perform(self, action: ev.TurnAction) -> None:
        at = action.at
        match action:
            case ev.Settle():
                said = self._said()
                if said is not None:
                    at += SETTLE_S
                    told = said.text, True, said.upto_s, said.confidence, said.unended
                    self._due.append((at, ev.TextHeard(at, *told)))
            case ev.Consider():
                self._due.append((at, self._understood(action)))
            case ev.EndTurn():
                self._ended.append(action)
                began, over = at + SEND_S, at + SEND_S + REPLY_S
                self._due.append((began, ev.PlaybackStarted(began, action.turn)))
                self._due.append((over, ev.PlaybackFinished(over, action.turn)))
            case ev.MergeTurn() | ev.CommitInterruption():
                self._due = [
                    one for one in self._due
                    if not isinstance(one[1], ev.PlaybackStarted | ev.PlaybackFinished)
                ]  # fmt: skip
            case _:
                pass

    def _understood(self, asked: ev.Consider) -> ev.Understood:
        key = self._line, asked.text
        if key not in self._senses:
            state = state_before(self._line, self._engine)
            self._senses[key] = sense_of(asked, state, *self._words(), self._engine)
        return ev.Understood(asked.at, asked.turn, asked.text, self._senses[key])

    def _said(self) -> Hypothesis | None:
        """The words since the last end of turn, as heard at the last silence."""
        heard = self._known[-1].heard if self._known else None
        if heard is None or not self._ended:
            return heard
        words = tuple(w for w in heard.words if w.end_s > self._ended[-1].at)
        return Hypothesis(" ".join(w.text for w in words), words, _mean(words), heard.upto_s)

    def _words(self) -> tuple[tuple[Word, ...], float]:
        said = self._said() or Hypothesis("")
        words = (
            Word(w.text, round(w.start_s * 1000), round(w.end_s * 1000), w.confidence)
            for w in said.words
        )
        return tuple(words), said.confidence


def _mean(words: tuple[HeardWord, ...]) -> float:
    """The mean confidence in these words, weighted by length, as in the decoder."""
    spoken_s = sum(w.end_s - w.start_s for w in words)
    return sum(w.confidence * (w.end_s - w.start_s) for w in words) / spoken_s if words else 1.0
