"""The call that a conversation promises: a fold over its facts. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.caller_id import e164
from core.events import (
    CallbackRequested,
    ConsentRecorded,
    ConversationEnded,
    ConversationStarted,
    Fact,
    MeetingRecorded,
    QuestionDeferred,
    QuestionRaised,
    SignalCaptured,
    TurnMerged,
    UtteranceRecorded,
)
from core.facts.callbacks import AiCallAnswered, CallbackWithdrawn, CallPlaced
from core.facts.claims import LeadClaimed
from core.facts.corrected import corrected
from core.facts.purposes import purpose
from core.facts.standing import (
    CONTACT_FIELDS,
    SIGNALS,
    contact,
    every,
    latest,
    live_signals,
    unmerged,
)
from core.facts.transfers import TransferAccepted
from knowledge.languages import language_code

OPEN_WINDOW = timedelta(days=1)
"""The window of a promise without one: nobody's hours were known."""
_BARE_WORDS = 3
"""Up to this many words, such as "Yes, that's right.", are only a yes, a name or a time."""
FOLDED = (
    ConversationStarted, CallbackRequested, CallbackWithdrawn, MeetingRecorded, ConsentRecorded,
    AiCallAnswered,
    *SIGNALS, QuestionRaised, QuestionDeferred, TurnMerged, ConversationEnded,
    UtteranceRecorded, CallPlaced, TransferAccepted, LeadClaimed,
)  # fmt: skip
"""Kinds of facts this fold reads."""


@dataclass(frozen=True, slots=True)
class WantedCall:
    """A promised call as the conversation states it. Instants are UTC."""

    turn: int
    start: datetime
    end: datetime
    zone: str
    when: str
    """In its spoken form."""
    owner: str
    priority: str
    quote: str
    reason: str
    """Its purpose: as they said it, an unanswered question, else their last words; may be empty."""
    about: str
    """The subject in a word or two, as said to the buyer; may be empty."""
    number: str
    """E.164; empty if unknown."""
    name: str
    language: str
    consent: AiCallAnswered | None
    booked: bool
    """A meeting was booked later, which settles it."""
    put_through: bool
    """They talked with a person later."""
    claimed_by: str
    """Who took the lead; empty: nobody."""


def wanted(facts: Sequence[Fact], at: datetime) -> WantedCall | None:
    """The call last agreed; None if none was, or it was withdrawn. `at`: when that became known.

    Facts recalled from earlier conversations do not count.
    """
    said = unmerged(facts)
    asked = latest(said, CallbackRequested)
    withdrawn = latest(said, CallbackWithdrawn)
    if asked is None or (withdrawn is not None and said.index(withdrawn) > said.index(asked)):
        return None
    begun = latest(said, ConversationStarted)
    told = contact(said)
    number = e164(told["phone"].value) if "phone" in told else None
    start = _instant(asked.start) or at
    after = said[next(n for n, f in enumerate(said) if f is asked) :]
    return WantedCall(
        turn=asked.turn,
        start=start,
        end=_instant(asked.end) or start + OPEN_WINDOW,
        zone=asked.zone,
        when=asked.when,
        owner=asked.owner,
        priority=asked.priority or "normal",
        quote=asked.quote,
        reason=_reason(said, asked.turn),
        about=asked.about or _about(said),
        number=number or (begun and e164(begun.caller)) or "",
        name=told["name"].value if "name" in told else "",
        language=_language(said),
        consent=latest(said, AiCallAnswered),
        put_through=any(isinstance(f, TransferAccepted) for f in after),
        claimed_by=next((f.by for f in said if isinstance(f, LeadClaimed)), ""),
        booked=any(isinstance(f, MeetingRecorded) and f.status != "cancelled" for f in after),
    )


def numbers(facts: Sequence[Fact]) -> frozenset[str]:
    """The numbers in a conversation: its caller ID, and every one they told us."""
    begun = latest(facts, ConversationStarted)
    told = [s.value for s in every(corrected(facts), SignalCaptured) if s.criterion == "phone"]
    found = (e164(n) for n in (begun.caller if begun else None, *told))
    return frozenset(n for n in found if n)


def opted_out(facts: Sequence[Fact]) -> ConsentRecorded | None:
    """The opt-out in these facts, if any."""
    wishes = [c for c in every(facts, ConsentRecorded) if c.kind == "contact"]
    return next((c for c in reversed(wishes) if c.state == "declined"), None)


def talked(facts: Sequence[Fact]) -> bool:
    """Whether the buyer said anything."""
    return any(u.speaker == "caller" and u.text.strip() for u in every(facts, UtteranceRecorded))


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _reason(facts: Sequence[Fact], turn: int) -> str:
    """What they want to be called about, and the unanswered questions; else the last question,
    else their last words.

    A bare yes to our offer of a call says nothing about its purpose, nor does a number.
    """
    lines = [u for u in every(facts, UtteranceRecorded) if u.speaker == "caller" and u.turn <= turn]
    told = list(purpose(facts))
    owed = [q.text for q in every(facts, QuestionDeferred)]
    if told and any(told[0].lower() in text.lower() for text in owed):
        told = []
    asked = [q.text for q in every(facts, QuestionRaised)][-1:]
    said = [u.text for u in lines if len(_beyond_contact(facts, u).split()) > _BARE_WORDS][-1:]
    return "; ".join(dict.fromkeys([*told, *owed])) or "".join(asked or said)


def _beyond_contact(facts: Sequence[Fact], line: UtteranceRecorded) -> str:
    """A line without the contact details given in it."""
    text = line.text
    for signal in every(facts, SignalCaptured):
        if signal.turn == line.turn and signal.criterion in CONTACT_FIELDS:
            text = text.replace(signal.quote, " ")
    return text


def _about(facts: Sequence[Fact]) -> str:
    for criterion in ("tech_stack", "use_case"):
        said = [
            s.value
            for s in live_signals(facts)
            if s.criterion == criterion and s.polarity == "positive" and s.basis == "stated"
        ]
        if said:
            return said[0]
    return ""


def _language(facts: Sequence[Fact]) -> str:
    named = [s.value for s in live_signals(facts) if s.criterion == "language"]
    return (language_code(named[-1]) if named else None) or "en"
