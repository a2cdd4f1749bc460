"""What approved knowledge is made of: articles, their passages, and the answers built from them."""

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
"""Policies by which an article states what it knows; by the others it states nothing."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A short approved statement: one to three sentences that can be spoken as they stand."""

    article_id: str
    version: int
    number: int
    """1-based place in the article."""
    text: str
    spoken: str
    """The same, worded for the ear; equals `text` when the article gives no spoken form."""
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
    """Ids of articles this one limits or completes; a limitation names its capability."""
    implies: tuple[str, ...] = ()
    """Values of criteria that a question answered here suggests, e.g. a use case."""
    facts: tuple[tuple[str, str], ...] = ()
    """Attribute and value stated here, e.g. `("starter.price", "390")`; one value a company."""
    author: str | None = None
    """Who wrote this version; None in hand-written folders, where the owner counts as author."""
    url: str | None = None
    """Public page that says the same; written answers link to it."""

    def usable_on(self, day: date) -> bool:
        """Published and within its dates."""
        return self.status == "published" and self.valid_from <= day <= self.review_by


@dataclass(frozen=True, slots=True)
class Answer:
    """Approved passages that answer a question; `score` is the retrieval score of the best."""

    passages: tuple[Passage, ...]
    policy: Policy
    article: Article
    score: float


@dataclass(frozen=True, slots=True)
class Perhaps:
    """What may have been meant, though nobody could be sure of it: worth asking back."""

    article_id: str
    wording: str
    """As a buyer would put it, one of the article's own; put like this, it has an answer."""
    chance: float
    other: "Perhaps | None" = None
    """What may be meant if this is not."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The question is not covered: `reason` is for the gap report, `near` the closest articles."""

    reason: str
    owner: str
    near: tuple[str, ...] = ()
    perhaps: Perhaps | None = None
    beside: Answer | None = None
    """What the likeliest passage says, likely enough to be said along with who will answer."""
