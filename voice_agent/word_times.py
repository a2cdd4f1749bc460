"""When each word of a line begins: as the recogniser timed it, or estimated from letter counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from core.talk import UserSaid

ENOUGH = 0.5
"""Share of a line's words the recogniser must have timed for the rest to be interpolated."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words said in one breath, with start and end in seconds."""

    text: str
    start: float
    end: float


def heard_words(said: UserSaid) -> tuple[int, ...]:
    """When each word of a buyer's turn begins, in milliseconds from the turn's start.

    Empty when the recogniser gives no times. The turn may begin with words of the previous one.
    """
    words = said.text.split()
    theirs = [w for w in said.words if w.text.strip()]
    blocks = SequenceMatcher(
        None, [_plain(w) for w in words], [_plain(w.text) for w in theirs], autojunk=False
    ).get_matching_blocks()
    known = {b.a + i: theirs[b.b + i].start_ms for b in blocks for i in range(b.size)}
    if not words or len(known) < ENOUGH * len(words):
        return ()
    return _filled(words, known, said.start_ms, said.end_ms)


def spoken_words(text: str, played: Sequence[Stretch], start: float) -> tuple[int, ...]:
    """When each word of the agent's line begins, in milliseconds from the line's start."""
    at = [t for stretch in played for t in spread(stretch)][: len(text.split())]
    if len(at) < len(text.split()):
        return ()
    return tuple(max(0, round((t - start) * 1000)) for t in at)


def spread(stretch: Stretch) -> list[float]:
    """When each word of a stretch begins, by the share of letters before it."""
    whole = max(len(stretch.text), 1)
    starts, found = [], 0
    for word in stretch.text.split():
        found = stretch.text.index(word, found)
        starts.append(stretch.start + (stretch.end - stretch.start) * found / whole)
        found += len(word)
    return starts


def rest_of(sentence: str, heard: str) -> str:
    """The words of a sentence after the heard ones."""
    return " ".join(sentence.split()[len(heard.split()) :])


def _filled(words: list[str], known: dict[int, int], start_ms: int, end_ms: int) -> tuple[int, ...]:
    """Interpolate the words without a time of their own."""
    anchors = sorted({-1: start_ms, **known, len(words): max(end_ms, start_ms)}.items())
    times: list[int] = []
    for (i, from_ms), (j, until_ms) in zip(anchors, anchors[1:], strict=False):
        if 0 <= i:
            times.append(from_ms)
        between = Stretch(" ".join(words[max(i, 0) : j]), from_ms, max(until_ms, from_ms))
        times += [round(t) for t in spread(between)][(1 if i >= 0 else 0) :]
    floor = start_ms
    relative = []
    for ms in times:
        floor = max(floor, ms)  # never back in time
        relative.append(floor - start_ms)
    return tuple(relative)


def _plain(word: str) -> str:
    return "".join(c for c in word.casefold() if c.isalnum())
