"""The index of usable passages: which of them a question's words find, and how well."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import get_args

import numpy as np

from knowledge.entry import Article, Passage
from knowledge.profile import Company
from knowledge.retrieval.answer_type import Asked, asked_for, states
from knowledge.retrieval.english import EMPTY
from knowledge.retrieval.hit import Hit, Likeness, Place, Sought, Tokens, Wanted, meet, neighbours
from knowledge.retrieval.meaning import NO_VECTORS, Meant, Vector, Vectors
from knowledge.retrieval.postings import Floats, Ints, Postings
from knowledge.retrieval.pricing import Priced
from knowledge.retrieval.reading import Reading
from knowledge.retrieval.words import Term, Terms, Weight, Words

_K1, _B = 1.2, 0.5
"""BM25's saturation and length normalisation (Robertson and Zaragoza 2009); passages are short."""
_SHARE: dict[Weight, float] = {"stop": 0.02, "question": 0.2, "light": 0.35, "content": 1.0}
_OTHER_KIND = 0.75
"""Factor for a wording that asks where, who, when or how long, if the question does not."""
_TELLING: tuple[Asked, ...] = ("place", "person", "doer", "time", "frequency", "duration")
_COVER_LIGHT = 0.2
"""Weight of an everyday word for coverage; in a whole wording it counts more."""
_SPARE = 4
"""Passages examined beyond those returned: some are similar but poor on a closer look."""
_ALIKE = 0.05
"""Two articles whose passages are this close cannot be told apart."""
_RAREST, _COMMONEST = 1.0, 0.3
_UNSEEN: dict[Weight, float] = {"light": 0.3, "content": _RAREST}
"""Rarity of a word no passage has, relative to 1 for the rarest known word."""


class Index:
    """Passages by their tokens, and by embedding if their vectors are known.

    Built once; safe to read from many threads.
    """

    def __init__(
        self, articles: Sequence[Article], company: Company, vectors: Vectors = NO_VECTORS
    ) -> None:
        pairs = [(p, article) for article in articles for p in article.passages]
        self.words = Words(company, [p.text for p, _ in pairs])
        texts = {text for p, article in pairs for text in (*_head(article), *_texts(p))}
        self._terms = {text: self.words.terms(text) for text in texts}
        """Cached terms of article texts, for words, pairs, wordings and clarifying questions."""
        heads = {a.id: Counter(self._tokens(_head(a))) for a in articles}
        self._places = [self._place(p, a, heads[a.id]) for p, a in pairs]
        pools: dict[str, set[str]] = defaultdict(set)
        for place in self._places:
            pools[place.article.id].update(_everything(place))
        self._pools = {id_: frozenset(pool) for id_, pool in pools.items()}
        self.words.learn(token for pool in self._pools.values() for token in pool)
        frequency = Counter(token for place in self._places for token in _everything(place))
        count = max(len(self._places), 1)
        top = math.log(1 + count)
        self._idf = {
            t: max(_COMMONEST, math.log(1 + count / n) / top) for t, n in frequency.items()
        }
        bags = [Counter(self._tokens(_texts(p))) + heads[a.id] for p, a in pairs]
        self._bm25 = Postings(_bm25_bags(bags))
        self._index_wordings()
        self._subjects = frozenset().union(*(p.head.union(*p.lines) for p in self._places))
        self._limits = frozenset().union(*map(_limited, self._places))
        self._meant = Meant(pairs, vectors)
        self._priced = Priced.of(self._places, self.words.goods)

    def _place(self, passage: Passage, article: Article, head: Counter[str]) -> Place:
        pairs = frozenset(pair for t in _texts(passage) for pair in neighbours(self.terms(t)))
        lines = tuple(frozenset(self._tokens((line,))) for line in passage.asked)
        lines_with: dict[str, list[int]] = defaultdict(list)
        for n, line in enumerate(lines):
            for token in line:
                lines_with[token].append(n)
        text = frozenset(self._tokens((passage.text, passage.spoken)))
        return Place(passage, article, frozenset(head), text, lines, dict(lines_with), pairs)

    def _tokens(self, texts: Sequence[str]) -> list[str]:
        return [t for text in texts for t in self.words.index_tokens(self.terms(text))]

    def called(self, term: Term, article: Article) -> bool:
        """Whether an article goes by a word, so that few further words are needed."""
        names = " . ".join((article.title, *article.topics, *article.synonyms))
        own = {form for said in self.terms(names) for form in said.forms}
        return term.name is not None or bool(own & {*term.forms})

    def terms(self, text: str) -> list[Term]:
        """The terms of a text as written; those of passages are cached."""
        return self._terms.get(text) or self.words.terms(text)

    def _index_wordings(self) -> None:
        """Build a weighted vector for each wording a buyer may use, pointing at its passage."""
        found = [
            (n, text)
            for n, place in enumerate(self._places)
            for text in (*place.passage.asked, *_titles(place))
        ]
        self.wordings = tuple(found)
        """(place, text) of every wording, titles included."""
        weighed = [{t: self.weight(t) for t in self.terms(text)} for _, text in found]
        self._owners, self._firsts = np.unique([n for n, _ in found], return_index=True)
        """The places with wordings, and the position of each one's first wording."""
        self._totals = np.asarray([_sum_once(w) for w in weighed], dtype=np.float64)
        self._norms = np.asarray([math.sqrt(_sum_once(w, 2)) or 1.0 for w in weighed])
        kinds = np.asarray([asked_for(text) for _, text in found], dtype=object)
        tells = np.isin(kinds, _TELLING)
        self._of_kind = {
            kind: np.where(tells & (kinds != kind), _OTHER_KIND, 1.0) for kind in get_args(Asked)
        }
        """How similar each wording is to a question of a kind."""
        words = [(n, term.forms, w[term]) for n, w in enumerate(weighed) for term in _once(w)]
        self._word_of = np.asarray([n for n, _, _ in words], dtype=np.int64)
        """The wording of each word of `_words`."""
        self._words = Postings(dict.fromkeys(forms, weight) for _, forms, weight in words)

    def weight(self, term: Term) -> float:
        """A term's weight, by its rarity among passages and by the kind of word it is."""
        if term.weight in ("stop", "question"):
            return 0.0 if term.said in EMPTY else _SHARE[term.weight]
        known = [self._idf[form] for form in term.forms if form in self._idf]
        return _SHARE[term.weight] * (min(known) if known else _UNSEEN[term.weight])

    def knows(self, term: Term) -> bool:
        """Whether this term finds any passage."""
        return any(form in self._idf for form in term.forms)

    def tells_of(self, terms: Iterable[Term]) -> bool:
        """Whether there is a name among terms, or a topic word that articles are asked for by."""
        return _names(terms, self._subjects)

    def limits(self, terms: Iterable[Term]) -> bool:
        """Whether there is a name among terms, or a topic word of a limitation."""
        return _names(terms, self._limits)

    def price_of(self, question: str, before: Sequence[str] | None, terms: Terms) -> list[Hit]:
        """The passages, best first, that state the price of the thing asked about, or else of what
        was said `before`; empty if no single article does."""
        priced = self._priced
        if before is None:
            sought = priced.named(question, terms)
        else:
            sought = priced.of_it(question, before, terms)
        if sought is None:
            return []
        hits = [
            hit
            for hit in self.search(Reading(question, terms(sought.words)), limit=len(self))
            if hit.article.id in sought.articles and states("price", hit.passage, hit.article)
        ]
        best = hits[0].article.id if hits else ""
        near = any(h.article.id != best and h.score > hits[0].score - _ALIKE for h in hits)
        return [] if near else [hit for hit in hits if hit.article.id == best]

    def __len__(self) -> int:
        """The number of passages."""
        return len(self._places)

    def likeness(self, vector: Vector | None) -> Floats | None:
        """Embedding similarity of each passage, shape (passages,); None if unknown."""
        return self._meant.likeness(vector) if vector is not None and self._meant else None

    def search(self, reading: Reading, limit: int = 12, meaning: Floats | None = None) -> list[Hit]:
        """The best passages for a question, best first.

        `meaning`: what `likeness` returned for the question's vector.
        """
        if not self._places:
            return []
        rough, hit = self._compared(reading, meaning)
        best = [int(n) for n in np.argsort(-rough, kind="stable")[: limit + _SPARE] if rough[n] > 0]
        return sorted(map(hit, best), key=lambda hit: -hit.score)[:limit]

    def within(self, reading: Reading, article: str) -> list[Hit]:
        """The passages of one article compared with a question, best first."""
        _, hit = self._compared(reading)
        own = [n for n, place in enumerate(self._places) if place.article.id == article]
        return sorted(map(hit, own), key=lambda hit: -hit.score)

    def one(self, reading: Reading, citation: str) -> Hit | None:
        """A question compared with the passage so cited, however far; None if it is not usable."""
        place = next(
            (n for n, p in enumerate(self._places) if p.passage.citation == citation), None
        )
        if place is None:
            return None
        _, hit = self._compared(reading)
        return hit(place)

    def _compared(
        self, reading: Reading, meaning: Floats | None = None
    ) -> tuple[Floats, Callable[[int], Hit]]:
        """How near each passage roughly is, shape (passages,), and a closer look at one."""
        distinct = list({term.forms: term for term in reading.terms}.values())
        wording, shared = self._likeness(distinct, reading.asked)
        bm25 = self._by_bm25(distinct)
        near = np.zeros(len(self)) if meaning is None else meaning
        wanted = [
            Wanted(term, self._cover_weight(term), self.knows(term))
            for term in distinct
            if term.weight in ("light", "content")
        ]
        sought = Sought.of(reading.terms, wanted)

        def hit(n: int) -> Hit:
            place = self._places[n]
            like = Likeness(float(wording[n]), float(shared[n]), float(bm25[n]), float(near[n]))
            return meet(place, like, self._pools[place.article.id], sought)

        return wording + bm25 + near, hit

    def _likeness(self, terms: Sequence[Term], asked: Asked) -> tuple[Floats, Floats]:
        """Cosine with the nearest wording of each passage, and the share of words in common.

        Each word of either is paired with at most one of the other: "wire transfer" is one "card".
        """
        dots, both = np.zeros(len(self.wordings)), np.zeros(len(self.wordings))
        terms = [*_once(terms)]
        weights = [self.weight(term) for term in terms]
        for n, weight, reached in self._paired(terms, weights):
            dots[n] += weight * reached
            both[n] += np.minimum(weight, reached)
        norm = math.sqrt(sum(w * w for w in weights)) or 1.0
        cosines = dots / (self._norms * norm) * self._of_kind[asked]
        shares = both / np.maximum(self._totals + sum(weights) - both, 1e-9)
        return self._best_of(cosines), self._best_of(shares)

    def _paired(
        self, terms: Sequence[Term], weights: Sequence[float]
    ) -> Iterator[tuple[Ints, float, Floats]]:
        """For each term the wordings with a word for it, its weight and that word's: first the very
        words, then what remains by synonyms."""
        free = np.ones(len(self._word_of), dtype=bool)
        lacking = np.ones((len(terms), len(self.wordings)), dtype=bool)
        telling = [(n, term.forms, weights[n]) for n, term in enumerate(terms) if weights[n]]
        very = [(n, form, weight) for n, forms, weight in telling for form in forms[:1]]
        kin = [(n, form, weight) for n, forms, weight in telling for form in forms[1:]]
        for n, form, weight in (*very, *kin):
            words, reached = self._words.reach((form,))
            wordings = self._word_of[words]
            still = free[words] & lacking[n, wordings]
            if not still.all():
                words, reached, wordings = words[still], reached[still], wordings[still]
            free[words] = lacking[n, wordings] = False
            yield wordings, weight, reached

    def _best_of(self, by_wording: Floats) -> Floats:
        out = np.zeros(len(self))
        out[self._owners] = np.maximum.reduceat(by_wording, self._firsts)
        return out

    def _by_bm25(self, terms: Sequence[Term]) -> Floats:
        """BM25 relative to the best passage, in 0..1."""
        out = np.zeros(len(self))
        for term in terms:
            if term.weight in ("light", "content"):
                places, reached = self._bm25.reach(term.forms)
                out[places] += self.weight(term) * reached
        return out / (float(out.max()) or 1.0)

    def _cover_weight(self, term: Term) -> float:
        scale = _COVER_LIGHT / _SHARE["light"] if term.weight == "light" else 1.0
        return self.weight(term) * scale


def _names(terms: Iterable[Term], subjects: Tokens) -> bool:
    return any(
        t.name or (t.weight == "content" and not subjects.isdisjoint(t.forms)) for t in terms
    )


def _head(article: Article) -> tuple[str, ...]:
    """Texts that describe a whole article; its title counts twice."""
    return (article.title, article.title, *article.topics, *article.synonyms)


def _texts(passage: Passage) -> tuple[str, ...]:
    return (passage.text, passage.spoken, *passage.asked)


def _everything(place: Place) -> Tokens:
    return place.head.union(place.text, *place.lines)


def _limited(place: Place) -> Tokens:
    """The subject of a limitation."""
    return place.subjects if place.article.type == "limitation" else frozenset()


def _titles(place: Place) -> tuple[str, ...]:
    return (place.article.title,) if place.passage.number == 1 else ()


def _sum_once(weights: dict[Term, float], power: int = 1) -> float:
    """Sum of weights, counting terms with the same first form once."""
    return sum(weights[term] ** power for term in _once(weights))


def _once(terms: Iterable[Term]) -> Collection[Term]:
    """One term for each first form."""
    return {term.forms[0]: term for term in terms}.values()


def _bm25_bags(bags: Sequence[Counter[str]]) -> Iterator[dict[str, float]]:
    mean = sum(bag.total() for bag in bags) / max(len(bags), 1)
    for bag in bags:
        norm = _K1 * (1 - _B + _B * bag.total() / mean)
        yield {token: tf * (_K1 + 1) / (tf + norm) for token, tf in bag.items()}
