"""The audience of an article: everybody, buyers in some segments or industries, or some roles.

A segment or an industry keeps an article from others; a role only makes it preferred over another
that answers as well.
"""

from dataclasses import dataclass

from knowledge.entry import Article
from knowledge.profile import Company
from knowledge.roles import GROUPS, belongs

EVERYBODY = "all"


@dataclass(frozen=True, slots=True)
class Caller:
    """What is known about the person asking."""

    kinds: tuple[str, ...] = ()
    """Segment id and industry."""
    role: str = ""


NOBODY = Caller()
"""A caller about whom nothing is known."""


def kept_from(article: Article, caller: Caller, company: Company) -> bool:
    """Whether an article is not for this caller.

    An article is withheld only from callers known to be others: one who has told nothing yet may
    belong to its audience.
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
    """The roles in an article's audience."""
    others = {EVERYBODY, *(s.id for s in company.segments), *company.vocabulary.industries}
    return tuple(name for name in article.audience if name not in others)


def suits(article: Article, caller: Caller, company: Company) -> int:
    """How well an article suits a caller's role: 2 for them, 1 for everybody, 0 for others."""
    roles = roles_of(article, company)
    if caller.role and any(belongs(caller.role, group) for group in roles):
        return 2
    return 1 if not roles or EVERYBODY in article.audience else 0


def variants(one: Article, other: Article, company: Company) -> bool:
    """Whether two articles answer the same question, each for another role."""
    related = one.id in other.related or other.id in one.related
    return related and bool(roles_of(one, company) or roles_of(other, company))


def audiences(company: Company) -> set[str]:
    """Every name allowed in an article's audience."""
    words = company.vocabulary
    return {EVERYBODY, *(s.id for s in company.segments), *words.industries, *words.roles, *GROUPS}
