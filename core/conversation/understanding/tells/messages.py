"""A message for the team: asked for first, or left in one sentence. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

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
from core.conversation.words.lexicon import Mention
from core.conversation.words.plain import Plain
from core.conversation.words.utterance import Utterance, fluent
from knowledge.profile import Company

FEWEST = 3
"""Fewest words of a message left in one sentence; fewer only ask to leave one."""
FEWEST_TOLD = 2
"""The same for what somebody is to be told, or to do: "have him resend it"."""
_ELSE = (
    AskIfAI, AskIfRecorded, AskRepeat, Deny, EndCall, OptOut, RequestCallback, RequestHuman,
    RequestMeeting, Unclear,
)  # fmt: skip
"""Meant for us although a message was asked for."""


def for_whom(
    left: tuple[Command, ...], named: Sequence[Mention], state: ConversationState, company: Company
) -> tuple[Command, ...]:
    """A message with its recipient among our people: `named` in this turn, else earlier."""
    names = [m.name for m in named[:1]]
    if not names:
        wrote = [line.lower() for line in reversed(state.history.by("caller"))]
        own = (state.signals.value("name") or "").lower()
        first = {p.name.split()[0].lower(): p.name for p in company.team}
        said = (word for line in wrote for word in re.findall(r"[^\W\d_]+", line))
        names = [first[word] for word in said if word in first and word not in own][:1]
    ids = [p.id for p in company.team if p.name in names]
    return tuple(replace(c, rep=ids[0]) if ids and isinstance(c, LeaveMessage) else c for c in left)


def _retimed(state: ConversationState, commands: Sequence[Command]) -> bool:
    """Whether a promised call gets another time: anything said along with it is for that call."""
    when = any(isinstance(c, RequestCallback) and c.when for c in commands)
    return state.callback is not None and when


_LEADS = re.compile(r"^[\s,.:;-]*(?:that|saying|to say|please|know|about the fact)\b[\s,:]*")


def messages(
    u: Utterance, text: Plain, state: ConversationState, commands: Sequence[Command]
) -> tuple[Command, ...] | None:
    """The turn as a message, or as a wish to leave one; None when it is neither."""
    asked = state.awaited.asks(u.said.turn) == "message"
    place = request("message", text)
    told = request("tell", text) if place is None else None
    if asked and place is None and not any(isinstance(c, _ELSE) for c in commands):
        return (LeaveMessage(u.whole(), fluent(u.said.text)),)
    if (found := place or told) and not _retimed(state, commands):
        rest = fluent(_LEADS.sub("", u.said.text[found[1] :]))
        long = len(rest.split()) >= (FEWEST if place else FEWEST_TOLD)
        if place is None and not long:
            return None
        return (LeaveMessage(u.whole(), rest if long else ""),)
    return None
