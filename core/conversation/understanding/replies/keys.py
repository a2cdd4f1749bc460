"""What a single telephone key means: a person, or recording consent. Pure."""

from core.commands import AllowRecording, Command, DeclineRecording, RequestHuman
from core.conversation.consenting import waiting
from core.conversation.state import ConversationState
from core.talk import Span, UserSaid


def pressed(said: UserSaid, state: ConversationState, refuses: str | None) -> Command | None:
    """The meaning of a single key, whatever was said with it; None for the keys of a number."""
    key = said.digits.strip("#*")
    span = Span(f"pressed {key}", said.start_ms, said.end_ms)
    if key in ("0", "00"):
        return RequestHuman(span)
    if key and key == refuses:
        return DeclineRecording(span)
    return AllowRecording(span) if key == "1" and waiting(state) else None
