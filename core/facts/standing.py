"""A conversation's current status: the questions every reader of its facts has, answered once."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from core.crm.known import CUSTOMER, CrmContactFound
from core.events import (
    CallbackRequested,
    ConsentRecorded,
    ConversationEnded,
    Fact,
    MeetingRecorded,
    PersonRecalled,
    QuestionAnswered,
    QuestionDeferred,
    QuestionRaised,
    SignalCaptured,
    TurnMerged,
    UtteranceRecorded,
)
from core.facts.callbacks import CallbackWithdrawn
from core.facts.corrected import corrected
from core.facts.corrections import CorrectionWithdrawn, SignalCorrected

F = TypeVar("F", bound=Fact)

INTENT = "intent"
"""Criterion for what a company was seen researching; its value is the topic."""
CONTACT_FIELDS = ("name", "company", "phone", "email")
"""Criteria of signals about who the buyer is rather than what they need."""
SIGNALS = (SignalCaptured, SignalCorrected, CorrectionWithdrawn)
"""Kinds of facts that signals are derived from."""
CONTACT = frozenset({*CONTACT_FIELDS, "callback_time"})
"""Asking for contact details is not a question about the buyer's business."""

HANDED_OVER = ("qualified", "needs_human")
"""Verdicts that hand a conversation to a person."""
SERVER_LOST = "server_lost"
"""The `ConversationEnded.reason` set by a sweep when a conversation's server died."""


def every(facts: Iterable[Fact], kind: type[F]) -> list[F]:
    """All facts of one kind, in order."""
    return [fact for fact in facts if isinstance(fact, kind)]


def latest(facts: Sequence[Fact], kind: type[F]) -> F | None:
    """The last fact of one kind."""
    return next((fact for fact in reversed(facts) if isinstance(fact, kind)), None)


def superseded(signals: Iterable[SignalCaptured]) -> dict[str, str]:
    """Ids of replaced signals, each with the id of its replacement.

    A looked-up signal yields to a stated one on the same subject, whichever came first.
    """
    every_one = list(signals)
    gone = {s.supersedes: s.signal_id for s in every_one if s.supersedes}
    gone |= {s.signal_id: s.unsaid for s in every_one if s.unsaid}
    return gone | overtaken([s for s in every_one if s.signal_id not in gone])


def overtaken(standing: Sequence[SignalCaptured]) -> dict[str, str]:
    """Ids of looked-up signals replaced by a stated one on the same subject, each with its id.

    Observed research yields to a buyer who says no to that very topic.
    """
    looked_up = [s for s in standing if s.basis == "enriched"]
    if not looked_up:
        return {}
    told = {s.criterion: s.signal_id for s in standing if s.basis != "enriched"}
    denied = {
        s.value.lower(): s.signal_id
        for s in standing
        if s.basis == "stated" and s.polarity == "negative"
    }
    found = {}
    for s in looked_up:
        by = told.get(s.criterion) or (s.criterion == INTENT and denied.get(s.value.lower()))
        if by:
            found[s.signal_id] = by
    return found


def unmerged(facts: Sequence[Fact]) -> list[Fact]:
    """The facts that stand: without turns merged into a later one and without replaced recalls, but
    with corrections applied."""
    merged = {fact.turn: n for n, fact in enumerate(facts) if isinstance(fact, TurnMerged)}
    kept = [
        (n, fact)
        for n, fact in enumerate(facts)
        if n > merged.get(getattr(fact, "turn", -1), -1) or _of_ours(fact)
    ]
    recalls = [n for n, fact in enumerate(facts) if isinstance(fact, PersonRecalled)]
    if not recalls:
        return corrected([fact for _, fact in kept])
    last = max((n for n, fact in kept if isinstance(fact, PersonRecalled)), default=len(facts))
    until = next((n for n in recalls if n > last), len(facts))
    return corrected([f for n, f in kept if not _recalled(f) or last <= n < until])


def _recalled(fact: Fact) -> bool:
    """Whether it concerns earlier conversations: the recall itself, or a signal from it."""
    if isinstance(fact, SignalCaptured):
        return bool(fact.origin)
    return isinstance(fact, PersonRecalled)


def _of_ours(fact: Fact) -> bool:
    """What stands although its turn was rolled back: what was heard of us, and what was booked.

    The turn of a recalled signal belongs to the conversation it was said in.
    """
    if isinstance(fact, MeetingRecorded) or isinstance(fact, SignalCaptured) and fact.origin:
        return True
    return isinstance(fact, UtteranceRecorded) and fact.speaker != "caller"


def live_signals(facts: Sequence[Fact]) -> list[SignalCaptured]:
    """Signals that were not retracted, in the order they were heard."""
    signals = every(facts, SignalCaptured)
    gone = superseded(signals)
    return [signal for signal in signals if signal.signal_id not in gone]


def contact(facts: Sequence[Fact]) -> dict[str, SignalCaptured]:
    """What the buyer said about who they are: the latest signal of each contact field."""
    return {s.criterion: s for s in live_signals(facts) if s.criterion in CONTACT_FIELDS}


def is_customer(signals: Sequence[SignalCaptured], found: CrmContactFound | None) -> bool:
    """Whether they are already a customer: by their standing signals, else by the CRM contact."""
    own = [s for s in signals if s.criterion == CUSTOMER]
    if own:
        return own[-1].polarity != "negative"
    return found is not None and bool(found.customer)


def outstanding(facts: Sequence[Fact]) -> list[QuestionDeferred | QuestionRaised]:
    """Questions without an answer: deferred to somebody, or not even that (yet)."""
    open_questions: dict[str, QuestionDeferred | QuestionRaised] = {}
    for fact in facts:
        match fact:
            case QuestionRaised() if fact.question_id not in open_questions:
                open_questions[fact.question_id] = fact
            case QuestionDeferred():
                open_questions[fact.question_id] = fact
            case QuestionAnswered():
                open_questions.pop(fact.question_id, None)
            case _:
                pass
    return list(open_questions.values())


def callback(facts: Sequence[Fact]) -> CallbackRequested | None:
    """The callback last requested, unless it was withdrawn or a meeting was booked instead."""
    for fact in reversed(facts):
        if isinstance(fact, CallbackRequested):
            return fact
        booked = isinstance(fact, MeetingRecorded) and fact.status != "cancelled"
        if booked or isinstance(fact, CallbackWithdrawn):
            return None
    return None


def meeting(facts: Sequence[Fact]) -> MeetingRecorded | None:
    """The meeting that was booked, as it stands, even if cancelled."""
    return latest(facts, MeetingRecorded)


def barred(facts: Sequence[Fact]) -> ConsentRecorded | None:
    """The buyer's opt-out, unless they withdrew it."""
    wishes = [c for c in every(facts, ConsentRecorded) if c.kind == "contact"]
    return wishes[-1] if wishes and wishes[-1].state == "declined" else None


def ending(facts: Sequence[Fact]) -> ConversationEnded | None:
    """How it ended: the server's own account if there is one, else a sweep's conclusion."""
    ends = every(facts, ConversationEnded)
    told = [end for end in ends if end.reason != SERVER_LOST]
    known = told or ends
    return known[-1] if known else None
