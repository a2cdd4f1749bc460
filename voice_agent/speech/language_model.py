"""A trigram language model from sentences: counted, smoothed by Witten and Bell, written as ARPA.

Witten-Bell rather than Kneser-Ney, because counts of generated sentences do not follow the law of
natural ones that Kneser-Ney's discounts are estimated from; interpolated, as in Chen and Goodman
(1998), section 2.6. Same input, same bytes.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

START, END = "<s>", "</s>"
FLOOR = -99.0

Gram = tuple[str, ...]
Counts = tuple[Counter[Gram], Counter[Gram], Counter[Gram]]


def count(weighted: Iterable[tuple[str, float]]) -> Counts:
    """Uni-, bi- and trigram counts of sentences, each with the weight it counts for."""
    ones: Counter[Gram] = Counter()
    twos: Counter[Gram] = Counter()
    threes: Counter[Gram] = Counter()
    for sentence, weight in weighted:
        words = (START, *sentence.split(), END)
        for word in words[1:]:
            ones[(word,)] += weight  # type: ignore[assignment]
        for pair in zip(words, words[1:], strict=False):
            twos[pair] += weight  # type: ignore[assignment]
        for triple in zip(words, words[1:], words[2:], strict=False):
            threes[triple] += weight  # type: ignore[assignment]
    return ones, twos, threes


class WittenBell:
    """Interpolated trigram probabilities and the backoff weights that make them one model."""

    def __init__(self, counts: Counts, base_words: dict[str, float]) -> None:
        """`base_words`: words that must be possible even where counts never saw them, with weights."""
        self.ones, self.twos, self.threes = counts
        self._total2, self._kinds2 = _histories(self.twos)
        self._total3, self._kinds3 = _histories(self.threes)
        self.unigram = self._unigrams(base_words)

    def _unigrams(self, base_words: dict[str, float]) -> dict[str, float]:
        total = sum(self.ones.values())
        mass = sum(base_words.values())
        kinds = len(self.ones)
        spare = kinds / (total + kinds)
        known = {gram[0]: n / (total + kinds) for gram, n in self.ones.items()}
        for word in {*known, *base_words}:
            known[word] = known.get(word, 0.0) + spare * base_words.get(word, 0.0) / mass
        return known

    def bigram(self, a: str, b: str) -> float:
        """P(b | a)."""
        kinds, total = self._kinds2[(a,)], self._total2[(a,)]
        return (self.twos[(a, b)] + kinds * self.unigram[b]) / (total + kinds)

    def trigram(self, a: str, b: str, c: str) -> float:
        """P(c | a b)."""
        kinds, total = self._kinds3[(a, b)], self._total3[(a, b)]
        return (self.threes[(a, b, c)] + kinds * self.bigram(b, c)) / (total + kinds)

    def backoff(self, history: Gram) -> float:
        """Weight of the lower order after `history`; exact, as the model is interpolated."""
        kinds, total = (
            (self._kinds2, self._total2) if len(history) == 1 else (self._kinds3, self._total3)
        )
        if history not in total:
            return 1.0
        return kinds[history] / (total[history] + kinds[history])


def _histories(grams: Counter[Gram]) -> tuple[dict[Gram, float], dict[Gram, int]]:
    """For each history: how often it was seen, and with how many different continuations."""
    total: dict[Gram, float] = defaultdict(float)
    kinds: dict[Gram, int] = defaultdict(int)
    for gram, n in grams.items():
        total[gram[:-1]] += n
        kinds[gram[:-1]] += 1
    return dict(total), dict(kinds)


def write_arpa(model: WittenBell, path: Path) -> None:
    """Write the model; n-grams in sorted order."""
    words = sorted({START, END, *model.unigram})
    twos, threes = sorted(model.twos), sorted(model.threes)
    with path.open("w", encoding="ascii", newline="\n") as out:
        out.write("\\data\\\n")
        for order, n in enumerate((len(words), len(twos), len(threes)), 1):
            out.write(f"ngram {order}={n}\n")
        _write_unigrams(model, words, out)
        out.write("\n\\2-grams:\n")
        for a, b in twos:
            out.write(f"{_log(model.bigram(a, b))} {a} {b} {_log(model.backoff((a, b)))}\n")
        out.write("\n\\3-grams:\n")
        for a, b, c in threes:
            out.write(f"{_log(model.trigram(a, b, c))} {a} {b} {c}\n")
        out.write("\n\\end\\\n")


def _write_unigrams(model: WittenBell, words: list[str], out: TextIO) -> None:
    out.write("\n\\1-grams:\n")
    for word in words:
        at = FLOOR if word == START else _log(model.unigram[word])
        out.write(f"{at} {word} {_log(model.backoff((word,)))}\n")


def _log(probability: float) -> str:
    return f"{math.log10(probability):.4f}"
