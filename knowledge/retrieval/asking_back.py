"""Words a clarifying question the way buyers would put it."""

from collections.abc import Callable, Sequence

from knowledge.retrieval.english import QUESTION
from knowledge.retrieval.hit import Hit
from knowledge.retrieval.tokens import tokens
from knowledge.retrieval.words import Term, Terms

_OPENS = QUESTION | frozenset(
    "do does did is are was were can could will would have has should may am".split()
)
_LEAST = 4
"""Fewest words of a wording that works as a question: "growth price" does not."""


def wordings(
    hit: Hit,
    terms: Sequence[Term],
    terms_of: Terms,
    weight: Callable[[Term], float],
) -> list[str]:
    """Complete questions that the passage answers, most similar to the question first."""
    own = {form for term in terms for form in term.forms}

    def likeness(line: str) -> float:
        theirs = terms_of(line)
        both = sum(weight(t) for t in theirs if not own.isdisjoint(t.forms))
        return both / (1.0 + sum(map(weight, theirs)))

    asked = [line for line in hit.passage.asked if _whole(line)]
    return sorted(asked, key=likeness, reverse=True)


def _whole(line: str) -> bool:
    said = tokens(line)
    return len(said) >= _LEAST and said[0] in _OPENS


def names_another(asked: Sequence[Term], terms: Sequence[Term]) -> bool:
    """Whether the suggested meaning names a tool or a competitor that the buyer did not."""
    known = {t.name for t in terms if t.name}
    return any(t.name and t.kind in _PARTICULAR and t.name not in known for t in asked)


_PARTICULAR = ("integrations", "tools", "competitors")
