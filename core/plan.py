"""What a turn is to say, decided by policy and worded afterwards. Points are said in order."""

from dataclasses import dataclass
from typing import Literal

from core.conversation.state import Callback, Check
from core.events import SignalCaptured
from core.reply import Action
from core.scheduling.board import Booking
from core.scheduling.slots import Slot
from core.scheduling.tools import Tool
from core.talk import SentenceKind
from knowledge.entry import Passage


@dataclass(frozen=True, slots=True)
class Tell:
    """A fixed matter: `topic` names its wordings, `slots` fill them. Never worded by a model."""

    topic: str
    slots: tuple[tuple[str, str], ...] = ()
    kind: SentenceKind = "acknowledge"
    must_hear: bool = False
    asks: str | None = None
    promise: str | None = None
    sets: str | None = None
    offers: tuple[Slot, ...] = ()
    """Times to choose from."""


ANYTHING_ELSE = Tell("anything_else", asks="offer:more")
"""An open door: the end of what was arranged."""
WHAT_ELSE = Tell("what_else", asks="offer:more")
"""An open door, amid what they ask."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message in the buyer's words, and whose it is."""

    text: str
    owner: str


@dataclass(frozen=True, slots=True)
class Learned:
    """Acknowledge what the buyer just told."""

    signals: tuple[SignalCaptured, ...]


@dataclass(frozen=True, slots=True)
class Give:
    """Answer from these passages; `questions` is empty when help is offered unasked."""

    questions: tuple[str, ...]
    """Ids of all that is answered so."""
    question: str
    passages: tuple[Passage, ...]
    verbatim: bool = False
    """Said whole and as it stands, by no other words."""
    refused: bool = False
    """The passage says that this is not talked about; it gives the buyer nothing."""


@dataclass(frozen=True, slots=True)
class Defer:
    """Not covered: say so and who will answer. `owner` is an id, `owner_name` is spoken."""

    question_id: str
    question: str
    owner: str
    owner_name: str
    passage: Passage | None = None
    """Approved wording for putting off just this, where there is one."""
    again: bool = False
    """Another question was put off before: no need to say it all anew."""
    meant: Give | None = None
    """What it may ask, as a buyer would put it: said along where asking back costs a day."""
    late: bool = False
    """It was asked in an earlier turn, and they have gone on since."""
    wants: Literal["answer", "sent", "paper"] = "answer"
    """What they are owed: to be told, to be sent something, or a paper that a person writes."""


@dataclass(frozen=True, slots=True)
class AskFor:
    """Ask for one criterion, in one of the company's own wordings."""

    criterion: str
    wordings: tuple[str, ...]
    helps: str = ""
    """Who was promised to answer what we could not, and is better prepared with it."""


Point = Tell | Learned | Give | Defer | AskFor


@dataclass(frozen=True, slots=True)
class Act:
    """The decision of a turn. `rule` names the rule that made it."""

    rule: str
    points: tuple[Point, ...]
    action: Action | None = None
    callback: Callback | None = None
    """A call back agreed in this turn."""
    check: Check | None = None
    """What was asked back in this turn."""
    message: Message | None = None
    """What was taken down for the team in this turn."""
    tool: Tool | None = None
    """What is to be done once the turn is committed; its receipt decides what is said of it."""
    moving: Booking | None = None
    """The meeting for which another time is offered."""

    @property
    def asks(self) -> str | None:
        """What this turn asks for, if anything."""
        for point in self.points:
            if isinstance(point, AskFor):
                return point.criterion
            if isinstance(point, Tell) and point.asks:
                return point.asks
        return None
