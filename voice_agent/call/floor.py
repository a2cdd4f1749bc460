"""One call's turns: what is heard goes to the turn machine, and its actions are performed in order.

It decides nothing itself. The machine says who holds the floor; `Answering` speaks.
"""

from collections import deque
from typing import assert_never

import anyio

from core.events import Noted
from core.privacy.blank import without_digits
from core.privacy.cards import marked
from core.talk import UserSaid
from voice_agent.audio.pcm import Pcm
from voice_agent.call.answering import Answering
from voice_agent.call.cards import CardGuard
from voice_agent.call.conversation import Conversation
from voice_agent.call.host import Host
from voice_agent.call.last_words import last_words
from voice_agent.call.parts import CallParts
from voice_agent.call.supervision import Supervision
from voice_agent.call.timing import TurnStages
from voice_agent.turn import events as turn
from voice_agent.turn.kept import Keep, KeptMachine

DEAF_AFTER = 2
"""Failed transcriptions in a row after which the agent says so and hands over to a person."""

_OURS = (turn.Speculate, turn.CallerIdle)
"""Orders to speak that are ignored while a colleague speaks."""


class Floor:
    """Who speaks in one call. Nothing here waits but `last_words` and, as a task, `_settle`."""

    def __init__(
        self,
        parts: CallParts,
        answering: Answering,
        conversation: Conversation,
        supervision: Supervision,
        host: Host,
        over: anyio.Event,
        keep: Keep,
    ) -> None:
        self._parts = parts
        self._answering = answering
        self._conversation = conversation
        self._supervision = supervision
        self._host = host
        self._over = over
        self._keep = keep
        self._cards = CardGuard(host.write, parts.recording.silence_caller)
        self._machine = KeptMachine(max(1, parts.opening.state.turn), keep)
        self._inbox: deque[turn.TurnInput] = deque()
        self._feeding = False
        self.last_turn = -1.0
        """Call-clock second at which the caller's last turn began."""

    @property
    def next_turn(self) -> int:
        """The number of the caller's next turn."""
        return self._machine.turn

    # --- what happens ----------------------------------------------------------------------------

    def hear(self, pcm: Pcm, at: float, now: float) -> None:
        """Take caller audio whose first sample is at `at`."""
        for event in self._parts.hearing.frame(pcm, at, now):
            if isinstance(event, turn.TextHeard):
                self._cards.hears(event.text, self._parts.hearing.opened_at)
            self.feed(event)
        self.tick(now)

    def due(self) -> float | None:
        """When to `tick`; None while only an event can change anything."""
        return self._machine.deadline() if self._answering.closing_since is None else None

    def tick(self, now: float) -> None:
        """Let time pass."""
        due = self.due()
        if due is not None and due <= now:
            self.feed(turn.Tick(now))

    def feed(self, event: turn.TurnInput) -> None:
        """Feed the machine and perform its actions, one event at a time, in order.

        Events that arise meanwhile are queued. A closing call takes no new turn.
        """
        self._inbox.append(event)
        if self._feeding:
            return
        self._feeding = True
        try:
            while self._inbox:
                event = self._inbox.popleft()
                if self._answering.closing_since is None:
                    for action in self._machine.feed(event):
                        self._perform(action)
        finally:
            self._feeding = False
        self._host.wake()

    def begin_anew(self) -> int:
        """Forget who holds the floor; returns the number of the next turn."""
        self._machine = KeptMachine(self._machine.turn, self._keep)
        self._parts.hearing.end()
        return self._machine.turn

    async def last_words(self) -> None:
        """After the end: perform what becomes of the utterance in progress."""
        if self._answering.closing_since is not None:
            return
        hearing, now = self._parts.hearing, self._parts.clock.now()
        for action in await last_words(self._machine, hearing, now):
            self._perform(action)

    # --- decisions performed ---------------------------------------------------------------------

    def _perform(self, action: turn.TurnAction) -> None:  # noqa: C901 - one case an order
        answering = self._answering
        if self._supervision.rep is not None and isinstance(action, _OURS):
            return  # a colleague speaks in the agent's place
        match action:
            case turn.Settle():
                self._host.spawn(self._settle)
            case turn.Consider(at, number, text, start, end):
                seen = self._cards.seen(self._said(number, text, start, end))
                sense = answering.consider(seen)
                self.feed(turn.Understood(at, number, text, sense))
            case turn.Speculate(_, number, text, start, end):
                answering.speculate(self._cards.seen(self._said(number, text, start, end)))
            case turn.DropSpeculation():
                answering.drop_speculation()
            case turn.EndTurn():
                self._end_turn(action)
            case turn.PausePlayback():
                self._parts.hearing.silenced(action.at)
                answering.pause(action.at)
            case turn.ResumePlayback():
                answering.resume(action)
            case turn.CommitInterruption():
                answering.give_way()
            case turn.MergeTurn():
                self._cards.merged(action.turn)
                answering.merge(action.turn)
            case turn.DiscardUtterance():
                self._discard(action)
            case turn.CallerIdle():
                number = self.next_turn
                sentences, then = self._parts.engine.check_in(action.count, number)
                answering.say(number, sentences, then)
            case _:
                assert_never(action)

    async def _settle(self) -> None:
        hearing = self._parts.hearing
        hypothesis = await hearing.settle()
        if hypothesis is not None:
            self.feed(hearing.settled(hypothesis, self._parts.clock.now()))

    def _end_turn(self, action: turn.EndTurn) -> None:
        hearing, answering = self._parts.hearing, self._answering
        self.last_turn = action.speech_start
        heard = self._said(
            action.turn, action.text, action.speech_start, action.speech_end, action.digits
        )
        said = self._cards.taken(heard)
        if marked(said.text):
            self._conversation.blank()
        deaf = hearing.failures >= DEAF_AFTER
        hearing.end()
        self._conversation.caller_said(said)
        if self._over.is_set():
            answering.unanswered.append(said)
        elif self._supervision.rep is not None:
            self._host.spawn(answering.overhear, said)
            self.feed(turn.PlaybackFinished(action.at, action.turn))  # no reply will come
        elif deaf:
            answering.apologise(action.turn)
        else:
            waited_s = action.waited_for_text_s
            answering.answer(said, TurnStages(action.turn, action.speech_end, action.at, waited_s))

    def _discard(self, action: turn.DiscardUtterance) -> None:
        self._parts.hearing.end()
        self._answering.drop_speculation()
        if action.text:
            at_ms = round(action.at * 1000)
            self._host.write(
                Noted("discarded_utterance", {"text": without_digits(action.text), "at_ms": at_ms})
            )

    def _said(self, number: int, text: str, start: float, end: float, digits: str = "") -> UserSaid:
        hearing = self._parts.hearing
        return UserSaid(
            turn=number,
            text=text,
            start_ms=round(start * 1000),
            end_ms=round(end * 1000),
            at=self._parts.clock.utc(end),
            words=hearing.words(),
            confidence=hearing.confidence,
            digits=digits,
        )
