"""The company folder's `company.yaml`, typed: all that makes one company differ from another."""

from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from knowledge.phones import Phones
from knowledge.profile_callbacks import Callbacks as Callbacks
from knowledge.profile_chat import Chat as Chat
from knowledge.profile_consent import Consent as Consent
from knowledge.profile_costs import Costs as Costs
from knowledge.profile_crm import Crm as Crm
from knowledge.profile_email import Email as Email
from knowledge.profile_fit import Condition as Condition
from knowledge.profile_fit import Criterion as Criterion
from knowledge.profile_fit import Disqualifier as Disqualifier
from knowledge.profile_fit import Local as Local
from knowledge.profile_fit import Scenario as Scenario
from knowledge.profile_fit import Segment as Segment
from knowledge.profile_fit import ToolFit as ToolFit
from knowledge.profile_flags import Flags as Flags
from knowledge.profile_pilot import Pilot as Pilot
from knowledge.profile_retention import Retention as Retention
from knowledge.profile_review import Mark as Mark
from knowledge.profile_review import Review as Review
from knowledge.profile_systems import Systems as Systems
from knowledge.profile_transfers import Occasion as Occasion
from knowledge.profile_transfers import Overflow as Overflow
from knowledge.profile_transfers import Transfers as Transfers
from knowledge.section import Section as Section

Verdict = Literal["qualified", "disqualified", "nurture", "needs_human", "insufficient"]
ANY = "any"
"""In place of names: whatever it is."""
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Span(Section):
    """Opening hours of one day, in the company's zone; `to` is exclusive."""

    start: time = Field(alias="from")
    """First minute, e.g. "08:30"."""
    end: time = Field(alias="to")
    """First minute that is closed again."""


class Hours(Section):
    week: dict[Weekday, tuple[Span, ...]]
    """Days `mon` to `sun`; a day that is left out is closed."""
    holiday_country: str | None = Field(None, description="ISO country for public holidays")
    holiday_region: str | None = None
    """Region of that country with holidays of its own, e.g. `MA`."""
    closed_on: tuple[date, ...] = ()
    """Further closed days."""


class Voice(Section):
    """How the agent sounds and what it says of itself. `{company}` and `{agent}` are filled in."""

    agent_name: str
    """What the agent calls itself."""
    language: str = "en"
    """Only English is understood so far."""
    speaking_rate: Annotated[float, Field(gt=0.5, lt=2.0)] = 1.0
    """1 is the voice's own pace; more is faster."""
    disclosure: str
    """First sentence: says it is an AI. Must be heard."""
    recording_notice: str
    """Said before anything is recorded, unless the caller is asked. Must be heard; `{key}` is the key that refuses."""  # noqa: E501
    greeting: str
    """Said after disclosure and notice, in opening hours."""
    after_hours_greeting: str | None = None
    """Said instead when nobody is in."""
    handed_back: str = "I'm back with you. What else can I help with?"
    """Said once a colleague who took over a call gives it back."""
    check_in: str = "Are you still there?"
    """After eight seconds of silence."""
    idle_goodbye: str = "I'll let you go for now. Call again any time. Goodbye."
    """After a second silence."""
    goodbye: str = "Thanks for calling {company}. Goodbye."
    """Last words."""
    written_goodbye: str = "Thank you for writing to {company}."
    """Last words in a chat or a mail."""
    filler: tuple[str, ...] = ("One moment.", "Let me check that.")
    """Said when a reply takes longer than 1.2 seconds."""
    apology: str = "I'm sorry, I'm having trouble on my side. Let me have a colleague call you."
    """Said when the machinery fails under a caller."""
    deferral: tuple[str, ...] = (
        "I don't want to guess on that one. {owner} will get back to you with the answer.",
    )
    """What is said of an uncovered question; `{owner}` is who answers it."""
    deferral_again: tuple[str, ...] = (
        "I'll add that to {owner}'s list.",
        "That one goes to {owner} as well.",
        "I don't have that one either, so {owner} will cover it too.",
    )
    """For further questions of the same conversation: short, without the ritual."""


class Away(Section):
    """Days on which someone takes no meetings and no new leads; both ends belong to it."""

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
    """As it is spoken."""
    title: str = "Account Executive"
    """For reports."""
    email: str
    """Where a brief goes."""
    phone: str | None = None
    """E.164; without one no call is transferred to them."""
    territories: tuple[str, ...] = ()
    """Countries, states of the US (`US-CA`, `California`) or towns. Wider ones that are known:
    `Europe`, `EMEA`, `EU`."""
    segments: tuple[str, ...] = ()
    """Ids of segments they serve; empty: all."""
    expertise: tuple[str, ...] = ()
    """Industries and topics they know."""
    languages: tuple[str, ...] = ("en",)
    """ISO 639-1 codes."""
    capacity: Annotated[int, Field(ge=0)] = 20
    """Open leads at once; more go to someone else."""
    accounts: tuple[str, ...] = ()
    """Companies that are theirs already."""
    timezone: str = ""
    """IANA zone; none given: the company's."""
    hours: Hours | None = None
    """Working hours in the rep's own zone, with their own holidays; else the company's hours."""
    away: tuple[Away, ...] = ()
    calendar: str | None = None
    """Where it is kept: the `https:` address of a CalDAV calendar, or `google` or `microsoft`, with
    `:` and their address there if it is not `email`. Without it the agent keeps one."""


class Steward(Section):
    """Someone who owns or approves knowledge and does not take leads."""

    id: str
    """A short name in lower case, for references."""
    name: str
    """As it is spoken."""
    title: str = ""
    """For reports."""
    email: str
    """Where questions go."""


class RoutingRule(Section):
    """First rule whose conditions all hold proposes candidates; empty conditions always hold."""

    id: str
    """A short name in lower case; reasons name it."""
    segments: tuple[str, ...] = ()
    """Ids of segments; empty: any."""
    territories: tuple[str, ...] = ()
    """Places the buyer must be in, as territories of the team are written; empty: anywhere."""
    topics: tuple[str, ...] = ()
    """Topics or industries that must have come up; empty: any."""
    verdicts: tuple[str, ...] = ()
    """Results it is for; empty: any."""
    languages: tuple[str, ...] = ()
    """Languages the buyer asked for, as ISO 639-1 codes."""
    target_account: bool | None = None
    """True: only for target accounts. False: never for them."""
    intent: tuple[str, ...] = ()
    """What their company was seen to read up on, by name, or `any`; empty: whatever it was."""
    customer: bool | None = None
    """True: only for existing customers, as the CRM knows them. False: never for them."""
    reps: tuple[str, ...]
    """Candidates, by id."""
    action: Literal["book", "transfer", "callback", "nurture", "resources"]
    """The next step. `transfer`: whoever is at work is preferred; with nobody in, a call back or
    times to meet are offered."""
    fast_track: bool = False
    """Whether they go before others."""


class Escalation(Section):
    """When a person is brought in at once."""

    id: str
    """A short name in lower case."""
    phrases: tuple[str, ...] = ()
    """Words on which it applies, as they are written."""
    topics: tuple[str, ...] = ()
    """Topics of articles with policy `escalate` on which it applies."""
    owner: str
    """Rep who is rung, or whose call is promised, by id; the lead goes where `routing` says."""
    say: str
    """What the agent says first. That the owner is rung, or calls back, it says by itself."""


class MeetingType(Section):
    """A meeting buyers are offered. The first that serves the buyer's segment is taken."""

    id: str
    """A short name in lower case."""
    label: str
    """As it is spoken."""
    minutes: Annotated[int, Field(gt=0, le=240)]
    """How long it takes, in quarters of an hour: 15, 30, 45 and so on."""
    segments: tuple[str, ...] = ()
    """Empty: for everyone."""
    buffer_minutes: Annotated[int, Field(ge=0, le=120)] = 0
    """Free time kept after it, and before other appointments."""
    notice_minutes: Annotated[int, Field(ge=0, le=20_160)] = 120
    """It starts no sooner than this after it is offered."""
    fast_notice_minutes: Annotated[int, Field(ge=0, le=20_160)] = 15
    """The same for leads that a rule puts on the fast track."""
    horizon_days: Annotated[int, Field(gt=0, le=90)] = 14
    """It is offered no further ahead than this."""
    visit: bool = False
    """The rep comes to the buyer rather than calls."""


class PlaybookRule(Section):
    """Advice to the rep who follows up. Given when every stated condition holds.

    A condition holds when one of its values fits; a condition that is left out always holds.
    """

    id: str
    """A short name in lower case."""
    segments: tuple[str, ...] = ()
    """Ids of segments."""
    verdicts: tuple[Verdict, ...] = ()
    """Results."""
    signals: dict[str, tuple[str, ...]] = {}
    """Criterion or contact field to values said; no values: anything was said."""
    unknown: tuple[str, ...] = ()
    """Criteria the verdict still misses."""
    topics: tuple[str, ...] = ()
    """Topics of articles the buyer asked about."""
    objections: tuple[str, ...] = ()
    """Words of a doubt the buyer voiced, e.g. `expensive`."""
    owed: bool | None = None
    """True: a question of theirs is still to be answered. False: none is."""
    say: str
    """One line for the rep, at most 25 words."""


class Vocabulary(Section):
    """Names the recogniser and the understanding must know; synonyms map a said form to a name."""

    products: tuple[str, ...] = ()
    """Names of what is sold; who names one is answered of that very thing, or put off."""
    plans: tuple[str, ...] = ()
    """Names of plans or models, as products are."""
    integrations: tuple[str, ...] = ()
    """Tools there is a connection to."""
    competitors: tuple[str, ...] = ()
    """Rivals; who works for one is told apart from who compares them."""
    industries: tuple[str, ...] = ()
    """How trades are listed; everyday words for them are known."""
    use_cases: tuple[str, ...] = ()
    """What buyers use it for."""
    roles: tuple[str, ...] = ()
    """How job titles are listed."""
    tools: tuple[str, ...] = ()
    """Further tools callers name."""
    terms: tuple[str, ...] = ()
    """Words of the trade, for the recogniser."""
    synonyms: dict[str, str] = {}
    """A said or misheard form, a word or a phrase, to the name it means; it finds articles, too."""
    pronunciations: dict[str, Phones] = {}
    """Name to ARPAbet phones, for the recogniser, e.g. `tideline: T AY D L AY N`; with stresses,
    `postgres: P OW1 S T G R EH2 S`, for the embedded voice and Piper as well."""


class Company(Section):
    """Everything in `company.yaml`."""

    id: str
    """A short name in lower case; marks records and metrics."""
    name: str
    """As it is spoken."""
    tagline: str
    """What the company does, in one sentence."""
    website: str
    """Its address, e.g. `https://www.example.com`."""
    numbers: tuple[str, ...]
    """Phone numbers it is called on, in E.164; the first tells the home country."""
    timezone: str
    """IANA zone, e.g. `America/New_York`."""
    hours: Hours = Hours(week={}, holiday_country=None)
    """When people are in; none stated: while any of the reps is."""
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
    """Who takes leads."""
    stewards: tuple[Steward, ...] = ()
    default_owner: str
    """Rep id that owns questions and leads nobody else does."""
    segments: tuple[Segment, ...]
    compatibility: tuple[ToolFit, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    disqualifiers: tuple[Disqualifier, ...] = ()
    target_accounts: tuple[str, ...] = ()
    """Companies a person always decides on."""
    routing: tuple[RoutingRule, ...]
    escalations: tuple[Escalation, ...] = ()
    meeting_types: tuple[MeetingType, ...] = ()
    vocabulary: Vocabulary = Vocabulary()
    playbook: tuple[PlaybookRule, ...] = ()
    """What the brief recommends: rules with the most conditions first, then in this order."""
    pilot: Pilot | None = None
    """While the agent is tried out; without it, it takes all that comes."""

    @model_validator(mode="before")
    @classmethod
    def _zones(cls, data: Any) -> Any:
        """Reps for whom no zone is given are in the company's."""
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
    def people(self) -> tuple[Rep | Steward, ...]:
        """Everyone who may own, write or approve knowledge."""
        return (*self.team, *self.stewards)

    def person(self, person_id: str) -> Rep | Steward | None:
        """The rep or steward with this id."""
        return next((p for p in self.people if p.id == person_id), None)

    def owner(self, person_id: str) -> Rep | Steward | None:
        """The same, or who owns what nobody else does."""
        return self.person(person_id) or self.person(self.default_owner)
