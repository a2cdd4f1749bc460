"""`KnowledgeBase(loaded).answer(question, day=…)`: approved passages, or why there are none."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from knowledge.audience import NOBODY, Caller, kept_from, suits, variants
from knowledge.entry import FACTS, Answer, Article, NoAnswer, Passage, Perhaps
from knowledge.load import Loaded
from knowledge.retrieval import sufficiency
from knowledge.retrieval.answer_type import states
from knowledge.retrieval.asking_back import names_another, wordings
from knowledge.retrieval.follow_up import (
    answering,
    leans_back,
    names_of,
    of_another,
    of_another_kind,
    readings,
)
from knowledge.retrieval.hit import Hit, ids_of, rival
from knowledge.retrieval.index import Index
from knowledge.retrieval.meaning import NO_VECTORS, Vectors
from knowledge.retrieval.postings import Floats
from knowledge.retrieval.reading import Reading
from knowledge.retrieval.sufficiency import Calibration, calibration
from knowledge.retrieval.ways import judges, leaves_to_told, of_what_was_told, put
from knowledge.retrieval.words import Term

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
MODEL_CHOSE = 0.75
"""The probability reported for a passage that a model chose among near ones."""
PRICE_OF = 0.8
"""The probability reported for the price of the only thing named."""
_TELLING = 0.75
"""Weight of earlier words in a passage from which on it may be meant; a rare word weighs 1."""
_STATED = ("price", "duration", "amount")
"""For questions about one of these, a passage that states none does not rival a price that does."""
_ASKED_BACK = 2
"""Articles suggested in clarifying questions, one after the other."""
_COMMON = 2
"""This many shared words may be common ones ("sign", "years"), unless the article goes by one."""

Doubt = tuple[float, Hit, Sequence[Term]]
"""A passage that might answer, with its probability and the question's terms."""


class KnowledgeBase:
    """Answers only from the published, in-date passages of one company.

    `vectors`: embeddings of the passages' texts (`meaning.texts_of`), if a model made them; without
    them, or without the question's own, words alone decide.
    """

    def __init__(
        self,
        loaded: Loaded,
        calibrated: Calibration | None = None,
        vectors: Vectors = NO_VECTORS,
    ) -> None:
        self._loaded = loaded
        passages = [p for article in loaded.articles for p in article.passages]
        each = sum(len(p.asked) for p in passages) / max(len(passages), 1)
        self._calibration = (calibrated or calibration()).among(each)
        self._vectors = vectors
        self._made: tuple[date | None, list[Article], Index | None] = (None, [], None)

    def answer(
        self,
        question: str,
        *,
        day: date,
        context: Sequence[str] = (),
        caller: Caller = NOBODY,
        vectors: Vectors = NO_VECTORS,
        said: Sequence[str] = (),
    ) -> Answer | NoAnswer:
        """The best one or two passages on `day`, or why there are none and what may be meant.

        `context` holds earlier questions, topics or names of this conversation, oldest first; it is
        used only where the question depends on it ("and for Redshift?", "how long does it take?").
        `caller` is what is known about them: articles for other segments and industries are left
        out, and if two passages answer, the one for their role is taken. `vectors` holds the
        embeddings of the question and of its parts, as far as available. `said` is what the buyer
        said before, oldest first: "what do those run" refers to it.
        """
        if priced := self._price(question, day, caller, said):
            return priced
        found, doubts = self._found(question, day, context, caller, vectors)
        if isinstance(found, Answer):
            told = (found.article.title, *found.article.synonyms, found.passages[0].text)
            other = of_another(question, context[-1:], told, self._index(day).terms)
            return NoAnswer("about another product", found.article.owner) if other else found
        if priced := self._price(question, day, caller):
            return priced
        doubts = sorted(doubts, key=lambda doubt: -doubt[0])
        perhaps, beside = self._perhaps(doubts, day, caller), self._beside(doubts, day)
        return replace(found, perhaps=perhaps, beside=beside)

    def _price(
        self, question: str, day: date, caller: Caller, said: Sequence[str] | None = None
    ) -> Answer | None:
        """The price of the one thing that is asked about, or was mentioned before."""
        near = self._index(day).price_of(question, said)
        hits = [hit for hit in near if not self._kept_from(hit, caller)]
        return self._compose(hits[0], PRICE_OF, hits) if hits else None

    def _found(
        self,
        question: str,
        day: date,
        context: Sequence[str],
        caller: Caller,
        vectors: Vectors,
    ) -> tuple[Answer | NoAnswer, list[Doubt]]:
        """The answer, or why there is none, with the best passage of each failed reading."""
        refused: NoAnswer | None = None
        found: Answer | NoAnswer | None = None
        last = ""
        doubts: list[Doubt] = []
        for reading, own, near in self._read(question, day, context, vectors):
            hits = [hit for hit in near if not self._kept_from(hit, caller)]
            if reading.wording != last and isinstance(found, NoAnswer):
                refused = refused or found
            chances = self._chances(reading, hits)
            found, last = self._judged(reading, hits, self._best(chances, caller)), reading.wording
            if isinstance(found, Answer):
                return found, []
            said = {t.said for t in own}
            if said.issuperset(t.said for t in reading.terms):  # earlier words are no evidence
                doubts += [(chance, hit, reading.terms) for hit, chance in chances]
        if (joint := self._name_by_name(question, day, caller)) is not None:
            return joint, []
        refused = refused or (found if isinstance(found, NoAnswer) else None)
        nothing = NoAnswer("nothing was asked", self._loaded.company.default_owner)
        return refused or nothing, doubts

    def readings(
        self,
        question: str,
        *,
        day: date,
        context: Sequence[str] = (),
        vectors: Vectors = NO_VECTORS,
    ) -> Iterator[tuple[Reading, list[Hit]]]:
        """Each way to read a question, likeliest first, and the passages nearest to it.

        Its embedding counts only when its words are read alone: the vector knows no context.
        """
        for reading, _, hits in self._read(question, day, context, vectors):
            yield reading, hits

    def _read(
        self, question: str, day: date, context: Sequence[str], vectors: Vectors
    ) -> Iterator[tuple[Reading, list[Term], list[Hit]]]:
        """The same, with the terms of the wording itself, to which its reading may add."""
        index = self._index(day)
        words = index.words
        near_by: dict[str, Floats | None] = {}
        before = [t for text in context[-2:] for t in words.terms(text, repair=True)]
        if of_another_kind(question):
            before = [t for t in before if not t.name]
        for wording, lead, matter, bare in put(question, index):
            own = words.terms(wording, repair=True)
            if lead and not any(t.weight in ("light", "content") for t in own):
                continue
            terms = [*names_of(words.terms(lead, repair=True)), *own] if lead else own
            told = wording if wording in vectors else question
            if told not in near_by:
                near_by[told] = index.likeness(vectors.get(told))
            for read in readings(wording, terms, before):
                alone = read is terms
                goes_on = not alone and leans_back(wording, own)
                leans = leaves_to_told(wording) and all(map(judges, own))
                reading = Reading(wording, read, context[-1] if goes_on else "", leans)
                hits = index.search(reading, meaning=near_by[told] if alone else None)
                hits = hits if alone else answering(own, hits)
                if bare and all(t.weight != "content" for t in own):
                    hits = [hit for hit in hits if sufficiency.own_wording(hit)]
                yield reading, own, answering(matter, hits)
        for reading in of_what_was_told(question, index):
            reached = [hit for hit in index.search(reading) if hit.mass >= _TELLING]
            yield reading, list(reading.terms), reached

    def title(self, told: Sequence[str]) -> str:
        """The title of the last cited article."""
        last = told[-1].split("@")[0] if told else ""
        return next((a.title for a in self._loaded.articles if a.id == last), "")

    def nearest(self, question: str, *, day: date, most: int = 5) -> tuple[Passage, ...]:
        """The passages nearest to a question, one per article, whether or not they answer it.

        For people, who can tell when one does although the words did not.
        """
        best: dict[str, Hit] = {}
        for hit in self._near(question, day, (), NOBODY):
            best.setdefault(hit.article.id, hit)
        return tuple(hit.passage for hit in best.values())[:most]

    def candidates(
        self,
        question: str,
        *,
        day: date,
        context: Sequence[str] = (),
        caller: Caller = NOBODY,
        most: int = 6,
    ) -> tuple[Passage, ...]:
        """The passages nearest to a question, whether or not they answer it.

        For a model, which can tell when one does although the words did not: see `chosen`.
        """
        hits = self._near(question, day, context, caller)
        return tuple(dict.fromkeys(hit.passage for hit in hits))[:most]

    def chosen(
        self,
        question: str,
        citation: str,
        *,
        day: date,
        context: Sequence[str] = (),
        caller: Caller = NOBODY,
    ) -> Answer | NoAnswer:
        """The answer from a passage that a model chose, if nothing in the question rules it out.

        It must be usable on `day` and for this caller, mention every name in the question and state
        what is asked for.
        """
        why = f"no passage {citation} is near"
        for reading, hits in self.readings(question, day=day, context=context):
            for hit in hits:
                if hit.passage.citation != citation or self._kept_from(hit, caller):
                    continue
                forbidden = sufficiency.ruled_out(reading, hit)
                if forbidden is None:
                    return Answer((hit.passage,), hit.article.policy, hit.article, MODEL_CHOSE)
                why = forbidden
        return NoAnswer(why, self._loaded.company.default_owner)

    def _near(self, question: str, day: date, context: Sequence[str], caller: Caller) -> list[Hit]:
        """All passages any reading of the question finds, best first."""
        found = self.readings(question, day=day, context=context)
        hits = [hit for _, near in found for hit in near if not self._kept_from(hit, caller)]
        return sorted(hits, key=lambda hit: -hit.score)

    def _kept_from(self, hit: Hit, caller: Caller) -> bool:
        return kept_from(hit.article, caller, self._loaded.company)

    def _name_by_name(self, question: str, day: date, caller: Caller) -> Answer | None:
        """A question that names several things ("from Shopify into BigQuery"), looked up one by
        one.

        Answered only if each of them is.
        """
        index = self._index(day)
        whole = Reading(question, index.words.terms(question, repair=True))
        readings = (whole, *of_what_was_told(question, index))
        return next(filter(None, (self._each_name(r, day, caller) for r in readings)), None)

    def _each_name(self, reading: Reading, day: date, caller: Caller) -> Answer | None:
        terms = reading.terms
        names = list(dict.fromkeys(t.name for t in names_of(terms)))
        if not 2 <= len(names) <= MOST_NAMES:
            return None
        found: list[Answer] = []
        for name in names:
            one = Reading(reading.wording, [t for t in terms if t.name in (None, name)])
            judged = self._judge(one, day, caller)
            if not isinstance(judged, Answer) or judged.policy not in FACTS:
                return None
            found.append(judged)
        passages = tuple(dict.fromkeys(answer.passages[0] for answer in found))
        least = min(found, key=lambda answer: answer.score)
        whole = any(answer.policy == "verbatim" for answer in found)
        return Answer(passages, "verbatim" if whole else "paraphrase", least.article, least.score)

    def _index(self, day: date) -> Index:
        """The index of what may be spoken on `day`; rebuilt only when that changes."""
        made_for, usable, index = self._made
        if made_for != day or index is None:
            was, usable = usable, [a for a in self._loaded.articles if a.usable_on(day)]
            if index is None or usable != was:
                index = Index(usable, self._loaded.company, self._vectors)
            self._made = (day, usable, index)  # in one assignment, for other threads
        return index

    def _judge(self, reading: Reading, day: date, caller: Caller) -> Answer | NoAnswer:
        near = self._index(day).search(reading)
        hits = [hit for hit in near if not self._kept_from(hit, caller)]
        return self._judged(reading, hits, self._best(self._chances(reading, hits), caller))

    def _best(
        self, chances: Sequence[tuple[Hit, float]], caller: Caller
    ) -> tuple[Hit, float] | None:
        """The likeliest passage; if several answer as well, the one for the caller's role."""
        first = max(chances, key=lambda found: (found[1], found[0].pairs), default=None)
        if first is None or not self._calibration.suffices(first[1], first[0].article.policy):
            return first
        company, (best, chance) = self._loaded.company, first

        def as_well(hit: Hit, other: float) -> bool:
            same = variants(hit.article, best.article, company)
            near = same or other >= chance - _AS_WELL
            return near and self._calibration.suffices(other, hit.article.policy)

        return max(
            (found for found in chances if as_well(*found)),
            key=lambda found: (suits(found[0].article, caller, company), found[1], found[0].pairs),
        )

    def _judged(
        self, reading: Reading, hits: Sequence[Hit], found: tuple[Hit, float] | None
    ) -> Answer | NoAnswer:
        """The result for the likeliest passage."""
        if found is None:
            return NoAnswer("nothing matches", self._owner(hits))
        best, chance = found
        if not self._calibration.suffices(chance, best.article.policy):
            return NoAnswer(sufficiency.reason(reading, best), self._owner(hits), ids_of(hits))
        return self._compose(best, chance, hits)

    def _chances(self, reading: Reading, hits: Sequence[Hit]) -> list[tuple[Hit, float]]:
        """The top passages, each with the probability that it answers."""
        return [(hit, self._chance(reading, hit, hits)) for hit in hits[:CONSIDERED]]

    def _perhaps(self, doubts: Sequence[Doubt], day: date, caller: Caller) -> Perhaps | None:
        """The clarifying question, likelier article first, with the next one if it was not that."""
        found: list[Perhaps] = []
        tried: set[str] = set()
        for chance, hit, terms in doubts:
            if chance < self._calibration.perhaps or len(found) == _ASKED_BACK:
                break
            if hit.article.id not in tried:
                tried.add(hit.article.id)
                if (line := self._wording(hit, terms, day, caller)) is not None:
                    found.append(Perhaps(hit.article.id, line, round(chance, 4)))
        if not found:
            return None
        return replace(found[0], other=found[1]) if len(found) > 1 else found[0]

    def _beside(self, doubts: Sequence[Doubt], day: date) -> Answer | None:
        """The likeliest passage, if it states facts and covers most of their words."""
        if not doubts:
            return None
        chance, hit, terms = doubts[0]
        content = {t.said for t in terms if t.weight == "content"}
        about = content - {*hit.missing}
        states = hit.article.policy in FACTS and hit.article.type != "objection"
        named = any(self._index(day).called(t, hit.article) for t in terms if t.said in about)
        enough = 2 * len(about) > len(content) and (named or len(about) > _COMMON)
        if chance < self._calibration.beside or not (states and enough):
            return None
        return Answer((hit.passage,), hit.article.policy, hit.article, round(chance, 4))

    def _wording(self, hit: Hit, terms: Sequence[Term], day: date, caller: Caller) -> str | None:
        """A wording close to the buyer's question that surely has this very answer."""
        if hit.strange and not hit.ending:
            return None  # the last word is mostly the subject, and no article has it
        index = self._index(day)
        for line in wordings(hit, terms, index.terms, index.weight)[:_TRIED]:
            said = index.terms(line)
            found = self._judge(Reading(line, said), day, caller)
            if isinstance(found, Answer) and found.article is hit.article:
                return None if names_another(said, terms) else line
        return None

    def _chance(self, reading: Reading, hit: Hit, hits: Sequence[Hit]) -> float:
        """The probability (0..1) that a passage answers."""
        if sufficiency.ruled_out(reading, hit):
            return 0.0
        company = self._loaded.company
        others = [h for h in hits if not variants(h.article, hit.article, company)]
        if hit.article.type == "price" and reading.asked in _STATED:
            others = [h for h in others if states(reading.asked, h.passage, h.article)]
        return self._calibration.chance(sufficiency.evidence(reading, hit, rival(hit, others)))

    def _compose(self, best: Hit, chance: float, hits: Sequence[Hit]) -> Answer:
        chosen = [best.passage]
        for hit in hits:
            beside = hit.article is best.article and hit.passage is not best.passage
            if beside and hit.like.wording >= _BESIDE:
                chosen.append(hit.passage)
                break
        return Answer(tuple(chosen), best.article.policy, best.article, round(chance, 4))

    def _owner(self, hits: Sequence[Hit]) -> str:
        """The rep who takes the question: the nearest article's owner, if that is a rep."""
        company = self._loaded.company
        owner = hits[0].article.owner if hits else company.default_owner
        return owner if company.rep(owner) else company.default_owner
