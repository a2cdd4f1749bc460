"""What is sent, played and heard. Pure: call-clock instants in, messages out.

A reply is a list of clauses, each with µ-law audio that may still be growing. Media goes out in
small frames with a bounded lead over the far end's playback, and a mark after each clause. Only a
mark's echo makes a clause heard; a mark returned by our own `clear` does not. A mark racing the
clear is judged by when its audio was due to end, as long as the far end gives signs of life.

What is recorded and reported is dated as the caller's audio is, by when it reaches us: later than
it was due by the round trip to the far end, which the echoes show.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from core.asking import Asked
from core.talk import AgentHeard, Sentence
from voice_agent.audio.pcm import RATE_HZ
from voice_agent.speech.verbalise.verbaliser import spoken
from voice_agent.telephony import protocol
from voice_agent.word_times import Stretch, rest_of, spoken_words

LEAD_S = 0.40
"""Lead over the far end's playback: covers jitter, yet short enough to clear at once."""
PIECE_S = 0.16
REFILL_S = LEAD_S - PIECE_S
LEAST_S = 0.20
"""The least lead: the next frame is due when it is reached. Refilling starts earlier, so that a
brief stall of the loop sends nothing late."""
LATE_S = 0.02
"""A frame sent this long after it was due is late."""
LETTERS_PER_S = 14.0
"""Assumed speed of a voice whose clause is cut before all its audio has arrived."""
MARK_LOST_S = 2.5
"""After this an echo counts as lost, and the clause is judged by its due end."""
TRIP_LEAST_S = 0.03
"""A shorter round trip is our own loop's delay."""
TRIPS = 8
"""Echoes of which the fastest gives the round trip: others waited on the line."""
QUIET_S = 1.0
"""A far end that sends nothing for this long may be gone: what plays from then on is not heard."""


@dataclass(slots=True)
class Clause:
    """A part of one sentence, voiced on its own. `audio` grows until `voiced`."""

    sentence: Sentence
    text: str
    audio: bytearray = field(default_factory=bytearray)
    voiced: bool = False
    closes: bool = False
    """The last clause of its sentence."""
    started_at: float | None = None
    ends_at: float | None = None
    sent: int = 0
    gaps_s: float = 0.0
    """How long the far end had nothing to play in the middle of it."""
    heard: bool = False


@dataclass(slots=True)
class Reply:
    """The agent's answer to one turn, as it is prepared and played."""

    turn: int
    clauses: list[Clause] = field(default_factory=list)
    complete: bool = False
    """No more clauses will be added."""
    trip_s: float = 0.0
    """The round trip by which its audio is dated; the same throughout, so that it has no seams."""


@dataclass(frozen=True, slots=True)
class Started:
    """The reply's first sample is playing."""

    at: float
    turn: int


@dataclass(frozen=True, slots=True)
class Asking:
    """A question begins to play: speech from now on may answer it."""

    at: float
    asks: Asked


@dataclass(frozen=True, slots=True)
class SentenceHeard:
    """One sentence, heard to its end or to where it was cut."""

    heard: AgentHeard


@dataclass(frozen=True, slots=True)
class Finished:
    """The whole reply was heard."""

    at: float
    turn: int


PlaybackEvent = Started | Asking | SentenceHeard | Finished


class Playback:
    """The far end's buffer as we know it. `sent_audio` gets each frame and when it is heard."""

    def __init__(self, stream_sid: str, sent_audio: Callable[[bytes, float], None]) -> None:
        self._stream_sid = stream_sid
        self._sent_audio = sent_audio
        self._reply: Reply | None = None
        self._next = 0
        self._buffer_ends = 0.0
        self._paused = False
        self._started = False
        self._flowing = False
        """Whether any of the reply was sent since it was attached or resumed."""
        self._began_at: float | None = None
        self._generation = 0
        self._pending: deque[tuple[str, Clause, float]] = deque()
        self._out: list[str] = []
        self._due: float | None = None
        self._seen_at: float | None = None
        self._trips: deque[float] = deque(maxlen=TRIPS)
        self.hungry = True
        """Whether `poll` has sent all there was; otherwise `deadline` brings it back."""
        self.late = 0
        self.underruns = 0
        self.lost_in_a_row = 0
        """Marks lost since one last came back."""

    @property
    def reply(self) -> Reply | None:
        """The reply being played or held, if any."""
        return self._reply

    @property
    def playing(self) -> bool:
        """Whether a reply has started and is neither paused nor finished."""
        return self._reply is not None and self._started and not self._paused

    @property
    def begun(self) -> bool:
        """Whether any of the reply was sent."""
        return self._started

    @property
    def began_at(self) -> float | None:
        """When the current reply began; None while there is none, or it is paused."""
        return self._began_at if self.playing else None

    @property
    def trip_s(self) -> float:
        """The round trip by which the current reply's audio is dated."""
        return self._reply.trip_s if self._reply is not None else 0.0

    @property
    def plays_until(self) -> float:
        """When the far end will have played all that was sent."""
        return self._buffer_ends

    @property
    def dry_since(self) -> float | None:
        """When the far end ran out of an unfinished reply; None while it has audio to play."""
        return self._buffer_ends if self.playing and not self._pending else None

    def seen(self, now: float) -> None:
        """The far end has sent something: it is there."""
        self._seen_at = now

    def _heard_until(self, now: float) -> float:
        """Until when what was due to play has been heard."""
        seen_at = now if self._seen_at is None else self._seen_at
        return now if now - seen_at < QUIET_S else seen_at

    def attach(self, reply: Reply) -> None:
        """Make this the reply to play; nothing else may be playing."""
        self._reply, self._next = reply, 0
        trip = min(self._trips, default=0.0)
        reply.trip_s = trip if trip >= TRIP_LEAST_S else 0.0
        self._paused = self._started = self._flowing = False
        self._generation += 1

    def poll(self, now: float) -> tuple[list[str], list[PlaybackEvent]]:
        """Messages due at `now`, and the resulting events."""
        events: list[PlaybackEvent] = self._overdue(now)
        reply = self._reply
        if self._due is not None and not self._paused and reply is not None:
            self.late += now > self._due + LATE_S
        self._due = None
        self.hungry = True
        while reply is not None and not self._paused and self._next < len(reply.clauses):
            clause = reply.clauses[self._next]
            if self._buffer_ends - now > REFILL_S + 1e-6 and clause.sent < len(clause.audio):
                self.hungry = False
                break
            if not self._send_piece(clause, now, events):
                break
        events += self._maybe_finish(now)
        out, self._out = self._out, []
        return out, events

    def deadline(self, now: float) -> float | None:
        """When to call `poll` next without news; None when only news can help."""
        reply = self._reply
        if reply is None:
            return None
        due = self._pending[0][2] + MARK_LOST_S if self._pending else None
        if due is not None and due <= now:  # nobody is there to hear it
            due = now + QUIET_S
        self._due = None
        if not self._paused and self._next < len(reply.clauses):
            clause = reply.clauses[self._next]
            if clause.sent < len(clause.audio):
                self._due = max(now, self._buffer_ends - LEAST_S)
                refill = max(now, self._buffer_ends - REFILL_S)
                due = refill if due is None else min(due, refill)
        return due

    def marked(self, name: str, now: float) -> list[PlaybackEvent]:
        """The far end returned a mark; marks we cleared ourselves are no longer known."""
        events: list[PlaybackEvent] = []
        if any(name == pending for pending, _, _ in self._pending):
            self.lost_in_a_row = 0
            while self._pending:
                head, clause, due = self._pending.popleft()
                events += self._confirm(clause)
                if head == name:
                    self._trips.append(max(0.0, now - due))
                    break
        return events + self._maybe_finish(now)

    def pause(self, now: float) -> list[PlaybackEvent]:
        """Stop at once: clear the far buffer, keep what was not heard."""
        events: list[PlaybackEvent] = []
        if self._reply is None or self._paused:
            return events
        self._paused = True
        until = self._heard_until(now)
        while self._pending and self._pending[0][2] <= until:
            events += self._confirm(self._pending.popleft()[1])
        self._pending.clear()
        if self._started:
            self._out.append(protocol.clear(self._stream_sid))
        self._buffer_ends = min(self._buffer_ends, now)
        return events

    def resume(self) -> None:
        """Resume with the first clause not heard to its end."""
        reply = self._reply
        if reply is None or not self._paused:
            return
        self._paused = self._flowing = False
        self._generation += 1
        heard = sum(1 for clause in reply.clauses if clause.heard)
        self._next = heard
        for clause in reply.clauses[heard:]:
            clause.sent, clause.gaps_s, clause.started_at, clause.ends_at = 0, 0.0, None, None

    def cancel(self, now: float) -> list[PlaybackEvent]:
        """End the reply here. What was heard of the current sentence is reported as a prefix: up to
        now, or to where a pause or a slow voice had silenced it before."""
        events = self.pause(now)
        reply, self._reply = self._reply, None
        if reply is None:
            return events
        cut = next((c for c in reply.clauses if not c.heard), None)
        if cut is not None:
            until = min(self._heard_until(now), self._buffer_ends)
            events += _prefix_heard(reply, cut, until)
        return events

    def _send_piece(self, clause: Clause, now: float, events: list[PlaybackEvent]) -> bool:
        """Send a clause's next frame or its mark; False when nothing can be sent now."""
        assert self._reply is not None
        piece = bytes(clause.audio[clause.sent : clause.sent + int(PIECE_S * RATE_HZ)])
        if piece:
            if self._buffer_ends < now:
                self.underruns += self._flowing and not self._covered
                clause.gaps_s += now - self._buffer_ends if clause.sent else 0.0
                self._buffer_ends = now
            self._flowing = True
            plays_at = self._buffer_ends
            if clause.started_at is None:
                clause.started_at = plays_at
            if not self._started:
                self._started, self._began_at = True, plays_at
                events.append(Started(plays_at, self._reply.turn))
            if clause.sent == 0 and clause.sentence.asks:
                events.append(Asking(plays_at, clause.sentence.asks))
            self._out.append(protocol.media(self._stream_sid, piece))
            self._sent_audio(piece, plays_at + self._reply.trip_s)
            self._buffer_ends += len(piece) / RATE_HZ
            clause.sent += len(piece)
        if clause.sent < len(clause.audio):
            return True
        if not clause.voiced:
            return False
        clause.started_at = clause.started_at if clause.started_at is not None else now
        clause.ends_at = max(self._buffer_ends, clause.started_at)
        name = f"{self._reply.turn}.{self._next}.{self._generation}"
        self._out.append(protocol.mark(self._stream_sid, name))
        self._pending.append((name, clause, clause.ends_at))
        self._next += 1
        return True

    @property
    def _covered(self) -> bool:
        """Whether the next clause follows a filler that covered its delay."""
        assert self._reply is not None
        return self._next > 0 and self._reply.clauses[self._next - 1].sentence.kind == "filler"

    def _confirm(self, clause: Clause) -> list[PlaybackEvent]:
        clause.heard = True
        reply = self._reply
        if reply is None or not clause.closes:
            return []
        return [SentenceHeard(_whole(reply, clause))]

    def _overdue(self, now: float) -> list[PlaybackEvent]:
        events: list[PlaybackEvent] = []
        until = self._heard_until(now)
        while self._pending and until >= self._pending[0][2] + MARK_LOST_S:
            self.lost_in_a_row += 1
            events += self._confirm(self._pending.popleft()[1])
        return events

    def _maybe_finish(self, now: float) -> list[PlaybackEvent]:
        reply = self._reply
        if reply is None or not reply.complete or not all(c.heard for c in reply.clauses):
            return []
        self._reply = None
        return [Finished(now, reply.turn)]


def _whole(reply: Reply, last: Clause) -> AgentHeard:
    parts = [c for c in reply.clauses if c.sentence is last.sentence]
    start, end = ((at or 0.0) + reply.trip_s for at in (parts[0].started_at, last.ends_at))
    sentence = last.sentence
    words = spoken_words(sentence.text, _played(parts, reply.trip_s), start)
    return AgentHeard(
        sentence.turn, sentence, sentence.text, True, round(start * 1000), round(end * 1000), words
    )


def _played(parts: list[Clause], trip_s: float) -> list[Stretch]:
    """Where the clauses are on the call clock, had each been played to its end."""
    return [
        Stretch(c.text, c.started_at + trip_s, c.started_at + trip_s + c.gaps_s + _length_s(c))
        for c in parts
        if c.started_at is not None
    ]


def _length_s(clause: Clause) -> float:
    """A clause's duration; its least duration while it is still being voiced."""
    voiced_s = len(clause.audio) / RATE_HZ
    if clause.voiced:
        return voiced_s
    return max(voiced_s, len(spoken(clause.text)) / LETTERS_PER_S)


def _prefix_heard(reply: Reply, cut: Clause, until: float) -> list[PlaybackEvent]:
    """The words heard until then of the sentence with the clause `cut`; nothing if none were."""
    parts = [c for c in reply.clauses if c.sentence is cut.sentence and c.heard]
    words = [c.text for c in parts]
    if cut.started_at is not None and cut.audio:
        share = max(0.0, until - cut.started_at - cut.gaps_s) / _length_s(cut)
        words.append(_words_within(cut.text, share))
    text = " ".join(w for w in words if w)
    first = (parts[0] if parts else cut).started_at
    if not text or first is None:
        return []
    sentence = cut.sentence
    first, until = first + reply.trip_s, until + reply.trip_s
    timed = spoken_words(text, _played([*parts, cut], reply.trip_s), first)
    heard = AgentHeard(
        sentence.turn, sentence, text, False, round(first * 1000), round(until * 1000), timed,
        rest_of(sentence.text, text),
    )  # fmt: skip
    return [SentenceHeard(heard)]


def _words_within(text: str, share: float) -> str:
    """The words ending within this share of the text; a word half spoken was not heard."""
    limit, end, kept = share * len(text), 0, 0
    for word in text.split():
        end = text.index(word, end) + len(word)
        if end > limit:
            break
        kept = end
    return text[:kept]
