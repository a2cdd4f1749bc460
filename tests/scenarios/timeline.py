"""Scripted conversation around the turn machine: caller, gate, recogniser and agent, simulated.

Nothing here waits: instants come from a heap, so a minute of conversation takes milliseconds and
always goes the same way. Speech is known `vad_s` late, words come as partials `lag_s` after they
end (or not at all, as with engines that only transcribe), and settled text `settle_s` after it is
requested.
"""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from core.thinking.understood import Sense
from voice_agent.turn import events as ev
from voice_agent.turn.machine import TurnMachine

WORD_S = 0.28
PREROLL_S = 0.4
CLAUSE_S = 1.2
"""The most a resume repeats: from the last clause confirmed heard."""


@dataclass(frozen=True)
class Word:
    text: str
    start: float
    end: float


@dataclass
class Timeline:
    """Write the script with `say`, `noise`, `agent`, `asks`, `key`; then `run`; then read `out`."""

    lag_s: float = 0.12
    settle_s: float = 0.06
    vad_s: float = 0.08
    partials: bool = True
    think_s: float = 0.25
    reply_s: float = 3.0
    sense: Sense | None = None
    """The sense of whatever is said; None: nobody says."""
    answers: bool = True
    """Whether the session answers turns; if not, replies stay due."""
    machine: TurnMachine = field(default_factory=TurnMachine)
    out: list[ev.TurnAction] = field(default_factory=list)
    fed: list[ev.TurnInput] = field(default_factory=list)
    now: float = 0.0
    _heap: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _count: "itertools.count[int]" = field(default_factory=itertools.count)
    _words: list[Word] = field(default_factory=list)
    _opened: float | None = None
    _utterance: int = 0
    _generation: int = 0
    _prepared: tuple[str, float] | None = None
    _play: tuple[int, float, float] | None = None
    """Reply number, start, and end of current playback."""
    _left: tuple[int, float] | None = None
    """Reply number and seconds kept while paused."""

    # --- the script ------------------------------------------------------------------------------

    def say(
        self, text: str, at: float, *, word_s: float = WORD_S, pause: float = 0.0, then: str = ""
    ) -> float:
        """The caller says this, and after a pause the rest. Returns when they end."""
        start = at
        for n, word in enumerate(text.split()):
            self._words.append(Word(word, start + n * word_s, start + (n + 1) * word_s))
        end = start + word_s * len(text.split())
        self._speech(start, end)
        return self.say(then, end + pause, word_s=word_s) if then else end

    def noise(self, at: float, for_s: float) -> float:
        """Something the gate takes for speech, without words for the recogniser."""
        self._speech(at, at + for_s)
        return at + for_s

    def agent(self, at: float, for_s: float, number: int = 0) -> None:
        """The agent speaks unasked: the greeting, a check-in."""
        self._at(at, lambda: self._start_playing(number, for_s))

    def asks(self, at: float, slot: ev.Slot | None) -> None:
        self.tell(ev.SlotExpected(at, slot))

    def key(self, digit: str, at: float) -> None:
        self.tell(ev.KeyPressed(at, digit))

    def tell(self, event: ev.TurnInput) -> None:
        """Feed this event at its instant."""
        self._at(ev.known_at(event), lambda: self._feed(event))

    def run(self, until: float) -> list[ev.TurnAction]:
        """Let time pass."""
        while True:
            due = self.machine.deadline()
            head = self._heap[0][0] if self._heap else None
            at = min((t for t in (due, head) if t is not None), default=until + 1)
            if at > until:
                break
            assert due is None or due >= self.now, "a deadline must not lie behind"
            self.now = at
            if head is not None and head <= at:
                heapq.heappop(self._heap)[2]()
            else:
                self._feed(ev.Tick(at))
        self.now = until
        return self.out

    # --- what became of it -----------------------------------------------------------------------

    def of(self, *kinds: type) -> list[ev.TurnAction]:
        return [action for action in self.out if isinstance(action, kinds)]

    def ended(self) -> list[ev.EndTurn]:
        return [action for action in self.out if isinstance(action, ev.EndTurn)]

    def texts(self) -> list[str]:
        return [turn.text for turn in self.ended()]

    def names(self, *but: type) -> list[str]:
        """The actions' names in order, without those for the recogniser and the engine."""
        hidden = (ev.Settle, ev.Consider, *but)
        return [type(action).__name__ for action in self.out if not isinstance(action, hidden)]

    # --- the caller's side -----------------------------------------------------------------------

    def _speech(self, start: float, end: float) -> None:
        self._at(start + self.vad_s, lambda: self._started(start))
        self.tell(ev.SpeechStopped(end, end + self.vad_s))
        for word in self._words:
            if self.partials and start <= word.start < end:
                self._at(word.end + self.lag_s, partial(self._partial, word))

    def _started(self, at: float) -> None:
        if self._opened is None:
            self._opened = at - PREROLL_S
        self._feed(ev.SpeechStarted(at, self.now))

    def _text(self, upto: float) -> str:
        since = self._opened if self._opened is not None else upto
        return " ".join(w.text for w in self._words if w.start >= since and w.end <= upto + 0.02)

    def _partial(self, word: Word) -> None:
        if self._opened is not None and word.start >= self._opened:
            self._feed(ev.TextHeard(self.now, self._text(word.end), False, word.end))

    def _settled(self, utterance: int, upto: float) -> None:
        if utterance == self._utterance and self._opened is not None:
            self._feed(ev.TextHeard(self.now, self._text(upto), True, upto))

    # --- the session's side ----------------------------------------------------------------------

    def _feed(self, event: ev.TurnInput) -> None:
        self.fed.append(event)
        for action in self.machine.feed(event):
            self.out.append(action)
            self._perform(action)
            if isinstance(action, ev.Consider) and self.sense is not None:
                self.tell(ev.Understood(self.now, action.turn, action.text, self.sense))

    def _perform(self, action: ev.TurnAction) -> None:
        match action:
            case ev.Settle():
                utterance, upto = self._utterance, self.now
                self._at(self.now + self.settle_s, lambda: self._settled(utterance, upto))
            case ev.Speculate():
                self._prepared = (action.text, self.now + self.think_s)
            case ev.DropSpeculation():
                self._prepared = None
            case ev.EndTurn():
                self._close()
                if self.answers:
                    self._answer(action)
            case ev.DiscardUtterance():
                self._close()
            case ev.PausePlayback():
                self._pause(action.turn)
            case ev.ResumePlayback():
                self._resume()
            case ev.MergeTurn() | ev.CommitInterruption():
                self._generation += 1
                self._play = self._left = None

    def _close(self) -> None:
        self._opened = None
        self._utterance += 1

    def _answer(self, turn: ev.EndTurn) -> None:
        text, ready = self._prepared or ("", 0.0)
        at = max(self.now, ready) if text == turn.text else self.now + self.think_s
        self._prepared = None
        self._generation += 1
        generation = self._generation

        def start() -> None:
            if generation != self._generation:
                return
            if self._left is not None:
                self._left = (turn.turn, self.reply_s)
            else:
                self._start_playing(turn.turn, self.reply_s)

        self._at(at, start)

    def _start_playing(self, number: int, for_s: float, *, again: bool = False) -> None:
        self._generation += 1
        self._play = (number, self.now, self.now + for_s)
        generation = self._generation
        if not again:
            self._feed(ev.PlaybackStarted(self.now, number))
        if self._generation == generation:
            self._at(self.now + for_s, lambda: self._finish(generation))

    def _finish(self, generation: int) -> None:
        if generation == self._generation and self._play is not None:
            number, self._play = self._play[0], None
            self._feed(ev.PlaybackFinished(self.now, number))

    def _pause(self, number: int) -> None:
        if self._play is None:
            self._left = (number, -1.0)
            return
        _, start, end = self._play
        repeated = min(CLAUSE_S, self.now - start)
        self._left = (number, end - self.now + repeated)
        self._play = None
        self._generation += 1

    def _resume(self) -> None:
        if self._left is None:
            return
        (number, left), self._left = self._left, None
        if left >= 0 and self._generation >= 0:
            heard_before = any(
                isinstance(e, ev.PlaybackStarted) and e.turn == number for e in self.fed
            )
            self._start_playing(number, left, again=heard_before)

    def _at(self, at: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._heap, (max(at, self.now), next(self._count), what))
