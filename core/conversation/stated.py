"""Phrases by which a company knows who is better served elsewhere, or needs a person at once."""

import re

from core.commands import Command, CompetitorOrVendor, Escalate, Span, SupportNeed
from core.conversation.utterance import Utterance
from knowledge.profile import Company

_SUPPORT = re.compile(
    r"\b(?:(?:a |an )?(?:problem|issue|trouble)s? with (?:my|our) (?:account|invoice|login|sync"
    r"|bill|subscription|order|password)|(?:i am|i'm|we're|we are) (?:already |an? |existing )*"
    r"customers?(?! (?:data|success|service|support))|(?:my|our) account (?:is|was|has been)"
    r" (?:locked|suspended|down))\b"
)
_NOT_SAID = re.compile(r"\b(?:not|don't|aren't|isn't|never|if) (?:a |an |\w+ )?$")


class Stated:
    """The phrases of one company. Questions state nothing about the caller."""

    def __init__(self, company: Company) -> None:
        self._phrases = tuple(
            (_phrase(p), make, item.id)
            for items, make in (
                (company.disqualifiers, _disqualifier),
                (company.escalations, Escalate),
            )
            for item in items
            for p in item.phrases
        )
        support = (d.id for d in company.disqualifiers if d.id.startswith("support"))
        self._support = next(support, "")

    def find(self, u: Utterance) -> list[tuple[Command, int, int]]:
        """What disqualifies or escalates in a turn, with its offsets; at most one."""
        for pattern, make, name in self._phrases:
            match = pattern.search(u.text)
            if match and not _NOT_SAID.search(u.text[: match.start()]):
                span = u.span(match.start(), match.end())
                return [(make(span, name), match.start(), match.end())]
        if self._support and (match := _SUPPORT.search(u.text)):
            span = u.span(match.start(), match.end())
            return [(SupportNeed(span, self._support), match.start(), match.end())]
        return []


def _disqualifier(span: Span, name: str) -> Command:
    return SupportNeed(span, name) if name.startswith("support") else CompetitorOrVendor(span, name)


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
