"""Short lines that fill the silence before a slow reply."""

from collections.abc import Iterable, Iterator

from core.conversation.wording.realise import Realiser
from core.talk import Sentence
from knowledge.sentences import sentences
from voice_agent.call.preparing import Prepared
from voice_agent.call.timing import TurnStages
from voice_agent.call.voicing import Voice

FILLER_AFTER_S = 1.2

Line = tuple[str, ...]
"""A filler's sentences, as voiced at start-up."""


def as_voiced(realiser: Realiser, lines: Iterable[str]) -> tuple[Line, ...]:
    """A profile's fillers, filled in and split into sentences."""
    return tuple(tuple(sentences(realiser.fill(line, {}))) for line in lines)


def unvoiced(realiser: Realiser, lines: tuple[str, ...]) -> Iterator[str]:
    """Fillers that were not voiced at start-up and so are never said."""
    kept = set(realiser.fixed(lines))
    for line, parts in zip(lines, as_voiced(realiser, lines), strict=True):
        if not parts or not kept.issuperset(parts):
            yield line


class Fillers:
    """One call's fillers, in order and then again from the first; one per turn."""

    def __init__(self, voice: Voice, lines: tuple[Line, ...]) -> None:
        self._voice = voice
        self._lines = lines
        self._used = 0
        self._tried: int | None = None
        """The turn whose filler was said last, or could not be."""

    def due(self, stages: TurnStages | None, prepared: Prepared | None) -> float | None:
        """When a filler is due for a caller still waiting for the reply's first audio."""
        if not self._lines or stages is None or prepared is None or prepared.said is None:
            return None
        if prepared.reply.turn == self._tried or any(c.audio for c in prepared.reply.clauses):
            return None
        return stages.ended + FILLER_AFTER_S

    def fill(self, prepared: Prepared) -> None:
        """Begin the reply with the next filler, if it is voiced."""
        reply = prepared.reply
        self._tried = reply.turn
        line = self._lines[self._used % len(self._lines)]
        self._used += 1
        found = [self._voice.cached(Sentence(reply.turn, -1, text, "filler")) for text in line]
        clauses = [clause for clause in found if clause is not None]
        if len(clauses) == len(line):
            reply.clauses[:0] = clauses
