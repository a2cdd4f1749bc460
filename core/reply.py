"""What the engine streams in reply to a turn.

`Planned` comes once and first, then `Sentence`s and at most one `Action`, then `Replied`.
"""

from dataclasses import dataclass
from typing import Literal

from core.conversation.state import ConversationState
from core.events import Fact
from core.scheduling.tools import Tool
from core.talk import Sentence


@dataclass(frozen=True, slots=True)
class Planned:
    """The decision of this turn. The state includes what the buyer said, not yet what we say."""

    turn: int
    state: ConversationState
    facts: tuple[Fact, ...]
    tool: Tool | None = None
    """What the channel has carried out once the turn is committed; `Engine.settle` goes on."""


@dataclass(frozen=True, slots=True)
class Action:
    """What the channel is to do after the last sentence was heard."""

    turn: int
    kind: Literal["hang_up", "transfer", "callback"]
    reason: str
    rep: str | None = None
    """Who takes a transfer."""


@dataclass(frozen=True, slots=True)
class Replied:
    """The reply is whole; facts found while wording it (gate replacements, fallbacks)."""

    turn: int
    facts: tuple[Fact, ...] = ()


EngineEvent = Planned | Sentence | Action | Replied
