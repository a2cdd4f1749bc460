"""A conversation's outcome for the buyer, as one word."""

from core.conversation.state import ConversationState


def outcome_of(state: ConversationState) -> str:
    """The outcome for the buyer, derived from what happened and never guessed."""
    if state.ending.opted_out:
        return "opted_out"
    if state.meeting.booking is not None:
        return "booked"
    if state.callback is not None:
        return "callback"
    if state.message:
        return "message"
    if state.wants.human:
        return "human"
    if state.judged.disqualified:
        return "redirected"
    if any(q.status == "answered" for q in state.questions):
        return "answered"
    if any(q.status == "deferred" for q in state.questions):
        return "deferred"
    return "unknown" if not state.turn else "talked"
