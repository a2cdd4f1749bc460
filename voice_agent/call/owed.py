"""Lines that have to be heard: if cut off, they are repeated first, up to a few times."""

from collections.abc import Iterable

from core.events import Flagged
from core.talk import Sentence
from voice_agent.call.clock import CallClock
from voice_agent.call.host import Write
from voice_agent.call.playback import Reply

MUST_HEAR_TRIES = 3


class OwedLines:
    """One call's outstanding lines, by text, and how often each was cut off."""

    def __init__(self, clock: CallClock, write: Write) -> None:
        self._clock = clock
        self._write = write
        self._lines: dict[str, tuple[int, Sentence]] = {}

    def add(self, sentences: Iterable[Sentence]) -> None:
        """Owe those of these lines that have to be heard; none was begun."""
        self._lines.update({s.text: (0, s) for s in sentences if s.must_hear})

    def cut_off(self, reply: Reply) -> None:
        """Owe the rest of a reply that ends here; flag a line that was begun too often."""
        for clause in reply.clauses:
            sentence = clause.sentence
            if not sentence.must_hear or not clause.closes or clause.heard:
                continue
            began = clause.started_at is not None
            tries = self._lines.get(sentence.text, (0, sentence))[0] + began
            self._lines[sentence.text] = (tries, sentence)
            if began and tries == MUST_HEAR_TRIES:
                note = f"cut off {tries} times: {sentence.text}"
                at_ms = round(self._clock.now() * 1000)
                self._write(Flagged("must_hear_not_heard", sentence.turn, at_ms, note))

    def heard(self, sentence: Sentence) -> None:
        """The line was heard to its end."""
        self._lines.pop(sentence.text, None)

    def due(self) -> tuple[Sentence, ...]:
        """The lines the next reply begins with."""
        return tuple(s for tries, s in self._lines.values() if tries < MUST_HEAR_TRIES)
