"""`hold(conversation, engine)`: plays one authored conversation, greeting to goodbye, in text."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.engine import Engine
from core.evaluation.caller import AuthoredCaller, Saying
from core.evaluation.format import Conversation
from core.evaluation.noise import Noise
from core.events import Fact
from core.presence import is_open
from core.scheduling.memory import MemoryDesk
from core.talk import ConversationOpened
from core.text.talk import TextTalk


@dataclass(frozen=True, slots=True)
class Exchange:
    """One thing the caller said and its turns in the log: one in text, maybe more by voice."""

    saying: Saying
    turns: frozenset[int]
    heard_as: str
    """The words the engine was given."""
    action: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A played conversation: its log, and which turns answer which exchange."""

    conversation: Conversation
    facts: Sequence[Fact]
    exchanges: Sequence[Exchange]
    left: int = 0
    """Turns the caller could not say because the agent had hung up."""


async def hold(conversation: Conversation, engine: Engine, noise: Noise | None = None) -> Held:
    """Play one conversation; with `noise`, the engine gets misheard words."""
    assert conversation.when is not None, "loaded conversations have a time"
    company = engine.loaded.company
    opened = ConversationOpened(
        conversation.id, conversation.channel, "inbound", conversation.number,
        company.numbers[0], conversation.when,
    )  # fmt: skip
    late = not is_open(company, conversation.when)
    talk = TextTalk(engine, opened, after_hours=late, desk=MemoryDesk(company))
    caller = AuthoredCaller(conversation)
    exchanges: list[Exchange] = []
    asks: list[str] = []
    reason = "caller"
    while (saying := caller.next(asks)) is not None:
        text = (
            noise.misheard(saying.text, conversation.id, len(exchanges)) if noise else saying.text
        )
        share = saying.line.hears if saying.line else 1.0
        turn = await talk.says(text, None if share == 1.0 else [share])
        kind = turn.action.kind if turn.action else None
        number = frozenset({len(talk.turns)})
        exchanges.append(Exchange(saying, number, text, kind))
        asks = turn.asks if share == 1.0 else []
        if kind in ("hang_up", "transfer"):
            reason = "agent"
            break
    talk.close(reason)
    return Held(conversation, talk.facts, exchanges, caller.left)
