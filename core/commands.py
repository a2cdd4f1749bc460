"""What a buyer's turn can mean: a closed set of commands, each with its words and their time."""

from dataclasses import dataclass
from typing import Literal

from core.events import Polarity
from core.talk import Span

Matter = Literal["length", "content", "who", "when", "answer", "guests", "contact", "hours",
                 "number", "reach", "how", "reminder", "our_number", "our_time"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class AskProduct:
    """A question; `passage`: what answers it by a model, a citation or `NO_PASSAGE`."""

    span: Span
    question: str
    passage: str = ""


@dataclass(frozen=True, slots=True)
class Objection:
    """A doubt or a hesitation; `about`: what to look up; empty if it faults what was told."""

    span: Span
    about: str


@dataclass(frozen=True, slots=True)
class ProvideSignal:
    """Words that map to a criterion. `implied`: inferred from a question rather than stated."""

    span: Span
    criterion: str
    value: str
    polarity: Polarity = "positive"
    confidence: float = 0.9
    implied: bool = False


@dataclass(frozen=True, slots=True)
class CorrectSignal:
    """The buyer retracts an earlier value and gives the right one."""

    span: Span
    criterion: str
    value: str
    polarity: Polarity = "positive"
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class ProvideContact:
    """Name, company, phone (E.164) or email. `dictated` values are read back."""

    span: Span
    field: Literal["name", "company", "phone", "email"]
    value: str
    confidence: float = 0.9


@dataclass(frozen=True, slots=True)
class BadContact:
    """The buyer dictated something for `field` that is not a usable number or address."""

    span: Span
    field: Literal["phone", "email"]
    heard: str


@dataclass(frozen=True, slots=True)
class DeclineToSay:
    """Refuses to say what was asked; None: nothing was; `ANYTHING`: ask no more."""

    span: Span
    criterion: str | None


@dataclass(frozen=True, slots=True)
class DoesNotKnow:
    """The buyer does not know what was asked."""

    span: Span
    criterion: str


@dataclass(frozen=True, slots=True)
class Affirm:
    """Yes to whatever was just asked or offered; `outright`: more than a mere "okay"."""

    span: Span
    outright: bool = False


@dataclass(frozen=True, slots=True)
class Deny:
    """No to whatever was just asked or offered; `for_now`: they think it over, or need nothing."""

    span: Span
    for_now: bool = False


@dataclass(frozen=True, slots=True)
class Invite:
    """The buyer invites our questions: "ask away", "what do you need from me"."""

    span: Span


@dataclass(frozen=True, slots=True)
class RequestHuman:
    """`rep`: id of the person asked for by name, or empty; `whom`: they ask whom to contact."""

    span: Span
    rep: str = ""
    whom: bool = False


@dataclass(frozen=True, slots=True)
class RequestCallback:
    """`when` as said ("tomorrow morning"), empty when left open; `rep` as above."""

    span: Span
    when: str
    rep: str = ""


@dataclass(frozen=True, slots=True)
class CancelCallback:
    """The buyer no longer wants a promised call: "don't call, just email me"."""

    span: Span


@dataclass(frozen=True, slots=True)
class Busy:
    """The buyer cannot take a call at the promised time and names no other."""

    span: Span


@dataclass(frozen=True, slots=True)
class RequestMeeting:
    """A meeting; `when` and `rep` as above; `visit`: they want someone to come on site."""

    span: Span
    when: str
    rep: str = ""
    visit: bool = False


@dataclass(frozen=True, slots=True)
class ReadyToBuy(RequestMeeting):
    """They want to buy, order or sign, so they get a meeting with the person who can close it."""


@dataclass(frozen=True, slots=True)
class ChooseSlot:
    """Offered times by id, all that the words fit; `asked`: they only ask which one it is."""

    span: Span
    slots: tuple[str, ...]
    asked: bool = False


@dataclass(frozen=True, slots=True)
class PassSlots:
    """None of the offered times suits."""

    span: Span


@dataclass(frozen=True, slots=True)
class MoveMeeting:
    """The buyer wants to move a booked meeting; `when` as said."""

    span: Span
    when: str


@dataclass(frozen=True, slots=True)
class KeepMeeting:
    """A meeting that was to be moved stays after all."""

    span: Span


@dataclass(frozen=True, slots=True)
class InviteColleague:
    """The buyer wants a colleague on the invitation as well."""

    span: Span
    email: str


@dataclass(frozen=True, slots=True)
class CancelMeeting:
    """The buyer cancels a booked meeting."""

    span: Span


@dataclass(frozen=True, slots=True)
class WantsNoCall:
    """Wants no call and no meeting now, whether or not we proposed one: "no time for a demo"."""

    span: Span


@dataclass(frozen=True, slots=True)
class OptOut:
    """Does not want to be contacted again."""

    span: Span


@dataclass(frozen=True, slots=True)
class DataRequest:
    """Wants to see the data we hold or where it came from, or wants it deleted."""

    span: Span
    about: Literal["see", "erase"]


@dataclass(frozen=True, slots=True)
class DeclineRecording:
    span: Span


@dataclass(frozen=True, slots=True)
class AllowRecording:
    """They allow recording, whether or not we asked: "actually, you can record"."""

    span: Span


@dataclass(frozen=True, slots=True)
class LeaveMessage:
    """A message for the team or a `rep` (by id), in their words; empty: they want to leave one."""

    span: Span
    text: str
    rep: str = ""


@dataclass(frozen=True, slots=True)
class AskIfAI:
    span: Span


@dataclass(frozen=True, slots=True)
class AskIfRecorded:
    span: Span


@dataclass(frozen=True, slots=True)
class AskWhy:
    """Wants to know why we asked that; `refused`: why we cannot do what they asked for."""

    span: Span
    refused: bool = False


@dataclass(frozen=True, slots=True)
class AskTold:
    """Wants to know what we remember of what they told us; `about`: a criterion, empty for all."""

    span: Span
    about: str


@dataclass(frozen=True, slots=True)
class AskNext:
    """Wants to know what happens next."""

    span: Span


@dataclass(frozen=True, slots=True)
class AskArranged:
    """Asks about the meeting on offer or booked, when a call or answer will come, or our hours."""

    span: Span
    about: Matter


@dataclass(frozen=True, slots=True)
class Chase:
    """Follows up on something they are waiting for; `missed`: an answer or a call did not come."""

    span: Span
    missed: bool


@dataclass(frozen=True, slots=True)
class ReturnsCall:
    """Is returning a call from one of our people; `rep`: who, if they say so."""

    span: Span
    rep: str = ""


@dataclass(frozen=True, slots=True)
class AskRepeat:
    """Did not hear us; `where`: the address or the page that we named."""

    span: Span
    where: bool = False


@dataclass(frozen=True, slots=True)
class CompetitorOrVendor:
    """States one of the company's disqualifiers; `disqualifier`: its id."""

    span: Span
    disqualifier: str


@dataclass(frozen=True, slots=True)
class NamesRival:
    """Mentions a competitor of the company without asking about it."""

    span: Span
    rival: str


@dataclass(frozen=True, slots=True)
class SupportNeed:
    """An existing customer with a problem; `disqualifier`: id of the rule saying where they go."""

    span: Span
    disqualifier: str


@dataclass(frozen=True, slots=True)
class Escalate:
    """Words for which the company brings in a person; `escalation`: the id of that rule."""

    span: Span
    escalation: str


@dataclass(frozen=True, slots=True)
class Emergency(RequestHuman):
    """Somebody is hurt or in danger."""


@dataclass(frozen=True, slots=True)
class OffTopic:
    """Understood, but nothing to do with us."""

    span: Span


@dataclass(frozen=True, slots=True)
class Abuse:
    span: Span


@dataclass(frozen=True, slots=True)
class Smalltalk:
    """Courtesies: a greeting, thanks, "how are you", a checking "hello?", or a plain "okay"."""

    span: Span
    kind: Literal["greeting", "thanks", "how_are_you", "presence", "filler", "wait", "who", "back",
                  "offers", "let_down_before", "kept_waiting", "echo", "miss", "found",
                  "hard_of_hearing", "misread", "others_talk"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class EndCall:
    span: Span


@dataclass(frozen=True, slots=True)
class GaveCard:
    """Some detail of a payment card was said; the text has a placeholder instead."""

    span: Span


@dataclass(frozen=True, slots=True)
class Unclear:
    """Nothing usable: silence, noise, or words that mean nothing to us; `kind`: what they do."""

    span: Span
    reason: Literal["empty", "doubtful", "meaningless"]
    kind: Literal["", "asks", "waits", "theirs", "states", "tells"] = ""


Command = (
    AskProduct | Objection | ProvideSignal | CorrectSignal | ProvideContact | BadContact
    | DeclineToSay | DoesNotKnow | Affirm | Deny | Invite | InviteColleague | RequestHuman
    | RequestCallback | CancelCallback | Busy | RequestMeeting | ChooseSlot | PassSlots
    | MoveMeeting | KeepMeeting | CancelMeeting | WantsNoCall | OptOut | DeclineRecording
    | AllowRecording | LeaveMessage | AskIfAI | AskIfRecorded | AskWhy | AskTold | AskNext
    | AskArranged | Chase | ReturnsCall | AskRepeat | CompetitorOrVendor | NamesRival | SupportNeed
    | Escalate | OffTopic | Abuse | Smalltalk | EndCall | Unclear | GaveCard | DataRequest
)  # fmt: skip
