"""The price of a thing, however it is asked: "what's one of those set us back for a week?"

Buyers ask what a thing costs in more ways than articles have wordings, and say "those" of what they
named a sentence or a turn before. What it costs is told by the article that states prices of it:
what such an article is found by is a thing that has a price.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from knowledge.answer_type import asked_for, states
from knowledge.entry import FACTS
from knowledge.follow_up import of_another_kind
from knowledge.hit import Place, Tokens
from knowledge.tokens import SENTENCE, stem
from knowledge.words import Term

_OF_MONEY = """
cost costs price prices priced pricing rate rates fee fees charge charges rent rental much money
quote bill damage tab ticket going run runs go goes set back hit sell sells come comes total get
"""
_OF_TIME = """
second minute hour hourly day daily week weekly weekend month monthly quarter quarterly year yearly
annual annually night overnight period time times today tomorrow monday tuesday wednesday thursday
friday saturday sunday
"""
_OF_SIZE = (
    "foot feet ft inch inches ton tons kilowatt kilowatts kw gallon gallons pound pounds unit"
)
_NO_MATTER = frozenset(map(stem, f"{_OF_MONEY} {_OF_TIME} {_OF_SIZE}".split()))
"""Words of a question for a price that tell neither of what it is, nor anything else asked."""
_BACK = 3
"""What was said that long before is what "it" may be."""
_FIGURE = re.compile(r"\$?\d[\d.,]*")

Terms = Callable[[str], Sequence[Term]]


class Sought(NamedTuple):
    """What may tell a price: articles, and the words by which they are told apart."""

    articles: frozenset[str]
    words: str


@dataclass(frozen=True, slots=True)
class Priced:
    """The articles that state prices of something, and what each is found by."""

    things: dict[str, Tokens]
    goods: Tokens
    """The forms of what the company's vocabulary has for sale: its products and plans."""

    @classmethod
    def of(cls, places: Iterable[Place], goods: Tokens) -> "Priced":
        """By the heads of articles that state prices, and what their wordings are mostly about."""
        things: dict[str, Tokens] = {}
        for place in places:
            if place.article.policy in FACTS and states("price", place.passage, place.article):
                known = things.get(place.article.id, frozenset())
                things[place.article.id] = known | place.subjects
        return cls(things, goods)

    def named(self, question: str, terms: Terms) -> Sought | None:
        """The price of what a question names, where something has one."""
        asked = _sentences(question)[-1]
        named = self._named(asked, terms)
        return self._sought(asked, named) if named else None

    def of_it(self, question: str, before: Sequence[str], terms: Terms) -> Sought | None:
        """The same of a question that names nothing, after what was said, oldest first."""
        *told, asked = _sentences(question)
        if self._named(asked, terms) != []:
            return None
        for text in reversed((*before[-_BACK:], *told)):
            if goods := [t for t in terms(text) if not self.goods.isdisjoint(t.forms)]:
                return self._sought(f"{text} {asked}", goods[-1:])
            if of_another_kind(text):
                return None
        return None

    def _named(self, asked: str, terms: Terms) -> list[Term] | None:
        """What a question for a price names; None for any other, and where it asks for more."""
        if asked_for(asked) != "price" or of_another_kind(asked):
            return None
        matter = [t for t in terms(asked) if t.weight == "content" and not _tells_nothing(t)]
        return matter if all(map(self._known, matter)) else None

    def _known(self, term: Term) -> bool:
        return any(not tokens.isdisjoint(term.forms) for tokens in self.things.values())

    def _sought(self, text: str, named: Sequence[Term]) -> Sought | None:
        """The articles that are found by all that was named."""
        found = {
            id_
            for id_, tokens in self.things.items()
            if all(not tokens.isdisjoint(t.forms) for t in named)
        }
        return Sought(frozenset(found), text) if found else None


def _sentences(question: str) -> list[str]:
    """Up to the last thing that is asked."""
    said = [s for s in SENTENCE.split(question.strip()) if s]
    last = max((n for n, s in enumerate(said) if s.endswith("?")), default=len(said) - 1)
    return said[: last + 1] or [question]


def _tells_nothing(term: Term) -> bool:
    if term.name:
        return False
    return all(
        stem(word) in _NO_MATTER or _FIGURE.fullmatch(word) is not None
        for word in term.said.split()
    )
