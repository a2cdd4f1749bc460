"""A visitor's reply to the chat's own invitation: a plain yes asks what it offered. Pure."""

import re

from core.commands import Affirm, AskProduct, Command, Invite, Smalltalk, Unclear
from core.conversation.state import ConversationState
from core.talk import UserSaid
from knowledge.profile import Company

_GO_ON = re.compile(
    r"\W*(?:please |just )?(?:do|tell me|show me|go on|go ahead)(?: more)?\b\W*", re.I
)


def taken_up(
    commands: tuple[Command, ...], said: UserSaid, state: ConversationState, company: Company
) -> tuple[Command, ...]:
    """The commands; if they only agree, those of a visitor who asks the invitation's question."""
    invitation = company.chat.invitation(state.opened.invited)
    if said.turn != 1 or invitation is None or not invitation.asks:
        return commands
    agreeing = [c for c in commands if isinstance(c, Affirm | Invite)]
    if all(isinstance(c, Unclear) for c in commands) and _GO_ON.fullmatch(said.text):
        return (AskProduct(commands[0].span, invitation.asks),)
    if not agreeing or not all(isinstance(c, Affirm | Invite | Smalltalk) for c in commands):
        return commands
    return (*commands, AskProduct(agreeing[0].span, invitation.asks))
