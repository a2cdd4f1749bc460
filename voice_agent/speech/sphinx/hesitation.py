"""How callers falter: fillers between words, and sentences that stop and may go on.

A language model of whole sentences bends what it hears: "um" becomes "firm", and the first half of
a question, listened to in the pause after it, becomes some other question that is over.
"""

import random
from collections.abc import Iterator, Sequence

FILLERS = ("um", "um", "uh", "uh", "er", "hmm")
EVERY = 2
"""One sentence in so many also falters."""


def faltering(sentences: Sequence[str], seed: int = 5) -> Iterator[str]:
    """Beginnings of some sentences, with and without a filler, and the same with one inside."""
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
