"""`company.yaml` as typed sections: everything that makes one company differ from another."""

from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from knowledge.phones import Phones
from knowledge.section import Clock
from knowledge.section import Section as Section
from knowledge.sections.callbacks import Callbacks as Callbacks
from knowledge.sections.chat import Chat as Chat
from knowledge.sections.consent import Consent as Consent
from knowledge.sections.costs import Costs as Costs
from knowledge.sections.crm import Crm as Crm
from knowledge.sections.email import Email as Email
from knowledge.sections.fit import Condition as Condition
from knowledge.sections.fit import Criterion as Criterion
from knowledge.sections.fit import Disqualifier as Disqualifier
from knowledge.sections.fit import Local as Local
from knowledge.sections.fit import Scenario as Scenario
from knowledge.sections.fit import Segment as Segment
from knowledge.sections.fit import ToolFit as ToolFit
from knowledge.sections.flags import Flags as Flags
from knowledge.sections.pilot import Pilot as Pilot
from knowledge.sections.retention import Retention as Retention
from knowledge.sections.review import Mark as Mark
from knowledge.sections.review import Review as Review
from knowledge.sections.systems import Systems as Systems
from knowledge.sections.transfers import Occasion as Occasion
from knowledge.sections.transfers import Overflow as Overflow
from knowledge.sections.transfers import Transfers as Transfers

Verdict = Literal["qualified", "disqualified", "nurture", "needs_human", "insufficient"]
ANY = "any"
"""Matches any name."""
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


MIDNIGHT = "24:00"
"""The end of a day."""


def _till(value: object) -> object:
    """The end of business hours; midnight is stored as 00:00, which is never another end."""
    if value == "00:00":
        raise ValueError('a later time, or "24:00" for midnight')
    return time.min if value == MIDNIGHT else value


class Span(Section):
    """Opening hours of one day, in the company's zone; `to` is exclusive."""

    start: Clock = Field(alias="from")
    """Opening time, e.g. "08:30"."""
    end: Annotated[Clock, BeforeValidator(_till)] = Field(alias="to")
    """First minute that is closed again; "24:00" is midnight."""

    @property
    def minutes(self) -> tuple[int, int]:
        """Minutes of the day at which it begins and ends; midnight at its end is 1,440."""
        first, last = (at.hour * 60 + at.minute for at in (self.start, self.end))
        return first, last or 24 * 60


class Hours(Section):
    week: dict[Weekday, tuple[Span, ...]]
    """Days `mon` to `sun`; an omitted day is closed."""
    holiday_country: str | None = Field(None, description="ISO country for public holidays")
    holiday_region: str | None = None
    """Region of that country with its own holidays, e.g. `MA`."""
    closed_on: tuple[date, ...] = ()
    """Further closed days."""


class Voice(Section):
    """How the agent sounds and what it says about itself; fills in `{company}` and `{agent}`."""

    agent_name: str
    """What the agent calls itself."""
    language: str = "en"
    """Only English is understood so far."""
    speaking_rate: Annotated[float, Field(gt=0.5, lt=2.0)] = 1.0
    """1 is the voice's normal pace; more is faster."""
    disclosure: str
    """First sentence: says that it is an AI. Must be heard."""
    recording_notice: str
    """Said before anything is recorded, unless the caller is asked. Must be heard; `{key}` is the
    key that refuses."""
    greeting: str
    """Said after disclosure and notice, in business hours."""
    after_hours_greeting: str | None = None
    """Said instead when nobody is in."""
    handed_back: str = "I'm back with you. What else can I help with?"
    """Said when a colleague who took over a call hands it back."""
    check_in: str = "Are you still there?"
    """Said after eight seconds of silence."""
    idle_goodbye: str = "I'll let you go for now. Call again any time. Goodbye."
    """Said after a second silence."""
    goodbye: str = "Thanks for calling {company}. Goodbye."
    """Last words."""
    written_goodbye: str = "Thank you for writing to {company}."
    """Last words in a chat or a mail."""
    filler: tuple[str, ...] = ("One moment.", "Let me check that.")
    """Said when a reply takes longer than 1.2 seconds."""
    apology: str = "I'm sorry, I'm having trouble on my side. Let me have a colleague call you."
    """Said when the system fails during a call."""
    deferral: tuple[str, ...] = (
        "I don't want to guess on that one. {owner} will get back to you with the answer.",
    )
    """Said when a question is not covered; `{owner}` is who will answer it."""
    deferral_again: tuple[str, ...] = (
        "I'll add that to {owner}'s list.",
        "That one goes to {owner} as well.",
        "I don't have that one either, so {owner} will cover it too.",
    )
    """For further uncovered questions in the same conversation: short, without the explanation."""


class Away(Section):
    """Days on which someone takes no meetings and no new leads, both ends included."""

    first: date = Field(alias="from")
    """First day."""
    last: date = Field(alias="to")
    """Last day."""
    why: str = ""
    """For reports."""


class Rep(Section):
    id: str
    """A short name in lower case, for references."""
    name: str
    """Spoken name."""
    title: str = "Account Executive"
    """For reports."""
    email: str
    """Where briefs are sent."""
    phone: str | None = None
    """E.164; without one no calls are transferred to them."""
    territories: tuple[str, ...] = ()
    """Countries, US states (`US-CA`, `California`) or towns. Known wider regions: `Europe`, `EMEA`,
    `EU`."""
    segments: tuple[str, ...] = ()
    """Ids of segments they serve; empty: all."""
    expertise: tuple[str, ...] = ()
    """Industries and topics they know."""
    languages: tuple[str, ...] = ("en",)
    """ISO 639-1 codes."""
    capacity: Annotated[int, Field(ge=0)] = 20
    """Most open leads at once; further ones go to someone else."""
    accounts: tuple[str, ...] = ()
    """Companies whose accounts they already own."""
    timezone: str = ""
    """IANA zone; if empty, the company's."""
    hours: Hours | None = None
    """Working hours in the rep's own zone, with their holidays; if empty, the company's hours."""
    away: tuple[Away, ...] = ()
    calendar: str | None = None
    """Where it is kept: the `https:` address of a CalDAV calendar, or `google` or `microsoft`, with
    `:` and their address there if it is not `email`. Without it the agent keeps one."""


class Steward(Section):
    """Someone who owns or approves knowledge and takes no leads."""

    id: str
    """A short name in lower case, for references."""
    name: str
    """Spoken name."""
    title: str = ""
    """For reports."""
    email: str
    """Where questions are sent."""


class RoutingRule(Section):
    """The first rule whose conditions all hold proposes candidates; empty ones always hold."""

    id: str
    """A short name in lower case, given in reasons."""
    segments: tuple[str, ...] = ()
    """Ids of segments; empty: any."""
    territories: tuple[str, ...] = ()
    """Where the buyer must be, written like territories of the team; empty: anywhere."""
    topics: tuple[str, ...] = ()
    """Topics or industries that must have come up; empty: any."""
    verdicts: tuple[str, ...] = ()
    """Verdicts it applies to; empty: any."""
    languages: tuple[str, ...] = ()
    """Languages the buyer asked for, as ISO 639-1 codes."""
    target_account: bool | None = None
    """True: only for target accounts. False: never for them."""
    intent: tuple[str, ...] = ()
    """Topics their company was seen researching, by name, or `any`; empty: not considered."""
    customer: bool | None = None
    """True: only for existing customers, according to the CRM. False: never for them."""
    reps: tuple[str, ...]
    """Candidates, by id."""
    action: Literal["book", "transfer", "callback", "nurture", "resources"]
    """The next step. `transfer`: reps at work are preferred; if nobody is in, a callback or times
    to meet are offered."""
    fast_track: bool = False
    """Whether these leads go before others."""


class Escalation(Section):
    """When a person is brought in at once."""

    id: str
    """A short name in lower case."""
    phrases: tuple[str, ...] = ()
    """Words that trigger it, as written."""
    topics: tuple[str, ...] = ()
    """Topics of articles with policy `escalate` that trigger it."""
    owner: str
    """Id of the rep who is called or will call back; the lead goes where `routing` says."""
    say: str
    """What the agent says first. It adds that the owner is being called, or will call back."""


class MeetingType(Section):
    """A meeting offered to buyers. The first one for the buyer's segment is used."""

    id: str
    """A short name in lower case."""
    label: str
    """Spoken name."""
    minutes: Annotated[int, Field(gt=0, le=240)]
    """Its length in minutes, in quarter hours: 15, 30, 45 and so on."""
    segments: tuple[str, ...] = ()
    """Empty: for everyone."""
    buffer_minutes: Annotated[int, Field(ge=0, le=120)] = 0
    """Free time kept after it, and before other appointments."""
    notice_minutes: Annotated[int, Field(ge=0, le=20_160)] = 120
    """Least notice before it starts."""
    fast_notice_minutes: Annotated[int, Field(ge=0, le=20_160)] | None = None
    """The same for fast-track leads; if empty, 15 for a call and `notice_minutes` for a visit."""
    horizon_days: Annotated[int, Field(gt=0, le=90)] = 14
    """How far ahead it is offered."""
    visit: bool = False
    """The rep visits the buyer instead of calling."""

    @property
    def fast_notice(self) -> int:
        """Minutes of notice that a fast-track lead's meeting takes at least."""
        if self.fast_notice_minutes is not None:
            return self.fast_notice_minutes
        return self.notice_minutes if self.visit else min(self.notice_minutes, 15)


class PlaybookRule(Section):
    """Advice for the rep who follows up. Given when every stated condition holds.

    A condition holds when one of its values matches; an omitted condition always holds.
    """

    id: str
    """A short name in lower case."""
    segments: tuple[str, ...] = ()
    """Ids of segments."""
    verdicts: tuple[Verdict, ...] = ()
    """Verdicts."""
    signals: dict[str, tuple[str, ...]] = {}
    """Criterion or contact field to stated values; an empty list: anything was said."""
    unknown: tuple[str, ...] = ()
    """Criteria the verdict still lacks."""
    topics: tuple[str, ...] = ()
    """Topics of articles the buyer asked about."""
    objections: tuple[str, ...] = ()
    """Words of an objection the buyer voiced, e.g. `expensive`."""
    owed: bool | None = None
    """True: an answer is still owed to them. False: none is."""
    say: str
    """One line for the rep, at most 25 words."""


class Vocabulary(Section):
    """Names that recognition and understanding must know; synonyms map spoken forms to a name."""

    products: tuple[str, ...] = ()
    """Names of products; a question that names one is answered about exactly that, or deferred."""
    plans: tuple[str, ...] = ()
    """Names of plans or models, treated like products."""
    integrations: tuple[str, ...] = ()
    """Tools with an integration."""
    competitors: tuple[str, ...] = ()
    """Competitors; a caller who works for one is told apart from one who compares them."""
    industries: tuple[str, ...] = ()
    """Industry names; everyday words for them are built in."""
    use_cases: tuple[str, ...] = ()
    """What buyers use the product for."""
    roles: tuple[str, ...] = ()
    """Job titles."""
    tools: tuple[str, ...] = ()
    """Further tools that callers name."""
    terms: tuple[str, ...] = ()
    """Industry terms, for speech recognition."""
    synonyms: dict[str, str] = {}
    """A spoken or misheard form, one word or more, to the name it means; also finds articles."""
    pronunciations: dict[str, Phones] = {}
    """Name to ARPAbet phones, for speech recognition, e.g. `tideline: T AY D L AY N`; with stress
    marks, `postgres: P OW1 S T G R EH2 S`, also for the embedded voice and Piper."""


class Company(Section):
    """Everything in `company.yaml`."""

    id: str
    """A short name in lower case; labels records and metrics."""
    name: str
    """Spoken name."""
    tagline: str
    """What the company does, in one sentence."""
    website: str
    """Its URL, e.g. `https://www.example.com`."""
    numbers: tuple[str, ...]
    """The phone numbers it is called on, in E.164; the first determines the home country."""
    timezone: str
    """IANA zone, e.g. `America/New_York`."""
    hours: Hours = Hours(week={}, holiday_country=None)
    """When people are in; if none are stated, while any of the reps is."""
    voice: Voice
    consent: Consent = Consent()
    chat: Chat = Chat()
    transfers: Transfers = Transfers()
    overflow: Overflow = Overflow()
    email: Email = Email()
    flags: Flags = Flags()
    retention: Retention = Retention()
    systems: Systems = Systems()
    crm: Crm = Crm()
    review: Review = Review()
    callbacks: Callbacks = Callbacks()
    costs: Costs = Costs()
    team: tuple[Rep, ...]
    """The people who take leads."""
    stewards: tuple[Steward, ...] = ()
    default_owner: str
    """Id of the rep who owns questions and leads that nobody else does."""
    segments: tuple[Segment, ...]
    compatibility: tuple[ToolFit, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    disqualifiers: tuple[Disqualifier, ...] = ()
    target_accounts: tuple[str, ...] = ()
    """Companies about which a person always decides."""
    routing: tuple[RoutingRule, ...]
    escalations: tuple[Escalation, ...] = ()
    meeting_types: tuple[MeetingType, ...] = ()
    vocabulary: Vocabulary = Vocabulary()
    playbook: tuple[PlaybookRule, ...] = ()
    """What the brief recommends: rules with the most conditions first, then in this order."""
    pilot: Pilot | None = None
    """Limits what the agent takes during a trial; without it, it takes everything."""

    @model_validator(mode="before")
    @classmethod
    def _zones(cls, data: Any) -> Any:
        """Reps without a zone are in the company's."""
        team = data.get("team") if isinstance(data, Mapping) else None
        if not isinstance(team, (list, tuple)):
            return data
        zone = data.get("timezone")
        zoned = [
            {**rep, "timezone": zone} if isinstance(rep, Mapping) and not rep.get("timezone")
            else rep for rep in team
        ]  # fmt: skip
        return {**data, "team": zoned}

    def rep(self, rep_id: str) -> Rep | None:
        """The rep with this id."""
        return next((r for r in self.team if r.id == rep_id), None)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """What is asked in any segment; one that several ask stands once for each."""
        return tuple(c for segment in self.segments for c in segment.criteria)

    @property
    def people(self) -> tuple[Rep | Steward, ...]:
        """Everyone who may own, write or approve knowledge."""
        return (*self.team, *self.stewards)

    def is_visit(self, meeting: str) -> bool:
        """Whether the rep comes to the buyer for meetings of this type."""
        return any(kind.visit for kind in self.meeting_types if kind.id == meeting)

    def person(self, person_id: str) -> Rep | Steward | None:
        """The rep or steward with this id."""
        return next((p for p in self.people if p.id == person_id), None)

    def owner(self, person_id: str) -> Rep | Steward | None:
        """The same, or the default owner."""
        return self.person(person_id) or self.person(self.default_owner)
