"""Whom an article is for: everybody, or buyers of some segments or industries."""

from collections.abc import Collection

from knowledge.entry import Article
from knowledge.profile import Company

EVERYBODY = "all"


def kept_from(article: Article, caller: Collection[str], company: Company) -> bool:
    """Whether an article is not for this caller.

    `caller`: what is known of them, segment id and industry. Only being known as other keeps an
    article back: who has told nothing yet may be one of those it is for.
    """
    if not article.audience or EVERYBODY in article.audience or not caller:
        return False
    segments = {s.id.lower() for s in company.segments}
    wanted, known = ({name.lower() for name in names} for names in (article.audience, caller))
    return any(
        wanted & kind and known & kind and not wanted & known & kind
        for kind in (segments, (wanted | known) - segments)
    )


def audiences(company: Company) -> set[str]:
    """Every name an article's audience may have."""
    return {EVERYBODY, *(s.id for s in company.segments), *company.vocabulary.industries}
