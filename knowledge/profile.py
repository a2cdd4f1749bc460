"""The company folder's `company.yaml`, typed: all that makes one company differ from another."""

from datetime import date, time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Verdict = Literal["qualified", "disqualified", "nurture", "needs_human", "insufficient"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Section(BaseModel):
    """Unknown keys are errors, and nothing changes after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Section):
    """Opening hours of one day, in the company's zone; `to` is exclusive."""

    start: time = Field(alias="from")
    end: time = Field(alias="to")


class Hours(Section):
    week: dict[Weekday, tuple[Span, ...]]
    holiday_country: str | None = Field(None, description="ISO country for public holidays")
    holiday_region: str | None = None
    closed_on: tuple[date, ...] = ()


class Voice(Section):
    """How the agent sounds and what it says of itself. `{company}` and `{agent}` are filled in."""

    agent_name: str
    language: str = "en"
    speaking_rate: Annotated[float, Field(gt=0.5, lt=2.0)] = 1.0
    disclosure: str
    """First sentence: says it is an AI. Must be heard."""
    recording_notice: str
    """Said before anything is recorded. Must be heard."""
    greeting: str
    after_hours_greeting: str | None = None
    check_in: str = "Are you still there?"
    idle_goodbye: str = "I'll let you go for now. Call again any time. Goodbye."
    goodbye: str = "Thanks for calling {company}. Goodbye."
    filler: tuple[str, ...] = ("One moment.", "Let me check that.")
    apology: str = "I'm sorry, I'm having trouble on my side. Let me have a colleague call you."
    deferral: tuple[str, ...] = (
        "I don't want to guess on that one. {owner} will get back to you with the answer.",
    )
    deferral_again: tuple[str, ...] = (
        "I'll add that to {owner}'s list.",
        "That one goes to {owner} as well.",
        "I don't have that one either, so {owner} will cover it too.",
    )
    """For further questions of the same conversation: short, without the ritual."""


class Consent(Section):
    """`announce`: notice then record; `opt_out`: the same, stops on a no; `opt_in`: only on a yes."""  # noqa: E501

    recording: Literal["announce", "opt_out", "opt_in", "never"] = "opt_out"


class Away(Section):
    """Days on which someone takes no meetings and no new leads; both ends belong to it."""

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    why: str = ""


class Rep(Section):
    id: str
    name: str
    title: str = "Account Executive"
    email: str
    phone: str | None = None
    territories: tuple[str, ...] = ()
    """Country or region names and codes as a caller would say them, e.g. `US-CA`, `Germany`."""
    segments: tuple[str, ...] = ()
    expertise: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    """ISO 639-1 codes."""
    capacity: Annotated[int, Field(ge=0)] = 20
    """Open leads at once; more go to someone else."""
    accounts: tuple[str, ...] = ()
    timezone: str = "UTC"
    hours: Hours | None = None
    """Working hours in the rep's own zone, with their own holidays; else the company's hours."""
    away: tuple[Away, ...] = ()
    calendar: str | None = None


class Steward(Section):
    """Someone who owns or approves knowledge and does not take leads."""

    id: str
    name: str
    title: str = ""
    email: str


class Criterion(Section):
    """One thing a lead must show. Signals of this name are tested by `met_when`/`not_met_when`."""

    name: str
    label: str
    """How a report names it, e.g. `Company size`."""
    kind: Literal["number", "choice", "text", "date", "yes_no"]
    required: bool = False
    weight: Annotated[float, Field(ge=0)] = 1.0
    at_least: float | None = None
    at_most: float | None = None
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    tool_kinds: tuple[str, ...] = ()
    """For choices of tools: kinds of the compatibility matrix that are judged by their fit."""
    within_days: int | None = None
    """For dates: met when the stated time is no further away."""
    ask: tuple[str, ...] = ()
    """Wordings of the question, spoken; variety avoids repetition."""
    why: str = ""
    """The reason given when the caller asks why we want to know."""
    topics: tuple[str, ...] = ()
    """Topics of a buyer's question after which asking this comes naturally."""


class ToolFit(Section):
    """A line of the compatibility matrix: how some tools work with the product."""

    tools: tuple[str, ...]
    kind: str
    """What the tools are, in a caller's word: `warehouse`, `crm`, `ads`."""
    fit: Literal["native", "through", "none"]
    because: str = ""
    """What it works through, or why it does not; for reports."""
    article: str | None = None
    """The article that says so."""


class Scenario(Section):
    """A value of a choice criterion, such as a use case, and how well the product serves it."""

    value: str
    fit: Literal["full", "partly", "none"] = "full"
    because: str = ""
    """What is missing where the fit is not full; for reports."""
    article: str | None = None
    """The article that speaks of it."""
    said: tuple[str, ...] = ()
    """How buyers put it; a few typical sentences are enough, word order and endings are free."""


class Segment(Section):
    """A kind of buyer with its own criteria. The first whose `when` holds is chosen."""

    id: str
    label: str
    employees_at_least: int | None = None
    employees_at_most: int | None = None
    industries: tuple[str, ...] = ()
    qualify_at: Annotated[float, Field(ge=0, le=1)] = 0.6
    """Share of known weight that must be met, besides every required criterion."""
    judge_at: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of all weight that must be known before a lead is judged."""
    criteria: tuple[Criterion, ...]


class Disqualifier(Section):
    """A stated fact that ends the sales path, with the useful way out that is offered instead."""

    id: str
    label: str
    kind: Literal[
        "competitor", "student", "job_seeker", "vendor", "support", "geography", "other"
    ] = "other"
    """How people say it in general English is known for all but `geography` and `other`."""
    phrases: tuple[str, ...] = ()
    """Further words by which it is stated."""
    signal: str | None = None
    """A criterion or `location` whose `values` disqualify."""
    values: tuple[str, ...] = ()
    exit: str
    """What the agent says: where this caller is better served."""


class RoutingRule(Section):
    """First rule whose conditions all hold proposes candidates; empty conditions always hold."""

    id: str
    segments: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    """Languages the buyer asked for, as ISO 639-1 codes."""
    target_account: bool | None = None
    """True: only for target accounts. False: never for them."""
    reps: tuple[str, ...]
    action: Literal["book", "transfer", "callback", "nurture", "resources"]
    fast_track: bool = False


class Escalation(Section):
    """When a person is brought in at once."""

    id: str
    phrases: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    owner: str
    say: str


class MeetingType(Section):
    """A meeting buyers are offered. The first that serves the buyer's segment is taken."""

    id: str
    label: str
    minutes: Annotated[int, Field(gt=0, le=240)]
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


class PlaybookRule(Section):
    """Advice to the rep who follows up. Given when every stated condition holds.

    A condition holds when one of its values fits; a condition that is left out always holds.
    """

    id: str
    segments: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
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
    plans: tuple[str, ...] = ()
    integrations: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    use_cases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    synonyms: dict[str, str] = {}
    pronunciations: dict[str, str] = {}
    """Name to ARPAbet phones, e.g. `tideline: T AY D L AY N`."""


class Company(Section):
    """Everything in `company.yaml`."""

    id: str
    name: str
    tagline: str
    website: str
    numbers: tuple[str, ...]
    timezone: str
    hours: Hours
    voice: Voice
    consent: Consent = Consent()
    team: tuple[Rep, ...]
    stewards: tuple[Steward, ...] = ()
    default_owner: str
    """Rep id that owns questions and leads nobody else does."""
    segments: tuple[Segment, ...]
    compatibility: tuple[ToolFit, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    disqualifiers: tuple[Disqualifier, ...] = ()
    target_accounts: tuple[str, ...] = ()
    routing: tuple[RoutingRule, ...]
    escalations: tuple[Escalation, ...] = ()
    meeting_types: tuple[MeetingType, ...] = ()
    vocabulary: Vocabulary = Vocabulary()
    playbook: tuple[PlaybookRule, ...] = ()
    """What the brief recommends: rules with the most conditions first, then in this order."""
    pilot_share: Annotated[float, Field(ge=0, le=1)] = 1.0

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
