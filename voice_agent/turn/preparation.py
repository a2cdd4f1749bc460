"""The reply prepared ahead of the end of a turn, and how many a turn may cost."""

from dataclasses import dataclass, replace

from core.thinking.understood import Sense
from voice_agent.turn import endpoint
from voice_agent.turn.endpoint import Ending
from voice_agent.turn.events import Slot, Understood
from voice_agent.turn.utterance import OpenUtterance

PREPARE_AFTER_S = 0.14
GOES_ON_S = 0.30
"""Speech this long after a preparation means that the caller goes on, whatever the words."""
PREPARATIONS_A_TURN = 3


@dataclass(slots=True)
class Preparation:
    """The text a reply is being prepared for, if any; a blip that adds no word keeps it."""

    text: str | None = None
    used: int = 0
    considered: str = ""
    """The text whose sense was last requested."""
    sense: Sense | None = None

    def consider(self, heard: OpenUtterance, ending: Ending) -> bool:
        """Whether to request the sense of this now; once per text."""
        if not heard.settled or not ending.text or ending.text == self.considered:
            return False
        self.considered, self.sense = ending.text, None
        return True

    def understood(self, event: Understood, turn: int) -> None:
        """Take the sense of the words, if it is of those last requested."""
        if event.turn == turn and event.text == self.considered:
            self.sense = event.sense

    def in_its_sense(self, ending: Ending) -> Ending:
        """The ending with the sense found in it, if any."""
        known = self.sense is not None and ending.text == self.considered
        return replace(ending, sense=self.sense) if known else ending

    def start_due(self, heard: OpenUtterance, ending: Ending, slot: Slot | None) -> float | None:
        """When to prepare a reply to this; None while it is unsettled or not worth it."""
        if self.text is not None or self.used >= PREPARATIONS_A_TURN or not heard.settled:
            return None
        if not endpoint.worth_preparing(ending, slot):
            return None
        return heard.end + PREPARE_AFTER_S

    def start(self, text: str) -> None:
        self.text, self.used = text, self.used + 1

    def drop_due(self, heard: OpenUtterance, text: str) -> float | None:
        """When the prepared reply becomes useless; None while it may be used."""
        if self.text is None:
            return None
        if self.text != text:
            return 0.0
        return heard.start + GOES_ON_S if heard.speaking else None
