"""The facts a conversation is made of: append-only, the source of document, metrics and replay.

Milliseconds count from the start of the conversation; instants are UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from core.crm.known import CrmContactFound
from core.facts.callbacks import AiCallAnswered, CallbackWithdrawn, CallPlaced, MachineHeard
from core.facts.callbacks import CallbackRequested as CallbackRequested
from core.facts.claims import DealTold, HandoffRated, LeadClaimed, MeetingTold
from core.facts.consents import ConsentRecorded as ConsentRecorded
from core.facts.consents import ConsentRule as ConsentRule
from core.facts.consents import DisclosureHeard as DisclosureHeard
from core.facts.corrections import CorrectionWithdrawn, SignalCorrected
from core.facts.messages import MessageTaken
from core.facts.transfers import MessageLeft, TransferAccepted, TransferFailed, TransferStarted
from core.privacy.facts import CardSpoken, Deleted
from core.replay.facts import InputsKept

Channel = Literal["voice", "chat", "email"]
Direction = Literal["inbound", "outbound"]
Speaker = Literal["caller", "agent", "rep"]
Polarity = Literal["positive", "negative", "neutral"]
Basis = Literal["stated", "implied", "enriched", "crm"]
Verdict = Literal["qualified", "disqualified", "nurture", "needs_human", "insufficient"]
CriterionState = Literal["met", "not_met", "unknown"]
RouteAction = Literal["book", "transfer", "callback", "nurture", "resources", "none"]


@dataclass(frozen=True, slots=True)
class ConversationStarted:
    channel: Channel
    direction: Direction
    caller: str | None
    called: str | None
    call_sid: str | None
    company: str
    criteria_version: str
    knowledge_version: str
    after_hours: bool


@dataclass(frozen=True, slots=True)
class UtteranceRecorded:
    """A transcript line. An agent's line holds the heard words of one sentence."""

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
    """What our line asks for or proposes, if it was heard to the end."""
    word_ms: tuple[int, ...] = ()
    """When each word begins, counted from `start_ms`; empty if unknown."""
    unheard: str = ""
    """The unheard rest of an interrupted line; never part of what was said."""


@dataclass(frozen=True, slots=True)
class SignalCaptured:
    """A buyer's words mapped to a criterion or a contact field, and where they were said."""

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
    origin: str = ""
    """The earlier conversation of its `turn` and milliseconds; empty: this one."""
    by: str = ""
    """The team member who corrected or added it; empty: as the agent heard it."""
    unsaid: str = ""
    """Id of the correction saying that it was never said; empty: it stands."""

    @property
    def words(self) -> str:
        """What a reason quotes: the buyer's words, or what a team member gave instead."""
        return self.value if self.by else self.quote


@dataclass(frozen=True, slots=True)
class QuestionRaised:
    question_id: str
    text: str
    turn: int
    start_ms: int
    end_ms: int
    topics: tuple[str, ...] = ()
    """Topics of the article that answers it, if any."""


@dataclass(frozen=True, slots=True)
class QuestionAnswered:
    question_id: str
    turn: int
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionDeferred:
    """Not covered by approved knowledge: now an unanswered question with an owner."""

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
    """One line of a verdict: `reason` is human-readable, `signals` are ids.

    `partly`: met in part, which counts half. `where`: the place whose rule judged it, if any.
    """

    name: str
    state: CriterionState
    reason: str
    signals: tuple[str, ...] = ()
    partly: bool = False
    where: str = ""


@dataclass(frozen=True, slots=True)
class Flip:
    """A smallest change that would give another result: these criteria in these states."""

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
    anew: bool = False
    """Judged again after a person corrected signals; not one of the agent's own."""


@dataclass(frozen=True, slots=True)
class RouteChosen:
    rep: str | None
    action: RouteAction
    reasons: tuple[str, ...]
    rejected: tuple[tuple[str, str], ...]
    fast_track: bool
    turn: int
    rule: str = ""
    """Id of the routing rule that decided; empty when none did, and in older logs."""


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
class MeetingRecorded:
    """A meeting after a change, from its transaction. `turn`: 0 if made elsewhere. ISO, UTC."""

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
    """The buyer went on before hearing our reply: a later turn includes this one's words.

    What this turn told no longer stands; what was heard of us does.
    """

    turn: int


@dataclass(frozen=True, slots=True)
class FloorTaken:
    """A team member writes in place of the agent until an instant (ISO, UTC); the latest one
    counts, and once its instant has passed the agent resumes."""

    rep: str
    until: str


@dataclass(frozen=True, slots=True)
class RecordingSaved:
    url: str
    duration_ms: int
    lanes: int = 2
    """Three when a colleague spoke in the agent's place."""


@dataclass(frozen=True, slots=True)
class ConversationEnded:
    """`outcome`: the buyer's outcome; `reason`: who ended it and how."""

    outcome: str
    reason: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class IdentifierSeen:
    """An identifier from the channel itself: an address it verified, a chat cookie."""

    kind: Literal["email", "cookie"]
    value: str
    verified: bool
    """Whether nobody else could have sent it: a mail that passed DKIM, a cookie of our own."""


@dataclass(frozen=True, slots=True)
class PersonAnswered:
    """A buyer said whether they are the person we took them for."""

    person_id: str
    yes: bool
    turn: int
    quote: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier conversation with the same person; `at` is its start, ISO, UTC."""

    conversation_id: str
    channel: Channel
    at: str


@dataclass(frozen=True, slots=True)
class EarlierQuestion:
    """A question from an earlier conversation that is still unanswered."""

    conversation_id: str
    question_id: str
    text: str
    owner: str
    turn: int
    start_ms: int


@dataclass(frozen=True, slots=True)
class EarlierPromise:
    """A promise from an earlier conversation that still stands."""

    conversation_id: str
    text: str
    owner: str
    turn: int


@dataclass(frozen=True, slots=True)
class EarlierMeeting:
    """A meeting of an earlier conversation that stands, and its turn there; instants are ISO."""

    conversation_id: str
    booking_id: str
    rep: str
    start: str
    zone: str
    turn: int = -1


@dataclass(frozen=True, slots=True)
class PersonRecalled:
    """What was known about the buyer from before. The signals follow as facts with their origin.

    A later one replaces it with all its signals; an empty `person_id`: nobody we know after all.
    """

    person_id: str
    sure: bool
    """Whether the identity is certain; if not, none of it is ever said to them."""
    conversations: tuple[Earlier, ...] = ()
    questions: tuple[EarlierQuestion, ...] = ()
    promises: tuple[EarlierPromise, ...] = ()
    meetings: tuple[EarlierMeeting, ...] = ()
    declined: tuple[str, ...] = ()
    opted_out: str = ""
    """The conversation in which they asked not to be contacted, unless they withdrew it."""
    turn: int = 0
    """The turn in which they said who they are; 0 when known without that."""
    by: str = ""
    """The team member who corrected the identity; empty: as the agent knew it."""


@dataclass(frozen=True, slots=True)
class Noted:
    """Anything else worth replaying or explaining; `data` is JSON-ready."""

    kind: str
    data: Mapping[str, object] = field(default_factory=dict)


BOOKING_REFUSED = "booking_refused"
"""Kind of the `Noted` for a meeting that was wanted but could not be booked; data: turn, reason."""

TALKED_OVER = "talked_over"
"""Kind of the `Noted` for speech over the agent; data: took, which is `interruption` where the
agent stopped, and `backchannel`, `noise` or `echo` where it went on; at_ms."""

Fact = (
    ConversationStarted | UtteranceRecorded | SignalCaptured | QuestionRaised | QuestionAnswered
    | QuestionDeferred | CriterionAsked | CriterionDeclined | VerdictReached | RouteChosen
    | PromiseMade | HumanRequested | CallbackRequested | ConsentRecorded | DisclosureHeard | Flagged
    | TurnTimed | TurnMerged | RecordingSaved | ConversationEnded | Noted | MeetingRecorded
    | IdentifierSeen | PersonAnswered | PersonRecalled | FloorTaken | TransferStarted
    | TransferAccepted | TransferFailed | MessageLeft | LeadClaimed | HandoffRated | MeetingTold
    | DealTold | CardSpoken | Deleted | CrmContactFound | AiCallAnswered | CallPlaced
    | CallbackWithdrawn | MachineHeard | ConsentRule | MessageTaken | InputsKept | SignalCorrected
    | CorrectionWithdrawn
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Logged:
    """A fact at its position in a conversation's log: `seq` counts from 1 without gaps."""

    conversation_id: str
    seq: int
    at: datetime
    fact: Fact
