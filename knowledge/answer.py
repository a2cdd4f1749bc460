"""`KnowledgeBase(loaded).answer(question, day=…)`: approved passages, or why there are none."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

from knowledge.audience import NOBODY, Caller
from knowledge.entry import Answer, Article, NoAnswer, Passage
from knowledge.load import Loaded
from knowledge.retrieval import sufficiency
from knowledge.retrieval.hit import Hit
from knowledge.retrieval.index import Index
from knowledge.retrieval.lookup import Lookup, Searched
from knowledge.retrieval.meaning import NO_VECTORS, Vectors
from knowledge.retrieval.sufficiency import calibration

MODEL_CHOSE = 0.75
"""The probability reported for a passage that a model chose among near ones."""
NEAREST, CANDIDATES = 5, 6
"""Most near passages shown to a person, and to a model."""


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

    def candidates(
        self,
        question: str,
        *,
        day: date,
        context: Sequence[str] = (),
        caller: Caller = NOBODY,
        typed: bool = False,
    ) -> tuple[Passage, ...]:
        """The passages nearest to a question, whether or not they answer it.

        For a model, which can tell when one does although the words did not: see `chosen`.
        """
        hits = _ranked(self.tried(question, day=day, context=context, caller=caller, typed=typed))
        return tuple(dict.fromkeys(hit.passage for hit in hits))[:CANDIDATES]

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

        It must be usable on `day` and for this caller, mention every name in the question and state
        what is asked for.
        """
        why = f"no passage {citation} is near"
        for one in self.tried(question, day=day, context=context, caller=caller, typed=typed):
            for hit in one.hits:
                if hit.passage.citation == citation:
                    forbidden = sufficiency.ruled_out(one.reading, hit)
                    if forbidden is None:
                        return Answer((hit.passage,), hit.article.policy, hit.article, MODEL_CHOSE)
                    why = forbidden
        return NoAnswer(why, self._loaded.company.default_owner)

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
