"""The price of a thing, however it is asked: "what's one of those set us back for a week?"

Buyers ask for prices in more ways than articles have wordings, and say "those" for what they named
a sentence or a turn before. The article that states a thing's prices answers: the words that find
such an article name things that have a price.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from knowledge.entry import FACTS
from knowledge.retrieval.answer_type import asked_for, states
from knowledge.retrieval.follow_up import of_another_kind
from knowledge.retrieval.hit import Place, Tokens
from knowledge.retrieval.tokens import SENTENCE, stem
from knowledge.retrieval.words import Term, Terms

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
"""Words of a price question that name neither the thing nor anything else asked."""
_BACK = 3
"""How many earlier statements "it" may refer to."""
_FIGURE = re.compile(r"\$?\d[\d.,]*")


class Sought(NamedTuple):
    """What may identify a price: articles, and the words that tell them apart."""

    articles: frozenset[str]
    words: str


@dataclass(frozen=True, slots=True)
class Priced:
    """The articles that state prices, and what each is found by."""

    things: dict[str, Tokens]
    goods: Tokens
    """The forms of what the company sells by its vocabulary: products and plans."""

    @classmethod
    def of(cls, places: Iterable[Place], goods: Tokens) -> "Priced":
        """From the heads of articles that state prices, and the subjects of their wordings."""
        things: dict[str, Tokens] = {}
        for place in places:
            if place.article.policy in FACTS and states("price", place.passage, place.article):
                known = things.get(place.article.id, frozenset())
                things[place.article.id] = known | place.subjects
        return cls(things, goods)

    def named(self, question: str, terms: Terms) -> Sought | None:
        """The price of what a question names, if something has one."""
        asked = _sentences(question)[-1]
        named = self._named(asked, terms)
        return self._sought(asked, named) if named else None

    def of_it(self, question: str, before: Sequence[str], terms: Terms) -> Sought | None:
        """The same for a question that names nothing, from earlier statements, oldest first."""
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
        """What a price question names; None for any other question, and if it asks for more."""
        if asked_for(asked) != "price" or of_another_kind(asked):
            return None
        matter = [t for t in terms(asked) if t.weight == "content" and not _tells_nothing(t)]
        return matter if all(map(self._known, matter)) else None

    def _known(self, term: Term) -> bool:
        return any(not tokens.isdisjoint(term.forms) for tokens in self.things.values())

    def _sought(self, text: str, named: Sequence[Term]) -> Sought | None:
        """The articles found by everything that was named."""
        found = {
            id_
            for id_, tokens in self.things.items()
            if all(not tokens.isdisjoint(t.forms) for t in named)
        }
        return Sought(frozenset(found), text) if found else None


def _sentences(question: str) -> list[str]:
    """The sentences up to the last thing asked."""
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
