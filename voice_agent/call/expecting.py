"""The question the caller is answering, which decides how long their pauses may last."""

from collections.abc import Callable

from core.asking import Again, Asked
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
        self._asked: Asked | None = None

    def only(self, asked: Asked | None) -> None:
        """Set what the conversation expects; passed on if it changed."""
        if asked != self._asked:
            self.asking(asked)

    def asking(self, asked: Asked | None) -> None:
        """A question begins to play: speech over its end already answers it."""
        self._asked = asked
        of = asked.of if isinstance(asked, Again) else asked
        slot = (SLOTS.get(of, "free") if isinstance(of, str) else "free") if of else None
        self._tell(SlotExpected(self._clock.now(), slot))
