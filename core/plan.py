"""What a turn is going to say: decided by policy, worded afterwards. Points are said in order."""

from dataclasses import dataclass
from typing import Literal

from core.asking import Asked, Offer
from core.conversation.appointments import Callback
from core.conversation.ledger import Check
from core.events import SignalCaptured
from core.reply import Action
from core.scheduling.board import Booking
from core.scheduling.slots import Slot
from core.scheduling.tools import Tool
from core.talk import SentenceKind
from knowledge.entry import Passage


@dataclass(frozen=True, slots=True)
class Tell:
    """A fixed line: `topic` names its wordings, `slots` fill them. Never worded by a model."""

    topic: str
    slots: tuple[tuple[str, str], ...] = ()
    kind: SentenceKind = "acknowledge"
    must_hear: bool = False
    asks: Asked | None = None
    promise: str | None = None
    sets: str | None = None
    offers: tuple[Slot, ...] = ()
    """Times to choose from."""


OPEN = Tell("open", sets="opened")
"""Asks what they want."""
ANYTHING_ELSE = Tell("anything_else", asks=Offer("more"))
"""Offers more help once everything is arranged."""
WHAT_ELSE = Tell("what_else", asks=Offer("more"))
"""Offers more help while they are still asking."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message in the buyer's words, and its recipient."""

    text: str
    owner: str


@dataclass(frozen=True, slots=True)
class Learned:
    """Acknowledge what the buyer just told us."""

    signals: tuple[SignalCaptured, ...]


@dataclass(frozen=True, slots=True)
class Give:
    """Answer from these passages; `questions` is empty when help is offered unasked."""

    questions: tuple[str, ...]
    """Ids of all the questions this answers."""
    question: str
    passages: tuple[Passage, ...]
    verbatim: bool = False
    """Said in full, word for word."""
    refused: bool = False
    """The passage says we do not discuss this; it gives the buyer nothing."""
    affirms: bool = True
    """Whether a yes at its beginning answers the question."""


@dataclass(frozen=True, slots=True)
class Defer:
    """Not covered: say so and name who will answer. `owner` is an id, `owner_name` is spoken."""

    question_id: str
    question: str
    owner: str
    owner_name: str
    passage: Passage | None = None
    """Approved wording for deferring this topic, if there is one."""
    again: bool = False
    """Another question was deferred before, so the full explanation is not repeated."""
    meant: Give | None = None
    """What they may have meant, in a buyer's words; answered along if asking back costs a day."""
    late: bool = False
    """Asked in an earlier turn; they have moved on since."""
    wants: Literal["answer", "sent", "paper"] = "answer"
    """What they are owed: an answer, something sent, or a paper that a person writes."""


@dataclass(frozen=True, slots=True)
class AskFor:
    """Ask for one criterion, in one of the company's own wordings."""

    criterion: str
    wordings: tuple[str, ...]
    helps: str = ""
    """Who was promised to answer an open question, and will be better prepared by knowing this."""


Point = Tell | Learned | Give | Defer | AskFor


@dataclass(frozen=True, slots=True)
class Act:
    """The decision of a turn. `rule` names the rule that made it."""

    rule: str
    points: tuple[Point, ...]
    action: Action | None = None
    callback: Callback | None = None
    """A callback agreed in this turn."""
    check: Check | None = None
    """The clarifying question asked in this turn."""
    message: Message | None = None
    """A message for the team taken in this turn."""
    tool: Tool | None = None
    """Runs once the turn is committed; its receipt decides what is said about it."""
    moving: Booking | None = None
    """The meeting being rescheduled."""

    @property
    def asks(self) -> Asked | None:
        """What this turn asks for, if anything."""
        for point in self.points:
            if isinstance(point, AskFor):
                return point.criterion
            if isinstance(point, Tell) and point.asks:
                return point.asks
        return None
