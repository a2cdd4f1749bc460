"""Everything a decision may look at, gathered before any rule runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.asking import Offered
from core.commands import (
    Affirm,
    AllowRecording,
    Command,
    DeclineRecording,
    Deny,
    Smalltalk,
    Unclear,
)
from core.conversation.appointments import Callback
from core.conversation.ledger import Awaited
from core.conversation.state import ConversationState
from core.events import SignalCaptured
from core.facts.consents import ConsentRecorded
from core.scheduling.openings import Openings
from knowledge.entry import Answer, NoAnswer
from knowledge.profile import Company

_MERE = (Affirm, Deny, Smalltalk, Unclear, AllowRecording, DeclineRecording)


@dataclass(frozen=True, slots=True)
class View:
    """Everything a decision may look at."""

    state: ConversationState
    commands: tuple[Command, ...]
    learned: tuple[SignalCaptured, ...]
    """Signals new in this turn."""
    found: Mapping[str, Answer | NoAnswer]
    """What knowledge returns for each open question, by question id."""
    meant: Mapping[str, tuple[str, Answer]]
    """Likely meanings of unanswered questions, in a buyer's words, each with its answer."""
    help: Answer | None
    """An approved answer not yet given that fits what the buyer just said."""
    fitting: Answer | None
    """The answer to this turn's question for their industry, if it adds something."""
    worth: Mapping[str, float]
    """Criteria worth asking for, with how much an answer could change the verdict (0..1]."""
    company: Company
    now: datetime
    open_now: bool
    takers: frozenset[str]
    """Ids of the people this caller could be transferred to now."""
    rep: str | None
    """Who would take this caller."""
    callback: Callback
    """The callback we could promise now."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Spoken names of people by id."""
    openings: Openings | None = None
    """The times that could be offered; None where nothing can be booked."""
    confirmed: bool = False
    """In this turn they confirmed what we had answered along."""
    corrected: bool = False
    """In this turn they rejected it."""
    asks_where: bool = False
    """In this turn they ask, in any words, for a place or a person."""
    back: bool = False
    """In this turn they confirmed that they are the person we took them for."""
    before: Awaited = Awaited()
    """What we waited for when the turn was said."""
    refused: tuple[Offered, ...] = ()
    """Proposals declined in this turn."""
    sees: str = ""
    """When that rep will see a message: "right away", "tomorrow"; empty if unknown."""
    consent: ConsentRecorded | None = None
    """How this turn settled the recording."""
    stopped: bool = False
    """The recording ran until this turn."""

    @property
    def settled(self) -> str | None:
        """The contact field whose read-back was confirmed, or let stand, in this turn."""
        given = self.before.read_back
        return given.field if given and self.state.awaited.read_back is None else None

    @property
    def mere(self) -> bool:
        """Whether the turn was only a reply: yes, no, a courtesy, or not understood."""
        return all(isinstance(c, _MERE) for c in self.commands)

    @property
    def owner(self) -> str:
        """Who takes care of this buyer: whom they asked for, their rep, or the default owner."""
        return self.state.wants.keeper or self.rep or self.company.default_owner

    def has(self, *kinds: type) -> bool:
        return any(isinstance(c, kinds) for c in self.commands)

    def name_of(self, person: str | None) -> str:
        """A person's name, or a generic word for one of our people."""
        return self.names.get(person or "", "a colleague")
