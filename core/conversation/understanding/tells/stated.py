"""What a company knows callers by who are better served elsewhere, or who need a person at once."""

import re
from collections import Counter
from datetime import UTC, datetime

from core.commands import (
    Command,
    CompetitorOrVendor,
    Escalate,
    ProvideSignal,
    Span,
    SupportNeed,
)
from core.conversation.understanding.meant import caller, stating
from core.conversation.words.frames import CALLERS
from core.conversation.words.plain import Plain, plain
from core.conversation.words.stems import WORD, stem, stems
from core.conversation.words.utterance import Utterance, utterance
from core.crm.known import CUSTOMER, YES
from core.talk import UserSaid
from knowledge.profile import Company, Disqualifier

_NOT_SAID = re.compile(
    r"\b(?:not|don't|aren't|isn't|never|if|used to|formerly|previously|was|were) (?:an? |\w+ )?$"
)

TROUBLE = "trouble"
"""Frames by which an existing customer tells of trouble; of anybody else they tell of their own."""
_DENIABLE = ("competitor", "student", "job_seeker", "vendor")
_DENIED = re.compile(
    r"\b(?:not|never|isn't|aren't|ain't|wasn't|don't|haven't|no longer|used to|spent \w+ \w+ (?:at"
    r"|with)|c[ao]me (?:over |here )?from|moved (?:over |here )?from)\b"
)
"""Within the words themselves: they say the opposite, or tell of another time."""


class Stated:
    """The phrases of one company, and the plain English of the kinds it names."""

    def __init__(self, company: Company) -> None:
        self._escalations = tuple(
            (_phrase(p), e.id) for e in company.escalations for p in e.phrases
        )
        self._phrases = tuple((_phrase(p), d) for d in company.disqualifiers for p in d.phrases)
        self._kinds = tuple((d, kind) for d in company.disqualifiers if (kind := kind_of(d)))
        self._trouble = tuple((d, TROUBLE) for d, kind in self._kinds if kind == "support")
        self._examples = tuple(
            (frozenset(stems(p)), d) for d in company.disqualifiers for p in d.phrases
        )

    def find(
        self, u: Utterance, text: Plain, *, customer: bool = False
    ) -> list[tuple[Command, int, int]]:
        """What disqualifies or escalates in a turn, with its offsets; at most one.

        `text`: the turn in plain words.

        `customer`: they are one already, so that what is wrong is wrong with ours.
        """
        for pattern, name in self._escalations:
            if match := pattern.search(u.text):
                return [(Escalate(u.span(*match.span()), name), *match.span())]
        for pattern, item in self._phrases:
            if (match := pattern.search(u.text)) and _said(u.text, match.start()):
                return [(_command(u.span(*match.span()), item), *match.span())]
        for item, kind in (*self._kinds, *(self._trouble if customer else ())):
            place = caller(kind, text)
            if place and kind == "support" and _grows(u.text):
                return [(ProvideSignal(u.span(*place), CUSTOMER, YES), *place)]
            if place and not (kind in _DENIABLE and _DENIED.search(u.text[slice(*place)])):
                return [(_command(u.span(*place), item), *place)]
        said = {stem(word) for word in WORD.findall(text.text)}
        for wanted, item in self._examples:
            if wanted <= said and (place := stating(wanted, text)):
                return [(_command(u.span(*place), item), *place)]
        return []


def _grows(text: str) -> bool:
    """Whether a customer asks to have more of ours, which is for sales, and tells of no trouble."""
    return _MORE.search(text) is not None and _AMISS.search(text) is None


_MORE = re.compile(
    r"\b(?:upgrad(?:e|ing)|expand(?:ing)?|mov(?:e|ing) up|step(?:ping)? up|go(?:ing)? up to"
    r"|bigger plan"
    r"|larger plan|next plan|higher (?:plan|tier)|(?:more|extra|additional|another|second"
    r"|new) (?:\w+ )?"
    r"(?:seats?|licen[cs]es?|rows?|destinations?|workspaces?|teams?|departments?|units?|machines?|devices?"
    r"|sites?|locations?|connectors?)|add(?:ing)? (?:more|another|a second|seats|users)"
    r"|roll(?:ing)? (?:it )?out"
    r" to (?:more|the rest|other|another)|buy(?:ing)? (?:more|another|a second)|order (?:more"
    r"|another|a second))\b"
)
_AMISS = re.compile(
    r"\b(?:wrong|broken|broke|down|error\w*|fail\w*|issues?|problems?|trouble|not work\w*|doesn't"
    r"|don't work"
    r"|won't|can't|cannot|stopped|refund|invoice|bill(?:ed|ing)?|charged|password|log ?in|ticket"
    r"|cancel\w*)\b"
)


def kind_of(item: Disqualifier) -> str | None:
    """The kind of a disqualifier: as named, else the one most of its phrases are examples of."""
    if item.kind in CALLERS:
        return item.kind
    if item.kind != "other" or item.signal:
        return None
    votes = Counter(k for p in item.phrases for k in CALLERS if _example_of(k, p))
    kind, n = votes.most_common(1)[0] if votes else ("", 0)
    return kind if n >= 2 and 2 * n >= len(item.phrases) else None


def _example_of(kind: str, phrase: str) -> bool:
    said = utterance(UserSaid(0, phrase, 0, 0, datetime(2000, 1, 1, tzinfo=UTC)))
    return bool(caller(kind, plain(said)))


def _said(text: str, start: int) -> bool:
    return not _NOT_SAID.search(text[:start])


def _command(span: Span, item: Disqualifier) -> Command:
    if item.kind == "support":
        return SupportNeed(span, item.id)
    return CompetitorOrVendor(span, item.id)


def _phrase(phrase: str) -> re.Pattern[str]:
    """A company phrase as a pattern that forgives "i am" for "i'm" and double spaces."""
    text = re.escape(phrase.lower().replace("\u2019", "'")).replace(r"\ ", r"\s+")
    for short, long in (
        ("i'm", "i am"),
        ("we're", "we are"),
        ("can't", "cannot"),
        ("i'd", "i would"),
    ):
        text = text.replace(re.escape(short), f"(?:{short}|{long})").replace(
            short, f"(?:{short}|{long})"
        )
    return re.compile(rf"(?<!\w){text}(?!\w)")
