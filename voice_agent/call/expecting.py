"""The question the caller is answering, which decides how long their pauses may last."""

from collections.abc import Callable, Mapping

from core.asking import Again, Asked
from knowledge.profile import Company
from voice_agent.call.clock import CallClock
from voice_agent.turn.events import Slot, SlotExpected

_CONTACT: dict[str, Slot] = {"phone": "phone", "email": "email", "name": "name", "company": "name"}
_KINDS: dict[str, Slot] = {"number": "number", "date": "date"}


def slots(company: Company) -> dict[str, Slot]:
    """What the answer to each question of a company looks like, where that shows when it ends."""
    return _CONTACT | {c.name: _KINDS[c.kind] for c in company.criteria if c.kind in _KINDS}


class Expecting:
    """Tells the turn machine which answer is expected, whenever that changes."""

    def __init__(
        self, slots: Mapping[str, Slot], clock: CallClock, tell: Callable[[SlotExpected], None]
    ) -> None:
        self._slots = slots
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
        slot = (self._slots.get(of, "free") if isinstance(of, str) else "free") if of else None
        self._tell(SlotExpected(self._clock.now(), slot))
