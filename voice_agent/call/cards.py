"""`CardGuard`: cards kept out of one call. Words pass here before anything else reads them.

What was said of a card is cut from the turn's text, its words and keys; the caller's lane is made
silent where it was said; and a fact says where that is, so that a crash in between is made good by
the repair of the recording. Digits being dictated are noted as they come, for a call that dies in
the middle of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from core.conversation.words.utterance import utterance
from core.events import Fact, Flagged, Noted, UtteranceRecorded
from core.privacy.cards import CARD, Hidden
from core.privacy.digits import runs
from core.privacy.facts import CardSpoken
from core.privacy.trail import MOST_TURNS, Checked, Trail, read
from core.talk import UserSaid, Word
from voice_agent.call.host import Write

DICTATED = "digits_dictated"
DICTATED_LEAST = 7
"""Digits in a row from which what is being said may be a card."""
MARGIN_MS = 250
"""Silenced on either side: recognisers tell times of words to a tenth of a second or two."""
TO_THE_END_MS = 24 * 3600 * 1000
NOTE = "card details were given; they were not kept, and are silent in the recording"

Span = tuple[int, int]


class CardGuard:
    """One call's guard. `silence` silences stretches of the caller's lane, in milliseconds."""

    def __init__(self, write: Write, silence: Callable[[tuple[Span, ...]], None]) -> None:
        self._write = write
        self._silence = silence
        self._trail = Trail()
        self._spans: dict[int, tuple[Span, ...]] = {}
        """Where the last turns had digits."""
        self._merged: set[int] = set()
        """Turns whose words a later one repeats; their lines are in the log as well."""
        self._noted = False

    def seen(self, said: UserSaid) -> UserSaid:
        """A turn that may yet change, as others may read it. Changes nothing."""
        return self._look(said)[0]

    def taken(self, said: UserSaid) -> UserSaid:
        """A turn that stands, as it may be kept; what it had of a card is silenced and told."""
        kept, words, keys = self._look(said)
        self._trail, self._noted = keys.trail, False
        self._spans[said.turn] = _digit_spans(said)
        while len(self._spans) > MOST_TURNS:
            self._spans.pop(next(iter(self._spans)))
        if words.card or keys.card:
            self._tell(said, words, keys)
        self._merged.clear()
        return kept

    def merged(self, turn: int) -> None:
        """This turn had not ended: the next one repeats its words."""
        self._trail = self._trail.without(turn)
        self._merged.add(turn)

    def hears(self, text: str, start: float) -> None:
        """What has been heard so far of an utterance that began at `start`."""
        if not self._noted and any(len(r.digits) >= DICTATED_LEAST for r in runs(text)):
            self._noted = True
            self._write(Noted(DICTATED, {"from_ms": round(start * 1000)}))

    def _look(self, said: UserSaid) -> tuple[UserSaid, Checked, Checked]:
        """The turn without cards; what its words and then its keys had."""
        words = read(self._trail, said.turn, said.text, spoken=True)
        keys = replace(words, hidden=())
        text, digits = words.text, said.digits
        if digits:
            keys = read(words.trail if words.trail.parts else self._trail, said.turn, digits)
            if keys.hidden:
                text, digits = f"{text} {CARD}".strip(), ""
        if text == said.text and digits == said.digits:
            return said, words, keys
        left = _words_left(said, words.hidden)
        return replace(said, text=text, digits=digits, words=left), words, keys

    def _tell(self, said: UserSaid, words: Checked, keys: Checked) -> None:
        earlier = tuple(sorted({*words.earlier, *keys.earlier, *self._merged} - {said.turn}))
        spans = [_span(said, hidden) for hidden in words.hidden]
        if keys.hidden:
            spans.append((said.start_ms - MARGIN_MS, said.end_ms + MARGIN_MS))
        spans += [span for turn in earlier for span in self._spans.get(turn, ())]
        silenced = _joined(spans)
        start, end = (silenced[0][0], silenced[-1][1]) if silenced else (said.start_ms, said.end_ms)
        by: Literal["keypad", "speech"] = "keypad" if keys.hidden else "speech"
        facts: list[Fact] = [
            CardSpoken(said.turn, by, start, end, silenced, earlier),
            Flagged("card_spoken", said.turn, start, NOTE),
        ]
        self._write(*facts)
        self._silence(silenced)


def unkept(facts: Sequence[Fact]) -> tuple[Span, ...]:
    """Stretches of the caller's lane that must be silent in a call that broke off, milliseconds.

    Those in which a card was given; and from where digits were being dictated of which no turn came
    on, since nobody can tell what they were.
    """
    spans: list[Span] = []
    dictated: int | None = None
    for fact in facts:
        match fact:
            case CardSpoken():
                spans += fact.silenced
            case Noted(kind="digits_dictated"):
                dictated = int(str(fact.data.get("from_ms", 0)))
            case UtteranceRecorded(speaker="caller") | Noted(kind="discarded_utterance"):
                dictated = None
            case _:
                pass
    if dictated is not None:
        spans.append((dictated - MARGIN_MS, TO_THE_END_MS))
    return _joined(spans)


def _words_left(said: UserSaid, hidden: tuple[Hidden, ...]) -> tuple[Word, ...]:
    """The recogniser's words but for those of a card, in whose place the mark stands once."""
    left = list(said.words)
    for one in hidden:
        start, end = _span(said, one)
        inside = [w for w in left if w.start_ms < end - MARGIN_MS and w.end_ms > start + MARGIN_MS]
        if inside:
            place = left.index(inside[0])
            left = [w for w in left if w not in inside]
            left.insert(place, Word(one.mark, inside[0].start_ms, inside[-1].end_ms))
    return tuple(left)


def _span(said: UserSaid, hidden: Hidden) -> Span:
    """When a stretch of a turn was said. Where the words do not tell, the whole turn is taken."""
    times = utterance(said).times
    touched = [t for t in times if t[0] < hidden.end and t[1] > hidden.start]
    start = touched[0][2] if touched and touched[0][0] <= hidden.start else said.start_ms
    end = touched[-1][3] if touched and touched[-1][1] >= hidden.end else said.end_ms
    return start - MARGIN_MS, max(start, end) + MARGIN_MS


def _digit_spans(said: UserSaid) -> tuple[Span, ...]:
    spans = [_span(said, Hidden(run.start, run.end, CARD)) for run in runs(said.text)]
    if said.digits:
        spans.append((said.start_ms - MARGIN_MS, said.end_ms + MARGIN_MS))
    return tuple(spans)


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    made: list[Span] = []
    for start, end in sorted((max(0, a), b) for a, b in spans):
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return tuple(made)
