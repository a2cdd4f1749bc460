"""The building blocks of approved knowledge: articles, their passages, and answers."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

ArticleType = Literal[
    "capability", "limitation", "price", "use_case", "objection", "integration", "comparison",
    "policy",
]  # fmt: skip
Status = Literal["draft", "in_review", "approved", "published", "retired"]
Policy = Literal["paraphrase", "verbatim", "defer", "escalate", "refuse"]
FACTS: tuple[Policy, ...] = ("paraphrase", "verbatim")
"""Policies by which an article states facts; under the others it states nothing."""


NO_PASSAGE = "none"
"""In place of a citation: a model saw all that may be told, and nothing answers the question."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A short approved statement: one to three sentences that can be spoken as they are."""

    article_id: str
    version: int
    number: int
    """1-based position in the article."""
    text: str
    spoken: str
    """The spoken form; equals `text` when the article gives none."""
    asked: tuple[str, ...] = ()
    """Wordings buyers use for what this passage answers; for retrieval, never spoken."""

    @property
    def citation(self) -> str:
        """`article@version#passage`."""
        return f"{self.article_id}@{self.version}#{self.number}"


@dataclass(frozen=True, slots=True)
class Article:
    """One governed article as loaded from the company folder."""

    id: str
    version: int
    type: ArticleType
    title: str
    topics: tuple[str, ...]
    audience: tuple[str, ...]
    owner: str
    status: Status
    approved_by: str | None
    valid_from: date
    review_by: date
    policy: Policy
    synonyms: tuple[str, ...]
    passages: tuple[Passage, ...]
    source: str
    """Path of the file it came from, relative to the company folder."""
    related: tuple[str, ...] = ()
    """Ids of articles that this one limits or completes; a limitation names its capability."""
    implies: tuple[str, ...] = ()
    """Criteria values suggested by a question this article answers, e.g. a use case."""
    facts: tuple[tuple[str, str], ...] = ()
    """Attributes and values stated here, e.g. `("starter.price", "390")`; one value per company."""
    author: str | None = None
    """Who wrote this version; None in hand-written folders, where the owner counts as author."""
    url: str | None = None
    """Public page with the same content; written answers link to it."""

    def usable_on(self, day: date) -> bool:
        """Whether it is published and within its dates."""
        return self.status == "published" and self.valid_from <= day <= self.review_by


_LEANS = re.compile(
    r"(?:it|its|it's|they|they're|their|them|these|those|this|that|that's|and|also|both)\b"
    r"|[^.,]*\b(?:one of|among) them\b",
    re.IGNORECASE,
)


def leans(passage: Passage) -> bool:
    """Whether a passage is not clear without the one before it: "That's $14,400 for a year"."""
    return passage.number > 1 and _LEANS.match(passage.spoken) is not None


def in_full(article: Article, passage: Passage) -> tuple[Passage, ...]:
    """A passage, and the one before it if it leans on that."""
    before = article.passages[passage.number - 2 : passage.number - 1]
    return (passage, *before) if leans(passage) else (passage,)


@dataclass(frozen=True, slots=True)
class Answer:
    """Approved passages that answer a question; `score` is the best one's retrieval score."""

    passages: tuple[Passage, ...]
    policy: Policy
    article: Article
    score: float
    affirms: bool = True
    """Whether a yes that it opens with would be true: not if they ask about another plan."""


@dataclass(frozen=True, slots=True)
class Perhaps:
    """A likely but unsure meaning, worth a clarifying question."""

    article_id: str
    wording: str
    """One of the article's own wordings, as a buyer would put it; so worded, it has an answer."""
    chance: float
    other: "Perhaps | None" = None
    """The next likely meaning if this is rejected."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Not covered: `reason` is for the gap report, `near` has the closest articles."""

    reason: str
    owner: str
    near: tuple[str, ...] = ()
    perhaps: Perhaps | None = None
    beside: Answer | None = None
    """The likeliest passage, if likely enough to be said along with the deferral."""
