"""What remains of a fact after its person is erased: that it happened, not what it said.

Counts, times, verdicts, citations and which of our people did what remain, so that reports still
add up.
"""

from dataclasses import replace
from typing import assert_never

from core.crm.known import CrmContactFound
from core.events import (
    CallbackRequested,
    ConsentRecorded,
    ConsentRule,
    ConversationEnded,
    ConversationStarted,
    CriterionAsked,
    CriterionDeclined,
    DisclosureHeard,
    Fact,
    Flagged,
    FloorTaken,
    HumanRequested,
    IdentifierSeen,
    MeetingRecorded,
    Noted,
    PersonAnswered,
    PersonRecalled,
    PromiseMade,
    QuestionAnswered,
    QuestionDeferred,
    QuestionRaised,
    RecordingSaved,
    RouteChosen,
    SignalCaptured,
    TurnMerged,
    TurnTimed,
    UtteranceRecorded,
    VerdictReached,
)
from core.facts.callbacks import AiCallAnswered, CallbackWithdrawn, CallPlaced, MachineHeard
from core.facts.claims import DealTold, HandoffRated, LeadClaimed, MeetingTold
from core.facts.corrections import CorrectionWithdrawn, SignalCorrected
from core.facts.messages import MessageTaken
from core.facts.transfers import MessageLeft, TransferAccepted, TransferFailed, TransferStarted
from core.privacy.facts import CardSpoken, Deleted
from core.replay.facts import InputsKept

ERASED = "[erased]"


def erased(fact: Fact) -> Fact:  # noqa: C901 - one case a kind
    """The fact without personal data; idempotent."""
    match fact:
        case UtteranceRecorded():
            return replace(fact, text=ERASED, word_ms=(), unheard="")
        case MessageTaken():
            return replace(fact, text=ERASED)
        case MessageLeft():
            return replace(fact, text=ERASED, recording_sid="")
        case QuestionRaised() | QuestionDeferred() | PromiseMade():
            return replace(fact, text=ERASED)
        case SignalCaptured():
            return replace(fact, value=ERASED, quote=ERASED)
        case SignalCorrected():
            return _put_right(fact)
        case CriterionDeclined() | HumanRequested() | PersonAnswered() | CallbackWithdrawn():
            return _quoted(fact)
        case CallbackRequested():
            return replace(fact, quote=ERASED, when=ERASED)
        case AiCallAnswered():
            return replace(fact, words=ERASED)
        case ConversationStarted():
            return replace(fact, caller=None)
        case ConsentRecorded():
            return replace(fact, words=ERASED)
        case ConsentRule():
            return replace(fact, places=(), sources=())
        case Flagged():
            return replace(fact, note=ERASED)
        case VerdictReached():
            return _judged(fact)
        case RouteChosen():
            return replace(fact, reasons=(ERASED,), rejected=())
        case MeetingRecorded():
            return replace(fact, zone="")
        case IdentifierSeen():
            return replace(fact, value="")
        case CrmContactFound():
            return CrmContactFound(
                fact.system,
                "",
                "",
                "",
                fact.owner,
                (),
                fact.sure,
                fact.after_ms,
                customer=fact.customer,
            )
        case PersonRecalled():
            return PersonRecalled("", False, turn=fact.turn)
        case Noted(kind="unrecognised"):  # from a newer version, or unreadable
            return Noted(fact.kind, {"kind": fact.data["kind"], "payload": {}})
        case Noted():
            return Noted(fact.kind, {"erased": True})
        case InputsKept():
            return replace(fact, packed="")
        case RecordingSaved():
            return replace(fact, url="", duration_ms=fact.duration_ms)
        case (
            QuestionAnswered()
            | CriterionAsked()
            | DisclosureHeard()
            | TurnTimed()
            | TurnMerged()
            | ConversationEnded()
            | FloorTaken()
            | TransferStarted()
            | TransferAccepted()
            | TransferFailed()
            | CardSpoken()
            | Deleted()
            | LeadClaimed()
            | HandoffRated()
            | MeetingTold()
            | DealTold()
            | CallPlaced()
            | MachineHeard()
            | CorrectionWithdrawn()
        ):
            return fact
        case _:
            assert_never(fact)


def _quoted(
    fact: CriterionDeclined | HumanRequested | PersonAnswered | CallbackWithdrawn,
) -> CriterionDeclined | HumanRequested | PersonAnswered | CallbackWithdrawn:
    if isinstance(fact, PersonAnswered):
        return replace(fact, quote=ERASED, person_id="")
    return replace(fact, quote=ERASED)


def _put_right(fact: SignalCorrected) -> SignalCorrected:
    """Who corrected which criterion, and whether it was said at all."""
    heard, value, note = (ERASED if text else "" for text in (fact.heard, fact.value, fact.note))
    return replace(fact, heard=heard, value=value, note=note)


def _judged(fact: VerdictReached) -> VerdictReached:
    """The result and the states; reasons quote the buyer."""
    return replace(
        fact,
        criteria=tuple(replace(c, reason=ERASED, where="") for c in fact.criteria),
        reasons=(ERASED,),
        flips=tuple(replace(f, change=ERASED) for f in fact.flips),
    )
