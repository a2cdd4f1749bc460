"""A passage compared with a question, and how well it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import NamedTuple

from knowledge.entry import Article, Passage
from knowledge.retrieval.words import Term

_OBJECTION = 0.03
"""An answer to an objection yields to a plain answer that fits as well."""

_OFTEN = 0.25
"""Share of a passage's wordings from which a word in them counts as its subject."""
_MEANING = 0.3
"""As much as the nearest wording by words; chosen like the other weights, not fitted."""

Tokens = frozenset[str]
Pairs = frozenset[tuple[str, str]]


class Wanted(NamedTuple):
    """A term that a passage must cover."""

    term: Term
    weight: float
    """Its weight."""
    known: bool
    """Whether any passage has it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A passage with every token it can be found by."""

    passage: Passage
    article: Article
    head: Tokens
    """Tokens of the article's title, topics and synonyms."""
    text: Tokens
    lines: tuple[Tokens, ...]
    """Tokens of each wording buyers use for it."""
    lines_with: Mapping[str, Sequence[int]]
    """The lines that contain a token."""
    pairs: Pairs
    """Adjacent words in the text or in a wording."""

    @property
    def subjects(self) -> Tokens:
        """Its subjects: its article's head, and words frequent in its wordings."""
        least = _OFTEN * len(self.lines)
        return self.head.union(t for t, lines in self.lines_with.items() if len(lines) >= least)

    def nearest_line(self, wanted: Sequence[Wanted]) -> Tokens:
        """The first wording with the best coverage of what is wanted."""
        covered: dict[int, float] = {}
        for each in wanted:
            for n in {n for form in each.term.forms for n in self.lines_with.get(form, ())}:
                covered[n] = covered.get(n, 0.0) + each.weight
        most = max(covered.values(), default=0.0)
        first = min((n for n, weight in covered.items() if weight == most), default=None)
        return frozenset() if first is None else self.lines[first]


@dataclass(frozen=True, slots=True)
class Sought:
    """A question prepared for comparison with passages."""

    wanted: Sequence[Wanted]
    pairs: Sequence[Pairs]
    """Adjacent significant words, in each of their forms."""
    total: float
    """Total weight of what is wanted."""
    last: str | None
    """The last word with a topic, mostly the thing asked for."""

    @classmethod
    def of(cls, terms: Sequence[Term], wanted: Sequence[Wanted]) -> "Sought":
        """From all its terms, and those of them that a passage must cover."""
        topical = [each.term.said for each in wanted if each.term.weight == "content"]
        total = sum(each.weight for each in wanted)
        return cls(wanted, _side_by_side(terms), total, topical[-1] if topical else None)


@dataclass(frozen=True, slots=True)
class Likeness:
    """A passage's similarity to a question, each measure in 0..1."""

    wording: float
    """With the nearest of its wordings, as the cosine of weighted words."""
    shared: float
    """Words in common, as a share of all words of both."""
    bm25: float
    """BM25, relative to the best passage."""
    meaning: float
    """Embedding similarity, scaled by the company's own wordings; 0 without a model."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question."""

    passage: Passage
    article: Article
    like: Likeness
    pairs: float
    """Share of the question's adjacent words that are adjacent in the passage too."""
    coverage: float
    """Share of the question's weight covered by the passage or its article's head."""
    body: float
    """The same, for the passage's own text and its nearest wording alone."""
    pool: float
    """The same, for the whole article."""
    mass: float
    """Weight of what is covered; a rare word alone weighs 1."""
    missing: tuple[str, ...]
    """Spoken words with a topic that are not covered."""
    strange: tuple[str, ...]
    """Missing words that no passage has, without everyday words."""
    absent: tuple[str, ...]
    """Missing words that other passages have, without everyday words."""
    ending: bool
    """Whether the last word with a topic, mostly the thing asked for, is covered."""

    @property
    def score(self) -> float:
        """How well the passage answers; used for ranking."""
        plain = 0.3 * self.like.wording + 0.3 * self.like.shared + 0.15 * self.coverage
        plain += 0.15 * self.body + 0.1 * self.like.bm25 + _MEANING * self.like.meaning
        return plain - (_OBJECTION if self.article.type == "objection" else 0.0)


def meet(place: Place, like: Likeness, pool: Tokens, sought: Sought) -> Hit:
    """The passage judged by its text with its best-covering wording, not with all of them.

    `pool`: the tokens of its whole article.
    """
    left = [each for each in sought.wanted if place.text.isdisjoint(each.term.forms)]
    own = place.text | place.nearest_line(left)
    covered = body = pooled = 0.0
    missing: list[str] = []
    strange: list[str] = []
    absent: list[str] = []
    for term, weight, known in sought.wanted:
        if not own.isdisjoint(term.forms):
            covered, body = covered + weight, body + weight
        elif not place.head.isdisjoint(term.forms):
            covered += weight
        else:
            missing.append(term.said)
            if term.weight == "content":
                (absent if known else strange).append(term.said)
        if not pool.isdisjoint(term.forms):
            pooled += weight
    return Hit(
        place.passage,
        place.article,
        like,
        pairs=_paired(sought.pairs, place.pairs),
        coverage=_ratio(covered, sought.total),
        body=_ratio(body, sought.total),
        pool=_ratio(pooled, sought.total),
        mass=covered,
        missing=tuple(missing),
        strange=tuple(strange),
        absent=tuple(absent),
        ending=sought.last not in missing,
    )


def neighbours(terms: Sequence[Term]) -> Pairs:
    """All adjacent pairs of significant words, in each of their forms."""
    return frozenset().union(*_side_by_side(terms))


def _side_by_side(terms: Sequence[Term]) -> list[Pairs]:
    telling = [t for t in terms if t.weight != "stop"]
    return [frozenset(product(one.forms, two.forms)) for one, two in pairwise(telling)]


def _paired(pairs: Sequence[Pairs], known: Pairs) -> float:
    found = sum(not known.isdisjoint(pair) for pair in pairs)
    return found / len(pairs) if pairs else 0.5


def _ratio(part: float, total: float) -> float:
    """`part / total`; a question without any topic leaves nothing uncovered."""
    return part / total if total else 1.0


def rival(hit: Hit, hits: Sequence[Hit]) -> float:
    """Score of the best passage of another article."""
    return next((other.score for other in hits if other.article is not hit.article), 0.0)


def ids_of(hits: Sequence[Hit]) -> tuple[str, ...]:
    """The three nearest articles."""
    return tuple(dict.fromkeys(hit.article.id for hit in hits[:5]))[:3]
