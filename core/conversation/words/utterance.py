"""One turn of the buyer as quotable text: every piece knows when it was spoken."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.talk import Span, UserSaid

TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d[\d,]*(?:\.\d+)?[km]?\b|\d+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Token:
    """A lower-case word with its position in the text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """A value and its position in the text."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Utterance:
    """`text` is lower case and as long as what was said, so offsets fit both."""

    said: UserSaid
    text: str
    tokens: tuple[Token, ...]
    times: tuple[tuple[int, int, int, int, float], ...]
    """(start offset, end offset, start ms, end ms, confidence) of each timed word."""

    def span(self, start: int, end: int) -> Span:
        """The quoted words of a text range, with their milliseconds."""
        raw = self.said.text[start:end]
        start += len(raw) - len(raw.lstrip(" ,.;:?!-"))
        quote = raw.strip(" ,.;:?!-")
        touched = [t for t in self.times if t[0] < start + len(quote) and t[1] > start]
        if touched:
            return Span(quote, touched[0][2], touched[-1][3])
        return Span(quote, self._at(start), self._at(start + len(quote)))

    def whole(self) -> Span:
        """The span of everything said."""
        return Span(self.said.text.strip(), self.said.start_ms, self.said.end_ms)

    def found(self, quote: str) -> tuple[int, int]:
        """Where a quote first occurs; an empty range if it does not."""
        at = max(self.said.text.find(quote), 0)
        return at, at + len(quote) * (quote in self.said.text)

    def confidence(self, start: int, end: int) -> float:
        """The recogniser's confidence in a range: the mean over its words, in 0..1."""
        touched = [t[4] for t in self.times if t[0] < end and t[1] > start]
        return sum(touched) / len(touched) if touched else self.said.confidence

    def without(self, stretches: Sequence[tuple[int, int]]) -> "Utterance":
        """The same turn with ranges blanked; offsets stay."""
        if not stretches:
            return self
        text = self.text
        for start, end in stretches:
            text = text[:start] + " " * (end - start) + text[end:]
        return replace(self, text=text)

    def cut(self, stretches: Sequence[tuple[int, int]]) -> "Utterance":
        """The same turn as if ranges had not been said at all; offsets stay."""
        if not stretches:
            return self
        text = self.said.text
        for start, end in stretches:
            text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
        return utterance(replace(self.said, text=text))

    def _at(self, offset: int) -> int:
        """The instant of a character when words carry no times: by proportion."""
        length = max(len(self.text), 1)
        return self.said.start_ms + (self.said.end_ms - self.said.start_ms) * offset // length


_HESITATION = re.compile(
    r",?\s*\b(?:u+h+m*|u+m+|e+rm*|h+m+|a+h+)\b,?(?=\s|$|[.?!])|\s{2,}", re.IGNORECASE
)


def fluent(text: str) -> str:
    """A quote to be repeated or written down, without sounds of hesitation."""
    return re.sub(r"\s+", " ", _HESITATION.sub(" ", text)).strip(" ,")


def utterance(said: UserSaid) -> Utterance:
    """What was said, ready to be parsed."""
    text = "".join(_plain(ch) for ch in said.text)
    tokens = tuple(Token(m.group(), m.start(), m.end()) for m in TOKEN.finditer(text))
    return Utterance(said, text, tokens, _times(said, text))


def _plain(ch: str) -> str:
    if ch in "\u2019\u2018`":
        return "'"
    low = ch.lower()
    return low if len(low) == 1 else ch


def _times(said: UserSaid, text: str) -> tuple[tuple[int, int, int, int, float], ...]:
    """Word times by offset: words are matched in order; those that do not occur are skipped."""
    found = []
    place = 0
    for word in said.words:
        wanted = "".join(_plain(ch) for ch in word.text.strip())
        at = text.find(wanted, place) if wanted else -1
        if at < 0:
            continue
        place = at + len(wanted)
        found.append((at, place, word.start_ms, word.end_ms, word.confidence))
    return tuple(found)
