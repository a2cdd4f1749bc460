"""A trigram language model from sentences and general English, written as ARPA.

Witten-Bell rather than Kneser-Ney, because counts of generated sentences do not follow the
distribution from which Kneser-Ney's discounts are estimated; interpolated, as in Chen and Goodman
(1998), section 2.6. Same input, same bytes.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

START, END = "<s>", "</s>"
FLOOR = -99.0

Gram = tuple[str, ...]
Counts = tuple[Counter[Gram], Counter[Gram], Counter[Gram]]


def count(weighted: Iterable[tuple[str, float]]) -> Counts:
    """Uni-, bi- and trigram counts of weighted sentences."""
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


@dataclass(frozen=True, slots=True)
class General:
    """Bigrams of general English: what people say beyond the grammar."""

    words: Mapping[str, float]
    """Probability of each word."""
    pairs: Mapping[Gram, float]
    """P(b | a) of the pairs worth including."""


class CallerModel:
    """Grammar trigrams over a bigram model that is part grammar, part general English.

    P1 and P2 mix the grammar's Witten-Bell estimate with the general one (share `mix`; entirely
    general after a word that the grammar never used); P3 interpolates grammar trigrams with P2.
    """

    def __init__(self, counts: Counts, general: General, mix: float) -> None:
        self._ones, self._twos, self.threes = counts
        self._mix = mix
        self._total2, self._kinds2 = _histories(self._twos)
        self._total3, self._kinds3 = _histories(self.threes)
        self.unigram = self._unigrams(general.words)
        self._general = {g: p for g, p in general.pairs.items() if g[1] in self.unigram}
        self._rest = self._general_rest()
        self.pairs = sorted({*self._twos, *self._general})

    def _unigrams(self, general: Mapping[str, float]) -> dict[str, float]:
        total, all_general = sum(self._ones.values()), sum(general.values())
        words = {gram[0] for gram in self._ones} | set(general)
        known = {
            word: (1 - self._mix) * self._ones[(word,)] / total
            + self._mix * general.get(word, 0.0) / all_general
            for word in words
        }
        return {word: p for word, p in known.items() if p > 0.0}

    def _general_rest(self) -> dict[str, float]:
        """For each first word: the weight of P1 where the general model has no pair."""
        told: dict[str, float] = defaultdict(float)
        base: dict[str, float] = defaultdict(float)
        for (a, b), p in self._general.items():
            told[a] += p
            base[a] += self.unigram[b]
        return {a: max(0.0, 1 - told[a]) / (1 - base[a]) for a in told}

    def _shares(self, a: str) -> tuple[float, float, float]:
        """Weights of pair counts, of P1, and of the general pair, after the word `a`."""
        kinds, total = self._kinds2.get((a,), 0), self._total2.get((a,), 0.0)
        mix = self._mix if kinds else 1.0
        seen = (1 - mix) / (total + kinds) if kinds else 0.0
        return seen, seen * kinds + mix * self._rest.get(a, 1.0), mix

    def bigram(self, a: str, b: str) -> float:
        """P(b | a)."""
        seen, lower, mix = self._shares(a)
        general = self._general.get((a, b))
        if general is None:
            return seen * self._twos[(a, b)] + lower * self.unigram[b]
        lower -= mix * self._rest.get(a, 1.0)
        return seen * self._twos[(a, b)] + lower * self.unigram[b] + mix * general

    def trigram(self, a: str, b: str, c: str) -> float:
        """P(c | a b)."""
        kinds, total = self._kinds3[(a, b)], self._total3[(a, b)]
        return (self.threes[(a, b, c)] + kinds * self.bigram(b, c)) / (total + kinds)

    def backoff(self, history: Gram) -> float:
        """Weight of the lower order after `history`; exact, as every level is interpolated."""
        if len(history) == 1:
            return self._shares(history[0])[1]
        if history not in self._total3:
            return 1.0
        return self._kinds3[history] / (self._total3[history] + self._kinds3[history])


def _histories(grams: Counter[Gram]) -> tuple[dict[Gram, float], dict[Gram, int]]:
    """For each history: its count, and the number of distinct continuations."""
    total: dict[Gram, float] = defaultdict(float)
    kinds: dict[Gram, int] = defaultdict(int)
    for gram, n in grams.items():
        total[gram[:-1]] += n
        kinds[gram[:-1]] += 1
    return dict(total), dict(kinds)


def write_arpa(model: CallerModel, path: Path) -> None:
    """Write the model; n-grams in sorted order."""
    words = sorted({START, END, *model.unigram})
    twos, threes = model.pairs, sorted(model.threes)
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


def write_binary(arpa: Path, path: Path) -> None:
    """Write a model in pocketsphinx's memory format; a decoder loads it in 20 ms, ARPA in 150."""
    from pocketsphinx import Config, LogMath, NGramModel

    NGramModel(Config(), LogMath(), str(arpa)).write(str(path))


def _write_unigrams(model: CallerModel, words: list[str], out: TextIO) -> None:
    out.write("\n\\1-grams:\n")
    for word in words:
        at = FLOOR if word == START else _log(model.unigram[word])
        out.write(f"{at} {word} {_log(model.backoff((word,)))}\n")


def _log(probability: float) -> str:
    return f"{math.log10(probability):.4f}"
