"""What the caller was asked, as far as the floor is concerned: how long their silence may last."""

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
    """Tells the turn machine which answer is expected, when that changes."""

    def __init__(self, clock: CallClock, tell: Callable[[SlotExpected], None]) -> None:
        self._clock = clock
        self._tell = tell
        self._asked: str | None = None

    def only(self, asked: str | None) -> None:
        """This is what the conversation expects; told if it is news."""
        if asked != self._asked:
            self.asking(asked)

    def asking(self, asked: str | None) -> None:
        """A question begins to play: what is said over its end already answers it."""
        self._asked = asked
        slot = SLOTS.get(asked.removeprefix("again:"), "free") if asked else None
        self._tell(SlotExpected(self._clock.now(), slot))
