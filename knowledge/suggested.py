"""Judges suggested `> asked:` lines: whether each would help its passage to be found. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from knowledge.answer import KnowledgeBase
from knowledge.entry import Answer, Article, Passage
from knowledge.lint_wordings import akin
from knowledge.load import Loaded

FEWEST, MOST = 2, 18
"""Words of a line that is worth keeping: fewer say too little, more are no wording of anybody."""

Standing = Literal["new", "found", "elsewhere", "known", "unfit"]


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggested wording and what becomes of it.

    `new`: nothing answers it yet; `found`: its passage answers it already; `elsewhere`: the article
    `where`, on another subject, answers it; `known`: it is written already; `unfit`: its length.
    """

    wording: str
    standing: Standing
    where: str = ""


class Judge:
    """Judges lines for the passages of one company, as it is published on `day`."""

    def __init__(self, loaded: Loaded, day: date) -> None:
        self._loaded, self._day = loaded, day
        self._base = KnowledgeBase(loaded)
        self._known = {plain(w) for a in loaded.articles for p in a.passages for w in p.asked}

    def judged(
        self, article: Article, passage: Passage, wordings: Sequence[str]
    ) -> Iterator[Suggested]:
        """Each wording once, in order."""
        for wording in dict.fromkeys(map(plain, wordings)):
            yield self._one(article, passage, wording)

    def _one(self, article: Article, passage: Passage, wording: str) -> Suggested:
        words = wording.split()
        if not FEWEST <= len(words) <= MOST or not any(c.isalpha() for c in wording):
            return Suggested(wording, "unfit")
        if wording in self._known:
            return Suggested(wording, "known")
        found = self._base.answer(wording, day=self._day)
        if not isinstance(found, Answer):
            return Suggested(wording, "new")
        if passage.citation in {p.citation for p in found.passages}:
            return Suggested(wording, "found")
        if found.article.id == article.id or akin(article, found.article, self._loaded):
            return Suggested(wording, "new")
        return Suggested(wording, "elsewhere", found.article.id)


def plain(wording: str) -> str:
    """A wording as an `> asked:` line has it: one line of small letters without a final mark."""
    return " ".join(wording.split()).strip(" \"'“”").rstrip(" ?.!").lower()
