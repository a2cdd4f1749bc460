"""The last thing a buyer named. Pure."""

import re

from core.conversation.state import ConversationState
from knowledge.profile import Company


def named_last(state: ConversationState, company: Company) -> str:
    """The tool or product they named last, as the company writes it; empty if none."""
    words = company.vocabulary
    names = (*words.integrations, *words.products, *words.plans, *words.tools)
    said = [text.lower() for text in state.history.by("caller")]
    for line in reversed(said):
        found = [
            (match.start(), name)
            for name in names
            if (match := re.search(rf"\b{re.escape(name.lower())}\b", line))
        ]
        if found:
            return max(found)[1]
    return ""
