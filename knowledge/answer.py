"""`KnowledgeBase(loaded).answer(question, day=…)`: approved passages, or why there are none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import zip_longest

from knowledge.audience import NOBODY, Caller
from knowledge.entry import NO_PASSAGE, Answer, Article, NoAnswer, Passage, in_full
from knowledge.load import Loaded
from knowledge.retrieval import sufficiency
from knowledge.retrieval.hit import Hit
from knowledge.retrieval.index import Index
from knowledge.retrieval.lookup import Lookup, Searched
from knowledge.retrieval.meaning import NO_VECTORS, Vectors
from knowledge.retrieval.sufficiency import calibration

MODEL_CHOSE = 0.75
"""The probability reported for a passage that a model chose."""
MOST_WORDS = 4000
"""Up to this many words, some 150 articles, a model is shown everything: as the same start of each
prompt, which servers keep. Among the 8 nearest passages, word search had the right article for 41
to 75 % of the questions to five companies; among the 24 nearest, for 44 to 89 %."""
NEAREST, MOST_SHOWN = 5, 24
"""Most near passages shown to a person, and to a model."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Passages from which a model may choose an answer, each with its article's title."""

    entries: tuple[tuple[str, Passage], ...] = ()
    whole: bool = False
    """Whether they are all that may be told."""

    def cited(self, number: object) -> str:
        """The citation of the passage with a number, from 1; empty if there is none."""
        if type(number) is not int or not 1 <= number <= len(self.entries):
            return ""
        return self.entries[number - 1][1].citation


NOTHING_SHOWN = Shown()


class KnowledgeBase:
    """Answers only from the published, in-date passages of one company.

    `vectors`: embeddings of the passages' texts (`meaning.texts_of`), if a model made them; without
    them, or without the question's own, words alone decide.
    """

    def __init__(self, loaded: Loaded, vectors: Vectors = NO_VECTORS) -> None:
        self._loaded = loaded
        passages = [p for article in loaded.articles for p in article.passages]
        each = sum(len(p.asked) for p in passages) / max(len(passages), 1)
        self._calibration = calibration().among(each)
        self._vectors = vectors
        self._made: tuple[date | None, list[Article], Index | None] = (None, [], None)

    def answer(
        self,
        question: str,
        *,
        day: date,
        context: Sequence[str] = (),
        caller: Caller = NOBODY,
        typed: bool = False,
        vectors: Vectors = NO_VECTORS,
        said: Sequence[str] = (),
    ) -> Answer | NoAnswer:
        """The best one or two passages on `day`, or why there are none and what may be meant.

        `context` holds earlier questions, topics or names of this conversation, oldest first; it is
        used only where the question depends on it ("and for Redshift?", "how long does it take?").
        `caller` is what is known about them: articles for other segments and industries are left
        out, and if two passages answer, the one for their role is taken. Of a `typed` question no
        word is corrected to one that only sounds like it. `vectors` holds the embeddings of the
        question and of its parts, as far as available. `said` is what the buyer said before, oldest
        first: "what do those run" refers to it.
        """
        return self._lookup(day, caller, typed).answer(question, context, vectors, said)

    def tried(
        self,
        question: str,
        *,
        day: date,
        context: Sequence[str] = (),
        caller: Caller = NOBODY,
        typed: bool = False,
        vectors: Vectors = NO_VECTORS,
    ) -> Iterator[Searched]:
        """Each way to read a question, likeliest first, and the passages nearest to it."""
        return self._lookup(day, caller, typed).tried(question, context, vectors)

    def nearest(self, question: str, *, day: date) -> tuple[Passage, ...]:
        """The passages nearest to a question, one per article, whether or not they answer it.

        For people, who can tell when one does although the words did not.
        """
        best: dict[str, Hit] = {}
        for hit in _ranked(self.tried(question, day=day)):
            best.setdefault(hit.article.id, hit)
        return tuple(hit.passage for hit in best.values())[:NEAREST]

    def shown(
        self,
        questions: Sequence[str],
        *,
        day: date,
        context: Sequence[str] = (),
        caller: Caller = NOBODY,
        typed: bool = False,
    ) -> Shown:
        """What a model may choose an answer from: all that this caller may be told, in a constant
        order, or if that is too much, the passages nearest to the questions. See `chosen`."""
        lookup = self._lookup(day, caller, typed)
        whole = tuple(
            (article.title, passage)
            for article in self._made[1]
            if not lookup.kept_from(article)
            for passage in article.passages
        )
        if sum(len(f"{title} {p.text}".split()) for title, p in whole) <= MOST_WORDS:
            return Shown(whole, whole=True)
        near = [_ranked(lookup.tried(text, context)) for text in questions]
        ranked = (hit for rank in zip_longest(*near) for hit in rank if hit)
        first = dict.fromkeys((hit.article.title, hit.passage) for hit in ranked)
        return Shown(tuple(first)[:MOST_SHOWN], whole=False)

    def chosen(
        self,
        question: str,
        citation: str,
        *,
        day: date,
        context: Sequence[str] = (),
        caller: Caller = NOBODY,
        typed: bool = False,
    ) -> Answer | NoAnswer:
        """The answer from a passage that a model chose, if nothing in the question rules it out.

        It must be usable on `day` and for this caller, and mention every tool, plan and competitor
        in the question.
        """
        if citation == NO_PASSAGE:
            return NoAnswer("no approved passage answers it", self._loaded.company.default_owner)
        lookup = self._lookup(day, caller, typed)
        why = "what comes nearest is not for this buyer"
        for one in lookup.tried(question, context):
            hit = lookup.index.one(one.reading, citation)
            if hit is None or lookup.kept_from(hit.article):
                break
            forbidden = sufficiency.contradicted(one.reading, hit)
            if forbidden is None:
                told = in_full(hit.article, hit.passage)
                return Answer(told, hit.article.policy, hit.article, MODEL_CHOSE)
            why = forbidden
        return NoAnswer(why, self._loaded.company.default_owner)

    def resumed(
        self,
        question: str,
        told: str,
        *,
        day: date,
        caller: Caller = NOBODY,
        typed: bool = False,
    ) -> Answer | NoAnswer:
        """The answer to a follow-up question in the article of the passage that was just told."""
        return self._lookup(day, caller, typed).resumed(question, told.split("@")[0])

    def title(self, told: Sequence[str]) -> str:
        """The title of the last cited article."""
        last = told[-1].split("@")[0] if told else ""
        return next((a.title for a in self._loaded.articles if a.id == last), "")

    def _lookup(self, day: date, caller: Caller, typed: bool) -> Lookup:
        index = self._index(day)
        terms = partial(index.words.terms, repair="typed" if typed else "heard")
        return Lookup(index, self._loaded.company, self._calibration, caller, terms)

    def _index(self, day: date) -> Index:
        """The index of what may be spoken on `day`; rebuilt only when that changes."""
        made_for, usable, index = self._made
        if made_for != day or index is None:
            was, usable = usable, [a for a in self._loaded.articles if a.usable_on(day)]
            if index is None or usable != was:
                index = Index(usable, self._loaded.company, self._vectors)
            self._made = (day, usable, index)  # in one assignment, for other threads
        return index


def _ranked(tried: Iterator[Searched]) -> list[Hit]:
    """All passages any reading of the question finds, best first."""
    return sorted((hit for one in tried for hit in one.hits), key=lambda hit: -hit.score)
