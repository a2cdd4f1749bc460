"""Finds contradictions between articles, or with their own facts. Pure."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from knowledge.entry import Article
from knowledge.finding import Finding
from knowledge.retrieval.figures import money_in, number_of, numbers_in
from knowledge.sentences import sentences

_BOUND = re.compile(
    r"\b(?:over|above|under|below|beyond|than|at least|up to|saves?|saving|worth)"
    r"(?: you| them)?(?: about| around)? $",
    re.IGNORECASE,
)
"""Before a sum that is a limit, not a price: "free above $500", "saves you $2,000"."""
_MOST_TIMES = 12
"""Most units or months of one thing in a computed sum: "ten units are $950"."""


def contradictions(articles: Sequence[Article]) -> Iterator[Finding]:
    """Attributes with more than one value in the facts of published articles."""
    stated: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for article in articles:
        for attribute, value in article.facts:
            number = number_of(value)
            same = f"{number:g}" if number is not None else value.strip().lower()
            stated[attribute.lower()][same].append(article.id)
    for attribute, values in stated.items():
        if len(values) > 1:
            said = "; ".join(f"{value} in {', '.join(ids)}" for value, ids in values.items())
            first = min(min(ids) for ids in values.values())
            yield Finding("contradiction", first, f"{attribute} is {said}")


def unstated(articles: Sequence[Article]) -> Iterator[Finding]:
    """Numbers in an article's facts that its own text does not state."""
    for article in articles:
        words = " ".join(f"{p.text} {p.spoken}" for p in article.passages)
        said = numbers_in(words)
        for attribute, value in article.facts:
            number = number_of(value)
            if number is not None and not _among(number, said, attribute):
                note = f"{attribute} is {value}, which no passage of it says; mend one of the two"
                yield Finding("fact-unstated", article.id, note)


def _among(number: float, said: set[float], attribute: str) -> bool:
    """Whether a number is stated, in its own unit or in the one it would be spoken in."""
    scales = [1.0]
    if "minute" in attribute or "second" in attribute:
        scales += [60, 3600]
    return any(number == n * scale for n in said for scale in scales)


def prices_against_facts(articles: Sequence[Article]) -> Iterator[Finding]:
    """Money said of a thing whose facts know no such amount.

    A fact `growth.price_month: 1200` makes `growth` a thing. A sentence that names it and an
    amount is told, where neither the facts of what it names state that amount nor the article's
    own ("taking an old one away is $180"), and it is neither reckoned from them nor a limit.
    """
    known: dict[str, set[float]] = defaultdict(set)
    for article in articles:
        for thing, number in _stated(article):
            if thing:
                known[thing].add(number)
    priced = {thing: re.compile(rf"\b{re.escape(thing)}\b", re.IGNORECASE) for thing in known}
    for article in articles:
        own = _stated(article)
        for passage in article.passages:
            for sentence in sentences(passage.text):
                named = [thing for thing, pattern in priced.items() if pattern.search(sentence)]
                theirs = set().union(*(known[thing] for thing in named))
                amounts = theirs | {number for _, number in own}
                for written, amount in _prices(sentence) if named else ():
                    if not _reckoned(amount, amounts):
                        note = _unbacked(passage.number, written, amount, named, theirs)
                        yield Finding("price-unbacked", article.id, note)


def _prices(sentence: str) -> Iterator[tuple[str, float]]:
    """Sums in a sentence that are not limits."""
    at = 0
    for written, amount in money_in(sentence):
        at = sentence.index(written, at)
        if not _BOUND.search(sentence[:at]):
            yield written, amount
        at += len(written)


def _reckoned(amount: float, stated: Collection[float]) -> bool:
    """Whether a sum is stated, a multiple of a stated one, or the total of two."""
    times = {n * count for n in stated for count in range(1, _MOST_TIMES + 1)}
    return amount in times or any(amount == a + b for a in stated for b in stated)


def _stated(article: Article) -> list[tuple[str, float]]:
    """The figures in an article's facts, each with its thing; empty if it names none."""
    return [
        (re.sub("[_-]", " ", attribute.rpartition(".")[0].split(".")[0]).lower(), number)
        for attribute, value in article.facts
        if (number := number_of(value)) is not None
    ]


def _unbacked(
    passage: int, written: str, amount: float, named: Sequence[str], amounts: Collection[float]
) -> str:
    facts = ", ".join(f"{n:,g}" for n in sorted(amounts))
    things = " and ".join(named)
    return (
        f"passage {passage} says {written} in a sentence that names {things}, priced at {facts} in "
        f"`facts`: is that its price, mend one of the two; is it something else, give it a name "
        f"among the `facts` of this article (`delivery.fee: {amount:g}`, say)"
    )
