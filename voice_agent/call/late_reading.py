"""What a model read in a turn, too late for the reply: entered when nothing rests on the state."""

from collections.abc import Callable

from core.conversation.state import ConversationState
from core.engine import Engine
from voice_agent.call.preparing import Prepared


class LateReading:
    """One call's late readings. At most one waits: a newer turn's takes its place."""

    def __init__(self, engine: Engine, write: Callable[..., None]) -> None:
        self._engine = engine
        self._write = write
        self._waiting: Prepared | None = None

    def entered(
        self, state: ConversationState, prepared: Prepared | None, *, guessing: bool
    ) -> ConversationState:
        """The state with what a committed turn's reading adds, and with what waited before.

        While a guess at the next turn rests on the state (`guessing`), it stays as it is.
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
                state, facts = self._engine.refine(state, one.pending.reading)
                self._write(*facts)
        if not guessing:
            self._waiting = None
        return state
