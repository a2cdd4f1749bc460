"""A passage as a question meets it, and how well it answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.entry import Article, Passage
from knowledge.words import Term

_OBJECTION = 0.03
"""An answer to an objection yields to a plain answer that fits as well."""

_MEANING = 0.3
"""As much as the nearest wording by words; chosen, like the others' weights, and fitted to none."""

Tokens = frozenset[str]
_NOTHING: Tokens = frozenset()
Pairs = frozenset[tuple[str, str]]
Wanted = Sequence[tuple[Term, float]]
"""What a passage has to cover, and how much each counts."""


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
    pairs: Pairs
    """Neighbours in the text or in a wording."""


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


def meet(
    place: Place,
    like: Likeness,
    pool: Tokens,
    terms: Sequence[Term],
    wanted: Wanted,
    knows: Callable[[Term], bool],
) -> Hit:
    """A passage judged by its text with the one wording that covers most, not with all of them.

    `pool`: the tokens of its whole article; `knows`: whether any passage has a term.
    """
    total = sum(weight for _, weight in wanted)
    left = [(t, w) for t, w in wanted if not _has(place.text, t)]
    line = max(place.lines, key=lambda line: _covered(left, line), default=_NOTHING) if left else ()
    own = place.text.union(line)
    whole = own | place.head
    missing = [t for t, _ in left if not _has(whole, t)]
    said = {t.said for t in missing}
    topical = [t for t, _ in wanted if t.weight == "content"]
    lacking = [t for t in missing if t.weight == "content"]
    covered = _covered(wanted, whole)
    return Hit(
        place.passage,
        place.article,
        like,
        pairs=_paired(terms, place.pairs),
        coverage=_ratio(covered, total),
        body=_ratio(_covered(wanted, own), total),
        pool=_ratio(_covered(wanted, pool), total),
        mass=covered,
        missing=tuple(t.said for t in missing),
        strange=tuple(t.said for t in lacking if not knows(t)),
        absent=tuple(t.said for t in lacking if knows(t)),
        ending=not topical or topical[-1].said not in said,
    )


def neighbours(terms: Sequence[Term]) -> Pairs:
    """Every pair of forms in which two words that tell something stand side by side."""
    return frozenset(
        (a, b) for one, two in pairwise(_telling(terms)) for a in one.forms for b in two.forms
    )


def _telling(terms: Sequence[Term]) -> list[Term]:
    return [t for t in terms if t.weight != "stop"]


def _paired(terms: Sequence[Term], known: Pairs) -> float:
    pairs = list(pairwise(_telling(terms)))
    found = sum(any((a, b) in known for a in one.forms for b in two.forms) for one, two in pairs)
    return found / len(pairs) if pairs else 0.5


def _covered(wanted: Wanted, bag: Tokens) -> float:
    return sum(weight for term, weight in wanted if _has(bag, term))


def _ratio(part: float, total: float) -> float:
    """`part / total`; a question of no topic at all leaves nothing uncovered."""
    return part / total if total else 1.0


def _has(bag: Tokens, term: Term) -> bool:
    return not bag.isdisjoint(term.forms)
