"""Results that come too late for the reply: a model's reading of a turn, and who is calling.

They are entered once no reply depends on the state.
"""

from collections.abc import Callable

from core.conversation.state import ConversationState
from core.engine import Engine
from core.identity.memory import Recognition
from core.replay import lines
from voice_agent.call.host import Write
from voice_agent.call.preparing import Prepared


class LateReading:
    """One call's late results. At most one reading waits: a newer turn's replaces it."""

    def __init__(
        self, engine: Engine, write: Write,
        keep: Callable[[object], None] = lambda _line: None,
    ) -> None:  # fmt: skip
        self._engine = engine
        self._write = write
        self._keep = keep
        self._waiting: Prepared | None = None
        self._found: Recognition | None = None

    def found(self, found: Recognition) -> None:
        """Who is calling, as far as the store can tell by now."""
        self._found = found

    def entered(
        self, state: ConversationState, prepared: Prepared | None, *, guessing: bool
    ) -> ConversationState:
        """The state with a committed turn's reading, and with any that was waiting.

        While a speculative reply depends on the state (`guessing`), it stays as it is.
        """
        for one in (self._waiting, prepared):
            if one is None or not one.stands or one.refined:
                continue
            if one.pending is None or one.pending.reading is None:
                continue
            if guessing:
                self._waiting = one
                return state
            one.refined = True
            if not one.pending.used:
                reading = one.pending.reading
                read = tuple(map(lines.named, reading.commands))
                self._keep(lines.ReadLate(reading.said.turn, read))
                state, facts = self._engine.refine(state, reading)
                self._write(*facts)
        if guessing:
            return state
        self._waiting = None
        if self._found is not None:
            state, facts = self._engine.recognised(state, self._found)
            told = self._found.known.told if self._found.known else ()
            found = tuple(map(lines.named, facts))
            self._keep(lines.LookedUp(found, told, len(self._found.candidates)))
            self._write(*facts)
            self._found = None
        return state
