"""What is known about a person from earlier conversations: a fold over their facts. Pure.

Later statements supersede earlier ones across conversations as they do within one; every signal
keeps the conversation, turn and milliseconds it was said in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.conversation.words.named import MULTIPLE
from core.crm.known import CUSTOMER
from core.crm.records import Found
from core.enrichment.enriched import Enriched
from core.events import (
    CallbackRequested,
    Channel,
    ConsentRecorded,
    CriterionDeclined,
    Earlier,
    EarlierMeeting,
    EarlierPromise,
    EarlierQuestion,
    Fact,
    MeetingRecorded,
    PersonRecalled,
    PromiseMade,
    QuestionAnswered,
    QuestionDeferred,
    QuestionRaised,
    SignalCaptured,
    TurnMerged,
)
from core.facts.standing import CONTACT_FIELDS, SIGNALS, every, live_signals, outstanding, unmerged
from core.identity.names import first_name

MOST_TOLD = 40
RECALLED = (
    *SIGNALS, QuestionRaised, QuestionDeferred, QuestionAnswered, CriterionDeclined,
    PromiseMade, CallbackRequested, MeetingRecorded, ConsentRecorded, TurnMerged,
)  # fmt: skip
"""Kinds of facts this fold reads."""


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier conversation: at least its facts of the kinds in `RECALLED`, in order."""

    conversation_id: str
    channel: Channel
    at: str
    """Its start, ISO, UTC."""
    facts: Sequence[Fact]
    answered: frozenset[str] = frozenset()
    """Ids of its questions that somebody has answered since."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known about a person, for use in a new conversation."""

    recalled: PersonRecalled
    signals: tuple[SignalCaptured, ...] = ()
    told: tuple[str, ...] = ()
    """Citations of what they were told, latest last."""

    @property
    def person(self) -> str:
        """Whose memory it is."""
        return self.recalled.person_id

    @property
    def sure(self) -> bool:
        """Whether they are certainly this person."""
        return self.recalled.sure

    @property
    def name(self) -> str:
        """The name they gave; empty when unknown."""
        return next((s.value for s in reversed(self.signals) if s.criterion == "name"), "")

    @property
    def first_name(self) -> str:
        """The only part of a name said to somebody who may be another person."""
        return first_name(self.name)

    def confirmed(self) -> "Memory":
        """The memory of a person who confirmed who they are."""
        return replace(self, recalled=replace(self.recalled, sure=True))

    def discreet(self) -> "Memory":
        """What may be used, but not mentioned to somebody who may be another person."""
        if self.sure:
            return self
        quiet = replace(self.recalled, promises=(), meetings=(), questions=())
        kept = tuple(s for s in self.signals if s.criterion not in CONTACT_FIELDS)
        return replace(self, recalled=quiet, signals=kept)


@dataclass(frozen=True, slots=True)
class Recognition:
    """The result of an identity lookup in the store."""

    known: Memory | None = None
    """The recognised person; None when they are nobody we know."""
    candidates: tuple[Memory, ...] = ()
    """Possible persons, one of whom they are if they say so."""
    enriched: tuple[Enriched, ...] = ()
    """What data sources know about their company."""
    crm: Found | None = None
    """The CRM contact for the number, if the CRM has answered."""


def recall(person: str, past: Sequence[Past], *, sure: bool) -> Memory:
    """Everything that stands after these conversations, oldest first."""
    signals: dict[str, SignalCaptured] = {}
    made = _Made()
    for one in past:
        facts = unmerged(one.facts)
        _supersede(signals, facts, one.conversation_id)
        _fold(made, one, facts)
    stated = {s.criterion for s in signals.values() if s.basis == "stated"}
    recalled = PersonRecalled(
        person, sure,
        tuple(Earlier(p.conversation_id, p.channel, p.at) for p in past),
        tuple(made.questions), tuple(made.promises.values()), tuple(made.meetings.values()),
        tuple(name for name in made.declined if name not in stated), made.opted_out,
    )  # fmt: skip
    return Memory(recalled, tuple(signals.values()), tuple(made.told)[-MOST_TOLD:])


@dataclass
class _Made:
    questions: list[EarlierQuestion] = field(default_factory=list)
    promises: dict[str, EarlierPromise] = field(default_factory=dict)
    meetings: dict[str, EarlierMeeting] = field(default_factory=dict)
    declined: dict[str, None] = field(default_factory=dict)
    told: dict[str, None] = field(default_factory=dict)
    opted_out: str = ""


def _supersede(
    standing: dict[str, SignalCaptured], facts: Sequence[Fact], conversation_id: str
) -> None:
    """Let one conversation's signals replace earlier ones."""
    own = [s for s in every(facts, SignalCaptured) if not s.origin and not _anew(s)]
    gone = [s.supersedes for s in own if s.supersedes]
    gone += [s.signal_id for s in every(facts, SignalCaptured) if s.origin and s.unsaid]
    for taken in gone:
        standing.pop(taken, None)
    told = (s for s in live_signals(facts) if not s.origin and not _anew(s))
    for signal in told:
        for name in [n for n, old in standing.items() if overrides(signal, old)]:
            del standing[name]
        if signal.basis == "implied" and _told(standing, signal):
            continue
        name = f"{conversation_id}/{signal.signal_id}"
        standing[name] = replace(signal, signal_id=name, supersedes=None, origin=conversation_id)


def _anew(signal: SignalCaptured) -> bool:
    """Whether it is looked up again each time: last year's customer may no longer be one."""
    return signal.basis == "enriched" or (signal.basis == "crm" and signal.criterion == CUSTOMER)


def overrides(new: SignalCaptured, old: SignalCaptured) -> bool:
    """Whether a later signal replaces an earlier one: a stated one never yields to a guess."""
    if new.criterion != old.criterion or (new.basis == "implied" and old.basis != "implied"):
        return False
    return new.criterion not in MULTIPLE | {"disqualifier"} or new.value == old.value


def _told(standing: Mapping[str, SignalCaptured], signal: SignalCaptured) -> bool:
    """Whether a guess adds nothing to what stands."""
    same = [s for s in standing.values() if s.criterion == signal.criterion]
    if signal.criterion in MULTIPLE:
        same = [s for s in same if s.value == signal.value]
    return bool(same)


def _fold(made: _Made, one: Past, facts: Sequence[Fact]) -> None:
    """Everything except the signals of one conversation."""
    made.questions += _owed(one, facts)
    callbacks = [c.turn for c in every(facts, CallbackRequested)]
    for fact in facts:
        match fact:
            case QuestionAnswered():
                made.told.update(dict.fromkeys(fact.citations))
            case CriterionDeclined():
                made.declined[fact.criterion] = None
            case PromiseMade(text, owner, turn) if turn not in callbacks[:-1]:
                where = one.conversation_id
                made.promises[text] = EarlierPromise(where, text, owner, turn)
            case MeetingRecorded():
                _met(made, one, fact)
            case ConsentRecorded(kind="contact"):
                made.opted_out = one.conversation_id if fact.state == "declined" else ""
            case _:
                pass


def _owed(one: Past, facts: Sequence[Fact]) -> list[EarlierQuestion]:
    """The questions nobody has answered, then or since."""
    starts = {q.question_id: q.start_ms for q in every(facts, QuestionRaised)}
    return [
        EarlierQuestion(
            one.conversation_id, q.question_id, q.text,
            q.owner if isinstance(q, QuestionDeferred) else "", q.turn,
            starts.get(q.question_id, 0),
        )
        for q in outstanding(facts)
        if q.question_id not in one.answered
    ]  # fmt: skip


def _met(made: _Made, one: Past, fact: MeetingRecorded) -> None:
    """A meeting in its latest state; what was promised of it before no longer stands."""
    old = made.meetings.pop(fact.booking_id, None)
    if old is not None:
        made.promises = {
            text: promise
            for text, promise in made.promises.items()
            if (promise.conversation_id, promise.turn) != (old.conversation_id, old.turn)
        }
    if fact.status != "cancelled":
        made.meetings[fact.booking_id] = EarlierMeeting(
            one.conversation_id, fact.booking_id, fact.rep, fact.start, fact.zone, fact.turn
        )
