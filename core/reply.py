"""What the engine streams in reply to a turn.

First exactly one `Planned`, then `Sentence`s and at most one `Action`, then `Replied`.
"""

from dataclasses import dataclass
from typing import Literal

from core.conversation.state import ConversationState
from core.events import Fact
from core.scheduling.tools import Tool
from core.talk import Sentence


@dataclass(frozen=True, slots=True)
class Planned:
    """The decision of this turn. The state includes what the buyer said, not yet our reply."""

    turn: int
    state: ConversationState
    facts: tuple[Fact, ...]
    tool: Tool | None = None
    """What the channel runs once the turn is committed; `Engine.settle` continues from there."""


@dataclass(frozen=True, slots=True)
class Action:
    """What the channel does after the last sentence was heard."""

    turn: int
    kind: Literal["hang_up", "transfer", "callback"]
    reason: str
    rep: str | None = None
    """Who takes the transfer."""


@dataclass(frozen=True, slots=True)
class Replied:
    """The reply is complete; facts found while wording it (gate replacements, fallbacks)."""

    turn: int
    facts: tuple[Fact, ...] = ()


EngineEvent = Planned | Sentence | Action | Replied
