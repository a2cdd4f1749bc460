"""What a company knows callers by who are better served elsewhere, or who need a person at once."""

import re
from collections.abc import Sequence

from core.commands import Command, CompetitorOrVendor, Escalate, Span, SupportNeed
from core.conversation.lexicon import Mention
from core.conversation.outsiders import KINDS, says, works_for_rival
from core.conversation.utterance import Utterance
from knowledge.profile import Company, Disqualifier

_NOT_SAID = re.compile(
    r"\b(?:not|don't|aren't|isn't|never|if|used to|formerly|previously|was|were) (?:an? |\w+ )?$"
)


class Stated:
    """The phrases of one company, and the plain English of the kinds it names."""

    def __init__(self, company: Company) -> None:
        self._escalations = tuple(
            (_phrase(p), e.id) for e in company.escalations for p in e.phrases
        )
        self._phrases = tuple((_phrase(p), d) for d in company.disqualifiers for p in d.phrases)
        self._kinds = tuple(d for d in company.disqualifiers if d.kind in KINDS)

    def find(self, u: Utterance, mentions: Sequence[Mention]) -> list[tuple[Command, int, int]]:
        """What disqualifies or escalates in a turn, with its offsets; at most one."""
        for pattern, name in self._escalations:
            if match := pattern.search(u.text):
                return [(Escalate(u.span(*match.span()), name), *match.span())]
        for pattern, item in self._phrases:
            if (match := pattern.search(u.text)) and _said(u.text, match.start()):
                return [(_command(u.span(*match.span()), item), *match.span())]
        for item in self._kinds:
            if place := _of_kind(item, u, mentions):
                return [(_command(u.span(*place), item), *place)]
        return []


def _of_kind(
    item: Disqualifier, u: Utterance, mentions: Sequence[Mention]
) -> tuple[int, int] | None:
    rivals = [m for m in mentions if m.kind == "competitor"]
    if item.kind == "competitor":
        for m in rivals:
            start = works_for_rival(u.text, m.start)
            if start is not None:
                return start, m.end
    place = says(item.kind, u.text)
    if (
        place
        and item.kind == "support"
        and any(place[0] - 30 <= m.start < place[1] for m in rivals)
    ):
        return None
    return place


_SINCE = re.compile(r"\b(?:been (?:using|on|running)|(?:we|i) (?:use|run|have|bought|are on))\s+$")
_TROUBLE = re.compile(
    r"\b(?:help|error\w*|broken|stuck|fail\w*|down|won't|not working|doesn't work|stopp\w*|crash\w*"
    r"|problems?|issues?|trouble|wrong|none of|nothing|can't|cannot|missing|since (?:this|the"
    r"|yesterday))\b"
)


def _uses_ours(u: Utterance, mentions: Sequence[Mention]) -> tuple[int, int] | None:
    """Who has been using a product of ours and is in trouble."""
    for m in mentions:
        used = m.kind == "product" and _SINCE.search(u.text[: m.start])
        if used and _TROUBLE.search(u.text):
            return used.start(), m.end
    return None


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
