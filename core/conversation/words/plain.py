"""A turn in plain words for rules to read: contractions expanded, names as classes, no fillers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.conversation.words.lexicon import Mention
from core.conversation.words.utterance import Utterance

NAMED = {"competitor": "RIVAL", "tool": "TOOL", "product": "OURS", "rep": "REP", "plan": "PLAN"}
"""Kinds of vocabulary names, and their class in rules."""

_SHORT = (
    ("won't", "will not"), ("can't", "can not"), ("cannot", "can not"), ("let's", "let us"),
    ("n't", " not"), ("'re", " are"), ("i'm", "i am"), ("'ve", " have"), ("'ll", " will"),
    ("'d", " would"), ("gonna", "going to"), ("gotta", "got to"), ("wanna", "want to"),
    ("that's", "that is"), ("it's", "it is"), ("what's", "what is"), ("who's", "who is"),
    ("there's", "there is"), ("here's", "here is"), ("somebody's", "somebody is"),
    ("nothing's", "nothing is"), ("y'all", "you all"),
)  # fmt: skip
_SHORTENED = tuple(short for short, _ in _SHORT)
_FILLERS = frozenset(
    "um uh er erm ah hm hmm well actually just really honestly basically maybe perhaps please so"
    " also currently simply guys literally technically frankly possibly quickly kindly".split()
)
_PIECE = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d[\d,.:]*\d|\d|[.?!;]+|[,()–—]")
_BRACKETS = "()–—"


@dataclass(frozen=True, slots=True)
class Plain:
    """`text`: the plain text; `places`: the range in the turn for each word of it."""

    text: str
    places: tuple[tuple[int, int, int, int], ...]
    """(start, end) of a word here and (start, end) of what it stands for in the turn."""

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where in the turn a range of the plain text was said."""
        inside = [p for p in self.places if p[0] < end and p[1] > start]
        return (inside[0][2], inside[-1][3]) if inside else (0, 0)

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The range here for a range of the turn: the inverse of `place`."""
        inside = [p for p in self.places if p[2] < end and p[3] > start]
        return (inside[0][0], inside[-1][1]) if inside else (0, 0)


def plain(u: Utterance, mentions: Sequence[Mention] = ()) -> Plain:
    """The turn as rules read it; sentences end in ` .` and clauses in ` ,`."""
    named = {m.start: m for m in mentions if m.kind in NAMED and m.exact}
    parts: list[str] = []
    places: list[tuple[int, int, int, int]] = []
    at = after = 0
    for match in _PIECE.finditer(u.text):
        if match.start() < after:
            continue
        start, end = match.span()
        if mention := named.get(start):
            said, end = NAMED[mention.kind], mention.end
        else:
            said = _full(match.group(), u.text[end : end + 24])
        after = end
        if not said:
            continue
        parts.append(said)
        places.append((at, at + len(said), start, end))
        at += len(said) + 1
    return Plain(" ".join(parts), tuple(places))


_IS = re.compile(
    r" (?:been|not|an?|the|down|broken|gone|going|stuck|wrong|still|always|just|never|failing"
    r"|failed|suspended|locked|stopped|dead|offline|slow|missing|crash\w*|throw\w*|keep\w*)\b"
)
"""What follows a non-possessive "'s": "our pipeline's been failing"."""


def _full(piece: str, follows: str = "") -> str:
    if piece[0] in ".?!;":
        return "?" if "?" in piece else "."
    if piece in _BRACKETS:
        return ","
    if piece in _FILLERS:
        return ""
    if piece.endswith("'s") and _IS.match(follows):
        return piece.removesuffix("'s") + " is"
    if not piece.endswith(_SHORTENED):
        return piece
    short, long = next(form for form in _SHORT if piece.endswith(form[0]))
    return piece.removesuffix(short) + long
