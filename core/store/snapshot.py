"""A conversation's state as JSON, so that any server can continue a written conversation.

What is read anew for every turn is left out: the team's availability, and late readings.
"""

from collections.abc import Mapping
from typing import Any, cast

from core.conversation.state import ConversationState, replace
from core.store.older import renewed
from core.store.shape import build, plain

_PASSING = {"board": None, "late": ()}


def pack(state: ConversationState) -> dict[str, Any]:
    """The state, JSON-ready."""
    return cast(dict[str, Any], plain(replace(state, board=None, late=())))


def unpack(payload: Mapping[str, Any]) -> ConversationState:
    """The state. Raises: Unreadable when it lacks what this version needs."""
    return cast(ConversationState, build(ConversationState, {**renewed(payload), **_PASSING}))
