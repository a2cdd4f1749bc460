"""`CardGuard`: keeps payment cards out of one call. Words pass here before anything else sees them.

The words of a card are cut from the turn's text, words and keys; the caller's lane is silenced
where it was said; and a fact records where, so that after a crash in between the repair of the
recording silences it. Digits being dictated are noted as they come, for a call that dies in the
middle of them.
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
"""Digits in a row from which the words may be a card."""
MARGIN_MS = 250
"""Silenced on either side: recognisers' word times are accurate to 100-200 ms."""
TO_THE_END_MS = 24 * 3600 * 1000
NOTE = "card details were given; they were not kept, and are silent in the recording"

Span = tuple[int, int]


class CardGuard:
    """One call's guard. `silence` silences spans of the caller's lane, in milliseconds."""

    def __init__(self, write: Write, silence: Callable[[tuple[Span, ...]], None]) -> None:
        self._write = write
        self._silence = silence
        self._trail = Trail()
        self._spans: dict[int, tuple[Span, ...]] = {}
        """Where the last turns contained digits."""
        self._merged: set[int] = set()
        """Turns whose words a later one repeats; their lines are also in the log."""
        self._noted = False

    def seen(self, said: UserSaid) -> UserSaid:
        """A turn that may still change, with cards masked. Has no side effects."""
        return self._look(said)[0]

    def taken(self, said: UserSaid) -> UserSaid:
        """A final turn as it may be stored; card audio in it is silenced and recorded as a fact."""
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
        """Note what has been heard so far of an utterance that began at `start`."""
        if not self._noted and any(len(r.digits) >= DICTATED_LEAST for r in runs(text)):
            self._noted = True
            self._write(Noted(DICTATED, {"from_ms": round(start * 1000)}))

    def _look(self, said: UserSaid) -> tuple[UserSaid, Checked, Checked]:
        """The turn without cards, and the check of its words and then of its keys."""
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
    """Spans of the caller's lane to silence in a call that broke off, in milliseconds.

    Those in which a card was given, and everything from where digits were dictated that never
    became a turn, since nobody can tell what they were.
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
    """The recogniser's words without a card's, with one mark in their place."""
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
    """When a part of a turn was said; the whole turn if the words do not tell."""
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
