"""Speech on any channel: a conversation opens, the buyer says a turn, we say sentences.

Milliseconds count from the start of the conversation; instants are UTC.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.asking import Asked
from core.events import Channel, Direction, IdentifierSeen

SentenceKind = Literal[
    "disclosure", "greeting", "answer", "deferral", "acknowledge", "ask", "confirm", "next_step",
    "check_in", "repair", "filler", "goodbye", "relayed",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """The buyer's own words."""

    quote: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the company's site; its title may tell what "it" refers to."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Placed:
    """An outbound call that a buyer asked for: which attempt at which promise, and its subject."""

    callback_id: str
    attempt: int
    about: str = ""


@dataclass(frozen=True, slots=True)
class ConversationOpened:
    """A buyer reached us, or we reached them. `caller`: their number (E.164), None if withheld."""

    conversation_id: str
    channel: Channel
    direction: Direction
    caller: str | None
    called: str | None
    at: datetime
    zone: str = ""
    """The buyer's time zone (IANA), if their own clock tells it."""
    page: Page | None = None
    """The page they were on when they first wrote."""
    seen: tuple[IdentifierSeen, ...] = ()
    """What the channel itself knows about their identity: a browser's cookie, a verified sender."""
    waits: bool = True
    """Whether a caller on this line can be transferred; a browser phone cannot."""
    contact: tuple[tuple[str, str], ...] = ()
    """Contact fields the channel itself supplies, with their values: a mail's sender, a form."""
    placed: Placed | None = None
    """Set on outbound calls."""
    invited: str = ""
    """Id of the company's chat invitation that they accepted, if the chat had offered help."""


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word; `confidence` in 0..1."""

    text: str
    start_ms: int
    end_ms: int
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class UserSaid:
    """One whole turn of the buyer. `turn` counts up from 1 and is shared with our answer to it."""

    turn: int
    text: str
    start_ms: int
    end_ms: int
    at: datetime
    words: tuple[Word, ...] = ()
    confidence: float = 1.0
    digits: str = ""
    """Keys pressed during the turn, if any."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, ready to be spoken or sent. `n` counts from 0 within the turn."""

    turn: int
    n: int
    text: str
    kind: SentenceKind
    citations: tuple[str, ...] = ()
    must_hear: bool = False
    asks: Asked | None = None
    """What this sentence asks for; recorded as asked only once heard."""
    answers: tuple[str, ...] = ()
    """Ids of the questions this sentence answers or defers."""
    promise: str | None = None
    """Who keeps the promise in this sentence; recorded as promised only once heard."""
    sets: str | None = None
    """What becomes true once this is heard, e.g. `disclosure`, `recording_notice`, `exited`."""


@dataclass(frozen=True, slots=True)
class AgentHeard:
    """What the buyer really heard of one of our sentences: all of it, or a prefix."""

    turn: int
    sentence: Sentence
    text: str
    complete: bool
    start_ms: int
    end_ms: int
    word_ms: tuple[int, ...] = ()
    """When each heard word begins, counted from `start_ms`."""
    unheard: str = ""
    """The words of the sentence that were not heard."""
