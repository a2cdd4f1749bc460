"""A message for the team, as callers leave one: asked for first, or told in one breath. Pure."""

import re
from collections.abc import Sequence

from core.commands import (
    AskIfAI,
    AskIfRecorded,
    AskRepeat,
    Command,
    Deny,
    EndCall,
    LeaveMessage,
    OptOut,
    RequestCallback,
    RequestHuman,
    RequestMeeting,
    Unclear,
)
from core.conversation.state import ConversationState
from core.conversation.understanding.meant import request
from core.conversation.words.plain import Plain
from core.conversation.words.utterance import Utterance, fluent

EXPECTED = "message"
"""What is expected once we asked for it."""
FEWEST = 3
"""Words of a message told in one breath; fewer only ask to leave one."""
_ELSE = (
    AskIfAI, AskIfRecorded, AskRepeat, Deny, EndCall, OptOut, RequestCallback, RequestHuman,
    RequestMeeting, Unclear,
)  # fmt: skip
"""What is meant for us though a message was asked for."""
_LEADS = re.compile(r"^[\s,.:;-]*(?:that|saying|to say|please|know|about the fact)\b[\s,:]*")


def messages(
    u: Utterance, text: Plain, state: ConversationState, commands: Sequence[Command]
) -> tuple[Command, ...] | None:
    """The turn as a message, or as a wish to leave one; None when it is neither."""
    asked = state.expects(u.said.turn) == EXPECTED
    place = request("message", text)
    told = request("tell", text) if place is None else None
    if asked and place is None and not any(isinstance(c, _ELSE) for c in commands):
        return (LeaveMessage(u.whole(), fluent(u.said.text)),)
    if found := place or told:
        rest = fluent(_LEADS.sub("", u.said.text[found[1] :]))
        long = len(rest.split()) >= FEWEST
        if place is None and not long:
            return None
        return (LeaveMessage(u.whole(), rest if long else ""),)
    return None
