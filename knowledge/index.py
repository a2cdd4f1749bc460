"""The index of usable passages: which of them a question's words reach, and how well."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.answer_type import Asked, asked_for
from knowledge.entry import Article, Passage
from knowledge.profile import Company
from knowledge.words import Term, Weight, Words

_K1, _B = 1.2, 0.5
"""BM25's saturation and length normalisation (Robertson and Zaragoza 2009); passages are short."""
_SHARE: dict[Weight, float] = {"stop": 0.06, "question": 0.2, "light": 0.35, "content": 1.0}
_OTHER_KIND = 0.75
"""A wording that asks where, who, when or how long is less like a question that does not."""
_TELLING: tuple[Asked, ...] = ("place", "person", "time", "frequency", "duration")
_OBJECTION = 0.03
"""An answer to an objection yields to a plain answer that fits as well."""
_COVER_LIGHT = 0.2
"""Share of an everyday word when asking what is covered; in a whole wording it tells more."""
_RAREST, _COMMONEST = 1.0, 0.3
_COMMON = 0.4
_UNSEEN: dict[Weight, float] = {"light": 0.3, "content": _RAREST}
"""Rarity of a word no passage has, against 1 for the rarest that some passage has."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Wanted = Sequence[tuple[Term, float]]
"""What a passage has to cover, and how much each counts."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage a question reached. All figures but `bm25` lie in 0..1."""

    passage: Passage
    article: Article
    wording: float
    """Likeness of the question to the nearest wording buyers use for this passage."""
    coverage: float
    """Share of the question's weight that the passage or its article speaks of."""
    body: float
    """The same, of the passage's own words and wordings alone."""
    bm25: float
    missing: tuple[str, ...]
    """Words that were said, carry some topic, and are not covered."""
    lacking: int
    """How many of these are neither everyday words nor among the commonest here."""

    @property
    def score(self) -> float:
        """How well the passage answers; used to rank."""
        plain = 0.5 * self.wording + 0.2 * self.coverage + 0.2 * self.body + 0.1 * self.bm25
        return plain - (_OBJECTION if self.article.type == "objection" else 0.0)


class Index:
    """Passages by their tokens. Built once; safe to read from many threads."""

    def __init__(self, articles: Sequence[Article], company: Company) -> None:
        words = Words(company, [p.text for article in articles for p in article.passages])
        self.words = words
        self._said: dict[str, list[str]] = {}
        self._places = [(p, article) for article in articles for p in article.passages]
        heads = {a.id: self._head(a) for a in articles}
        self._heads = [frozenset(heads[a.id]) for _, a in self._places]
        self._texts = [self._tokens(p.text, p.spoken) for p, _ in self._places]
        self._lines = [tuple(self._tokens(line) for line in p.asked) for p, _ in self._places]
        self._bags = [
            head.union(text, *lines)
            for head, text, lines in zip(self._heads, self._texts, self._lines, strict=True)
        ]
        words.learn(token for bag in self._bags for token in bag)
        frequency = Counter(token for bag in self._bags for token in bag)
        count = max(len(self._places), 1)
        top = math.log(1 + count)
        self._idf = {
            t: max(_COMMONEST, math.log(1 + count / n) / top) for t, n in frequency.items()
        }
        self._postings = self._bm25_postings(heads)
        self._index_wordings()
        self._said.clear()

    def _head(self, article: Article) -> Counter[str]:
        bag: Counter[str] = Counter()
        for text in (article.title, article.title, *article.topics, *article.synonyms):
            bag.update(self._found_by(text))
        return bag

    def _found_by(self, text: str) -> list[str]:
        if text not in self._said:
            self._said[text] = self.words.index_tokens(text)
        return self._said[text]

    def _tokens(self, *texts: str) -> frozenset[str]:
        return frozenset(token for text in texts for token in self._found_by(text))

    def _own_tokens(self, passage: Passage) -> list[str]:
        texts = (passage.text, passage.spoken, *passage.asked)
        return [token for text in texts for token in self._found_by(text)]

    def _bm25_postings(self, heads: dict[str, Counter[str]]) -> dict[str, tuple[Ints, Floats]]:
        bags = [Counter(self._own_tokens(p)) + heads[a.id] for p, a in self._places]
        mean = sum(bag.total() for bag in bags) / max(len(bags), 1)
        raw: dict[str, list[tuple[int, float]]] = {}
        for n, bag in enumerate(bags):
            norm = _K1 * (1 - _B + _B * bag.total() / mean)
            for token, tf in bag.items():
                raw.setdefault(token, []).append((n, tf * (_K1 + 1) / (tf + norm)))
        return {t: _arrays(pairs) for t, pairs in raw.items()}

    def _index_wordings(self) -> None:
        """Each wording a buyer may use, as a weighted vector that points at its passage."""
        owners: list[int] = []
        norms: list[float] = []
        kinds: list[Asked] = []
        raw: dict[str, list[tuple[int, float]]] = {}
        for n, (passage, article) in enumerate(self._places):
            titles = (article.title,) if passage.number == 1 else ()
            for text in (*passage.asked, *titles):
                weights = {t.forms[0]: self.weight(t) for t in self.words.terms(text)}
                norms.append(sum(w * w for w in weights.values()) or 1.0)
                for term in self.words.terms(text):
                    for form in term.forms:
                        raw.setdefault(form, []).append((len(owners), weights[term.forms[0]]))
                owners.append(n)
                kinds.append(asked_for(text))
        self._owners = np.asarray(owners, dtype=np.int64)
        self._norms = np.sqrt(np.asarray(norms, dtype=np.float64))
        self._kinds = np.asarray([k if k in _TELLING else "any" for k in kinds] or ["any"])
        self._wordings = {t: _arrays(pairs) for t, pairs in raw.items()}

    def weight(self, term: Term) -> float:
        """How much a term counts: by its rarity among passages and by the kind of word it is."""
        known = [self._idf[form] for form in term.forms if form in self._idf]
        if term.weight in ("stop", "question"):
            return _SHARE[term.weight]
        return _SHARE[term.weight] * (min(known) if known else _UNSEEN[term.weight])

    def knows(self, term: Term) -> bool:
        """Whether any passage can be found by this term."""
        return any(form in self._idf for form in term.forms)

    def search(self, terms: Sequence[Term], asked: Asked = "any", limit: int = 12) -> list[Hit]:
        """The best passages for `terms` of a question that asks for `asked`, best first."""
        if not self._places:
            return []
        wording = self._likeness(terms, asked)
        bm25 = self._bm25(terms)
        top = float(bm25.max()) or 1.0
        rough = wording + bm25 / top
        best = np.argsort(-rough, kind="stable")[: limit * 2]
        wanted = [
            (t, self._cover_weight(t)) for t in _distinct(terms) if t.weight in ("light", "content")
        ]
        hits = [self._hit(int(n), wanted, wording, bm25 / top) for n in best if rough[n] > 0]
        return sorted(hits, key=lambda hit: -hit.score)[:limit]

    def _likeness(self, terms: Sequence[Term], asked: Asked) -> Floats:
        dots = np.zeros(len(self._owners))
        norm = 0.0
        for term in _distinct(terms):
            weight = self.weight(term)
            norm += weight * weight
            reached = np.zeros(len(self._owners))
            for form in term.forms:
                if form in self._wordings:
                    places, weights = self._wordings[form]
                    reached[places] = np.maximum(reached[places], weights)
            dots += weight * reached
        cosines = np.minimum(dots / (self._norms * (math.sqrt(norm) or 1.0)), 1.0)
        cosines[(self._kinds != "any") & (self._kinds != asked)] *= _OTHER_KIND
        out = np.zeros(len(self._places))
        np.maximum.at(out, self._owners, cosines)
        return out

    def _bm25(self, terms: Sequence[Term]) -> Floats:
        out = np.zeros(len(self._places))
        for term in _distinct(terms):
            if term.weight in ("stop", "question"):
                continue
            reached = np.zeros(len(self._places))
            for form in term.forms:
                if form in self._postings:
                    places, weights = self._postings[form]
                    reached[places] = np.maximum(reached[places], weights)
            out += self.weight(term) * reached
        return out

    def _hit(self, n: int, wanted: Wanted, wording: Floats, bm25: Floats) -> Hit:
        """Judge a passage by its text with the one wording that covers most, not with all."""
        passage, article = self._places[n]
        total = sum(weight for _, weight in wanted)
        lines = self._lines[n] or (frozenset[str](),)
        line = max(lines, key=lambda line: _covered(wanted, self._texts[n] | line))
        own = self._texts[n] | line
        whole = own | self._heads[n]
        missing = [(t, w) for t, w in wanted if not _has(whole, t)]
        return Hit(
            passage, article, float(wording[n]), _ratio(_covered(wanted, whole), total),
            _ratio(_covered(wanted, own), total), float(bm25[n]), tuple(t.said for t, _ in missing),
            sum(t.weight == "content" and weight > _COMMON for t, weight in missing),
        )  # fmt: skip

    def _cover_weight(self, term: Term) -> float:
        scale = _COVER_LIGHT / _SHARE["light"] if term.weight == "light" else 1.0
        return self.weight(term) * scale


def _covered(wanted: Wanted, bag: frozenset[str]) -> float:
    return sum(weight for term, weight in wanted if _has(bag, term))


def _ratio(part: float, total: float) -> float:
    """`part / total`; a question of no topic at all leaves nothing uncovered."""
    return part / total if total else 1.0


def _has(bag: frozenset[str], term: Term) -> bool:
    return not bag.isdisjoint(term.forms)


def _distinct(terms: Sequence[Term]) -> list[Term]:
    return list({term.forms: term for term in terms}.values())


def _arrays(pairs: list[tuple[int, float]]) -> tuple[Ints, Floats]:
    best: dict[int, float] = {}
    for n, weight in pairs:
        best[n] = max(weight, best.get(n, 0.0))
    return np.fromiter(best.keys(), np.int64, len(best)), np.fromiter(
        best.values(), np.float64, len(best)
    )
