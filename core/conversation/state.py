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
"""What a fit is offered: a call, times to meet, a person now."""


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
    """Some words of its answer were heard."""
    passage: str = ""
    """Citation of the passage that a model took for its answer."""


@dataclass(frozen=True, slots=True)
class Check:
    """The last question of theirs of which we asked back whether we understood it."""

    question_id: str
    wording: str
    """What we took it for."""
    other: Perhaps | None = None
    """What we take it for if it was not that."""


@dataclass(frozen=True, slots=True)
class Hedged:
    """A question that was put off, with what it may have meant answered along."""

    question_id: str
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """A dictated number or address read back and waiting for a yes."""

    field: str
    value: str
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Consent:
    """What the caller was told and asked of the recording."""

    mode: str = "opt_out"
    """announce, opt_out, opt_in or never: the rule this conversation is under"""
    asked: int = 0
    """How often our question was heard."""
    words: str = ""
    """The notice or the last question as it was heard, and when it ended."""
    at_ms: int = 0
    explicit: bool = False
    """They said so themselves, in words or by a key."""


@dataclass(frozen=True, slots=True)
class Callback:
    """A call back that was agreed: `when` is as we say it, `day` in ISO form.

    `start` and `end` are the promised window, ISO, UTC; empty where nobody's hours are known.
    """

    owner: str
    when: str
    day: str
    quote: str
    start: str = ""
    end: str = ""
    zone: str = ""
    """The zone `when` and `day` are said in."""
    away: str = ""
    """The window where its owner is, as it is said; empty where that is the same."""
    unmet: Literal["", "hour", "day"] = ""
    """What they wished for that could not be promised."""


Proposal = Literal["meeting", "callback", "person"]


@dataclass(frozen=True, slots=True)
class Guidance:
    """What a colleague who listens wants asked, in order, or proposed next."""

    ask: tuple[str, ...] = ()
    """Names of criteria."""
    propose: Proposal | None = None
    offers: int = 0
    """Proposals made before it was given."""


@dataclass(frozen=True, slots=True)
class ConversationState:
    """What is known, asked, given, promised. The engine returns a new one for every turn."""

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
    """Ids of signals a later one replaced."""
    expecting_turn: int = 0
    """The turn in which that question was heard."""
    unknown: tuple[str, ...] = ()
    """Criteria the buyer could not tell."""
    topics: tuple[str, ...] = ()
    """Topics of what was answered, latest last."""
    context: tuple[str, ...] = ()
    """The last questions and names, for follow-ups such as "and for Redshift?"."""
    told: tuple[str, ...] = ()
    """Citations already spoken, so nothing is said twice unasked."""
    disclosed: bool = False
    recording: str = "unknown"
    """Consent to recording: unknown, given or declined."""
    consent: Consent = Consent()
    invited: bool = False
    wants_human: bool = False
    wants_meeting: bool = False
    wants_visit: bool = False
    """Somebody is to come to them."""
    opted_out: bool = False
    disqualified: str | None = None
    exited: bool = False
    """The useful way out was offered."""
    escalated: str | None = None
    keeper: str | None = None
    """Rep they asked for by name, or who was offered to a buyer who asked about what the company
    keeps for its people."""
    offered: str | None = None
    """What we proposed and the buyer has not yet answered: callback, permission, or `meant:` with
    the article we think they asked for."""
    offers: tuple[str, ...] = ()
    """Everything we proposed, as often as it was heard."""
    proposed_turn: int = 0
    """When a call, a meeting or a person was proposed last."""
    refused: tuple[str, ...] = ()
    """Proposals the buyer turned down."""
    wish: str = ""
    """When the buyer would like to be called, as they said it."""
    callback: Callback | None = None
    message: str = ""
    """The last message they left for the team."""
    ai_call: tuple[str, int] = ("", 0)
    """Whether our AI may place it, given or declined, and the turn that says so; empty before."""
    pending: Pending | None = None
    check: Check | None = None
    told_zone: str = ""
    """The time zone (IANA) in which they last named a time."""
    hedged: tuple[Hedged, ...] = ()
    """Of the last turn; a yes says that this was what they meant."""
    board: Board | None = None
    """The team's time as it was last looked at; None where nothing can be booked."""
    slots: tuple[Slot, ...] = ()
    """The times we offered last, until one is booked or all are passed over."""
    choices: tuple[Slot, ...] = ()
    """Those of which one was taken, with that one: another of them can still be had instead."""
    slots_turn: int = 0
    """When times were offered last, or one of them was taken."""
    slots_asked: int = 0
    """How often we asked which of them was meant."""
    rounds: int = 0
    """How often times were offered."""
    passed: tuple[str, ...] = ()
    """Ids of offered times that did not suit."""
    held: Slot | None = None
    """The time that was chosen and waits for a way to reach the buyer."""
    booking: Booking | None = None
    """The meeting that was booked here, or that is being changed."""
    booking_heard: bool = False
    """Its confirmation was heard."""
    moving: Booking | None = None
    unreached: tuple[str, ...] = ()
    """Reps the caller was to be put through to and who could not be reached."""
    promises: tuple[str, ...] = ()
    reframed: bool = False
    """A doubt was once met with a question of ours, which is never done again."""
    recapped: bool = False
    """At the end, what happens next was said."""
    farewell: bool = False
    """Our goodbye was heard, at least in part."""
    abuse: int = 0
    unclear: int = 0
    """Turns in a row that could not be understood."""
    agent_lines: tuple[str, ...] = ()
    """Our last reply as heard, for "can you repeat that"."""
    late: tuple[Command, ...] = ()
    """Requests that were read too late for their own turn; the next one acts on them."""
    verdict: VerdictReached | None = None
    route: RouteChosen | None = None
    person: PersonRecalled | None = None
    """Who the buyer is known to be from before; their signals are among `signals`."""
    guidance: Guidance = Guidance()
    guesses: tuple[Memory, ...] = ()
    """Whom the buyer may be, with what is known of them: used once they say so, and not before."""
    crm: CrmContactFound | None = None
    """Whom the CRM knows by their number."""

    @property
    def active(self) -> tuple[SignalCaptured, ...]:
        """Signals that stand: what was looked up only where nothing was told."""
        kept = tuple(s for s in self.signals if s.signal_id not in self.superseded)
        gone = overtaken(kept)
        return tuple(s for s in kept if s.signal_id not in gone) if gone else kept

    @property
    def customer(self) -> bool:
        """Whether they are a customer already, as far as anybody knows."""
        return is_customer(self.active, self.crm)

    @property
    def barred(self) -> bool:
        """They once asked not to be contacted: nobody is to propose it, though they may ask."""
        return self.person is not None and bool(self.person.opted_out)

    def value(self, criterion: str) -> str | None:
        """The latest standing value of a criterion or contact field."""
        return next((s.value for s in reversed(self.active) if s.criterion == criterion), None)

    def just_asked(self, turn: int) -> bool:
        """Whether a turn comes soon enough to answer what we asked or proposed last."""
        return self.expecting_turn >= turn - 1

    def expects(self, turn: int) -> str | None:
        """What was asked last, where a turn comes soon enough to answer it."""
        return self.expecting if self.just_asked(turn) else None

    @property
    def written(self) -> bool:
        """Whether the buyer reads us: what they typed needs no reading back."""
        return self.opened.channel != "voice"

    @property
    def by_mail(self) -> bool:
        """Whether asking back costs the buyer a day."""
        return self.opened.channel == "email"

    @property
    def zone(self) -> CallerZone | None:
        """The buyer's time zone: as they said, by their own clock, the place they named, or the
        number they are to be reached on."""
        if self.told_zone:
            return CallerZone(self.told_zone, sure=True)
        if self.opened.zone:
            return CallerZone(self.opened.zone, sure=True)
        number = self.value("phone") or self.opened.caller
        told = next((s for s in reversed(self.active) if s.criterion == "location"), None)
        guessed = told is not None and not in_full(told.value, told.quote)
        return caller_zone(told.value if told else None, number, guessed=guessed)

    @property
    def answers_last(self) -> str | None:
        """Who owes the buyer the answer to what was put off last; None where nobody does."""
        return next((q.owner for q in reversed(self.questions) if q.status == "deferred"), None)

    def open_questions(self) -> tuple[Question, ...]:
        """The buyer's questions that have had neither an answer nor an owner."""
        return tuple(q for q in self.questions if q.status == "open")
