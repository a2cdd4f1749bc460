"""Typed and spoken digits, grouped into runs that belong together. Pure."""

import re
from dataclasses import dataclass

from core.conversation.words.numbers import PAIRS
from knowledge.number_words import TENS, UNITS

_TOKEN = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*|\d+", re.UNICODE)
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015.,/;:()*\u2026\u00b7|_]{0,12}")
_ONE = {w: str(n) for w, n in UNITS.items()} | {
    "oh": "0", "o": "0", "nought": "0", "naught": "0", "niner": "9",
}  # fmt: skip
_ALIKE = {"for": "4", "fore": "4", "to": "2", "too": "2", "won": "1", "ate": "8", "tree": "3"}
"""What recognisers write for digits; they count only with digits on both sides."""
_TIMES = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
_FILLERS = {
    "uh", "um", "umm", "uhm", "er", "erm", "hm", "hmm", "mm", "ah", "and", "then", "okay", "ok",
    "so", "dash", "hyphen", "space", "dot", "please", "next", "followed", "by",
}  # fmt: skip
MOST_FILLERS = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """Digits said or typed as one, and where. `apart`: preceded by something other than a space."""

    digits: str
    start: int
    end: int
    apart: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive pieces; `before` and `after` count the words on either side."""

    pieces: tuple[Piece, ...]
    before: int
    after: int
    plus: bool
    """Preceded by "+": an international telephone number."""

    @property
    def digits(self) -> str:
        """All of them."""
        return "".join(piece.digits for piece in self.pieces)

    @property
    def start(self) -> int:
        return self.pieces[0].start

    @property
    def end(self) -> int:
        return self.pieces[-1].end


def runs(text: str) -> list[Run]:
    """Every run of digits in a text, in order."""
    tokens = list(_TOKEN.finditer(text))
    words = [t.group().lower().replace("\u2019", "'") for t in tokens]
    found: list[Run] = []
    pieces: list[Piece] = []
    first = last = fillers = i = 0

    def close() -> None:
        if pieces:
            plus = text[: pieces[0].start].rstrip(" (").endswith(("+", "plus"))
            after = len(tokens) - last - 1
            found.append(Run(tuple(pieces), first, after, plus))
            pieces.clear()

    while i < len(tokens):
        digits, used = _digits(words, i, inside=bool(pieces))
        end = tokens[i + max(used, 1) - 1].end()
        if digits and _part_of_a_name(text, tokens[i].start(), end):
            digits = ""
        gap = text[tokens[i - 1].end() : tokens[i].start()] if i else ""
        if pieces and (
            not _BETWEEN.fullmatch(gap) or _decimal(text, pieces[-1], tokens[i], digits)
        ):
            close()
        if digits:
            if not pieces:
                first = i
            apart = fillers > 0 or bool(gap.strip(" ")) or bool(re.search(r"\s{2}", gap))
            pieces.append(Piece(digits, tokens[i].start(), end, apart))
            last, fillers = i + used - 1, 0
        elif pieces:
            fillers += 1
            if words[i] not in _FILLERS or fillers > MOST_FILLERS:
                close()
                fillers = 0
        i += max(used, 1) if digits else 1
    close()
    return found


def _digits(words: list[str], i: int, *, inside: bool) -> tuple[str, int]:
    """Digits read from word `i` on, and how many words they took."""
    word, following = words[i], words[i + 1] if i + 1 < len(words) else ""
    if word.isdigit():
        return (word, 1) if word.isascii() else ("", 1)
    if word in _ONE:
        hundreds = following == "hundred" and word not in ("o", "oh")
        return (_ONE[word] + "00", 2) if hundreds else (_ONE[word], 1)
    if word in PAIRS:
        if word in TENS and following in _ONE and _ONE[following] != "0":
            return PAIRS[word][0] + _ONE[following], 2
        return PAIRS[word], 1
    if word in _TIMES and (following in _ONE or (following.isdigit() and len(following) == 1)):
        return _ONE.get(following, following) * _TIMES[word], 2
    if word in _ALIKE and inside and (following in _ONE or following.isdigit()):
        return _ALIKE[word], 1
    return "", 1


def _part_of_a_name(text: str, start: int, end: int) -> bool:
    """Whether digits touch a letter: "ORD4111", "4111abc"."""
    return (start > 0 and (text[start - 1].isalpha() or text[start - 1] in "_#@")) or (
        end < len(text) and (text[end].isalpha() or text[end] in "_@")
    )


def _decimal(text: str, before: Piece, token: re.Match[str], digits: str) -> bool:
    """Whether two groups form one decimal number: a short one, a point, a very long one."""
    point = text[before.end : token.start()] == "."
    return point and len(before.digits) <= 3 and len(digits) > 8
