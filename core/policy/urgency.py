"""The priority of a promised call. Pure."""

from typing import Literal

from core.accounts import account_named
from core.conversation.state import ConversationState
from core.conversation.understanding.times.when import is_urgent
from knowledge.profile import Company

Priority = Literal["urgent", "target_account", "fast_track", "normal"]


def priority(state: ConversationState, company: Company, quote: str) -> Priority:
    """The priority, from the words of the request, the account, and the route."""
    if is_urgent(f"{quote} {state.wants.when}"):
        return "urgent"
    if account_named(state.signals.value("company"), company.target_accounts):
        return "target_account"
    return "fast_track" if state.judged.fast_track else "normal"
