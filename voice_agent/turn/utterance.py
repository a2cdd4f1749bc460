"""The caller's open utterance: when they spoke, how long, and its text so far."""

from dataclasses import dataclass, field

from voice_agent.turn import bargein
from voice_agent.turn.endpoint import Ending
from voice_agent.turn.events import Melody, SpeechStarted, SpeechStopped, TextHeard
from voice_agent.turn.keypad import Keypad

BLIP_S = 0.25
"""A shorter stretch that added no word was noise, and does not count as speech."""
COVERED_S = 0.02
"""Text may fall this much short of all speech and still be settled."""


@dataclass(slots=True)
class OpenUtterance:
    """Speech since the last turn ended: one or more stretches with the pauses between them."""

    first: float
    """First sample of all."""
    start: float
    """First sample of the latest stretch."""
    end: float
    """Last known sample; while speaking, of the previous stretch."""
    known_at: float
    speaking: bool = True
    text: str = ""
    upto: float = 0.0
    sure: bool = False
    """The text is from a settled hypothesis."""
    confidence: float = 1.0
    unended: str = ""
    """The words if the sentence is unfinished, when the recogniser has different ones."""
    melody: Melody | None = None
    """How the latest stretch ended, once it has."""
    settle_for: float | None = None
    """The `end` of the silence for which a transcript was requested."""
    early_settle: bool = False
    must_answer: bool = False
    """Our reply was cancelled for it, so it must be answered."""
    gaps: list[float] = field(default_factory=list)
    _asked: int = 0
    _answers: int = 0
    _voiced: float = 0.0
    _before: tuple[float, float, str, Melody | None] | None = None

    @classmethod
    def opened(cls, at: float, known_at: float) -> "OpenUtterance":
        return cls(first=at, start=at, end=at, known_at=known_at)

    def voiced_s(self, now: float) -> float:
        """Seconds of speech so far, without pauses."""
        return self._voiced + (max(0.0, now - self.start) if self.speaking else 0.0)

    @property
    def settled(self) -> bool:
        """Whether the text covers everything said, and the caller is silent."""
        if self.speaking or not self.sure:
            return False
        answered = self.settle_for == self.end and self._answers >= self._asked
        return answered or self.upto >= self.end - COVERED_S

    def ending(self, carried: "Ended | None") -> Ending:
        """What a pause now is judged by, with the words of the turn this one continues."""
        before = carried.text if carried is not None else ""
        text, unended = (f"{before} {said}".strip() for said in (self.text, self.unended))
        return Ending(text, self.confidence, self.melody, unended if self.unended else "")

    def meaning(self, now: float, *, asked: bool) -> bargein.Meaning:
        """What it means if said over our reply; see `bargein.meaning`."""
        return bargein.meaning(
            self.text, sure=self.settled, voiced_s=self.voiced_s(now),
            asked=asked, confidence=self.confidence,
        )  # fmt: skip

    def reaches(self, voiced_s: float) -> float:
        """Instant at which continuing speech will have lasted `voiced_s` in all."""
        return self.start + voiced_s - self._voiced

    def asked_to_settle(self) -> None:
        """A transcript of what was said so far has been requested."""
        self._asked += 1
        if self.speaking:
            self.early_settle = True
        else:
            self.settle_for = self.end

    def take(self, event: SpeechStarted | SpeechStopped | TextHeard) -> None:
        """Apply an event while it is open; what is already known changes nothing."""
        match event:
            case SpeechStarted(at, known_at):
                if not self.speaking:
                    self.go_on(at, known_at)
            case SpeechStopped(at, known_at, melody):
                if self.speaking:
                    self.stop(at, known_at, melody)
            case TextHeard():
                if event.upto > self.first:  # else it is about earlier speech, and too late
                    self.hear(event)

    def go_on(self, at: float, known_at: float) -> None:
        """The caller speaks again after a pause."""
        kept = (self.end, self._voiced, self.text, self.melody)
        self._before = kept if self.settled else None
        self.start = max(at, self.end)
        self.gaps.append(self.start - self.end)
        self.known_at = known_at
        self.speaking = True

    @property
    def _is_blip(self) -> bool:
        """Whether the latest stretch is too short for a word and has no voice: an "uh" has a
        pitch."""
        return self.end - self.start < BLIP_S and self.melody is None

    def stop(self, at: float, known_at: float, melody: Melody | None = None) -> None:
        """The caller fell silent; `at` is the last sample of speech."""
        self.end = max(at, self.start)
        self._voiced += self.end - self.start
        self.known_at, self.melody = known_at, melody
        self.speaking = False

    def take_back(self, known_at: float) -> None:
        """The latest stretch was not speech; if it was the only one, nothing was said at all."""
        self.stop(self.start, known_at)
        if not self.gaps:
            self.text, self.unended, self.upto, self.sure = "", "", self.end, True

    def hear(self, event: TextHeard) -> None:
        """Take the newest hypothesis; a wordless blip after settled text is taken back."""
        if not event.settled and self.settled:
            return
        self._answers += event.settled
        self.text, self.upto, self.sure = event.text.strip(), event.upto, event.settled
        self.confidence, self.unended = event.confidence, event.unended.strip()
        if self.settled and self._before is not None:
            end, voiced, text, melody = self._before
            if text == self.text and self._is_blip:
                self.end, self._voiced, self.melody = end, voiced, melody
                self.gaps.pop()
            self._before = None


@dataclass(frozen=True, slots=True)
class Ended:
    """An emitted turn, kept while the caller may still go on."""

    turn: int
    text: str
    digits: str
    start: float
    end: float

    @classmethod
    def of(
        cls, turn: int, carried: "Ended | None", heard: OpenUtterance | None, keys: Keypad
    ) -> "Ended":
        """Everything in one turn: what was merged into it, speech, keys; at least one is there."""
        before = carried.text if carried is not None else ""
        text = heard.ending(carried).text if heard is not None else before
        digits = (carried.digits if carried is not None else "") + keys.digits
        spans = [(part.start, part.end) for part in (carried,) if part is not None]
        spans += [(part.first, part.end) for part in (heard,) if part is not None]
        if keys.first_at is not None:
            spans.append((keys.first_at, keys.last_at))
        starts, ends = zip(*spans, strict=True)
        return cls(turn, text, digits, min(starts), max(ends))
