"""States of conversations under way, for tests that begin in the middle of one."""

from core.conversation.parts import History, Once, Recording
from core.conversation.state import ConversationState, replace
from core.talk import ConversationOpened


def under_way(opened: ConversationOpened, *said: str) -> ConversationState:
    """A call whose opening was heard, and in which the caller has said this."""
    return ConversationState(
        opened, turn=1, recording=Recording(consent="given"), once=Once(disclosed=True),
        history=History(tuple(("caller", line) for line in said)),
    )  # fmt: skip


def awaiting(state: ConversationState, **changes: object) -> ConversationState:
    """The state in which something else was asked or proposed last."""
    return replace(state, awaited=replace(state.awaited, **changes))  # type: ignore[arg-type]


def asked(state: ConversationState, name: str) -> ConversationState:
    """The state in which this was asked in its turn."""
    asks = replace(state.asks, made=(name,))
    return awaiting(replace(state, asks=asks), ask=name, turn=state.turn)
