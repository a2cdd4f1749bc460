"""Buyers' questions without an approved answer, grouped by similarity and ranked by value."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from knowledge.entry import FACTS, Article
from knowledge.retrieval.english import LIGHT, QUESTION, STOP
from knowledge.retrieval.kin import groups, kinds
from knowledge.retrieval.tokens import stem, tokens

ALIKE = 0.4
"""Share of weighted words in common from which two questions count as the same."""
_KIN = {
    stem(word): stem(group[0])
    for group in reversed((*groups("same", "search"), *([k, *v] for k, v in kinds().items())))
    for word in group
}
_PLAIN = frozenset(stem(word) for word in (*STOP, *QUESTION))
_LIGHT = frozenset(stem(word) for word in LIGHT)
_HIDDEN = re.compile(r"\[[a-z ]+\](?:'s)?")
"""Placeholders for removed personal data."""
_LITTLE = 0.3
"""Weight of an everyday word against one that carries a topic."""

Words = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """One deferred question, and who asked it."""

    text: str
    reason: str
    owner: str
    conversation: str
    caller: str
    """Number or address; the conversation's id if withheld."""
    at: datetime
    worth: float
    """The value of its conversation, in the company's currency; 1 if unknown."""
    source: str = ""
    """The export of another system it comes from; empty: a conversation of the agent."""
    objection: bool = False
    """Whether it is the reason a deal was lost."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that ask the same. `worth` counts each conversation once."""

    wording: str
    """The question most similar to all others."""
    wordings: tuple[str, ...]
    """All wordings, most frequent first, without duplicates."""
    count: int
    callers: int
    last: datetime
    reason: str
    """The most frequent reason for deferral."""
    owner: str
    worth: float
    sources: tuple[tuple[str, int], ...] = ()
    """Where it was asked and how often, most first; empty name: the agent's conversations."""
    objection: bool = False
    """Whether it is mostly a reason for lost deals."""


def still_open(
    asked: Sequence[Unanswered], articles: Sequence[Article], today: date
) -> list[Unanswered]:
    """Questions whose exact wording no article lists by now."""
    taught = {
        tuple(tokens(wording))
        for article in articles
        if article.usable_on(today) and article.policy in FACTS
        for passage in article.passages
        for wording in passage.asked
    }
    return [one for one in asked if tuple(tokens(one.text)) not in taught]


def gaps(asked: Sequence[Unanswered]) -> list[Gap]:
    """Questions grouped by similarity: the most valuable first, then the most asked, the latest.

    Pure; the same questions in any order give the same list.
    """
    ordered = sorted(asked, key=lambda q: (q.at, q.conversation, q.text))
    weighed = _weighed([q.text for q in ordered])
    groups: list[list[int]] = []
    for n, words in enumerate(weighed):
        best = max(groups, key=lambda g: _nearest(words, g, weighed), default=None)
        if best is not None and _nearest(words, best, weighed) >= ALIKE:
            best.append(n)
        else:
            groups.append([n])
    found = [_gap([ordered[n] for n in group], [weighed[n] for n in group]) for group in groups]
    return sorted(found, key=lambda g: (-g.worth, -g.count, -g.last.timestamp(), g.wording))


def _weighed(texts: Sequence[str]) -> list[Words]:
    """Each question's words by weight: everyday ones little, courtesies none."""
    roots = ([stem(token) for token in tokens(_HIDDEN.sub(" ", text))] for text in texts)
    return [
        {_KIN.get(r, r): _LITTLE if r in _LIGHT else 1.0 for r in row if r not in _PLAIN}
        for row in roots
    ]


def _nearest(words: Words, group: Sequence[int], weighed: Sequence[Words]) -> float:
    return max(_likeness(words, weighed[n]) for n in group)


def _likeness(one: Words, two: Words) -> float:
    if not one and not two:
        return 1.0
    both = sum(weight for word, weight in one.items() if word in two)
    return both / max(sum(one.values()) + sum(two.values()) - both, 1e-9)


def _gap(questions: Sequence[Unanswered], words: Sequence[Words]) -> Gap:
    middle = max(
        range(len(questions)),
        key=lambda n: (sum(_likeness(words[n], other) for other in words), -n),
    )
    worth: dict[str, float] = {}
    for question in questions:
        worth[question.conversation] = max(worth.get(question.conversation, 0.0), question.worth)
    return Gap(
        wording=questions[middle].text,
        wordings=tuple(text for text, _ in Counter(q.text for q in questions).most_common()),
        count=len(questions),
        callers=len({q.caller for q in questions}),
        last=max(q.at for q in questions),
        reason=_commonest([q.reason for q in questions]),
        owner=_commonest([q.owner for q in questions]),
        worth=round(sum(worth.values()), 2),
        sources=tuple(Counter(q.source for q in questions).most_common()),
        objection=2 * sum(q.objection for q in questions) > len(questions),
    )


def _commonest(texts: Sequence[str]) -> str:
    return Counter(texts).most_common(1)[0][0]
