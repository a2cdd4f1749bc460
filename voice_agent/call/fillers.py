"""Short lines for a reply that is slow to come, so that there is no dead air."""

from core.talk import Sentence
from voice_agent.call.playback import Reply
from voice_agent.call.preparing import Prepared
from voice_agent.call.timing import TurnStages
from voice_agent.call.voicing import Voice

FILLER_AFTER_S = 1.2


class Fillers:
    """One call's fillers, said in their order and then again from the first."""

    def __init__(self, voice: Voice, lines: tuple[str, ...]) -> None:
        self._voice = voice
        self._lines = lines
        self._used = 0

    def due(self, stages: TurnStages | None, prepared: Prepared | None) -> float | None:
        """When a line is owed to a caller who still waits for the reply's first audio."""
        if stages is None or prepared is None or prepared.said is None:
            return None
        if any(clause.audio for clause in prepared.reply.clauses):
            return None
        return stages.ended + FILLER_AFTER_S

    def fill(self, reply: Reply) -> None:
        """Begin the reply with the next line, if that is voiced."""
        if not self._lines:
            return
        line = self._lines[self._used % len(self._lines)]
        self._used += 1
        clause = self._voice.cached(Sentence(reply.turn, -1, line, "filler"))
        if clause is not None:
            reply.clauses.insert(0, clause)
