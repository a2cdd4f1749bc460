"""Answers to a company's yes-or-no criteria, volunteered or in other words.

"Do you own the building?" is answered by "we just rent it" as well as by "no". Pure.
"""

import re
from collections.abc import Sequence
from functools import cache

from core.commands import ProvideSignal
from core.conversation.understanding.asks.questions import clauses
from core.conversation.words.figures import certainty
from core.conversation.words.others import of_others
from core.conversation.words.stems import stem
from core.conversation.words.utterance import Utterance
from core.events import Polarity
from knowledge.leading import YES_NO, lead_with
from knowledge.profile import Criterion
from knowledge.retrieval.english import LIGHT, STOP

_ASKED = re.compile(
    r"(?:and |so )?(?:do|does|did|are|is|have|has|can|will|would) "
    r"(?:you(?: guys| all)?|your (?:\w+ )?\w+|it|they|there|that|this|the \w+) (?P<what>.+)"
)
"""The form of a yes-or-no question: what it asks follows the subject."""
_THEY = re.compile(r"\b(?:we|we're|we've|i|i'm|i've|our|my|us|it|it's|there|there's|the|them)\b")
_NOT = re.compile(
    r"\b(?:not|no|never|don't|doesn't|didn't|isn't|aren't|haven't|hasn't|can't|without|none|nor"
    r"|ain't)\b"
)
_ESTATE = (
    r"(?:buildings?|the place|this place|property|properties|land|roofs?|warehouses?|premises"
    r"|real estate|space|lots?|facility|facilities|barns?|fields?|acres?)"
)
"""Property owned or rented by itself, whatever business is in it: a shop's owner may rent the
premises."""
_BUSINESS = (
    r"(?:plant|factory|house|store|shop|office|site|mill|school|church|farm|location|unit)s?"
)
_OWNED = rf"(?:\w+ ){{0,7}}?{_ESTATE}\b"
_RENTED = rf"(?:\w+ ){{0,7}}?(?:{_ESTATE}|{_BUSINESS})\b"
_OWNS = re.compile(
    r"\b(?:we|i)(?:'ve| have)?(?: do| all| both| actually| also| already)* "
    rf"(?P<not>don't |do not )?(?:actually )?(?:own|owned|bought|purchased) {_OWNED}"
    r"|\b(?:it's|they're|that's|it is) (?P<not2>not )?(?:ours|my (?:own )?building|our (?:own )?"
    r"building|owner[ -]occupied)\b"
    rf"|\b(?:i'm|i am|we're|we are) (?P<not3>not )?the owners? of {_OWNED}"
)
_RENTS = re.compile(
    rf"\b(?:we|i)(?:'re|'m| are| am)?(?: just| only| currently| actually| do)* (?P<not>don't )?"
    rf"(?:rent(?:ing)?|leas(?:e|ing)|sublet(?:ting)?|sublease) {_RENTED}(?! out\b)"
    r"|\b(?:it's|they're|that's|it is|we're on) (?:only |just )?(?:a |an? \w+ )?(?:leased?|rental"
    r"|rented|triple net|sublet|sublease)\b"
    r"|\b(?:we're|we are|i'm|i am) (?:only |just )?(?:an? )?(?:\w+ )?(?:tenants?|renters?|renting"
    r"|leasing)\b"
    r"|\b(?:our|the|my|from an?) landlord(?! (?:and|or) i\b)"
)
_BARE = re.compile(
    rf"{lead_with(*YES_NO, 'actually')}(?:we|i)(?:'re|'m| are"
    r"| am| do)?(?: just| only| actually| both)* (?:(?P<own>own)|rent(?:ing)?|leas(?:e|ing))"
    r"(?: (?:it|that|here|there|this one))?(?:,? (?:outright|too|yeah|yes|ourselves))*\W*"
)
"""Says no more than that: "we own it, yeah"."""
_ANSWERS_RENT = re.compile(r"\b(?:rent(?:s|ed|ing|al)?|leas(?:e|es|ed|ing)|tenants?|landlord)\b")
_RENTS_NOT = re.compile(r"\b(?:don't|not|no longer|never|isn't)(?: \w+)? (?:rent|leas|a lease)")
_ANSWERS_OWN = re.compile(
    r"\b(?:we|i|yes|yeah|yep) (?:do )?(?:own|bought)\b|\bmy building\b|\bours\b"
)


def held(
    u: Utterance, criterion: Criterion, asked: Sequence[tuple[int, int]], *, expected: bool
) -> list[ProvideSignal]:
    """Whether a yes-or-no criterion holds, as far as a turn says so in words."""
    what = _what(criterion.ask, criterion.label)
    thing = _thing(criterion.ask)
    for start, end in clauses(u):
        end = min([end, *(a for a, b in asked if a < end and start < b)])  # what is told before it
        if end <= start or of_others(u.text, end):
            continue
        said = u.text[start:end]
        answer = _owning(said, expected) if what is None else _said(said, what, expected)
        if answer is None and thing:
            answer = _having(said, thing, expected)
        if answer is not None:
            value = "yes" if answer else "no"
            polarity: Polarity = "positive" if answer else "negative"
            sure = certainty(u, start, end, 0.85)
            return [ProvideSignal(u.span(start, end), criterion.name, value, polarity, sure)]
    return []


@cache
def _what(ask: tuple[str, ...], label: str) -> frozenset[str] | None:
    """The stems of the question; None if it asks who owns a building."""
    lines = (match["what"] for line in ask if (match := _ASKED.match(line.lower().strip(" ?"))))
    said = next(lines, label.lower())
    if _OF_A_BUILDING.search(said):
        return None
    words = (w for w in re.findall(r"[a-z]+", said) if w not in (STOP | LIGHT) - {"own"})
    return frozenset(map(stem, words))


@cache
def _thing(ask: tuple[str, ...]) -> frozenset[str]:
    """The stems of what a question asks whether they have any of: "any claims in the past year"."""
    lines = (match["thing"] for line in ask if (match := _ANY.match(line.lower().strip(" ?"))))
    words = re.findall(r"[a-z]+", next(lines, ""))
    return frozenset(stem(w) for w in words if w not in STOP | LIGHT)


_ANY = re.compile(
    r"(?:and |so )?(?:do|does|did|are|is|were|have|has) (?:you|your \w+|there|they|it)\b.*?"
    r"\bany (?P<thing>.+?)(?: (?:in|on|at|from|with|over|during|within|of|that|which|so far|yet"
    r"|now|right now|currently|for|to)\b.*)?$"
)
_NUMBER = (
    r"an?|one|two|three|four|five|six|seven|eight|nine|ten|\d+|some|several|(?:a )?(?:few|couple)"
    r"(?: of)?|many|lots? of|multiple"
)
_NONE_OF = re.compile(
    r"\b(?:no|zero|without(?: any| a)?|(?:never|not|haven't|hasn't|hadn't|didn't|don't|doesn't)"
    r"(?: (?:ever|really|yet|actually|have|had|get|got|filed|made|been))* (?:any|an?|one|single))"
    r"(?: (?:single|such|more|other|big|major|open|new))* $"
)
_SO_MANY_OF = re.compile(
    r"\b(?:we|i|there|they|it)(?:'ve|'s|'re)?(?: (?:do|did|just|only|also|actually|recently|have"
    r"|has|had|got|get|was|were|are|is|been|made|filed))+ (?:just |only |about |maybe )*"
    rf"(?:{_NUMBER})(?: [a-z]+)? $"
)
_ENDS_THERE = re.compile(
    r"\s*(?:$|[,.;!]|(?:ever|at all|whatsoever|last|this|in|since|so|and|but|over|from|yet|on|for"
    r"|or|with|before|when|that|which|here|right|now|to|during|within|against|of|two|three|\d)\b)"
)
_JUST = re.compile(
    rf"{lead_with(*YES_NO)}(?:(?:just|only|maybe|we've had|we had|there was|there were) )*"
    r"(?:(?P<none>none|zero)|one|two|three|four|five|\d|(?:a )?(?:couple|few)|several)"
    r"(?= *(?:$|[.,;!])| (?:of (?:them|those)|last|in|since|this|that (?:i|we) know))"
)
"""An answer without the thing itself: "just one, a broken window"."""


def _having(clause: str, thing: frozenset[str], expected: bool) -> bool | None:
    """Whether a clause says that there is one of a thing, or none; `expected`: we asked."""
    for word in re.finditer(r"[a-z]+", clause):
        if stem(word[0]) not in thing or not _ENDS_THERE.match(clause, word.end()):
            continue
        before = clause[: word.start()]
        while (last := re.search(r"([a-z]+) $", before)) and stem(last[1]) in thing:
            before = before[: last.start()]  # "moving violations"
        if _NONE_OF.search(before):
            return False
        if _SO_MANY_OF.search(before):
            return True
    answer = _JUST.match(clause) if expected else None
    return answer["none"] is None if answer else None


_OF_A_BUILDING = re.compile(rf"\bowns? (?:{_RENTED}|it\b)|\bowners? of {_RENTED}")


def _said(clause: str, what: frozenset[str], expected: bool) -> bool | None:
    """Whether a clause states everything asked, or denies it."""
    said = {stem(word) for word in re.findall(r"[a-z]+", clause)}
    if len(what) < (1 if expected else _LEAST) or not what <= said or not _THEY.search(clause):
        return None
    return _NOT.search(clause) is None


_LEAST = 2
"""Words of a question that must be said if it was not asked."""


def _owning(clause: str, expected: bool) -> bool | None:
    """Whether a clause says that a building is theirs, or rented; `expected`: we asked."""
    if match := _OWNS.search(clause):
        denied = match["not"] or match["not2"] or match["not3"]
        return not denied
    if match := _RENTS.search(clause):
        return bool(match["not"])
    if bare := _BARE.fullmatch(clause):
        return bare["own"] is not None
    if expected and _ANSWERS_RENT.search(clause):
        return _RENTS_NOT.search(clause) is not None
    return True if expected and _ANSWERS_OWN.search(clause) else None
