"""What callers tell, unasked or in their own words, of what a company asks with yes or no.

"Do you own the building?" is answered by "we just rent it" as well as by "no". Pure.
"""

import re
from collections.abc import Sequence
from functools import cache

from core.commands import ProvideSignal
from core.conversation.understanding.asks.questions import clauses
from core.conversation.words.figures import certainty
from core.conversation.words.others import of_others
from core.conversation.words.stems import stem, stems
from core.conversation.words.utterance import Utterance
from core.events import Polarity
from knowledge.english import LIGHT, STOP
from knowledge.profile import Criterion

_ASKED = re.compile(
    r"(?:and |so )?(?:do|does|did|are|is|have|has|can|will|would) "
    r"(?:you(?: guys| all)?|your (?:\w+ )?\w+|it|they|there|that|this|the \w+) (?P<what>.+)"
)
"""A question for yes or no, after whose subject stands what is asked."""
_THEY = re.compile(r"\b(?:we|we're|we've|i|i'm|i've|our|my|us|it|it's|there|there's|the|them)\b")
_NOT = re.compile(
    r"\b(?:not|no|never|don't|doesn't|didn't|isn't|aren't|haven't|hasn't|can't|without|none|nor"
    r"|ain't)\b"
)
_PREMISES = (
    r"(?:(?:\w+ ){0,7}?(?:buildings?|place|property|properties|land|roofs?|warehouses?|plants?"
    r"|factory|factories|house|stores?|shops?|offices?|premises|space|sites?|lot|facility|barns?"
    r"|mill|schools?|church|farm|fields?|acres?|locations?|everything)\b|it\b|them\b|ours\b)"
)
_OWNS = re.compile(
    r"\b(?:we|i)(?:'ve| have)?(?: do| all| both| actually| also| already)* "
    rf"(?P<not>don't |do not )?(?:actually )?(?:own|owned|bought|purchased) (?P<what>{_PREMISES})"
    r"|\b(?:it's|they're|that's|it is) (?P<not2>not )?(?:ours|my (?:own )?building|our (?:own )?"
    r"building|owner[ -]occupied)\b"
    rf"|\b(?:i'm|i am|we're|we are) (?P<not3>not )?the owners? of {_PREMISES}"
)
_RENTS = re.compile(
    rf"\b(?:we|i)(?:'re|'m| are| am)?(?: just| only| currently| actually| do)* (?P<not>don't )?"
    rf"(?:rent(?:ing)?|leas(?:e|ing)|sublet(?:ting)?|sublease) (?P<what>{_PREMISES})(?! out\b)"
    r"|\b(?:it's|they're|that's|it is|we're on) (?:only |just )?(?:a |an? \w+ )?(?:leased?|rental"
    r"|rented|triple net|sublet|sublease)\b"
    r"|\b(?:we're|we are|i'm|i am) (?:only |just )?(?:an? )?(?:\w+ )?(?:tenants?|renters?|renting"
    r"|leasing)\b"
    r"|\b(?:our|the|my) landlord(?! (?:and|or) i\b)"
)
_ANSWERS_RENT = re.compile(r"\b(?:rent(?:s|ed|ing|al)?|leas(?:e|es|ed|ing)|tenants?|landlord)\b")
_RENTS_NOT = re.compile(r"\b(?:don't|not|no longer|never|isn't)(?: \w+)? (?:rent|leas|a lease)")
_ANSWERS_OWN = re.compile(
    r"\b(?:we|i|yes|yeah|yep) (?:do )?(?:own|bought)\b|\bmy building\b|\bours\b"
)


def held(
    u: Utterance, criterion: Criterion, asked: Sequence[tuple[int, int]], *, expected: bool
) -> list[ProvideSignal]:
    """Whether what a criterion asks with yes or no holds, as far as a turn says so in words."""
    what = _what(criterion.ask, criterion.label)
    for start, end in clauses(u):
        if any(a < end and start < b for a, b in asked) or of_others(u.text, end):
            continue
        said = u.text[start:end]
        answer = _owning(said, expected) if _OWN in what else _said(said, what)
        if answer is not None:
            value, side = ("yes", "positive") if answer else ("no", "negative")
            polarity: Polarity = "positive" if side == "positive" else "negative"
            sure = certainty(u, start, end, 0.85)
            return [ProvideSignal(u.span(start, end), criterion.name, value, polarity, sure)]
    return []


@cache
def _what(ask: tuple[str, ...], label: str) -> frozenset[str]:
    """The stems of what is asked: "own" and "build" of "Do you own the building?"."""
    lines = (match["what"] for line in ask if (match := _ASKED.match(line.lower().strip(" ?"))))
    said = next(lines, label.lower())
    words = re.findall(r"[a-z]+", said)
    owning = frozenset({_OWN} & {stem(w) for w in words})
    return owning | {s for w in words if w not in STOP | LIGHT for s in stems(w)}


_OWN = "own"


def _said(clause: str, what: frozenset[str]) -> bool | None:
    """Whether a clause says all that is asked, or denies it."""
    if len(what) < _LEAST or not what <= stems(clause) or not _THEY.search(clause):
        return None
    return _NOT.search(clause) is None


_LEAST = 2
"""Words of a question that must be said, lest any talk of the thing answer it."""


def _owning(clause: str, expected: bool) -> bool | None:
    """Whether a clause says that a building is theirs, or rented; `expected`: we asked."""
    if match := _OWNS.search(clause):
        denied = match["not"] or match["not2"] or match["not3"]
        return not denied
    if match := _RENTS.search(clause):
        return bool(match["not"])
    if expected and _ANSWERS_RENT.search(clause):
        return _RENTS_NOT.search(clause) is not None
    return True if expected and _ANSWERS_OWN.search(clause) else None
