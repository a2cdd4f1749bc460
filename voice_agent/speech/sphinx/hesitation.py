"""How callers hesitate: fillers between words, and sentences that stop and may go on.

A language model of whole sentences distorts what it hears: "um" becomes "firm", and the first half
of a question, decoded in the pause after it, becomes some other, finished question.
"""

import random
from collections.abc import Iterator, Sequence

FILLERS = ("um", "um", "uh", "uh", "er", "hmm")
EVERY = 2
"""One sentence in this many also gets hesitations."""


def faltering(sentences: Sequence[str], seed: int = 5) -> Iterator[str]:
    """Beginnings of some sentences, with and without a filler, and the whole with a filler
    inside."""
    rng = random.Random(seed)
    for sentence in sentences[::EVERY]:
        words = sentence.split()
        if len(words) < 3:
            continue
        cut = rng.randint(1, len(words) - 1)
        begun, rest = words[:cut], words[cut:]
        filler = rng.choice(FILLERS)
        yield " ".join(begun)
        yield " ".join((*begun, filler))
        yield " ".join((*begun, filler, *rest))
