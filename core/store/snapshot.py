"""A conversation's state as JSON, so that any server can go on with a written conversation.

What is looked up anew for every turn is left out: the team's time, and readings that came late.
"""

from collections.abc import Mapping
from typing import Any, cast

from core.conversation.state import ConversationState, replace
from core.store.shape import build, plain

_PASSING = {"board": None, "late": ()}


def pack(state: ConversationState) -> dict[str, Any]:
    """The state, JSON-ready."""
    return cast(dict[str, Any], plain(replace(state, board=None, late=())))


def unpack(payload: Mapping[str, Any]) -> ConversationState:
    """The state. Raises: Unreadable where a version lacks what this one needs."""
    return cast(ConversationState, build(ConversationState, {**payload, **_PASSING}))
