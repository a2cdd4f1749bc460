"""A passage as a question meets it, and how well it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import NamedTuple

from knowledge.entry import Article, Passage
from knowledge.words import Term

_OBJECTION = 0.03
"""An answer to an objection yields to a plain answer that fits as well."""

_OFTEN = 0.25
"""Share of a passage's wordings from which on a word of them is what it is about."""
_MEANING = 0.3
"""As much as the nearest wording by words; chosen, like the others' weights, and fitted to none."""

Tokens = frozenset[str]
Pairs = frozenset[tuple[str, str]]


class Wanted(NamedTuple):
    """A term that a passage has to cover."""

    term: Term
    weight: float
    """How much it counts."""
    known: bool
    """Whether any passage at all has it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A passage with every token it can be found by."""

    passage: Passage
    article: Article
    head: Tokens
    """Of the article's title, topics and synonyms."""
    text: Tokens
    lines: tuple[Tokens, ...]
    """Of each wording buyers use for it."""
    lines_with: Mapping[str, Sequence[int]]
    """The places of a token among them."""
    pairs: Pairs
    """Neighbours in the text or in a wording."""

    @property
    def subjects(self) -> Tokens:
        """What it is about: its article's head, and what a good part of its wordings has."""
        least = _OFTEN * len(self.lines)
        return self.head.union(t for t, lines in self.lines_with.items() if len(lines) >= least)

    def nearest_line(self, wanted: Sequence[Wanted]) -> Tokens:
        """The wording that covers most of what is wanted, the first of those that do."""
        covered: dict[int, float] = {}
        for each in wanted:
            for n in {n for form in each.term.forms for n in self.lines_with.get(form, ())}:
                covered[n] = covered.get(n, 0.0) + each.weight
        most = max(covered.values(), default=0.0)
        first = min((n for n, weight in covered.items() if weight == most), default=None)
        return frozenset() if first is None else self.lines[first]


@dataclass(frozen=True, slots=True)
class Sought:
    """A question as passages meet it."""

    wanted: Sequence[Wanted]
    pairs: Sequence[Pairs]
    """Words that tell something and stand side by side, in each of their forms."""
    total: float
    """Weight of all that is wanted."""
    last: str | None
    """The last word that carries a topic: it is mostly what is asked for."""

    @classmethod
    def of(cls, terms: Sequence[Term], wanted: Sequence[Wanted]) -> "Sought":
        """By all its terms, and those of them that a passage has to cover."""
        topical = [each.term.said for each in wanted if each.term.weight == "content"]
        total = sum(each.weight for each in wanted)
        return cls(wanted, _side_by_side(terms), total, topical[-1] if topical else None)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a question a passage is, each in 0..1."""

    wording: float
    """To the nearest wording buyers use for it, as the cosine of weighted words."""
    shared: float
    """Share of the words of both, taken together, that both have."""
    bm25: float
    """By BM25, against the best passage."""
    meaning: float
    """By meaning, as the company's own wordings are alike; 0 where there is no model."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage a question reached."""

    passage: Passage
    article: Article
    like: Likeness
    pairs: float
    """Share of the question's neighbouring words that are neighbours in the passage as well."""
    coverage: float
    """Share of the question's weight that the passage or its article's head speaks of."""
    body: float
    """The same, of the passage's own words and its nearest wording alone."""
    pool: float
    """The same, of the whole article."""
    mass: float
    """Weight of what is covered; a rare word alone weighs 1."""
    missing: tuple[str, ...]
    """Words that were said, carry some topic, and are not covered."""
    strange: tuple[str, ...]
    """Those of them that no passage at all has, everyday words left out."""
    absent: tuple[str, ...]
    """Those that other passages have, everyday words left out."""
    ending: bool
    """Whether the last word that carries a topic is covered: it is mostly what is asked for."""

    @property
    def score(self) -> float:
        """How well the passage answers; used to rank."""
        plain = 0.3 * self.like.wording + 0.3 * self.like.shared + 0.15 * self.coverage
        plain += 0.15 * self.body + 0.1 * self.like.bm25 + _MEANING * self.like.meaning
        return plain - (_OBJECTION if self.article.type == "objection" else 0.0)


def meet(place: Place, like: Likeness, pool: Tokens, sought: Sought) -> Hit:
    """A passage judged by its text with the one wording that covers most, not with all of them.

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
    """Every pair of forms in which two words that tell something stand side by side."""
    return frozenset().union(*_side_by_side(terms))


def _side_by_side(terms: Sequence[Term]) -> list[Pairs]:
    telling = [t for t in terms if t.weight != "stop"]
    return [frozenset(product(one.forms, two.forms)) for one, two in pairwise(telling)]


def _paired(pairs: Sequence[Pairs], known: Pairs) -> float:
    found = sum(not known.isdisjoint(pair) for pair in pairs)
    return found / len(pairs) if pairs else 0.5


def _ratio(part: float, total: float) -> float:
    """`part / total`; a question of no topic at all leaves nothing uncovered."""
    return part / total if total else 1.0


def rival(hit: Hit, hits: Sequence[Hit]) -> float:
    """Score of the best passage of another article."""
    return next((other.score for other in hits if other.article is not hit.article), 0.0)


def ids_of(hits: Sequence[Hit]) -> tuple[str, ...]:
    """The three nearest articles."""
    return tuple(dict.fromkeys(hit.article.id for hit in hits[:5]))[:3]
