"""The state of one conversation: an immutable value, so a dropped speculation costs nothing."""

from dataclasses import dataclass, replace
from typing import Self

from core.commands import Command
from core.conversation.appointments import Callback, Meeting, Times
from core.conversation.ledger import (
    Asks,
    Awaited,
    Given,
    Guidance,
    Meanings,
    Proposals,
    Question,
)
from core.conversation.parts import (
    Ending,
    History,
    Identity,
    Judged,
    Once,
    Part,
    Recording,
    Signals,
    Wants,
)
from core.events import SignalCaptured
from core.facts.standing import is_customer
from core.geography.namesakes import in_full
from core.geography.zones import CallerZone, caller_zone
from core.scheduling.board import Board
from core.talk import ConversationOpened

__all__ = ["ConversationState", "replace"]


@dataclass(frozen=True, slots=True)
class ConversationState(Part):
    """What is known, asked, given and promised. The engine returns a new one for every turn."""

    opened: ConversationOpened
    turn: int = 0
    history: History = History()
    signals: Signals = Signals()
    identity: Identity = Identity()
    judged: Judged = Judged()
    wants: Wants = Wants()
    questions: tuple[Question, ...] = ()
    """The buyer's, oldest first."""
    meanings: Meanings = Meanings()
    given: Given = Given()
    asks: Asks = Asks()
    proposals: Proposals = Proposals()
    awaited: Awaited = Awaited()
    guidance: Guidance = Guidance()
    board: Board | None = None
    """The team's availability when last read; None where nothing can be booked."""
    times: Times = Times()
    meeting: Meeting = Meeting()
    callback: Callback | None = None
    ai_call: tuple[str, int] = ("", 0)
    """Consent to a call placed by our AI, given or declined, and its turn; empty before."""
    message: str = ""
    """The last message they left for the team."""
    recording: Recording = Recording()
    once: Once = Once()
    ending: Ending = Ending()
    abuse: int = 0
    unclear: int = 0
    """Consecutive turns that could not be understood."""
    late: tuple[Command, ...] = ()
    """Requests read too late for their own turn; the next one acts on them."""

    @classmethod
    def opening(
        cls, opened: ConversationOpened, told: tuple[SignalCaptured, ...],
        context: tuple[str, ...], mode: str,
    ) -> Self:  # fmt: skip
        """The state before the first turn. `told`: what is known already; `context`: what the
        first question may refer to; `mode`: the rule for recording."""
        return cls(
            opened, signals=Signals(told), history=History(context=context),
            recording=Recording(mode=mode),
        )  # fmt: skip

    @property
    def customer(self) -> bool:
        """Whether they are already a customer, as far as we know."""
        return is_customer(self.signals.active, self.identity.crm)

    @property
    def written(self) -> bool:
        """Whether the buyer reads us: what they typed needs no reading back."""
        return self.opened.channel != "voice"

    @property
    def by_mail(self) -> bool:
        """Whether a clarifying question costs the buyer a day."""
        return self.opened.channel == "email"

    @property
    def zone(self) -> CallerZone | None:
        """The buyer's time zone: as they said, by their own clock, the place they named, or the
        number to reach them on."""
        if self.wants.zone:
            return CallerZone(self.wants.zone, sure=True)
        if self.opened.zone:
            return CallerZone(self.opened.zone, sure=True)
        told = self.signals.standing("location")
        guessed = told is not None and not in_full(told.value, told.quote)
        return caller_zone(told.value if told else None, self.number, guessed=guessed)

    @property
    def number(self) -> str | None:
        """The number to reach them on: the one they told, or the one they call from."""
        return self.signals.value("phone") or self.opened.caller

    @property
    def said_number(self) -> str:
        """That number as we name it to them."""
        return self.signals.value("phone") or "the number you're calling from"

    @property
    def reachable(self) -> bool:
        """Whether an invitation or a call could reach them."""
        return bool(self.number or self.signals.value("email"))

    @property
    def booked_with(self) -> str | None:
        """The rep they have a meeting with."""
        return self.meeting.booking.rep if self.meeting.booking else None

    @property
    def expects(self) -> str | None:
        """The rep they expect to meet or to be called by."""
        return self.booked_with or (self.callback.owner if self.callback else None)

    @property
    def arranged(self) -> bool:
        """Whether a meeting is booked or a callback agreed."""
        return self.meeting.booking is not None or self.callback is not None

    @property
    def answers_last(self) -> str | None:
        """Who owes the buyer the answer to the last deferred question; None if nobody does."""
        return next((q.owner for q in reversed(self.questions) if q.status == "deferred"), None)

    def open_questions(self) -> tuple[Question, ...]:
        """The buyer's questions that have neither an answer nor an owner."""
        return tuple(q for q in self.questions if q.status == "open")
