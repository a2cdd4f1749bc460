"""The articles' own wordings as training data: each asked of articles that do not know it.

A left-out wording, with its near duplicates, is a question that the rest of its article should
still answer. With its whole article left out it is a question on the same subject that nothing
answers.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from knowledge.entry import Article
from knowledge.load import Loaded
from knowledge.retrieval.tokens import stem, tokens
from tests.knowledge.asked_sets import Asked

FOLDS = 10
SAME = 0.8
"""Share of common stems from which two wordings of an article count as one."""

Lesson = tuple[Loaded, list[Asked]]
"""A company that lacks something, and the questions asked of it."""


def lessons(loaded: Loaded) -> Iterator[Lesson]:
    """Every wording twice: once left out itself, once with its article."""
    for fold in range(FOLDS):
        yield _without_wordings(loaded, fold)
        yield _without_articles(loaded, fold)


def _without_wordings(loaded: Loaded, fold: int) -> Lesson:
    articles, asked = [], []
    for article in loaded.articles:
        mine = [line for p in article.passages for line in p.asked if _fold(line) == fold]
        asked += [Asked(line, frozenset({article.id})) for line in mine]
        articles.append(_less(article, [bag(line) for line in mine]))
    return replace(loaded, articles=tuple(articles)), asked


def _less(article: Article, gone: list[frozenset[str]]) -> Article:
    """The article without wordings that nearly match one of these."""

    def stays(line: str) -> bool:
        own = bag(line)
        return all(len(own & other) < SAME * len(own | other) for other in gone)

    passages = tuple(
        replace(p, asked=tuple(line for line in p.asked if stays(line))) for p in article.passages
    )
    return replace(article, passages=passages)


def _without_articles(loaded: Loaded, fold: int) -> Lesson:
    gone = [a for a in loaded.articles if _fold(a.id) == fold]
    kept = tuple(a for a in loaded.articles if _fold(a.id) != fold)
    asked = [Asked(line, frozenset()) for a in gone for p in a.passages for line in p.asked]
    return replace(loaded, articles=kept), asked


def _fold(text: str) -> int:
    return hashlib.sha256(text.encode()).digest()[0] % FOLDS


def bag(text: str) -> frozenset[str]:
    """The stems of a text."""
    return frozenset(stem(word) for word in tokens(text))
