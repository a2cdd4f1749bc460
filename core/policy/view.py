"""All that a decision may look at, gathered before any rule is tried."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.commands import (
    Affirm,
    AllowRecording,
    Command,
    DeclineRecording,
    Deny,
    Smalltalk,
    Unclear,
)
from core.conversation.state import Callback, ConversationState
from core.events import SignalCaptured
from core.facts.consents import ConsentRecorded
from core.scheduling.openings import Openings
from knowledge.entry import Answer, NoAnswer
from knowledge.profile import Company

_MERE = (Affirm, Deny, Smalltalk, Unclear, AllowRecording, DeclineRecording)


@dataclass(frozen=True, slots=True)
class View:
    """All a decision may look at."""

    state: ConversationState
    commands: tuple[Command, ...]
    learned: tuple[SignalCaptured, ...]
    """Signals new in this turn."""
    found: Mapping[str, Answer | NoAnswer]
    """What knowledge has for each open question, by question id."""
    meant: Mapping[str, tuple[str, Answer]]
    """What open questions without an answer may ask, as a buyer puts it, and the answer to that."""
    help: Answer | None
    """Something approved and not yet told that fits what the buyer just said."""
    fitting: Answer | None
    """What is known on the question of this turn for their own industry, where that is more."""
    worth: Mapping[str, float]
    """Criteria worth asking for, with how much an answer could change the verdict (0..1]."""
    company: Company
    now: datetime
    open_now: bool
    takers: frozenset[str]
    """Ids of the people who could be rung for this caller now."""
    rep: str | None
    """Who would take this caller."""
    callback: Callback
    """The call back we could promise now."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Spoken names of people by id."""
    openings: Openings | None = None
    """The times that could be offered; None where nothing can be booked."""
    confirmed: bool = False
    """In this turn they said that they meant what we had answered along."""
    corrected: bool = False
    """In this turn they said that they did not."""
    asks_where: bool = False
    """In this turn they ask for a place or a person, in whatever words."""
    back: bool = False
    """In this turn they said that they are the person we took them for."""
    refused: tuple[str, ...] = ()
    """Proposals turned down in this turn."""
    sees: str = ""
    """When that rep will see a message: "right away", "tomorrow"; empty where nobody can tell."""
    consent: ConsentRecorded | None = None
    """What this turn settled of the recording."""
    stopped: bool = False
    """The recording went on until this turn."""

    @property
    def mere(self) -> bool:
        """Whether the turn was nothing but an answer: yes, no, manners, or not understood."""
        return all(isinstance(c, _MERE) for c in self.commands)

    @property
    def owner(self) -> str:
        """Who looks after this buyer: whom they asked for, who would take them, or whoever owns
        what nobody else does."""
        return self.state.keeper or self.rep or self.company.default_owner

    def has(self, *kinds: type) -> bool:
        return any(isinstance(c, kinds) for c in self.commands)

    def name_of(self, person: str | None) -> str:
        """A person's name, or a plain word for someone of ours."""
        return self.names.get(person or "", "a colleague")
