"""The question the caller is answering, which decides how long their pauses may last."""

from collections.abc import Callable

from voice_agent.call.clock import CallClock
from voice_agent.turn.events import Slot, SlotExpected

SLOTS: dict[str, Slot] = {
    "phone": "phone",
    "email": "email",
    "name": "name",
    "company": "name",
    "employees": "number",
    "budget": "number",
    "timeline": "date",
}


class Expecting:
    """Tells the turn machine which answer is expected, whenever that changes."""

    def __init__(self, clock: CallClock, tell: Callable[[SlotExpected], None]) -> None:
        self._clock = clock
        self._tell = tell
        self._asked: str | None = None

    def only(self, asked: str | None) -> None:
        """Set what the conversation expects; passed on if it changed."""
        if asked != self._asked:
            self.asking(asked)

    def asking(self, asked: str | None) -> None:
        """A question begins to play: speech over its end already answers it."""
        self._asked = asked
        slot = SLOTS.get(asked.removeprefix("again:"), "free") if asked else None
        self._tell(SlotExpected(self._clock.now(), slot))
