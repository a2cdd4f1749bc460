"""What a buyer's turn can mean, a closed set: each with the words it rests on, and when."""

from dataclasses import dataclass
from typing import Literal

from core.events import Polarity
from core.talk import Span

Matter = Literal[
    "length", "content", "who", "when", "answer", "guests", "contact", "hours", "number", "reach"
]


@dataclass(frozen=True, slots=True)
class AskProduct:
    """A question as it was put; `passage`: citation of the one a model takes for its answer."""

    span: Span
    question: str
    passage: str = ""


@dataclass(frozen=True, slots=True)
class Objection:
    """A doubt or a hesitation; `about` is what knowledge is searched for."""

    span: Span
    about: str


@dataclass(frozen=True, slots=True)
class ProvideSignal:
    """Words that map to a criterion. `implied`: read off a question rather than stated."""

    span: Span
    criterion: str
    value: str
    polarity: Polarity = "positive"
    confidence: float = 0.9
    implied: bool = False


@dataclass(frozen=True, slots=True)
class CorrectSignal:
    """The buyer takes back an earlier value and gives the right one."""

    span: Span
    criterion: str
    value: str
    polarity: Polarity = "positive"
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class ProvideContact:
    """Name, company, phone (E.164) or email. `dictated` ones are read back."""

    span: Span
    field: Literal["name", "company", "phone", "email"]
    value: str
    confidence: float = 0.9


@dataclass(frozen=True, slots=True)
class BadContact:
    """Something was dictated for `field` but it is not a usable number or address."""

    span: Span
    field: Literal["phone", "email"]
    heard: str


@dataclass(frozen=True, slots=True)
class DeclineToSay:
    """Will not tell what was asked; `criterion` is None when nothing was being asked."""

    span: Span
    criterion: str | None


@dataclass(frozen=True, slots=True)
class DoesNotKnow:
    """Cannot tell what was asked."""

    span: Span
    criterion: str


@dataclass(frozen=True, slots=True)
class Affirm:
    """Yes, to whatever was just asked or offered; `outright`: no mere "okay"."""

    span: Span
    outright: bool = False


@dataclass(frozen=True, slots=True)
class Deny:
    """No, to whatever was just asked or offered; `for_now`: they think first, or need none."""

    span: Span
    for_now: bool = False


@dataclass(frozen=True, slots=True)
class Invite:
    """The buyer invites our questions: "ask away", "what do you need from me"."""

    span: Span


@dataclass(frozen=True, slots=True)
class RequestHuman:
    """`rep`: id of who is asked for by name, or empty; `whom`: they only ask whom to turn to."""

    span: Span
    rep: str = ""
    whom: bool = False


@dataclass(frozen=True, slots=True)
class RequestCallback:
    """`when` is as it was said ("tomorrow morning"), empty when left open; `rep` as above."""

    span: Span
    when: str
    rep: str = ""


@dataclass(frozen=True, slots=True)
class CancelCallback:
    """A call that was promised is not wanted any more: "don't call, just email me"."""

    span: Span


@dataclass(frozen=True, slots=True)
class Busy:
    """Cannot be called when we said that somebody will call, and names no other time."""

    span: Span


@dataclass(frozen=True, slots=True)
class RequestMeeting:
    """A meeting; `when` and `rep` as above; `visit`: somebody is to come to them."""

    span: Span
    when: str
    rep: str = ""
    visit: bool = False


@dataclass(frozen=True, slots=True)
class ReadyToBuy(RequestMeeting):
    """They want to buy, order or sign: what is met with the person who can close it."""


@dataclass(frozen=True, slots=True)
class ChooseSlot:
    """Offered times by id, as many as the words fit; `asked`: only which one that is."""

    span: Span
    slots: tuple[str, ...]
    asked: bool = False


@dataclass(frozen=True, slots=True)
class PassSlots:
    """None of the times we offered."""

    span: Span


@dataclass(frozen=True, slots=True)
class MoveMeeting:
    """A meeting that stands should be at another time; `when` as it was said."""

    span: Span
    when: str


@dataclass(frozen=True, slots=True)
class KeepMeeting:
    """A meeting that was to be moved should stay after all."""

    span: Span


@dataclass(frozen=True, slots=True)
class InviteColleague:
    """Somebody of theirs is to be on the invitation as well."""

    span: Span
    email: str


@dataclass(frozen=True, slots=True)
class CancelMeeting:
    """A meeting that stands should not take place."""

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
    """Wants to see what we hold on them, or where we have it from; or wants it deleted."""

    span: Span
    about: Literal["see", "erase"]


@dataclass(frozen=True, slots=True)
class DeclineRecording:
    span: Span


@dataclass(frozen=True, slots=True)
class AllowRecording:
    """They say that we may record, whether or not we asked: "actually, you can record"."""

    span: Span


@dataclass(frozen=True, slots=True)
class LeaveMessage:
    """A message for the team, or a `rep` by id, in their words; empty: they would leave one."""

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
    """Wants to know why we asked what we asked."""

    span: Span


@dataclass(frozen=True, slots=True)
class AskTold:
    """Wants to know what we remember of what they told; `about`: a criterion, empty: all."""

    span: Span
    about: str


@dataclass(frozen=True, slots=True)
class AskNext:
    """Wants to know what happens next."""

    span: Span


@dataclass(frozen=True, slots=True)
class AskArranged:
    """Asks of the meeting that is on offer or stands, when a call or answer comes, or our hours."""

    span: Span
    about: Matter


@dataclass(frozen=True, slots=True)
class Chase:
    """Asks after what they wait for; `missed`: tells that an answer or a call did not come."""

    span: Span
    missed: bool


@dataclass(frozen=True, slots=True)
class ReturnsCall:
    """Calls because somebody of ours called them; `rep`: who, where they say so."""

    span: Span
    rep: str = ""


@dataclass(frozen=True, slots=True)
class AskRepeat:
    """Did not hear us; `where`: the address or the page that we named."""

    span: Span
    where: bool = False


@dataclass(frozen=True, slots=True)
class CompetitorOrVendor:
    """States one of the company's disqualifiers, by its id."""

    span: Span
    disqualifier: str


@dataclass(frozen=True, slots=True)
class NamesRival:
    """Tells of a competitor of the company's and asks nothing of it."""

    span: Span
    rival: str


@dataclass(frozen=True, slots=True)
class SupportNeed:
    """An existing customer with a problem; the id of the disqualifier that says where to go."""

    span: Span
    disqualifier: str


@dataclass(frozen=True, slots=True)
class Escalate:
    """Words on which the company wants a person brought in; the escalation's id."""

    span: Span
    escalation: str


@dataclass(frozen=True, slots=True)
class Emergency(RequestHuman):
    """Somebody is hurt or in danger."""


@dataclass(frozen=True, slots=True)
class OffTopic:
    """Understood as words, but nothing to do with us."""

    span: Span


@dataclass(frozen=True, slots=True)
class Abuse:
    span: Span


@dataclass(frozen=True, slots=True)
class Smalltalk:
    """Manners: a greeting, thanks, "how are you", a checking "hello?", or a plain "okay"."""

    span: Span
    kind: Literal["greeting", "thanks", "how_are_you", "presence", "filler", "wait", "who", "back",
                  "offers", "let_down_before", "kept_waiting", "echo", "miss", "found",
                  "hard_of_hearing"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class EndCall:
    span: Span


@dataclass(frozen=True, slots=True)
class GaveCard:
    """Something of a payment card was said; the text has a mark in its place."""

    span: Span


@dataclass(frozen=True, slots=True)
class Unclear:
    """Nothing usable: silence, noise, or words that mean nothing to us; `kind`: what these do."""

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
