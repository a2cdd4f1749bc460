"""Answers to typed questions, in which no word is taken for another that it only sounds like."""

from datetime import date

from knowledge.answer import KnowledgeBase
from knowledge.index import Index


class TypedKnowledge(KnowledgeBase):
    """The knowledge of another base, whose index it shares, for questions that were typed."""

    def __init__(self, heard: KnowledgeBase) -> None:
        self.__dict__.update(heard.__dict__)
        self._heard = heard

    def _index(self, day: date) -> Index:
        return self._heard._index(day).in_writing
