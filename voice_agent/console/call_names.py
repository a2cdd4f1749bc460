"""What those who speak in a conversation are called on its page."""

from dataclasses import dataclass, field

from core.events import UtteranceRecorded


@dataclass(frozen=True, slots=True)
class Names:
    """What speakers are called."""

    agent: str
    buyer: str
    people: dict[str, str] = field(default_factory=dict)
    """Id of a colleague to their name."""

    def of(self, line: UtteranceRecorded) -> str:
        """Who says a line."""
        if line.speaker == "rep":
            return self.people.get(line.kind, "Colleague")
        return self.agent if line.speaker == "agent" else self.buyer

    def person(self, person_id: str) -> str:
        """A colleague by their id."""
        return self.people.get(person_id, person_id or "a colleague")
