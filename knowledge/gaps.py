"""Buyers' questions without an approved answer, grouped by similarity and ranked by value."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from knowledge.entry import FACTS, Article, Passage
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
_TOPIC, _LITTLE = 10, 3
"""Weight of a word that carries a topic, and of an everyday one."""

Words = frozenset[str]
"""A question's words without courtesies, each as the first of its kin."""


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
    answered = answered_by_now({one.text for one in asked}, articles, today)
    return [one for one in asked if one.text not in answered]


def answered_by_now(
    texts: Iterable[str], articles: Sequence[Article], today: date
) -> dict[str, Passage]:
    """The passage that lists each question's exact wording; without questions that none lists."""
    taught = {
        words: passage
        for article in articles
        if article.usable_on(today) and article.policy in FACTS
        for passage in article.passages
        for words in taught_by(passage)
    }
    return {text: taught[words] for text in texts if (words := tuple(tokens(text))) in taught}


def taught_by(passage: Passage) -> set[tuple[str, ...]]:
    """The wordings a passage lists, as words."""
    return {tuple(tokens(wording)) for wording in passage.asked}


def waiting_for(texts: Iterable[str], article: Article | None) -> set[str]:
    """Those of the questions whose exact wording an article lists."""
    passages = article.passages if article else ()
    taught = {words for passage in passages for words in taught_by(passage)}
    return {text for text in texts if tuple(tokens(text)) in taught}


def gaps(asked: Sequence[Unanswered]) -> list[Gap]:
    """Questions grouped by similarity: the most valuable first, then the most asked, the latest.

    Pure; the same questions in any order give the same list.
    """
    read = {text: _words(text) for text in {question.text for question in asked}}
    same: dict[Words, list[Unanswered]] = {}
    for question in sorted(asked, key=_when):
        same.setdefault(read[question.text], []).append(question)
    found = [_gap({words: same[words] for words in group}) for group in _groups(same)]
    return sorted(found, key=lambda g: (-g.worth, -g.count, -g.last.timestamp(), g.wording))


def _when(question: Unanswered) -> tuple[datetime, str, str]:
    return question.at, question.conversation, question.text


def _words(text: str) -> Words:
    roots = {stem(token) for token in tokens(_HIDDEN.sub(" ", text))} - _PLAIN
    return frozenset(_KIN.get(root, root) for root in roots)


def _groups(every: Iterable[Words]) -> list[list[Words]]:
    """Each in the group of the most similar one before it, if that is similar enough."""
    groups: list[list[Words]] = []
    having: dict[str, set[int]] = defaultdict(set)
    """The groups in which a word occurs; under the empty one, those without words."""
    for words in every:
        near = sorted({group for word in words or ("",) for group in having[word]})
        best = max(near, key=lambda g: _nearest(words, groups[g]), default=None)
        if best is None or _nearest(words, groups[best]) < ALIKE:
            best = len(groups)
            groups.append([])
        groups[best].append(words)
        for word in words or ("",):
            having[word].add(best)
    return groups


def _nearest(words: Words, group: Sequence[Words]) -> float:
    return max(_likeness(words, other) for other in group)


def _likeness(one: Words, two: Words) -> float:
    """Share of weighted words in common."""
    every = one | two
    return _weight(one & two) / _weight(every) if every else 1.0


def _weight(words: Words) -> int:
    return sum(_LITTLE if word in _LIGHT else _TOPIC for word in words)


def _gap(same: Mapping[Words, Sequence[Unanswered]]) -> Gap:
    """The gap of similar questions, by their words."""
    middle = max(same, key=lambda one: sum(len(same[w]) * _likeness(one, w) for w in same))
    questions = sorted((q for some in same.values() for q in some), key=_when)
    worth: dict[str, float] = {}
    for question in questions:
        worth[question.conversation] = max(worth.get(question.conversation, 0.0), question.worth)
    return Gap(
        wording=same[middle][0].text,
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
