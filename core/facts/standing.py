"""Where a conversation stands: the questions every reader of its facts asks, answered once."""

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
"""Criterion of what a company was seen to read up on; its value is the topic."""
CONTACT_FIELDS = ("name", "company", "phone", "email")
"""Criteria of signals that say who the buyer is rather than what they need."""
SIGNALS = (SignalCaptured, SignalCorrected, CorrectionWithdrawn)
"""Kinds of facts that signals are read from."""
CONTACT = frozenset({*CONTACT_FIELDS, "callback_time"})
"""Asking where to reach someone is no question about their business."""

HANDED_OVER = ("qualified", "needs_human")
"""Verdicts that give a conversation to a person."""
SERVER_LOST = "server_lost"
"""The `ConversationEnded.reason` a sweep gives a conversation whose server died."""


def every(facts: Iterable[Fact], kind: type[F]) -> list[F]:
    """All facts of one kind, in order."""
    return [fact for fact in facts if isinstance(fact, kind)]


def latest(facts: Sequence[Fact], kind: type[F]) -> F | None:
    """The last fact of one kind."""
    return next((fact for fact in reversed(facts) if isinstance(fact, kind)), None)


def superseded(signals: Iterable[SignalCaptured]) -> dict[str, str]:
    """Id of each signal that does not stand, and of the one that took its place.

    What was looked up gives way to what was told on the same matter, whichever came first.
    """
    every_one = list(signals)
    gone = {s.supersedes: s.signal_id for s in every_one if s.supersedes}
    gone |= {s.signal_id: s.unsaid for s in every_one if s.unsaid}
    return gone | overtaken([s for s in every_one if s.signal_id not in gone])


def overtaken(standing: Sequence[SignalCaptured]) -> dict[str, str]:
    """Id of each looked-up signal on whose matter something was told, and of what was told.

    What a company was seen to read up on gives way to a buyer who says no to that very thing.
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
    """The facts that stand: without turns whose words a later turn repeats, or recalls replaced,
    and with what a person put right."""
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
    """Whether it tells of earlier conversations: the account of it, or a signal after that."""
    if isinstance(fact, SignalCaptured):
        return bool(fact.origin)
    return isinstance(fact, PersonRecalled)


def _of_ours(fact: Fact) -> bool:
    """What stands though its turn was taken back: what was heard of us, and what was booked.

    The turn of a recalled signal is one of the conversation it was said in.
    """
    if isinstance(fact, MeetingRecorded) or isinstance(fact, SignalCaptured) and fact.origin:
        return True
    return isinstance(fact, UtteranceRecorded) and fact.speaker != "caller"


def live_signals(facts: Sequence[Fact]) -> list[SignalCaptured]:
    """Signals not taken back, in the order they were heard."""
    signals = every(facts, SignalCaptured)
    gone = superseded(signals)
    return [signal for signal in signals if signal.signal_id not in gone]


def contact(facts: Sequence[Fact]) -> dict[str, SignalCaptured]:
    """What the buyer said of who they are: the latest signal of each contact field."""
    return {s.criterion: s for s in live_signals(facts) if s.criterion in CONTACT_FIELDS}


def is_customer(signals: Sequence[SignalCaptured], found: CrmContactFound | None) -> bool:
    """Whether they are a customer already: by what stands of them, else by whom the CRM knows."""
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
    """The callback last asked for, unless it was withdrawn or a meeting booked in its place."""
    for fact in reversed(facts):
        if isinstance(fact, CallbackRequested):
            return fact
        booked = isinstance(fact, MeetingRecorded) and fact.status != "cancelled"
        if booked or isinstance(fact, CallbackWithdrawn):
            return None
    return None


def meeting(facts: Sequence[Fact]) -> MeetingRecorded | None:
    """The meeting that was booked, as it stands; one that was called off, too."""
    return latest(facts, MeetingRecorded)


def barred(facts: Sequence[Fact]) -> ConsentRecorded | None:
    """The buyer's wish not to be contacted, unless they took it back."""
    wishes = [c for c in every(facts, ConsentRecorded) if c.kind == "contact"]
    return wishes[-1] if wishes and wishes[-1].state == "declined" else None


def ending(facts: Sequence[Fact]) -> ConversationEnded | None:
    """How it ended: the server's own account if it gave one, else what a sweep concluded."""
    ends = every(facts, ConversationEnded)
    told = [end for end in ends if end.reason != SERVER_LOST]
    known = told or ends
    return known[-1] if known else None
