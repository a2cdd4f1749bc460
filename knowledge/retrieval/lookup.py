"""`Lookup.answer(question)`: one caller's question, looked up in the passages of one day."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.audience import Caller, kept_from, suits, variants
from knowledge.entry import FACTS, Answer, Article, NoAnswer, Perhaps, in_full
from knowledge.profile import Company
from knowledge.retrieval import sufficiency
from knowledge.retrieval.answer_type import Asked, of_money, states
from knowledge.retrieval.asking_back import names_another, wordings
from knowledge.retrieval.follow_up import (
    answering,
    asks_alone,
    leans_back,
    names_of,
    of_another,
    of_another_kind,
    one_at_a_time,
    readings,
)
from knowledge.retrieval.hit import Hit, ids_of, rival
from knowledge.retrieval.index import Index
from knowledge.retrieval.meaning import NO_VECTORS, Vectors
from knowledge.retrieval.postings import Floats
from knowledge.retrieval.reading import Reading
from knowledge.retrieval.sufficiency import Calibration
from knowledge.retrieval.ways import judges, leaves_to_told, of_what_was_told, put
from knowledge.retrieval.words import Term, Terms

CONSIDERED = 6
"""How many top passages are judged."""
MOST_NAMES = 3
"""Most names in one question that are looked up one by one."""
_AS_WELL = 0.1
"""A passage this much less likely still counts as answering as well."""
_BESIDE = 0.6
"""A second passage of the article is added when it is asked for nearly as clearly."""
_TRIED = 2
"""How many wordings are tried for a clarifying question."""
REPEATED, RESUMED = 0.8, 0.7
"""The probability reported for a passage of the article that was just told, if its own text has all
of the words, and if it has not."""
PRICE_OF = 0.8
"""The probability reported for the price of the only thing named."""
_TELLING = 0.75
"""Weight of earlier words in a passage from which on it may be meant; a rare word weighs 1."""
_PLANS = "plans"
_STATED = ("price", "duration", "amount")
"""For questions about one of these, a passage that states none does not rival a price that does."""
_FIGURES = ("price", "duration", "frequency")
"""Kinds of facts of which there is mostly one: "how long?" needs no subject."""
_SUBSTANCE, _LIKELY, _ALIKE = 0.6, 0.5, 0.85
"""The weight of shared words from which on a passage may be meant (a rare word weighs 1), unless it
is this likely or this share of all words is the same. In twelve companies one in eight of the
clarifying questions below all three was right, of the others two in five."""
_ASKED_BACK = 2
"""Articles suggested in clarifying questions, one after the other."""
_COMMON = 2
"""This many shared words may be common ones ("sign", "years"), unless the article goes by one."""

_PLAN_WORDS = frozenset("plan plans tier tiers package packages edition editions".split())
_OF_PLANS = re.compile(
    rf"\b(?:every|all|all the|which|what|any|each) (?:{'|'.join(sorted(_PLAN_WORDS))})\b"
)
"""Asks which plans have what was just told."""

Doubt = tuple[float, Hit, Sequence[Term]]
"""A passage that might answer, with its probability and the question's terms."""


@dataclass(frozen=True, slots=True)
class Searched:
    """A way to read a question, and the passages nearest to it, best first."""

    reading: Reading
    hits: Sequence[Hit]
    alone: bool = True
    """Whether it adds nothing to the question's own words."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What may be told to one caller on one day."""

    index: Index
    company: Company
    calibration: Calibration
    caller: Caller
    terms: Terms
    """Splits what the caller said into terms, mending what was misheard or mistyped."""

    def answer(
        self, question: str, context: Sequence[str], vectors: Vectors, said: Sequence[str]
    ) -> Answer | NoAnswer:
        """See `KnowledgeBase.answer`."""
        if priced := self._price(question, said):
            return priced
        found, doubts = self._found(question, context, vectors)
        if isinstance(found, Answer):
            told = (found.article.title, *found.article.synonyms, found.passages[0].text)
            other = of_another(question, context[-1:], told, self.index.terms)
            if other:
                return NoAnswer("about another product", found.article.owner)
            return replace(found, affirms=self._affirms(question, found))
        if priced := self._price(question):
            return priced
        doubts = sorted(doubts, key=lambda doubt: -doubt[0])
        return replace(found, perhaps=self._perhaps(doubts), beside=self._beside(doubts))

    def resumed(self, question: str, article: str) -> Answer | NoAnswer:
        """See `KnowledgeBase.resumed`: the passage must have all of the question's words; everyday
        ones alone must be its very words."""
        reading = Reading(question, self.terms(question))
        telling = reading.asked in _FIGURES or (
            reading.asked in ("any", "amount") and any(t.weight == "content" for t in reading.terms)
        )
        kind: Asked = "price" if of_money(question) else reading.asked
        plans = _OF_PLANS.search(question.lower()) is not None
        if plans:
            rest = [t for t in reading.terms if t.said not in _PLAN_WORDS]
            reading = Reading(question, rest)
        for hit in self.index.within(reading, article):
            named = plans and bool(self._plans(hit.passage.text))
            fits = not hit.missing and states(kind, hit.passage, hit.article)
            fits = fits and not self.kept_from(hit.article) and hit.article.policy in FACTS
            own = fits and (named or self._in_its_words(reading, hit))
            if own or (fits and telling):
                return _composed(hit, REPEATED if own else RESUMED, [hit])
        return NoAnswer("nothing of it was told", self.company.default_owner)

    def _in_its_words(self, reading: Reading, hit: Hit) -> bool:
        """Whether a passage's own text has every word of a reading that is not mere grammar."""
        told = {form for term in self.index.terms(hit.passage.text) for form in term.forms[:1]}
        return bool(reading.content) and all(t.forms[0] in told for t in reading.content)

    def tried(
        self, question: str, context: Sequence[str] = (), vectors: Vectors = NO_VECTORS
    ) -> Iterator[Searched]:
        """Each way to read a question, likeliest first.

        Its embedding counts only when its words are read alone: the vector knows no context.
        """
        near_by: dict[str, Floats | None] = {}
        before = [t for text in context[-2:] for t in self.terms(text)]
        if of_another_kind(question):
            before = [t for t in before if not t.name]
        for wording, lead, matter, bare in put(question, self.index, self.terms):
            own = self.terms(wording)
            if lead and not any(t.weight in ("light", "content") for t in own):
                continue
            terms = [*names_of(self.terms(lead)), *own] if lead else own
            told = wording if wording in vectors else question
            if told not in near_by:
                near_by[told] = self.index.likeness(vectors.get(told))
            for one in one_at_a_time(wording, terms, before):
                whole = Reading(wording, one)
                hits = [hit for hit in self._search(whole) if sufficiency.own_wording(hit)]
                yield Searched(whole, hits, alone=False)
            for read in readings(wording, terms, before):
                alone = read is terms
                goes_on = not alone and leans_back(wording, own)
                leans = leaves_to_told(wording) and all(map(judges, own))
                reading = Reading(wording, read, context[-1] if goes_on else "", leans)
                hits = self._search(reading, near_by[told] if alone else None)
                hits = hits if alone else answering(own, hits)
                if asks_alone(wording):  # "how fast" begs no secret of ours
                    hits = [hit for hit in hits if hit.article.policy in FACTS]
                if bare and all(t.weight != "content" for t in own):
                    hits = [hit for hit in hits if sufficiency.own_wording(hit)]
                added = {t.said for t in read}.difference(t.said for t in own)
                yield Searched(reading, answering(matter, hits), not added)
        for reading in of_what_was_told(question, self.index, self.terms):
            yield Searched(reading, [hit for hit in self._search(reading) if hit.mass >= _TELLING])

    def _search(self, reading: Reading, meaning: Floats | None = None) -> list[Hit]:
        """The passages nearest to a reading, without those for other callers."""
        hits = self.index.search(reading, meaning=meaning)
        return [hit for hit in hits if not self.kept_from(hit.article)]

    def kept_from(self, article: Article) -> bool:
        """Whether an article is for other callers."""
        return kept_from(article, self.caller, self.company)

    def _price(self, question: str, said: Sequence[str] | None = None) -> Answer | None:
        """The price of the one thing that is asked about, or was mentioned before."""
        near = self.index.price_of(question, said, self.terms)
        hits = [hit for hit in near if not self.kept_from(hit.article)]
        return _composed(hits[0], PRICE_OF, hits) if hits else None

    def _found(
        self, question: str, context: Sequence[str], vectors: Vectors
    ) -> tuple[Answer | NoAnswer, list[Doubt]]:
        """The answer, or why there is none, with the best passages of each failed reading."""
        refused: NoAnswer | None = None
        found: NoAnswer | None = None
        last = ""
        doubts: list[Doubt] = []
        for tried in self.tried(question, context, vectors):
            if tried.reading.wording != last:
                refused = refused or found
            chances = self._chances(tried)
            judged, last = self._judged(tried, chances), tried.reading.wording
            if isinstance(judged, Answer):
                return judged, []
            found = judged
            if tried.alone:  # earlier words are no evidence
                doubts += [(chance, hit, tried.reading.terms) for hit, chance in chances]
        if joint := self._of_a_plan(question) or self._name_by_name(question):
            return joint, []
        nothing = NoAnswer("nothing was asked", self.company.default_owner)
        return refused or found or nothing, doubts

    def _of_a_plan(self, question: str) -> Answer | None:
        """A question whether a plan has something, by the passage that says which plans have it."""
        terms = self.terms(question)
        rest = [t for t in terms if t.kind != _PLANS]
        if len(rest) == len(terms):
            return None
        judged = self._judge(Reading(question, rest))
        if not isinstance(judged, Answer) or judged.policy not in FACTS:
            return None
        return judged if self._plans(judged.passages[0].text) else None

    def _affirms(self, question: str, found: Answer) -> bool:
        asked = self._plans(question)
        told = [self._plans(p.text) for p in found.passages if p.text.startswith("Yes")]
        return all(not plans or asked <= plans for plans in told)

    def _plans(self, text: str) -> set[str | None]:
        return {t.name for t in self.index.terms(text) if t.kind == _PLANS}

    def _name_by_name(self, question: str) -> Answer | None:
        """A question that names several things ("from Shopify into BigQuery"), looked up one by
        one.

        Answered only if each of them is.
        """
        whole = Reading(question, self.terms(question))
        told = of_what_was_told(question, self.index, self.terms)
        return next(filter(None, map(self._each_name, (whole, *told))), None)

    def _each_name(self, reading: Reading) -> Answer | None:
        terms = reading.terms
        named = sorted(names_of(terms), key=lambda t: t.kind == _PLANS)
        names = {t.name: t.kind for t in named}
        if not 2 <= len(names) <= MOST_NAMES:
            return None
        found: list[Answer] = []
        told = False
        """Whether a passage about something else says which plans have it."""
        for name, kind in names.items():
            if kind == _PLANS and told:
                continue
            one = Reading(reading.wording, [t for t in terms if t.name in (None, name)])
            judged = self._judge(one)
            if not isinstance(judged, Answer) or judged.policy not in FACTS:
                return None
            found.append(judged)
            told = told or (kind != _PLANS and bool(self._plans(judged.passages[0].text)))
        passages = tuple(dict.fromkeys(answer.passages[0] for answer in found))
        least = min(found, key=lambda answer: answer.score)
        whole = any(answer.policy == "verbatim" for answer in found)
        return Answer(passages, "verbatim" if whole else "paraphrase", least.article, least.score)

    def _judge(self, reading: Reading) -> Answer | NoAnswer:
        tried = Searched(reading, self._search(reading))
        return self._judged(tried, self._chances(tried))

    def _judged(self, tried: Searched, chances: Sequence[tuple[Hit, float]]) -> Answer | NoAnswer:
        """The answer of the likeliest passage, if it suffices."""
        hits, found = tried.hits, self._best(chances)
        if found is None:
            return NoAnswer("nothing matches", self._owner(hits))
        best, chance = found
        if not self.calibration.suffices(chance, best.article.policy):
            return NoAnswer(
                sufficiency.reason(tried.reading, best), self._owner(hits), ids_of(hits)
            )
        return _composed(best, chance, hits)

    def _best(self, chances: Sequence[tuple[Hit, float]]) -> tuple[Hit, float] | None:
        """The likeliest passage; if several answer as well, the one for the caller's role."""
        first = max(chances, key=lambda found: (found[1], found[0].pairs), default=None)
        if first is None or not self.calibration.suffices(first[1], first[0].article.policy):
            return first
        best, chance = first

        def as_well(hit: Hit, other: float) -> bool:
            same = variants(hit.article, best.article, self.company)
            near = same or other >= chance - _AS_WELL
            return near and self.calibration.suffices(other, hit.article.policy)

        def rank(found: tuple[Hit, float]) -> tuple[bool | int, float, float]:
            hit, chance = found
            return suits(hit.article, self.caller, self.company), chance, hit.pairs

        return max((found for found in chances if as_well(*found)), key=rank)

    def _chances(self, tried: Searched) -> list[tuple[Hit, float]]:
        """The top passages, each with the probability that it answers."""
        return [(hit, self._chance(tried, hit)) for hit in tried.hits[:CONSIDERED]]

    def _chance(self, tried: Searched, hit: Hit) -> float:
        """The probability (0..1) that a passage answers."""
        reading = tried.reading
        if sufficiency.ruled_out(reading, hit):
            return 0.0
        others = [h for h in tried.hits if not variants(h.article, hit.article, self.company)]
        if hit.article.type == "price" and reading.asked in _STATED:
            others = [h for h in others if states(reading.asked, h.passage, h.article)]
        return self.calibration.chance(sufficiency.evidence(reading, hit, rival(hit, others)))

    def _perhaps(self, doubts: Sequence[Doubt]) -> Perhaps | None:
        """The clarifying question, likelier article first, with the next one if it was not that."""
        found: list[Perhaps] = []
        tried: set[str] = set()
        for chance, hit, terms in doubts:
            if chance < self.calibration.perhaps or len(found) == _ASKED_BACK:
                break
            telling = hit.mass >= _SUBSTANCE or chance >= _LIKELY or hit.like.shared >= _ALIKE
            if telling and hit.article.id not in tried:
                tried.add(hit.article.id)
                if (line := self._wording(hit, terms)) is not None:
                    found.append(Perhaps(hit.article.id, line, round(chance, 4)))
        if not found:
            return None
        return replace(found[0], other=found[1]) if len(found) > 1 else found[0]

    def _beside(self, doubts: Sequence[Doubt]) -> Answer | None:
        """The likeliest passage, if it states facts and covers most of their words."""
        if not doubts:
            return None
        chance, hit, terms = doubts[0]
        content = {t.said for t in terms if t.weight == "content"}
        about = content - {*hit.missing}
        states = hit.article.policy in FACTS and hit.article.type != "objection"
        named = any(self.index.called(t, hit.article) for t in terms if t.said in about)
        enough = 2 * len(about) > len(content) and (named or len(about) > _COMMON)
        if chance < self.calibration.beside or not (states and enough):
            return None
        return Answer((hit.passage,), hit.article.policy, hit.article, round(chance, 4))

    def _wording(self, hit: Hit, terms: Sequence[Term]) -> str | None:
        """A wording close to the buyer's question that surely has this very answer."""
        if hit.strange and not hit.ending:
            return None  # the last word is mostly the subject, and no article has it
        for line in wordings(hit, terms, self.index.terms, self.index.weight)[:_TRIED]:
            said = self.index.terms(line)
            found = self._judge(Reading(line, said))
            if isinstance(found, Answer) and found.article is hit.article:
                return None if names_another(said, terms) else line
        return None

    def _owner(self, hits: Sequence[Hit]) -> str:
        """The rep who takes the question: the nearest article's owner, if that is a rep."""
        owner = hits[0].article.owner if hits else self.company.default_owner
        return owner if self.company.rep(owner) else self.company.default_owner


def _composed(best: Hit, chance: float, hits: Sequence[Hit]) -> Answer:
    chosen = [*in_full(best.article, best.passage)]
    for hit in hits if len(chosen) == 1 else ():
        beside = hit.article is best.article and hit.passage is not best.passage
        if beside and hit.like.wording >= _BESIDE:
            chosen.append(hit.passage)
            break
    return Answer(tuple(chosen), best.article.policy, best.article, round(chance, 4))
