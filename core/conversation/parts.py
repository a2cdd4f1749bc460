"""Parts of a conversation's state: who the buyer is, what they want, what was said, how it stands.

What we ask and give is in `ledger.py`, meetings and callbacks in `appointments.py`.
"""

from dataclasses import dataclass, replace

from core.crm.known import CrmContactFound
from core.events import PersonRecalled, RouteChosen, SignalCaptured, VerdictReached
from core.facts.consents import Consented
from core.facts.standing import overtaken
from core.identity.memory import Memory

MOST_LINES = 24
"""Most lines of the history that are kept."""


@dataclass(frozen=True, slots=True)
class Part:
    """Values that change together. What became true while a turn was planned is merged into the
    plan field by field (`rebasing.py`)."""


@dataclass(frozen=True, slots=True)
class Signals(Part):
    """What is known about the buyer, and which of it still stands."""

    all: tuple[SignalCaptured, ...] = ()
    superseded: frozenset[str] = frozenset()
    """Ids of signals that a later one replaced."""

    @property
    def active(self) -> tuple[SignalCaptured, ...]:
        """Signals that stand; looked-up ones only where nothing was told."""
        kept = tuple(s for s in self.all if s.signal_id not in self.superseded)
        gone = overtaken(kept)
        return tuple(s for s in kept if s.signal_id not in gone) if gone else kept

    @property
    def own(self) -> tuple[SignalCaptured, ...]:
        """Those of this conversation, also ones that no longer stand."""
        return tuple(s for s in self.all if not s.origin)

    @property
    def recalled(self) -> tuple[SignalCaptured, ...]:
        """Those of earlier conversations."""
        return tuple(s for s in self.all if s.origin)

    def standing(self, criterion: str) -> SignalCaptured | None:
        """The latest signal of a criterion or contact field that stands."""
        return next((s for s in reversed(self.active) if s.criterion == criterion), None)

    def value(self, criterion: str) -> str | None:
        """The latest standing value of a criterion or contact field."""
        told = self.standing(criterion)
        return told.value if told else None

    def recalling(self, signals: tuple[SignalCaptured, ...]) -> "Signals":
        """Those of this conversation, and these of earlier ones instead of any others."""
        return replace(self, all=(*signals, *self.own))

    def adding(self, made: SignalCaptured, gone: frozenset[str]) -> "Signals":
        """These and one more, which supersedes others."""
        return Signals((*self.all, made), self.superseded | gone)


@dataclass(frozen=True, slots=True)
class Identity(Part):
    """Who the buyer is, as far as the store and the CRM know."""

    person: PersonRecalled | None = None
    """The returning buyer's identity; their signals are among the conversation's."""
    guesses: tuple[Memory, ...] = ()
    """Candidates for who they are, with what is known about them; used only once confirmed."""
    crm: CrmContactFound | None = None
    """The CRM contact for their number."""

    @property
    def barred(self) -> bool:
        """They once asked not to be contacted: we do not propose it, though they may ask."""
        return self.person is not None and bool(self.person.opted_out)


@dataclass(frozen=True, slots=True)
class Wants(Part):
    """Whom the buyer wants to talk to, and when."""

    human: bool = False
    meeting: bool = False
    """A meeting or a callback."""
    visit: bool = False
    """They want someone to come on site."""
    keeper: str | None = None
    """The rep they asked for by name, or the one offered to a buyer who asked about something the
    company leaves to its people."""
    writing: bool = False
    """They wrote to us to have something sent."""
    when: str = ""
    """When they want to be called, in their words."""
    zone: str = ""
    """The time zone (IANA) in which they last named a time."""
    escalated: str | None = None
    """The escalation that applies, by its id."""
    unreached: tuple[str, ...] = ()
    """Reps they were to be transferred to who could not be reached."""


@dataclass(frozen=True, slots=True)
class Recording(Part):
    """What the caller was told and asked about recording, and what they said to it."""

    consent: Consented = "unknown"
    mode: str = "opt_out"
    """announce, opt_out, opt_in or never: the rule for this conversation"""
    asked: int = 0
    """How often our question was heard."""
    words: str = ""
    """The notice or the last question as heard, and when it ended."""
    at_ms: int = 0
    explicit: bool = False
    """Whether they said so themselves, in words or by a key."""


@dataclass(frozen=True, slots=True)
class History(Part):
    """What was said."""

    lines: tuple[tuple[str, str], ...] = ()
    """(speaker, heard text), oldest first."""
    reply: tuple[str, ...] = ()
    """Our last reply as heard, for "can you repeat that"."""
    context: tuple[str, ...] = ()
    """The last questions and names, for follow-ups such as "and for Redshift?"."""

    def adding(self, speaker: str, text: str) -> "History":
        """With one more line; the oldest are dropped."""
        return replace(self, lines=(*self.lines, (speaker, text))[-MOST_LINES:])

    def by(self, speaker: str) -> tuple[str, ...]:
        """The lines of `caller` or `agent`, oldest first."""
        return tuple(text for who, text in self.lines if who == speaker)


@dataclass(frozen=True, slots=True)
class Once(Part):
    """What we say only once, as far as it was heard."""

    disclosed: bool = False
    """That we are an AI."""
    reframed: bool = False
    """The question with which we meet a doubt."""
    exited: bool = False
    """The way out of a disqualified conversation."""
    apologised: bool = False
    """That we are sorry to have let them down."""
    opened: bool = False
    """The question what they want; asked once more, it would sound like a form."""


@dataclass(frozen=True, slots=True)
class Ending(Part):
    """Whether the conversation is ending, and how far."""

    closing: bool = False
    """The buyer is done."""
    opted_out: bool = False
    """They asked not to be contacted again."""
    recapped: bool = False
    """The closing said what happens next."""
    farewell: bool = False
    """Our goodbye was heard, at least in part."""


@dataclass(frozen=True, slots=True)
class Judged(Part):
    """What follows from the signals by the company's criteria and rules."""

    verdict: VerdictReached | None = None
    route: RouteChosen | None = None
    disqualified: str | None = None
    """The id of the disqualifier that applies."""

    @property
    def segment(self) -> str | None:
        """The segment of the verdict."""
        return self.verdict.segment if self.verdict else None

    @property
    def rep(self) -> str | None:
        """The rep the route leads to, by id."""
        return self.route.rep if self.route else None

    @property
    def fast_track(self) -> bool:
        """Whether the route is the fast one."""
        return self.route is not None and self.route.fast_track
