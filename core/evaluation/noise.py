"""Simulated recognition errors: words replaced by similar-sounding ones, dropped, added. Seeded."""

import random
import re
from collections import defaultdict
from collections.abc import Iterable

SMALL = frozenset(
    "a an the and or but if of to in on at for with from by we you i he it is are was be do does"
    " did have has had can could would should will our your my this that there so as not".split()
)
"""Words that get swallowed on the telephone."""
ADDED = ("uh", "um", "the", "a", "and", "in", "so", "i", "it")
DROPPED, INSERTED = 0.25, 0.15
"""Shares of the errors; the rest are replacements."""
NEIGHBOURS = {
    "a": ("the", "of"), "an": ("in", "and"), "and": ("in", "an"), "are": ("our", "or"),
    "as": ("is", "has"), "at": ("that", "it"), "be": ("me", "we"), "but": ("what", "that"),
    "by": ("my", "buy"), "can": ("and", "could"), "do": ("to", "you"), "does": ("is", "those"),
    "eight": ("a", "ate"), "fifteen": ("fifty",), "fifty": ("fifteen",), "for": ("four", "or"),
    "forty": ("fourteen",), "four": ("for", "or"), "fourteen": ("forty",), "have": ("half", "has"),
    "how": ("who", "now"), "hundred": ("under",), "i": ("a", "eye"), "in": ("and", "on"),
    "is": ("it's", "as"), "it": ("at", "that"), "month": ("months",), "my": ("by", "mine"),
    "need": ("me", "meet"), "nine": ("mine",), "not": ("that", "now"), "of": ("off", "a"),
    "on": ("in", "and"), "one": ("what", "on"), "or": ("are", "our"), "our": ("are", "or"),
    "people": ("peoples", "pupil"), "sixteen": ("sixty",), "sixty": ("sixteen",),
    "so": ("those", "sew"), "ten": ("then", "tan"), "that": ("it", "at"), "the": ("a", "that"),
    "there": ("their", "they're"), "thirteen": ("thirty",), "thirty": ("thirteen",),
    "three": ("free",), "to": ("two", "do"), "two": ("to", "do"), "was": ("is", "what"),
    "we": ("he", "be"), "what": ("that", "but"), "where": ("were", "wear"), "who": ("how",),
    "with": ("where", "which"), "would": ("could", "what"), "you": ("your", "do"),
    "your": ("you", "or"),
}  # fmt: skip
"""Common words and what they are misheard as; others become words that sound alike."""
_SOUNDS = (
    (r"ph|gh", "f"), (r"ck|[cq]", "k"), (r"wr", "r"), (r"kn", "n"), (r"[dt]h?", "t"),
    (r"[bp]", "p"), (r"[fv]", "f"), (r"[gkx]", "k"), (r"sh|ch|[jsz]", "s"), (r"[mn]", "n"),
    (r"[hwy]", ""), (r"[aeiou]+", ""),
)  # fmt: skip
_SPOKEN = re.compile(r"[^\w'@.+-]+")


def as_spoken(text: str) -> str:
    """Lower case without punctuation, as a recogniser writes."""
    words = (w.strip(".-") for w in _SPOKEN.sub(" ", text.lower()).split())
    return " ".join(w for w in words if w)


def sound(word: str) -> str:
    """A rough phonetic key: words with the same key are easily confused."""
    key = word.lower()
    for pattern, letter in _SOUNDS:
        key = re.sub(pattern, letter, key)
    return re.sub(r"(.)\1+", r"\1", key)


class Noise:
    """Gets a share of the words wrong; the same seed and text give the same errors."""

    def __init__(self, share: float, seed: int, texts: Iterable[str]) -> None:
        self.share = share
        self._seed = seed
        self._alike: dict[str, list[str]] = defaultdict(list)
        for word in sorted({w for text in texts for w in as_spoken(text).split()}):
            if word.isalpha() and len(word) > 3:
                self._alike[sound(word)].append(word)

    def misheard(self, text: str, conversation: str, turn: int) -> str:
        """The words of one turn, some of them wrong; at least one word remains."""
        rng = random.Random(f"{self._seed}/{conversation}/{turn}")
        words = as_spoken(text).split()
        heard = [w for word in words for w in self._heard(word, rng)]
        return " ".join(heard) or " ".join(words)

    def _heard(self, word: str, rng: random.Random) -> list[str]:
        if rng.random() >= self.share:
            return [word]
        kind = rng.random()
        if kind < INSERTED:
            return [word, rng.choice(ADDED)]
        if kind < INSERTED + DROPPED and word in SMALL:
            return []
        return [self._replaced(word, rng)]

    def _replaced(self, word: str, rng: random.Random) -> str:
        like = NEIGHBOURS.get(word) or [w for w in self._alike[sound(word)] if w != word]
        if like:
            return rng.choice(list(like))
        return word[:-1] if word.endswith("s") and len(word) > 3 else f"{word}s"
