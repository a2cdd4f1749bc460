"""The state of one conversation: an immutable value, so a dropped speculation costs nothing."""

from dataclasses import dataclass, field, replace
from typing import Literal

from core.commands import Command
from core.crm.known import CrmContactFound
from core.events import PersonRecalled, RouteChosen, SignalCaptured, VerdictReached
from core.facts.standing import is_customer, overtaken
from core.geography.namesakes import in_full
from core.geography.zones import CallerZone, caller_zone
from core.identity.memory import Memory
from core.scheduling.board import Board, Booking
from core.scheduling.slots import Slot
from core.talk import ConversationOpened
from knowledge.entry import Perhaps

__all__ = [
    "PROPOSALS", "Callback", "Check", "Consent", "ConversationState", "Guidance", "Pending",
    "Question", "replace",
]  # fmt: skip


PROPOSALS = frozenset({"callback", "slots", "transfer"})
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
    """Citation of the passage that a model took for its answer."""


@dataclass(frozen=True, slots=True)
class Check:
    """The buyer's last question for which we asked a clarifying question."""

    question_id: str
    wording: str
    """What we think they asked."""
    other: Perhaps | None = None
    """What we think they asked if it was not that."""


@dataclass(frozen=True, slots=True)
class Hedged:
    """A deferred question whose likely meaning was answered along."""

    question_id: str
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """A dictated number or address that was read back and awaits a yes."""

    field: str
    value: str
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Consent:
    """What the caller was told and asked about recording."""

    mode: str = "opt_out"
    """announce, opt_out, opt_in or never: the rule for this conversation"""
    asked: int = 0
    """How often our question was heard."""
    words: str = ""
    """The notice or the last question as heard, and when it ended."""
    at_ms: int = 0
    explicit: bool = False
    """Whether they said so themselves, in words or by a key."""


@dataclass(frozen=True, slots=True)
class Callback:
    """A callback that was agreed: `when` is its spoken form, `day` is ISO.

    `start` and `end` are the promised window, ISO, UTC; empty if nobody's hours are known.
    """

    owner: str
    when: str
    day: str
    quote: str
    start: str = ""
    end: str = ""
    zone: str = ""
    """The time zone of `when` and `day`."""
    away: str = ""
    """The window in its owner's time zone, in spoken form; empty if it is the same."""
    unmet: Literal["", "hour", "day"] = ""
    """Their wish that could not be promised."""


Proposal = Literal["meeting", "callback", "person"]


@dataclass(frozen=True, slots=True)
class Guidance:
    """What a listening colleague wants asked, in order, or proposed next."""

    ask: tuple[str, ...] = ()
    """Names of criteria."""
    propose: Proposal | None = None
    offers: int = 0
    """How many proposals were made before it was given."""


@dataclass(frozen=True, slots=True)
class ConversationState:
    """What is known, asked, given and promised. The engine returns a new one for every turn."""

    opened: ConversationOpened
    signals: tuple[SignalCaptured, ...] = ()
    questions: tuple[Question, ...] = ()
    asked: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    gives: int = 0
    asked_before: int = 0
    """How much of `asked` came before they were last given something, or let us ask."""
    expecting: str | None = None
    """Criterion or contact field of the last heard question, until it is answered."""
    closing: bool = False
    history: tuple[tuple[str, str], ...] = field(default=())
    """(speaker, heard text), oldest first."""
    turn: int = 0
    superseded: frozenset[str] = frozenset()
    """Ids of signals that a later one replaced."""
    expecting_turn: int = 0
    """The turn in which that question was heard."""
    unknown: tuple[str, ...] = ()
    """Criteria the buyer does not know."""
    topics: tuple[str, ...] = ()
    """Topics answered so far, latest last."""
    context: tuple[str, ...] = ()
    """The last questions and names, for follow-ups such as "and for Redshift?"."""
    told: tuple[str, ...] = ()
    """Citations already spoken, so that nothing is repeated unasked."""
    disclosed: bool = False
    recording: str = "unknown"
    """Consent to recording: unknown, given or declined."""
    consent: Consent = Consent()
    invited: bool = False
    wants_human: bool = False
    wants_meeting: bool = False
    wants_visit: bool = False
    """They want someone to come on site."""
    opted_out: bool = False
    disqualified: str | None = None
    exited: bool = False
    """The way out of a disqualified conversation was offered."""
    escalated: str | None = None
    keeper: str | None = None
    """The rep they asked for by name, or the one offered to a buyer who asked about something the
    company leaves to its people."""
    offered: str | None = None
    """What we proposed and the buyer has not yet answered: callback, permission, or `meant:` with
    the article we think they asked for."""
    offers: tuple[str, ...] = ()
    """Everything we proposed, once for each time it was heard."""
    proposed_turn: int = 0
    """When a call, a meeting or a person was last proposed."""
    refused: tuple[str, ...] = ()
    """Proposals the buyer declined."""
    wish: str = ""
    """When the buyer wants to be called, in their words."""
    callback: Callback | None = None
    message: str = ""
    """The last message they left for the team."""
    ai_call: tuple[str, int] = ("", 0)
    """Consent to a call placed by our AI, given or declined, and its turn; empty before."""
    pending: Pending | None = None
    check: Check | None = None
    told_zone: str = ""
    """The time zone (IANA) in which they last named a time."""
    hedged: tuple[Hedged, ...] = ()
    """Of the last turn; a yes confirms one of these meanings."""
    board: Board | None = None
    """The team's availability when last read; None where nothing can be booked."""
    slots: tuple[Slot, ...] = ()
    """The times we offered last, until one is booked or all are declined."""
    choices: tuple[Slot, ...] = ()
    """The offered times of a booked meeting, including it: another can still be taken instead."""
    slots_turn: int = 0
    """When times were last offered, or one of them was taken."""
    slots_asked: int = 0
    """How often we asked which time was meant."""
    rounds: int = 0
    """How often times were offered."""
    passed: tuple[str, ...] = ()
    """Ids of offered times that did not suit."""
    held: Slot | None = None
    """The chosen time, held until we can reach the buyer."""
    booking: Booking | None = None
    """The meeting that was booked here, or that is being changed."""
    booking_heard: bool = False
    """Its confirmation was heard."""
    moving: Booking | None = None
    unreached: tuple[str, ...] = ()
    """Reps the caller was to be transferred to who could not be reached."""
    promises: tuple[str, ...] = ()
    reframed: bool = False
    """Whether we already met a doubt with a question, which is done only once."""
    recapped: bool = False
    """Whether the closing said what happens next."""
    farewell: bool = False
    """Whether our goodbye was heard, at least in part."""
    abuse: int = 0
    unclear: int = 0
    """Consecutive turns that could not be understood."""
    agent_lines: tuple[str, ...] = ()
    """Our last reply as heard, for "can you repeat that"."""
    late: tuple[Command, ...] = ()
    """Requests read too late for their own turn; the next one acts on them."""
    verdict: VerdictReached | None = None
    route: RouteChosen | None = None
    person: PersonRecalled | None = None
    """The returning buyer's identity; their signals are among `signals`."""
    guidance: Guidance = Guidance()
    guesses: tuple[Memory, ...] = ()
    """Candidates for who the buyer is, with what is known about them; used only once confirmed."""
    crm: CrmContactFound | None = None
    """The CRM contact for their number."""

    @property
    def active(self) -> tuple[SignalCaptured, ...]:
        """Signals that stand; looked-up ones only where nothing was told."""
        kept = tuple(s for s in self.signals if s.signal_id not in self.superseded)
        gone = overtaken(kept)
        return tuple(s for s in kept if s.signal_id not in gone) if gone else kept

    @property
    def customer(self) -> bool:
        """Whether they are already a customer, as far as we know."""
        return is_customer(self.active, self.crm)

    @property
    def barred(self) -> bool:
        """They once asked not to be contacted: we do not propose it, though they may ask."""
        return self.person is not None and bool(self.person.opted_out)

    def value(self, criterion: str) -> str | None:
        """The latest standing value of a criterion or contact field."""
        told = self.standing(criterion)
        return told.value if told else None

    def standing(self, criterion: str) -> SignalCaptured | None:
        """The latest signal of a criterion or contact field that stands."""
        return next((s for s in reversed(self.active) if s.criterion == criterion), None)

    def just_asked(self, turn: int) -> bool:
        """Whether a turn comes soon enough to answer what we last asked or proposed."""
        return self.expecting_turn >= turn - 1

    def expects(self, turn: int) -> str | None:
        """What was asked last, if a turn comes soon enough to answer it."""
        return self.expecting if self.just_asked(turn) else None

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
        if self.told_zone:
            return CallerZone(self.told_zone, sure=True)
        if self.opened.zone:
            return CallerZone(self.opened.zone, sure=True)
        number = self.value("phone") or self.opened.caller
        told = self.standing("location")
        guessed = told is not None and not in_full(told.value, told.quote)
        return caller_zone(told.value if told else None, number, guessed=guessed)

    @property
    def answers_last(self) -> str | None:
        """Who owes the buyer the answer to the last deferred question; None if nobody does."""
        return next((q.owner for q in reversed(self.questions) if q.status == "deferred"), None)

    def open_questions(self) -> tuple[Question, ...]:
        """The buyer's questions that have neither an answer nor an owner."""
        return tuple(q for q in self.questions if q.status == "open")
