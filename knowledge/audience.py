"""Whom an article is for: everybody, buyers of some segments or industries, or people of some role.

A segment or an industry keeps an article from others; a role only prefers it to one that answers
as well.
"""

from dataclasses import dataclass

from knowledge.entry import Article
from knowledge.profile import Company
from knowledge.roles import GROUPS, belongs

EVERYBODY = "all"


@dataclass(frozen=True, slots=True)
class Caller:
    """What is known of who asks."""

    kinds: tuple[str, ...] = ()
    """Segment id and industry."""
    role: str = ""


NOBODY = Caller()
"""Of whom nothing is known."""


def kept_from(article: Article, caller: Caller, company: Company) -> bool:
    """Whether an article is not for this caller.

    Only being known as other keeps an article back: who has told nothing yet may be one of those
    it is for.
    """
    if not article.audience or EVERYBODY in article.audience or not caller.kinds:
        return False
    roles = roles_of(article, company)
    wanted = {name.lower() for name in article.audience if name not in roles}
    known = {name.lower() for name in caller.kinds}
    segments = {s.id.lower() for s in company.segments}
    return any(
        wanted & kind and known & kind and not wanted & known & kind
        for kind in (segments, (wanted | known) - segments)
    )


def roles_of(article: Article, company: Company) -> tuple[str, ...]:
    """The roles among an article's audience."""
    others = {EVERYBODY, *(s.id for s in company.segments), *company.vocabulary.industries}
    return tuple(name for name in article.audience if name not in others)


def suits(article: Article, caller: Caller, company: Company) -> int:
    """How far an article is for a caller's role: 2 for them, 1 for everybody, 0 for others."""
    roles = roles_of(article, company)
    if caller.role and any(belongs(caller.role, group) for group in roles):
        return 2
    return 1 if not roles or EVERYBODY in article.audience else 0


def variants(one: Article, other: Article, company: Company) -> bool:
    """Whether two articles answer the same, each for people of another role."""
    related = one.id in other.related or other.id in one.related
    return related and bool(roles_of(one, company) or roles_of(other, company))


def audiences(company: Company) -> set[str]:
    """Every name an article's audience may have."""
    words = company.vocabulary
    return {EVERYBODY, *(s.id for s in company.segments), *words.industries, *words.roles, *GROUPS}
