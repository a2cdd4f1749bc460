"""Who holds the floor. Pure: events with their instants in, actions out, never a clock.

The rules, in the order they are tried after every event (each fires once it has waited as long as
`waits` says):

1. Speech that lasts `PAUSE_AFTER_S` while our reply is playing or due pauses it at once. What the
   speech means is decided afterwards:
   - over playback, words that are no backchannel, a stop-word, or speech too long to be one give
     `CommitInterruption`; a backchannel, noise or our own echo give `ResumePlayback` and are
     discarded. One resume per pause; a caller who speaks again soon after it is believed sooner.
   - before the reply could be heard, a caller who goes on gives `MergeTurn`: the reply is
     cancelled and the next `EndTurn` carries both texts under a new number. "Hello, are you
     there" and noise do not cancel it; it is resumed.
2. Otherwise the floor is the caller's. In silence: `Settle` after `SETTLE_AFTER_S`, `Consider`
   and `Speculate` once the text is settled, `EndTurn` after as long as `endpoint` says. Missing
   text is waited for until `TEXT_CAP_S`; then what is known ends the turn. Speech without words
   ends it with empty text if it was long (so that we say we did not catch it) or if our reply was
   cancelled for it, and is discarded otherwise.
3. Keys take the floor like a word surely meant, and are collected until `#`, a pause, or a lone
   `0`.
4. Silence after our playback gives `CallerIdle` 1 and then 2; the caller's words restart it.
5. Every event that may fail to arrive (stop of speech, start or finish of playback, text) has a
   cap.

`EndTurn` numbers strictly increase, and skip numbers used for what we said unasked.
"""

from dataclasses import dataclass, field
from typing import Literal

from voice_agent.turn import bargein, waits
from voice_agent.turn import events as ev
from voice_agent.turn.agenda import Agenda
from voice_agent.turn.endpoint import Ending, Pace
from voice_agent.turn.idle import Idle
from voice_agent.turn.keypad import Keypad
from voice_agent.turn.preparation import Preparation
from voice_agent.turn.reply import OurReply
from voice_agent.turn.utterance import Ended, OpenUtterance

Nothing = Literal["noise", "backchannel", "echo"]


@dataclass(slots=True)
class TurnMachine:
    """Feed it every event in order; perform what it returns; feed a `Tick` at `deadline()`."""

    turn: int = 1
    """The number of the next `EndTurn`."""
    _now: float = 0.0
    _agenda: Agenda = field(default_factory=Agenda)
    _heard: OpenUtterance | None = None
    _keys: Keypad = field(default_factory=Keypad)
    _carried: Ended | None = None
    """A merged turn, whose words the next one carries."""
    _reply: OurReply = field(default_factory=OurReply)
    _prepared: Preparation = field(default_factory=Preparation)
    _idle: Idle = field(default_factory=Idle)
    _pace: Pace = Pace()
    _slot: ev.Slot | None = None
    _slot_stale: bool = False

    def deadline(self) -> float | None:
        """Call-clock second at which a Tick is due, always ahead; None when none is."""
        return self._agenda.due

    def feed(self, event: ev.TurnInput) -> list[ev.TurnAction]:
        """Advance by one event; returns the actions in the order to perform them."""
        self._now = max(self._now, ev.known_at(event))
        if self._idle.since is None:
            self._idle.begin(self._now)
        self._take(event)
        rules = (
            self._missing, self._settle, self._over_reply, self._end_of_keys,
            self._end_of_speech, self._speculation, self._silence,
        )  # fmt: skip
        return self._agenda.run(self._now, rules)

    # --- what each event changes ---------------------------------------------------------------

    def _take(self, event: ev.TurnInput) -> None:
        """Apply an event; a tick by itself changes nothing, nor does what comes too late."""
        match event:
            case ev.SpeechStarted() if self._heard is None:
                self._heard = OpenUtterance.opened(event.at, event.known_at)
            case ev.SpeechStarted() | ev.SpeechStopped() | ev.TextHeard() if self._heard:
                self._heard.take(event)
            case ev.Understood():
                self._prepared.understood(event, self.turn)
            case ev.SlotExpected():
                self._slot, self._slot_stale = event.slot, False
            case ev.PlaybackStarted() | ev.PlaybackGoesOn() | ev.PlaybackFinished():
                self._on_playback(event)
            case ev.KeyPressed():
                self._on_key(event.digit)
            case ev.EchoHeard():
                self._on_nobody("echo")
            case ev.CrowdHeard():
                self._on_nobody("noise")

    def _on_nobody(self, because: Nothing) -> None:
        """The latest stretch was nobody's; what was said before it stands."""
        heard = self._heard
        if because == "echo" and self._reply.playing is not None:
            return self._pass_over(because)
        if heard is None or not heard.speaking:
            return
        heard.take_back(self._now)
        if heard.gaps:
            return
        if self._reply.turn is not None:
            self._pass_over(because)
        elif not heard.must_answer and self._carried is None:
            self._discard()

    def _on_playback(
        self, event: ev.PlaybackStarted | ev.PlaybackGoesOn | ev.PlaybackFinished
    ) -> None:
        match event:
            case ev.PlaybackStarted() if self._reply.started(event):
                if self._slot_stale:
                    self._slot = None
                if event.turn >= self.turn:
                    self._drop()
                    self.turn = event.turn + 1
            case ev.PlaybackGoesOn():
                self._reply.goes_on(event.turn, event.at)
            case ev.PlaybackFinished() if self._reply.finished(event.turn):
                self._idle.begin(event.at)

    def _on_key(self, digit: str) -> None:
        self._take_floor()
        first = not self._keys.used
        self._keys.press(digit, self._now)
        if digit == "#" or (first and digit == "0" and self._slot not in ("phone", "number")):
            self._end()

    # --- rules over time: each fires when due, else returns the instant at which it will ----------

    def _missing(self) -> float | None:
        """Rule 5: go on without an event that is long overdue."""
        heard = self._heard
        speech_due, reply_due = waits.for_silence(heard), self._reply.missing_due()
        if heard is not None and speech_due is not None and self._agenda.reached(speech_due):
            heard.stop(self._now, self._now)
        elif reply_due is not None and self._agenda.reached(reply_due):
            self._reply.finished(self._reply.turn or 0)
            self._idle.begin(self._now)
        return min((due for due in (speech_due, reply_due) if due is not None), default=None)

    def _settle(self) -> float | None:
        heard = self._heard
        if heard is None:
            return None
        due = waits.to_settle(heard, over_reply=self._reply.turn is not None)
        if due is None or not self._agenda.reached(due):
            return due
        heard.asked_to_settle()
        self._agenda.do(ev.Settle(self._now))
        return None

    def _over_reply(self) -> float | None:
        """Rule 1."""
        heard, reply = self._heard, self._reply
        if heard is None or reply.turn is None:
            return None
        if heard.speaking and not reply.held:
            due = waits.to_pause(heard)
            if not self._agenda.reached(due):
                return due
            self._pause()
        if reply.owed is not None:
            return self._before_reply(heard, reply.owed)
        meant = heard.meaning(self._now, asked=self._slot is not None)
        if meant == "interruption":
            self._take_floor()
            return None
        due = waits.to_judge(heard, meant, wary=reply.wary(self._now))
        if not self._agenda.reached(due):
            return due
        if waits.is_interruption(heard, meant):
            self._take_floor()
        else:
            self._pass_over("backchannel" if meant == "backchannel" else "noise")
        return None

    def _before_reply(self, heard: OpenUtterance, owed: Ended) -> float | None:
        """Rule 1, while nothing of the reply was heard."""
        meant = heard.meaning(self._now, asked=False)
        if meant == "interruption" and not bargein.is_reaching(heard.text):
            self._merge(owed)
            return None
        due = waits.to_merge(heard, owed)
        if not self._agenda.reached(due):
            return due
        if waits.goes_on(heard):
            self._merge(owed)
        else:
            self._pass_over("backchannel" if bargein.words(heard.text) else "noise")
        return None

    def _end_of_keys(self) -> float | None:
        """Rule 3."""
        heard = self._heard
        if not self._keys.used or (heard is not None and heard.speaking):
            return None
        due = waits.to_end_keys(self._keys, heard, self._slot)
        if not self._agenda.reached(due):
            return due
        self._end()
        return None

    def _end_of_speech(self) -> float | None:
        """Rule 2."""
        heard = self._heard
        if heard is None or heard.speaking or not self._caller_may_end():
            return None
        ending = self._ending(heard)
        wait = waits.silence_s(ending, self._slot, self._pace)
        due = waits.to_end(heard, wait)
        if not self._agenda.reached(due):
            return due
        owed = heard.must_answer or self._carried is not None
        if ending.text or owed or waits.is_turn(heard, self._slot):
            self._end(waited_s=self._now - heard.end - wait)
        else:
            self._discard()
        return None

    def _speculation(self) -> float | None:
        heard = self._heard
        if heard is None or not self._caller_may_end():
            return None
        ending = self._ending(heard)
        start = self._carried.start if self._carried is not None else heard.first
        if self._prepared.consider(heard, ending):
            self._agenda.do(ev.Consider(self._now, self.turn, ending.text, start, heard.end))
        drop_due = self._prepared.drop_due(heard, ending.text)
        if drop_due is not None:
            if not self._agenda.reached(drop_due):
                return drop_due
            self._drop()
        start_due = self._prepared.start_due(heard, ending, self._slot)
        if start_due is None or not self._agenda.reached(start_due):
            return start_due
        self._prepared.start(ending.text)
        self._agenda.do(ev.Speculate(self._now, self.turn, ending.text, start, heard.end))
        return None

    def _silence(self) -> float | None:
        """Rule 4."""
        due = self._idle.due(self._slot)
        if due is None or self._heard is not None or not self._caller_may_end():
            return None
        if not self._agenda.reached(due):
            return due
        self._agenda.do(ev.CallerIdle(self._now, self._idle.fire(self._now)))
        return None

    # --- what the rules do ----------------------------------------------------------------------

    def _ending(self, heard: OpenUtterance) -> Ending:
        return self._prepared.in_its_sense(heard.ending(self._carried))

    def _caller_may_end(self) -> bool:
        return self._reply.turn is None and not self._keys.used

    def _pause(self) -> None:
        if self._reply.turn is not None and not self._reply.held:
            self._reply.held = True
            self._agenda.do(ev.PausePlayback(self._now, self._reply.turn))

    def _take_floor(self) -> None:
        """Give the caller the floor: our reply is cancelled, and merged if it was unheard."""
        heard, turn = self._heard, self._reply.turn
        if turn is None:
            return
        unheard = self._reply.unheard(heard.first if heard is not None else self._now)
        if self._reply.playing is not None:
            self._pause()
        if unheard is not None:
            self._merge(unheard)
            return
        self._reply.cancel()
        self._agenda.do(ev.CommitInterruption(self._now, turn))
        if heard is not None:
            heard.must_answer = True
            if (pause := self._reply.cut_into(heard.first)) is not None:
                self._pace = self._pace.after_turn([pause], merged=True)

    def _merge(self, ended: Ended) -> None:
        self._reply.cancel()
        self._carried = ended
        self._agenda.do(ev.MergeTurn(self._now, ended.turn))

    def _pass_over(self, because: Nothing) -> None:
        """It was not a bid for the floor: go on."""
        if self._reply.held and self._reply.turn is not None:
            self._reply.release(self._now)
            self._agenda.do(ev.ResumePlayback(self._now, self._reply.turn, because))
        self._discard()

    def _discard(self) -> None:
        heard, self._heard = self._heard, None
        if heard is None:
            return
        self._drop()
        if bargein.words(heard.text):
            self._idle.spoke(self._now)
        else:
            self._idle.noise(self._now)
        self._agenda.do(ev.DiscardUtterance(self._now, heard.text))

    def _drop(self) -> None:
        if self._prepared.text is not None:
            self._prepared.text = None
            self._agenda.do(ev.DropSpeculation(self._now, self.turn))

    def _end(self, waited_s: float = 0.0) -> None:
        """Emit the turn, exactly once, and begin to collect the next."""
        heard, carried = self._heard, self._carried
        out = Ended.of(self.turn, carried, heard, self._keys)
        if self._prepared.text != out.text or out.digits:
            self._drop()
        self._agenda.do(
            ev.EndTurn(self._now, out.turn, out.text, out.start, out.end, out.digits, waited_s)
        )
        gaps = heard.gaps if heard is not None else []
        self._pace = self._pace.after_turn(gaps, merged=carried is not None)
        self._reply.owe(out, self._now)
        self._heard = self._carried = None
        self._prepared, self._keys, self._slot_stale = Preparation(), Keypad(), True
        self._idle.spoke(self._now)
        self.turn += 1
