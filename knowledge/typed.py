"""Answers to typed questions, where no word is corrected to one that only sounds like it."""

from datetime import date

from knowledge.answer import KnowledgeBase
from knowledge.retrieval.index import Index


class TypedKnowledge(KnowledgeBase):
    """Another knowledge base, sharing its index, for typed questions."""

    def __init__(self, heard: KnowledgeBase) -> None:
        self.__dict__.update(heard.__dict__)
        self._heard = heard

    def _index(self, day: date) -> Index:
        return self._heard._index(day).in_writing
