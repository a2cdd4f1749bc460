"""Whether a turn wants in writing what was said, or the invitation to a meeting. Pure."""

import re

from core.commands import CancelCallback, LeaveMessage, RequestMeeting
from core.conversation.state import ConversationState
from core.conversation.understanding.times.choosing import Placed
from core.conversation.words.utterance import Utterance
from knowledge.leading import YES_NO, lead_with

_THAT = (
    r"(?:that|this|it|them|those|these|everything|all (?:of )?(?:that|this|it)|the (?:answers?"
    r"|info|information|details|numbers?|prices?|address))"
)
_AN = r"(?:an? |my )?"
_MAIL = r"(?:e-?mails?|mails?|writing|message|paper|pdf)"
_HOW = (
    r"(?: (?:too|as well|please|then|later|over|across|instead|first|quickly|down|(?:to|for)"
    rf" (?:me|us)|(?:in|by|via|as|into|on) {_AN}{_MAIL}))*"
)
_ENDS = r"(?= ?(?:$|[.,:;?!]|(?:at|to|on) \S+@))"
_IN_WRITING = re.compile(
    r"\b(?:can|could|would|will) you (?:just |please |maybe |also )*"
    rf"(?:send|e-?mail|mail|forward|text|write)(?: (?:me|us))? {_THAT}{_HOW}{_ENDS}"
    rf"|\b(?:put|write|get|have) {_THAT}(?: down)?(?: (?:to|for) (?:me|us))? (?:in|into|on)"
    rf" {_AN}{_MAIL}\b"
    rf"|^{lead_with('just', 'please', *YES_NO)}(?:send|e-?mail|mail|text|forward)"
    rf" (?:me|us) {_THAT}{_HOW}{_ENDS}"
    r"|\b(?:i|we)(?:'d| would)? (?:rather|prefer|sooner|like|want|need)(?: to)?"
    rf"(?: (?:have|get|see|read))?(?: {_THAT})? (?:in writing|(?:by|in|as|via|over|on) {_AN}"
    r"(?:e-?mail|mail|paper))\b"
)
"""Wants in writing what was said, and asks nothing else."""
_INVITES = re.compile(
    r"\b(?:send|e-?mail|mail|forward|get)(?: (?:me|us|it|over))*"
    r" (?:(?:the|an?|that|my|your|calendar|meeting|zoom|teams) )*(?:invite|invitation)s?\b"
)


def only_in_writing(question: str) -> bool:
    """Whether a question only asks that what was said be sent."""
    return _IN_WRITING.search(question.lower()) is not None


def sent_on(
    u: Utterance, asked: list[tuple[int, int]], requests: list[Placed], state: ConversationState
) -> tuple[list[tuple[int, int]], list[Placed]]:
    """The questions and requests, including what is wanted in writing: what was said, or the
    invitation to a meeting, which is sent when that is booked."""
    arranged = bool(state.times.slots or state.meeting.held or state.meeting.booking)
    if arranged and (found := _INVITES.search(u.text)):
        start, end = found.span()
        left = [(a, b) for a, b in asked if not a <= start < b]
        return left, [*requests, (RequestMeeting(u.span(start, end), ""), start, end)]
    found = _IN_WRITING.search(u.text)
    if found is None or any(isinstance(c, CancelCallback | LeaveMessage) for c, _, _ in requests):
        return asked, requests
    start, end = found.span()
    return [*((a, b) for a, b in asked if b <= start or end <= a), (start, end)], requests
