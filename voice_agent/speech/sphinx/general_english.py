"""General English from the language model in the pocketsphinx wheel: frequent words and pairs.

It covers what callers say beyond the grammar. The wheel's model itself is too broad to decode with:
on telephone speech it costs three times as much and makes far more errors.
"""

import heapq
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from voice_agent.speech.sphinx.language_model import END, START, General, Gram

WORDS = 1200
PAIRS = 40_000
_WORD = re.compile(r"[a-z][a-z']+|a|i|oh")


def general_english(wheel_lm: Path, known: Iterable[str]) -> General:
    """The most frequent known words, and their most frequent pairs. Deterministic; takes 3 s."""
    from pocketsphinx import Config, Decoder, NGramModel

    logs = Decoder(lm=None, dict=None, loglevel="FATAL").logmath
    model = NGramModel(Config(lm=None), logs, str(wheel_lm))
    unseen = model.prob(["\x00"])
    ranked = ((model.prob([word]), word) for word in known if _WORD.fullmatch(word))
    top = heapq.nlargest(WORDS, (entry for entry in ranked if entry[0] > unseen))
    alone = {word: log for log, word in top}
    alone[END] = model.prob([END])

    def joint() -> Iterator[tuple[int, int, Gram]]:
        prob = model.prob
        for a, log_a in [*alone.items(), (START, alone[END])]:
            if a == END:
                continue
            for b in alone:
                log_b = prob([b, a])
                yield log_a + log_b, log_b, (a, b)

    pairs = heapq.nlargest(PAIRS, joint())
    words = {word: logs.exp(log) for word, log in sorted(alone.items())}
    return General(words, {gram: logs.exp(log) for _, log, gram in sorted(pairs, key=_by_gram)})


def _by_gram(entry: tuple[int, int, Gram]) -> Gram:
    return entry[2]
