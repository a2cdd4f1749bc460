"""Finds wordings that do not lead to their own article, by asking each of them."""

from collections.abc import Iterator
from datetime import date

from knowledge.answer import KnowledgeBase
from knowledge.audience import variants
from knowledge.entry import Answer, Article
from knowledge.finding import Finding
from knowledge.load import Loaded


def astray(loaded: Loaded, day: date) -> Iterator[Finding]:
    """Every `> asked:` line that no passage answers on `day`, or one of an unrelated article."""
    base = KnowledgeBase(loaded)
    for article in loaded.articles:
        passages = article.passages if article.usable_on(day) else ()
        for line in (line for p in passages for line in p.asked):
            found = base.answer(line, day=day)
            if not isinstance(found, Answer):
                note = f"`{line}` leads nowhere ({found.reason}): say more in it, or drop it"
                yield Finding("wording-astray", article.id, note)
            elif found.article.id != article.id and not akin(article, found.article, loaded):
                note = f"`{line}` leads to {found.article.id}: tell the two apart, or drop one"
                yield Finding("wording-astray", article.id, note)


def akin(article: Article, other: Article, loaded: Loaded) -> bool:
    """Whether either article may answer."""
    linked = other.id in article.related or article.id in other.related
    return linked or variants(article, other, loaded.company)
