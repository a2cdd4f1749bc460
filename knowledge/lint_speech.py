"""Finds passages that are hard to say or hard to follow by ear. Pure."""

import re
from collections.abc import Iterator, Sequence

from knowledge.entry import Article, Passage
from knowledge.finding import Finding

MOST_WORDS = 45
"""Some 18 seconds of speech: what a listener follows without a pause."""
MOST_IN_A_SENTENCE = 32
_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
_HARD = re.compile(
    r"https?://\S+|www\.\S+|\w+_\w+|[()\[\]{}<>|*`~^=≤≥±×→•°²³]+|\b(?:e\.g|i\.e|etc|approx|incl|vs)\."
    r"|\b(?![\d/]+\b)\w+/\w+", re.IGNORECASE,
)  # fmt: skip
"""Written for the eye: URLs, brackets, symbols, abbreviations, either/or slashes."""


def hard_to_say(articles: Sequence[Article]) -> Iterator[Finding]:
    """Passages that need a shorter form, or a `> spoken:` one."""
    for article in articles:
        for passage in article.passages:
            for kind, note in _faults(passage):
                yield Finding(kind, article.id, f"passage {passage.number} {note}")


def _faults(passage: Passage) -> Iterator[tuple[str, str]]:
    words = len(passage.spoken.split())
    longest = max(len(sentence.split()) for sentence in _SENTENCE.split(passage.spoken))
    if words > MOST_WORDS:
        yield "long-to-say", f"has {words} words; split it, or give a shorter `> spoken:`"
    elif longest > MOST_IN_A_SENTENCE:
        yield "long-to-say", f"has a sentence of {longest} words; cut it in two"
    hard = _HARD.search(passage.spoken)
    if hard and passage.spoken == passage.text:
        yield "no-spoken-form", f"has `{hard[0]}`, which is for the eye; give it a `> spoken:`"
    elif hard:
        yield "no-spoken-form", f"says `{hard[0]}` in its `> spoken:`, which is for the eye"
