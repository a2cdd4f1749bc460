"""Holds the conversations of `callers.py`, also with misheard words, and keeps what was heard."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime

from core.talk import Sentence
from tests.core.scenarios.callers import Caller
from tests.core.talk import MONDAY_NOON, Talk

EVENING = datetime(2026, 12, 1, 1, 30, tzinfo=UTC)
"""Half past eight in New York, when the team has left."""
MISHEARD = {
    "the": ("a", "that", ""), "a": ("the", ""), "do": ("to", "the"), "you": ("your", "a"),
    "we": ("he", "when", ""), "is": ("it's", "as"), "it": ("a", "at"), "for": ("four", "or"),
    "to": ("two", "do"), "and": ("in", "an", ""), "our": ("are", "her"), "are": ("our", "or"),
    "i": ("a", ""), "of": ("a", "off"), "in": ("and", "an"), "can": ("and", "could"),
    "have": ("half", "has"), "with": ("where", "which"), "my": ("by", "mine"), "there": ("their",),
    "um": ("them", "a"), "need": ("needed", "meet"), "people": ("peoples",),
}  # fmt: skip


@dataclass
class Held:
    """A conversation that was held, and every sentence heard to its end."""

    talk: Talk
    heard: list[Sentence] = field(default_factory=list)


async def hold(caller: Caller, seed: int | None = None, share: float = 0.1) -> Held:
    """Run all of a caller's turns; with a `seed`, that share of words is misheard."""
    talk = Talk(caller=caller.number, at=EVENING if caller.after_hours else MONDAY_NOON)
    held = Held(talk)
    rng = random.Random(seed)
    for says in caller.turns:
        text = says.text if seed is None else misheard(says.text, rng, share)
        turn = await talk.says(text, says.hears)
        for n, sentence in enumerate(turn.sentences):
            if says.hears is None or (n < len(says.hears) and says.hears[n] >= 1.0):
                held.heard.append(sentence)
    return held


def misheard(text: str, rng: random.Random, share: float) -> str:
    """The text as transcribed by a recogniser that gets small words wrong."""
    words = [
        rng.choice(MISHEARD[word]) if word in MISHEARD and rng.random() < 2 * share else word
        for word in text.split()
    ]
    return " ".join(word for word in words if word) or text
