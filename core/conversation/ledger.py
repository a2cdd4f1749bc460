"""What was asked and given: the buyer's questions and ours, our proposals, and what we told them.

Parts of a conversation's state.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from core.asking import Confirm, Offered
from core.conversation.parts import Part
from knowledge.entry import Perhaps

PROPOSALS: frozenset[Offered] = frozenset({"callback", "slots", "transfer"})
"""What a qualified buyer is offered: a call, times to meet, or a person now."""


@dataclass(frozen=True, slots=True)
class Question:
    """A buyer's question and what became of it."""

    id: str
    text: str
    turn: int
    status: str = "open"
    """open, answered, deferred, or left: the buyer cut the answer short to ask something else"""
    start_ms: int = 0
    end_ms: int = 0
    owner: str = ""
    """Who gets it when it is not covered."""
    reason: str = ""
    begun: bool = False
    """Whether some words of its answer were heard."""
    passage: str = ""
    """The same as in `AskProduct`."""


@dataclass(frozen=True, slots=True)
class Check:
    """The buyer's last question for which we asked a clarifying question."""

    question_id: str
    wording: str
    """What we think they asked."""
    other: Perhaps | None = None
    """What we think they asked if it was not that."""
    article: str = ""
    """Id of the article that would answer it."""


@dataclass(frozen=True, slots=True)
class Hedged:
    """A deferred question whose likely meaning was answered along."""

    question_id: str
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meanings(Part):
    """Our guesses at what unclear questions meant."""

    check: Check | None = None
    hedged: tuple[Hedged, ...] = ()
    """Of the last turn; a yes confirms one of these meanings."""


@dataclass(frozen=True, slots=True)
class Given(Part):
    """What we told the buyer."""

    citations: tuple[str, ...] = ()
    """Spoken already, latest last, so that nothing is repeated unasked."""
    count: int = 0
    """How many answers told them something new."""
    topics: tuple[str, ...] = ()
    """Topics answered so far, latest last."""
    turn: int = 0
    """Of the last answer heard."""
    promises: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asks(Part):
    """What we asked the buyer about themselves."""

    made: tuple[str, ...] = ()
    """Criteria and contact fields, once for each time the question was heard."""
    declined: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """Criteria the buyer does not know."""
    before: int = 0
    """How many came before they were last given something, or let us ask."""
    invited: bool = False
    """Whether they let us ask."""
    stopped: bool = False
    """Whether they want to be asked nothing more about themselves."""

    @property
    def given_up(self) -> frozenset[str]:
        """What the buyer declined or does not know."""
        return frozenset((*self.declined, *self.unknown))

    def count(self, name: str) -> int:
        """How often it was asked for."""
        return self.made.count(name)

    def tried(self, name: str) -> bool:
        """Whether it was asked for, or declined unasked."""
        return name in self.made or name in self.declined

    def refusing(self, names: Iterable[str]) -> "Asks":
        """With more that they declined."""
        return replace(self, declined=tuple(dict.fromkeys((*self.declined, *names))))

    def let(self, invited: bool) -> "Asks":
        """After the buyer said whether we may ask."""
        return replace(self, invited=invited, before=len(self.made))


@dataclass(frozen=True, slots=True)
class ReadBack:
    """A dictated number or address that was read back and awaits a yes."""

    field: str
    value: str
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Awaited(Part):
    """What we asked or proposed last, until the buyer answers it."""

    ask: str | Confirm | None = None
    """The criterion, contact field or message asked for, or the field read back."""
    offer: Offered | None = None
    """What was proposed."""
    turn: int = 0
    """The turn in which it was heard."""
    read_back: ReadBack | None = None

    @property
    def wanted(self) -> str | None:
        """What was asked for; None if it was read back."""
        return None if isinstance(self.ask, Confirm) else self.ask

    def fresh(self, turn: int) -> bool:
        """Whether a turn comes soon enough to answer it."""
        return self.turn >= turn - 1

    def asks(self, turn: int) -> str | Confirm | None:
        """What was asked for, if a turn comes soon enough to answer it."""
        return self.ask if self.fresh(turn) else None


@dataclass(frozen=True, slots=True)
class Proposals(Part):
    """What we proposed to the buyer."""

    made: tuple[Offered, ...] = ()
    """Once for each time it was heard."""
    turn: int = 0
    """When a call, a meeting or a person was last proposed."""
    refused: tuple[Offered, ...] = ()
    """Those the buyer declined."""

    def heard(self, offer: Offered, turn: int) -> "Proposals":
        """After one more was heard."""
        since = turn if offer in PROPOSALS else self.turn
        return replace(self, made=(*self.made, offer), turn=since)


Proposal = Literal["meeting", "callback", "person"]


@dataclass(frozen=True, slots=True)
class Guidance:
    """What a listening colleague wants asked, in order, or proposed next."""

    ask: tuple[str, ...] = ()
    """Names of criteria."""
    propose: Proposal | None = None
    offers: int = 0
    """How many proposals were made before it was given."""
