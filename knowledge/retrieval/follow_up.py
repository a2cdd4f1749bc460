"""Follow-up questions: reads "and for Redshift?" in the context of earlier questions."""

import re
from collections.abc import Iterable, Iterator, Sequence

from knowledge.leading import LEAD
from knowledge.retrieval.hit import Hit
from knowledge.retrieval.words import Term, Terms

_ELLIPTIC = re.compile(
    r"^(\W|\b(so|ok|okay|and|but|um|uh|oh|well|right|alright|great|cool|thanks"
    r"|no|wait|stop|sorry|hold on|hang on)\b)*"
    r"\b(what about|how about|and|or|also|same for|the same for|with|for|on|in|per|then)\b",
    re.IGNORECASE,
)
_QUALIFIES = re.compile(r"(?:for|with|on|in|per|by|at)\b", re.IGNORECASE)
"""Begins words that only qualify what was asked before: "for python"."""
_ASKS_ALONE = re.compile(
    LEAD + r"(?:how (?:long|much|many|often|so|soon|fast)|how|where|when|which(?: ones?)?|why|who)"
    r"(?: (?:exactly|though|then|is (?:it|that)|roughly|about))*\W*",
    re.IGNORECASE,
)
"""No more than a question word: "how long?", "and where"."""
_COMPARES = re.compile(
    r"\b(?:compar\w+|differ\w*|better|worse|versus|vs|why (?:you|switch|change|move)"
    r"|(?:choose|pick|take|prefer) you|stand out|advantages?|over (?:them|that))\b"
)
_ANOTHER = re.compile(
    r"\b(?:extra|additional|another|other|second|more|(?:big|small|larg|cheap|low|high)(?:g?er|g?est)"
    r"|(?:big|small|large|cheap|basic|top|next) one)\b",
    re.IGNORECASE,
)
"""Asks for something other than what was named, or for another of its kind."""
_POINTS_BACK = frozenset(("it", "that", "this", "they", "them", "those", "these", "one"))
_LONG = 5


def readings(
    question: str, terms: Sequence[Term], before: Sequence[Term]
) -> Iterator[Sequence[Term]]:
    """The ways to read a question, likeliest first, with its own words (`terms`) last.

    A question that names its own subject may stand alone; one without a subject needs the context.
    """
    rivals = [t for t in before if t.kind == "competitors"]
    if rivals and not names_of(terms) and _COMPARES.search(question.lower()):
        yield with_context(terms, rivals[-1:])
    if not names_of(terms) and (topics_of(terms) or points_back(question)):
        before = [t for t in before if t.kind != "competitors"]  # "and pricing?" asks about ours
    if before and leans_back(question, terms):
        yield with_context(terms, before)
        own = topics_of(terms) and not (names_of(terms) or asks_alone(question))
        own = own and not qualifies(question)
        if own:  # "and storage", after a price
            yield [*(t for t in before if t.weight in ("question", "stop")), *terms]
        if not names_of(terms):
            return
        yield with_context(terms, names_of(before))
    if before and points_back(question):
        yield with_context(terms, names_of(before) or topics_of(before))
    yield terms


def one_at_a_time(
    question: str, terms: Sequence[Term], before: Sequence[Term]
) -> Iterator[Sequence[Term]]:
    """A question that points back, with each earlier topic alone: after "is data encrypted",
    "where is it stored" may ask about the data."""
    topics = [t for t in topics_of(before) if not t.name]
    if len(topics) > 1 and topics_of(terms) and points_back(question) and not names_of(terms):
        yield from (with_context(terms, [topic]) for topic in topics)


def answering(own: Sequence[Term], hits: Sequence[Hit]) -> list[Hit]:
    """Passages that cover the new words: context supplies the subject, never the question."""
    matter = {t.said for t in own if t.weight == "content"}
    return [hit for hit in hits if not matter.intersection(hit.missing)]


def leans_back(question: str, terms: Sequence[Term]) -> bool:
    """Whether the question cannot stand alone: it continues, or has almost no words of its own."""
    if asks_alone(question):
        return True
    content = [t for t in terms if t.weight in ("light", "content")]
    return len(terms) <= _LONG + 3 and len(content) <= 2 and bool(_ELLIPTIC.match(question.strip()))


def qualifies(question: str) -> bool:
    """Whether it only qualifies what was asked before."""
    return _QUALIFIES.match(question.strip()) is not None


def asks_alone(question: str) -> bool:
    """Whether a question names no subject at all, so that only the context can supply it."""
    return _ASKS_ALONE.fullmatch(question.strip()) is not None


def points_back(question: str) -> bool:
    """Whether it refers to something by a pronoun."""
    return bool(set(re.findall(r"[a-z]+", question.lower())) & _POINTS_BACK)


def of_another_kind(question: str) -> bool:
    """Whether it is about something other than what was named, or another of its kind."""
    return _ANOTHER.search(question) is not None


def with_context(terms: Sequence[Term], before: Sequence[Term]) -> list[Term]:
    """Earlier terms, with names replaced by the question's new names of the same kind."""
    kinds = {_family(t) for t in terms if t.name}
    kept = [t for t in before if not (t.name and _family(t) in kinds)]
    return [*kept, *terms]


def names_of(before: Sequence[Term]) -> list[Term]:
    """The names a pronoun may refer to."""
    return [t for t in before if t.name]


def of_another(
    question: str,
    before: Sequence[str],
    told: Sequence[str],
    terms_of: Terms,
) -> bool:
    """Whether "it" is one product that was mentioned while `told` is about another: "how heavy is
    it"."""
    if not points_back(question) or names_of(terms_of(question)):
        return False
    spoken_of, named = (_products(map(terms_of, texts)) for texts in (before, told))
    return bool(spoken_of and named) and not named & spoken_of


def _products(texts: Iterable[Sequence[Term]]) -> set[str]:
    """The company's own products named in some texts."""
    return {t.name for terms in texts for t in terms if t.name and t.kind == "products"}


def topics_of(before: Sequence[Term]) -> list[Term]:
    """The same if nothing was named: the words that carried a topic."""
    return [t for t in before if t.weight == "content"]


def _family(term: Term) -> str:
    return "tools" if term.kind in ("integrations", "tools", "products") else term.kind
