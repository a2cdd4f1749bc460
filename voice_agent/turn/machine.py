"""Who holds the floor. Pure: events with their instants in, actions out, never a clock.

The rules, in the order they are tried after every event (each fires once its instant is reached):

1. Over our playback, speech that lasts `PAUSE_AFTER_S` pauses it at once. What it means is decided
   after: other words than a backchannel, a stop-word, or speech too long to be either commit the
   interruption; a backchannel, noise or our own echo resume it and are discarded. One resume a
   pause; someone who speaks again within `WARY_S` of a resume is believed sooner.
2. Between `EndTurn` and the first sample of its reply, a caller who goes on gets `MergeTurn`: the
   reply is cancelled and the next `EndTurn` carries both texts under a new number. "Hello, are you
   there" and noise do not cancel it. Speech that began before the reply could be heard merges too,
   even when it is understood only after playback started (and was paused).
3. Otherwise the floor is the caller's. In silence: `Settle` after `SETTLE_AFTER_S`, `Speculate` once
   the text is settled and `SPECULATE_AFTER_S` passed, `EndTurn` after as long as `endpoint` says.
   Text that does not come is waited for until `TEXT_CAP_S`; then what is known ends the turn, and
   text that comes later still merges in. Speech without words ends the turn with empty text when
   it was long (so that we say we did not catch it), and is discarded when it was short.
4. Keys gather until `#`, a pause of `KEY_PAUSE_S`, or a lone `0`; `*` starts the number afresh.
5. Silence after our playback makes `CallerIdle` 1 and then 2; the caller's next turn starts anew.
6. Whatever fails to arrive (stop of speech, start or finish of playback, text) has its cap.

`EndTurn` numbers strictly increase. A cancelled reply's later playback events are ignored.
"""

from dataclasses import dataclass, field, replace
from typing import Literal, assert_never

from voice_agent.turn import bargein, endpoint
from voice_agent.turn import events as ev
from voice_agent.turn.idle import Idle
from voice_agent.turn.keypad import Keypad
from voice_agent.turn.utterance import Ended, OpenUtterance

PAUSE_AFTER_S = 0.10
WARY_S = 3.0
SETTLE_AFTER_S = 0.09
EARLY_SETTLE_S = 0.45
"""Speech over playback without words by then: ask for them rather than wait for silence."""
RESUME_AFTER_S = 0.25
SPECULATE_AFTER_S = 0.14
SPECULATIONS_A_TURN = 3
GOES_ON_S = 0.30
"""Speech this long after a speculation means the caller goes on, whatever the words."""
MERGE_AFTER_S = 0.25
MERGE_GAP_S = 1.5
"""Speech this soon after a turn's end continues it; later it must show by its words."""
MERGE_WORDLESS_S = 1.2
REACTION_S = 0.15
"""Speech begun this soon after playback started cannot be a reaction to it."""
TEXT_CAP_S = 1.6
WORDLESS_S, WORDLESS_ASKED_S = 0.5, 0.25
"""Speech without words at least this long is a turn; shorter when an answer was due."""
DISCARD_AFTER_S = 0.30
LONGEST_SPEECH_S = 30.0
LONGEST_PENDING_S = 12.0
LONGEST_PLAYBACK_S = 60.0
LATE_TEXT_S = 5.0

Floor = Literal["caller", "agent", "both", "nobody"]


@dataclass(slots=True)
class TurnMachine:
    """Feed it every event in order; perform what it returns; feed a `Tick` at `deadline()`."""

    turn: int = 1
    """The number the next `EndTurn` will carry."""
    _now: float = 0.0
    _due: float | None = None
    _out: list[ev.TurnAction] = field(default_factory=list)
    _fired: bool = False
    _heard: OpenUtterance | None = None
    _carried: Ended | None = None
    """A merged turn whose words the next one carries."""
    _pending: Ended | None = None
    _pending_at: float = 0.0
    _late: Ended | None = None
    """Concluded without settled words; they may still come."""
    _playing: int | None = None
    _playing_at: float = 0.0
    _paused: bool = False
    _resumed_at: float = -WARY_S
    _unheard: Ended | None = None
    """The turn whose reply is playing."""
    _cancelled: int = -1
    _slot: ev.Slot | None = None
    _slot_stale: bool = False
    _pace: endpoint.Pace = endpoint.Pace()
    _prepared: str | None = None
    _preparations: int = 0
    _keys: Keypad = field(default_factory=Keypad)
    _idle: Idle = field(default_factory=Idle)

    @property
    def floor(self) -> Floor:
        """Who is speaking or about to be answered."""
        caller = self._heard is not None or self._keys.used
        agent = self._playing is not None and not self._paused
        if caller and agent:
            return "both"
        return "caller" if caller else "agent" if agent else "nobody"

    def deadline(self) -> float | None:
        """Call-clock second at which a Tick is owed, always ahead; None when none is."""
        return self._due

    def feed(self, event: ev.TurnInput) -> list[ev.TurnAction]:
        """Advance by one event; return actions in the order to perform them."""
        instant = (
            event.known_at if isinstance(event, ev.SpeechStarted | ev.SpeechStopped) else event.at
        )
        self._now = max(self._now, instant)
        if self._idle.since is None:
            self._idle.begin(self._now)
        self._out = []
        self._take(event)
        self._apply_rules()
        return self._out

    # --- what each event changes -----------------------------------------------------------------

    def _take(self, event: ev.TurnInput) -> None:
        match event:
            case ev.SpeechStarted():
                self._on_speech(event)
            case ev.SpeechStopped():
                if self._heard is not None and self._heard.speaking:
                    self._heard.stop(event.at, event.known_at)
            case ev.TextHeard():
                self._on_text(event)
            case ev.SlotExpected():
                self._slot, self._slot_stale = event.slot, False
            case ev.PlaybackStarted():
                self._on_playback(event)
            case ev.PlaybackFinished():
                self._on_finished(event)
            case ev.KeyPressed():
                self._on_key(event.digit)
            case ev.EchoHeard():
                self._on_echo()
            case ev.Tick():
                pass
            case _:
                assert_never(event)

    def _on_speech(self, event: ev.SpeechStarted) -> None:
        if self._heard is None:
            self._heard = OpenUtterance.opened(event.at, event.known_at)
        elif not self._heard.speaking:
            self._heard.go_on(event.at, event.known_at)

    def _on_text(self, event: ev.TextHeard) -> None:
        heard = self._heard
        if heard is not None and event.upto > heard.first:
            heard.hear(event)
        elif event.settled and event.text.strip():
            self._on_late_text(event.text.strip())

    def _on_late_text(self, text: str) -> None:
        """Words of speech already concluded without them: answer them if that is still possible."""
        late, self._late, pending = self._late, None, self._pending
        if late is None or late.text == late.with_words(text).text:
            return
        whole = late.with_words(text)
        if pending is not None and pending.turn != late.turn and not bargein.is_reaching(text):
            whole = replace(pending, text=f"{pending.text} {text}".strip())
        elif pending is not None and pending.turn != late.turn:
            pending = None
        too_late = self._now - late.end > LATE_TEXT_S
        if too_late or (pending is None and not self._nobody_has_floor()):
            self._do(ev.DiscardUtterance(self._now, text))
            return
        if pending is not None:
            self._merge(pending)
        self._carried = whole
        if self._heard is None:
            self._end(settled=True)

    def _on_playback(self, event: ev.PlaybackStarted) -> None:
        pending = self._pending
        if event.turn <= self._cancelled or (pending is not None and event.turn < pending.turn):
            return
        if event.turn != self._playing:
            self._unheard = pending
            self._playing_at, self._paused = event.at, False
            if self._slot_stale:
                self._slot = None
        self._playing, self._pending = event.turn, None

    def _on_finished(self, event: ev.PlaybackFinished) -> None:
        if self._pending is not None and event.turn >= self._pending.turn:
            self._pending = None
        if self._playing is not None and event.turn >= self._playing:
            self._playing, self._paused = None, False
            self._idle.begin(event.at)

    def _on_key(self, digit: str) -> None:
        self._take_floor()
        alone = not self._keys.used and self._heard is None and self._carried is None
        self._keys.press(digit, self._now)
        if digit == "#" or (alone and digit == "0" and self._slot not in ("phone", "number")):
            self._end(settled=self._heard is None or self._heard.settled)

    def _on_echo(self) -> None:
        if self._heard is not None and self._playing is not None:
            self._resume("echo")

    # --- rules over time: each fires when due, or returns the instant at which it will ------------

    def _apply_rules(self) -> None:
        rules = (
            self._missing_stop, self._missing_start, self._missing_finish, self._settle,
            self._over_playback, self._over_pending, self._end_of_keys, self._end_of_speech,
            self._speculation, self._check_in,
        )  # fmt: skip
        self._fired = True
        while self._fired:
            self._fired = False
            dues = [due for rule in rules if (due := rule()) is not None]
        self._due = min(dues, default=None)

    def _reached(self, due: float) -> bool:
        """Whether a rule may fire now; after one did, all are tried again."""
        reached = self._now >= due
        self._fired = self._fired or reached
        return reached

    def _missing_stop(self) -> float | None:
        heard = self._heard
        if heard is None or not heard.speaking:
            return None
        due = heard.start + LONGEST_SPEECH_S
        if not self._reached(due):
            return due
        heard.stop(self._now, self._now)
        return None

    def _missing_start(self) -> float | None:
        if self._pending is None:
            return None
        due = self._pending_at + LONGEST_PENDING_S
        if not self._reached(due):
            return due
        self._pending = None
        self._idle.begin(self._now)
        return None

    def _missing_finish(self) -> float | None:
        if self._playing is None or self._paused:
            return None
        due = max(self._playing_at, self._resumed_at) + LONGEST_PLAYBACK_S
        if not self._reached(due):
            return due
        self._playing = None
        self._idle.begin(self._now)
        return None

    def _settle(self) -> float | None:
        heard = self._heard
        if heard is None or heard.settled:
            return None
        if not heard.speaking:
            due = max(heard.end + SETTLE_AFTER_S, heard.known_at)
            if heard.settle_for == heard.end:
                return None
        elif self._playing is not None and not heard.early_settle:
            due = heard.reaches(EARLY_SETTLE_S)
        else:
            return None
        if not self._reached(due):
            return due
        heard.early_settle = heard.early_settle or heard.speaking
        heard.settle_for = None if heard.speaking else heard.end
        self._do(ev.Settle(self._now))
        return None

    def _over_playback(self) -> float | None:
        """Rule 1."""
        heard = self._heard
        if heard is None or self._playing is None:
            return None
        if heard.speaking and not self._paused:
            due = heard.reaches(PAUSE_AFTER_S)
            if not self._reached(due):
                return due
            self._pause()
        wary = self._now - self._resumed_at < WARY_S
        meant = self._meaning(heard, asked=self._slot is not None, wary=wary)
        if heard.speaking:
            due = heard.reaches(bargein.longest_s(meant, wary=wary))
            if meant != "interruption" and not self._reached(due):
                return due
        if heard.speaking or meant == "interruption":
            self._take_floor()
            return None
        voiced = heard.voiced_s(self._now)
        wait = RESUME_AFTER_S if heard.settled else bargein.patience_s(voiced)
        if not self._reached(heard.end + wait):
            return heard.end + wait
        doubtful = not heard.settled and meant != "backchannel" and voiced >= EARLY_SETTLE_S
        if doubtful:
            self._take_floor()
        else:
            self._resume("backchannel" if meant == "backchannel" else "noise")
        return None

    def _over_pending(self) -> float | None:
        """Rule 2."""
        heard, pending = self._heard, self._pending
        if heard is None or pending is None or self._playing is not None:
            return None
        reaching = bargein.is_reaching(heard.text)
        meant = self._meaning(heard, asked=False, wary=False)
        if meant == "interruption" and not reaching:
            self._merge(pending)
            return None
        if heard.speaking:
            soon = heard.first - pending.end < MERGE_GAP_S and not reaching
            due = heard.reaches(MERGE_AFTER_S if soon else MERGE_WORDLESS_S)
            if self._now < due:
                return due
            self._merge(pending)
            return None
        due = heard.end + (DISCARD_AFTER_S if heard.settled else TEXT_CAP_S)
        if not self._reached(due):
            return due
        if heard.settled or heard.voiced_s(self._now) < MERGE_AFTER_S or reaching:
            self._discard()
        else:
            self._merge(pending)
        return None

    def _end_of_keys(self) -> float | None:
        """Rule 4."""
        heard = self._heard
        if not self._keys.used or (heard is not None and heard.speaking):
            return None
        due = self._keys.due(self._slot)
        if heard is not None and not heard.settled:
            due = max(due, heard.end + TEXT_CAP_S)
        if not self._reached(due):
            return due
        self._end(settled=heard is None or heard.settled)
        return None

    def _end_of_speech(self) -> float | None:
        """Rule 3."""
        heard = self._heard
        if heard is None or heard.speaking or not self._caller_has_floor():
            return None
        text = self._joined(heard.text)
        owed = heard.must_answer or self._carried is not None
        due = heard.end + endpoint.silence_s(text, self._slot, self._pace)
        if not bargein.words(text):
            least = WORDLESS_S if self._slot is None else WORDLESS_ASKED_S
            owed = owed or heard.voiced_s(self._now) >= least
            due = heard.end + DISCARD_AFTER_S
        if not heard.settled:
            due = max(due, heard.end + TEXT_CAP_S)
        if not self._reached(due):
            return due
        if owed or text:
            self._end(settled=heard.settled)
        else:
            self._discard()
        return None

    def _speculation(self) -> float | None:
        heard = self._heard
        if heard is None or not self._caller_has_floor() or self._keys.used:
            return None
        text = self._joined(heard.text)
        if self._prepared is not None and text != self._prepared:
            self._drop()
        if heard.speaking:
            if self._prepared is None:
                return None
            due = heard.start + GOES_ON_S
            if not self._reached(due):
                return due
            self._drop()
            return None
        prepared = self._prepared is not None or self._preparations >= SPECULATIONS_A_TURN
        if prepared or not heard.settled or not endpoint.worth_preparing(text, self._slot):
            return None
        due = heard.end + SPECULATE_AFTER_S
        if not self._reached(due):
            return due
        self._prepared, self._preparations = text, self._preparations + 1
        self._do(ev.Speculate(self._now, self.turn, text))
        return None

    def _check_in(self) -> float | None:
        """Rule 5."""
        due = self._idle.due(self._slot)
        if due is None or not self._nobody_has_floor() or self._carried is not None:
            return None
        if not self._reached(due):
            return due
        self._do(ev.CallerIdle(self._now, self._idle.fire(self._now)))
        return None

    # --- what the rules do ----------------------------------------------------------------------

    def _do(self, action: ev.TurnAction) -> None:
        self._out.append(action)
        self._fired = True

    def _caller_has_floor(self) -> bool:
        return self._playing is None and self._pending is None and not self._keys.used

    def _nobody_has_floor(self) -> bool:
        return self._heard is None and self._caller_has_floor()

    def _joined(self, text: str) -> str:
        carried = self._carried.text if self._carried is not None else ""
        return " ".join(part for part in (carried, text) if part)

    def _meaning(self, heard: OpenUtterance, *, asked: bool, wary: bool) -> bargein.Meaning:
        voiced = heard.voiced_s(self._now)
        return bargein.meaning(heard.text, sure=heard.sure, voiced_s=voiced, asked=asked, wary=wary)

    def _pause(self) -> None:
        assert self._playing is not None
        self._paused = True
        self._do(ev.PausePlayback(self._now, self._playing))

    def _take_floor(self) -> None:
        """The caller gets the floor, whoever had it: our reply is cancelled or merged."""
        if self._playing is not None:
            if not self._paused:
                self._pause()
            turn, heard = self._playing, self._heard
            unheard = heard is not None and heard.first < self._playing_at + REACTION_S
            if unheard and self._unheard is not None:
                self._merge(self._unheard)
                return
            self._playing, self._paused, self._cancelled = None, False, turn
            self._do(ev.CommitInterruption(self._now, turn))
            if heard is not None:
                heard.must_answer = True
        elif self._pending is not None:
            self._merge(self._pending)

    def _merge(self, ended: Ended) -> None:
        self._do(ev.MergeTurn(self._now, ended.turn))
        self._carried, self._pending, self._cancelled = ended, None, ended.turn
        self._playing, self._paused = None, False

    def _resume(self, because: Literal["noise", "backchannel", "echo"]) -> None:
        assert self._playing is not None
        if self._paused:
            self._paused, self._resumed_at = False, self._now
            self._do(ev.ResumePlayback(self._now, self._playing, because))
        self._discard()

    def _discard(self) -> None:
        heard, self._heard = self._heard, None
        assert heard is not None
        if self._prepared is not None:
            self._drop()
        if not heard.settled:
            self._late = Ended(self.turn, heard.text, "", heard.first, heard.end)
        if bargein.words(heard.text):
            self._idle.spoke(self._now)
        else:
            self._idle.noise(self._now)
        self._do(ev.DiscardUtterance(self._now, heard.text))

    def _drop(self) -> None:
        self._prepared = None
        self._do(ev.DropSpeculation(self._now, self.turn))

    def _end(self, *, settled: bool) -> None:
        """Give the turn out, exactly once, and begin to collect the next."""
        heard, carried, keys = self._heard, self._carried, self._keys
        ended = Ended.of(self.turn, carried, heard, keys)
        if self._prepared is not None and (self._prepared != ended.text or ended.digits):
            self._drop()
        self._do(ev.EndTurn(self._now, self.turn, ended.text, ended.start, ended.end, ended.digits))
        gaps = heard.gaps if heard is not None else []
        self._pace = self._pace.after_turn(gaps, merged=carried is not None)
        self._late = None if settled else ended
        self._pending, self._pending_at = ended, self._now
        self._heard = self._carried = self._prepared = None
        self._keys, self._preparations, self._slot_stale = Keypad(), 0, True
        self._idle.spoke(self._now)
        self.turn += 1
