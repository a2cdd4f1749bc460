"""Stemmed content words: what two wordings of the same thing have in common."""

import re
from functools import lru_cache

from knowledge.retrieval.tokens import snowball

WORD = re.compile(r"[A-Za-z][A-Za-z'-]*|\d[\d,.]*")
PLAIN = frozenset(
    "don doesn didn isn aren wasn weren hasn haven hadn won couldn wouldn shouldn ll ve re"
    " a about absolutely actually add after again all also although am an and any anyone anything"
    " are as ask at back be because been"
    " before both but by call can case come could course day depend did different directly"
    " do does done each easily either else"
    " even every everything exactly fact far few fine first fit for from further"
    " generally get give glad go good got great had"
    " handle happy has have having hear hello help her here hi him his how however"
    " if in include into is it its itself just keep"
    " kind know let like little long look lot made main make many matter may mean might"
    " mind more most much must natively need"
    " new next nice no not now of off often ok okay on once one only or other our"
    " out over own part please point possible"
    " pretty provide quick quite rather really right said same say see set should"
    " since single so some something sound sort"
    " specific start still such sure take team tell than thank thanks that the their"
    " them then there these they thing think"
    " this those though through to today together too understand up us use used using very"
    " want was way we well were what when"
    " where whether which while who why will with within without work would yes yet you"
    " your".split()
)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The stem of a lower-case word."""
    return snowball(word)


def stems(text: str, without: frozenset[str] = PLAIN) -> set[str]:
    """A text's words but those `without`, by default its content words: stemmed, in lower case."""
    words = [w.lower().split("'")[0].strip("-") for w in WORD.findall(text)]
    return {stem(w) for w in words if w and w not in without}
