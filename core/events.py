"""What enters the engine, what leaves it, and the facts a conversation is made of.

Inputs come from any channel. Outputs are a stream: `Planned` once, then `Sentence`s and at most one
`Action`, then `Replied`. Facts are append-only, and are the source of the call document, of metrics
and of replay. Milliseconds count from the start of the conversation; instants are UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from core.conversation.state import ConversationState
    from core.scheduling.tools import Tool

Channel = Literal["voice", "chat", "email"]
Speaker = Literal["caller", "agent", "rep"]
Polarity = Literal["positive", "negative", "neutral"]
Basis = Literal["stated", "implied", "enriched", "crm"]
Verdict = Literal["qualified", "disqualified", "nurture", "needs_human", "insufficient"]
CriterionState = Literal["met", "not_met", "unknown"]
RouteAction = Literal["book", "transfer", "callback", "nurture", "resources", "none"]
SentenceKind = Literal[
    "disclosure", "greeting", "answer", "deferral", "acknowledge", "ask", "confirm", "next_step",
    "check_in", "filler", "goodbye",
]  # fmt: skip


# --- into the engine -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConversationOpened:
    """A buyer reached us. `caller` is E.164, or None when withheld."""

    conversation_id: str
    channel: Channel
    direction: Literal["inbound", "outbound"]
    caller: str | None
    called: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word; `confidence` in 0..1."""

    text: str
    start_ms: int
    end_ms: int
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class UserSaid:
    """One whole turn of the buyer. `turn` counts up from 1 and is shared with our answer to it."""

    turn: int
    text: str
    start_ms: int
    end_ms: int
    at: datetime
    words: tuple[Word, ...] = ()
    confidence: float = 1.0
    digits: str = ""
    """Keys pressed during the turn, if any."""


@dataclass(frozen=True, slots=True)
class AgentHeard:
    """What the buyer really heard of one sentence of ours: all of it, or a prefix."""

    turn: int
    sentence: "Sentence"
    text: str
    complete: bool
    start_ms: int
    end_ms: int


# --- out of the engine -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Planned:
    """The decision of this turn. The state includes what the buyer said, not yet what we say."""

    turn: int
    state: "ConversationState"
    facts: tuple["Fact", ...]
    tool: "Tool | None" = None
    """What the channel has carried out once the turn is committed; `Engine.settle` goes on."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One gated sentence, ready to be voiced or sent. `n` counts from 0 within the turn."""

    turn: int
    n: int
    text: str
    kind: SentenceKind
    citations: tuple[str, ...] = ()
    must_hear: bool = False
    asks: str | None = None
    """The criterion this sentence asks for; recorded as asked only once heard."""
    answers: tuple[str, ...] = ()
    """Ids of the questions this sentence answers or defers."""
    promise: str | None = None
    """Who keeps what this sentence promises; recorded as promised only once heard."""
    sets: str | None = None
    """What becomes true once this was heard, e.g. `disclosure`, `recording_notice`, `exit`."""


@dataclass(frozen=True, slots=True)
class Action:
    """What the channel is to do after the last sentence was heard."""

    turn: int
    kind: Literal["hang_up", "transfer", "callback"]
    reason: str
    rep: str | None = None
    """Who takes a transfer."""


@dataclass(frozen=True, slots=True)
class Replied:
    """The reply is whole; facts found while wording it (gate replacements, fallbacks)."""

    turn: int
    facts: tuple["Fact", ...] = ()


EngineEvent = Planned | Sentence | Action | Replied


# --- facts -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConversationStarted:
    channel: Channel
    direction: str
    caller: str | None
    called: str | None
    call_sid: str | None
    company: str
    criteria_version: str
    knowledge_version: str
    after_hours: bool


@dataclass(frozen=True, slots=True)
class UtteranceRecorded:
    """A line of the transcript. An agent's line is the heard words of one sentence."""

    turn: int
    speaker: Speaker
    text: str
    start_ms: int
    end_ms: int
    interrupted: bool = False
    citations: tuple[str, ...] = ()
    kind: str = ""
    confidence: float = 1.0
    asks: str = ""
    """What a line of ours asks for or proposes, if it was heard to its end."""


@dataclass(frozen=True, slots=True)
class SignalCaptured:
    """A buyer's words mapped to a criterion or a contact field, with the place they were said."""

    signal_id: str
    criterion: str
    value: str
    polarity: Polarity
    basis: Basis
    confidence: float
    quote: str
    turn: int
    start_ms: int
    end_ms: int
    supersedes: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionRaised:
    question_id: str
    text: str
    turn: int
    start_ms: int
    end_ms: int
    topics: tuple[str, ...] = ()
    """Of the article that answers it, if there is one."""


@dataclass(frozen=True, slots=True)
class QuestionAnswered:
    question_id: str
    turn: int
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionDeferred:
    """Not covered by approved knowledge: now an outstanding question with an owner."""

    question_id: str
    text: str
    turn: int
    owner: str
    reason: str


@dataclass(frozen=True, slots=True)
class CriterionAsked:
    criterion: str
    turn: int


@dataclass(frozen=True, slots=True)
class CriterionDeclined:
    criterion: str
    turn: int
    quote: str


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One line of a verdict: `reason` is readable, `signals` are ids.

    `partly`: met with something missing, which counts for half.
    """

    name: str
    state: CriterionState
    reason: str
    signals: tuple[str, ...] = ()
    partly: bool = False


@dataclass(frozen=True, slots=True)
class Flip:
    """A smallest change that would make another result: these criteria in these states."""

    criteria: tuple[tuple[str, CriterionState], ...]
    result: Verdict
    change: str
    """The same in a readable sentence."""


@dataclass(frozen=True, slots=True)
class VerdictReached:
    result: Verdict
    segment: str | None
    score: float
    criteria: tuple[CriterionResult, ...]
    missing: tuple[str, ...]
    reasons: tuple[str, ...]
    criteria_version: str
    turn: int
    flips: tuple[Flip, ...] = ()
    """What would change it, smallest changes first."""


@dataclass(frozen=True, slots=True)
class RouteChosen:
    rep: str | None
    action: RouteAction
    reasons: tuple[str, ...]
    rejected: tuple[tuple[str, str], ...]
    fast_track: bool
    turn: int


@dataclass(frozen=True, slots=True)
class PromiseMade:
    text: str
    owner: str
    turn: int


@dataclass(frozen=True, slots=True)
class HumanRequested:
    turn: int
    quote: str


@dataclass(frozen=True, slots=True)
class CallbackRequested:
    turn: int
    quote: str
    when: str


@dataclass(frozen=True, slots=True)
class MeetingRecorded:
    """A meeting after a change; logged in the change's own transaction. Instants are ISO, UTC."""

    booking_id: str
    status: Literal["booked", "moved", "cancelled"]
    rep: str
    meeting: str
    start: str
    end: str
    zone: str
    """The buyer's time zone; empty when unknown."""
    uid: str
    sequence: int
    turn: int


@dataclass(frozen=True, slots=True)
class ConsentRecorded:
    kind: Literal["recording", "contact"]
    state: Literal["given", "declined", "unknown"]
    words: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class DisclosureHeard:
    at_ms: int


@dataclass(frozen=True, slots=True)
class Flagged:
    kind: str
    turn: int
    start_ms: int
    note: str


@dataclass(frozen=True, slots=True)
class TurnTimed:
    """Stage times of one turn, in milliseconds; the parts sum to `heard_ms`."""

    turn: int
    heard_ms: int
    endpoint_ms: int
    stt_ms: int
    reply_ms: int
    tts_ms: int
    send_ms: int
    speculated: bool


@dataclass(frozen=True, slots=True)
class TurnMerged:
    """The buyer went on before hearing our reply: a later turn carries this one's words as well.

    What this turn told does not stand any more; what was heard of us does.
    """

    turn: int


@dataclass(frozen=True, slots=True)
class RecordingSaved:
    url: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class ConversationEnded:
    """`outcome` says how it went for the buyer; `reason` who ended it and how."""

    outcome: str
    reason: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Noted:
    """Anything else worth replaying or explaining; `data` is JSON-ready."""

    kind: str
    data: Mapping[str, object] = field(default_factory=dict)


Fact = (
    ConversationStarted | UtteranceRecorded | SignalCaptured | QuestionRaised | QuestionAnswered
    | QuestionDeferred | CriterionAsked | CriterionDeclined | VerdictReached | RouteChosen
    | PromiseMade | HumanRequested | CallbackRequested | ConsentRecorded | DisclosureHeard
    | Flagged | TurnTimed | TurnMerged | RecordingSaved | ConversationEnded | Noted
    | MeetingRecorded
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Logged:
    """A fact in its place in a conversation's log: `seq` counts from 1 without gaps."""

    conversation_id: str
    seq: int
    at: datetime
    fact: Fact
