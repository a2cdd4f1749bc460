"""Says that our answer missed their question: "that's not what I asked", "you didn't answer the
SCIM part". Pure."""

import re
from collections.abc import Sequence

from core.commands import AskProduct, Chase, Command, Smalltalk
from core.conversation.state import ConversationState
from core.conversation.understanding.times.choosing import Placed
from core.conversation.words.utterance import Utterance
from knowledge.retrieval.words import carries_topic

_ASKED = r"(?:ask(?:ed|ing)?|meant?|want(?:ed)?(?: to know)?|said)\b"
_NOT = r"(?:didn'?t|did not|haven'?t|have not|never|don'?t|aren'?t|are not)"
_ANSWER = r"(?:answer(?:ed|ing)?|respond(?:ed)? to|repl(?:y|ied) to|address(?:ed)?)"
_QUESTION = r"(?:(?:me|(?:my|the|that|this)(?: other| first| last| second)? questions?)\b ?)"
_MISSED = re.compile(
    rf"\b(?:that|this|it)(?:'?s| is| was)?(?: not|n'?t) (?:(?:really|quite|exactly|at all) )*"
    rf"(?:what|the (?:thing|question|one)) i(?:'m| am| was)? ?{_ASKED}(?: (?:for|about))?"
    rf"|\b(?:that|this|it)(?:'?s| is| was)?(?: not|n'?t) (?:my|the) question\b"
    rf"|\b(?:you|u|ya)(?:'ve| have)? (?:misunderstood|misread)\b(?: {_QUESTION})?"
    rf"|\b(?:you|u|ya) (?:got|took) (?:me|my question|that|it) (?:all |completely )?wrong\b"
    rf"|\b(?:you|u|ya) (?:still )?{_NOT} (?:even |really |actually |yet )*{_ANSWER}\b"
    rf"(?: {_QUESTION})?"
    rf"|\b(?:you|u|ya) {_NOT} (?:even )?(?:read|understand|get) (?:what i \w+|{_QUESTION})"
    r"|\b(?:re-?)?read my question\b(?: again)?|^\W*wrong answer\b"
    r"|^(?:(?:but|no|and|hey|well)[, ]+)*i (?:just |only |already )?asked(?: you)?"
    r"(?= (?:about|if|whether)\b)"
)
_TOPIC = re.compile(
    r"\s*(?:(?:about|on|regarding)\s+)?(?:(?:the|my|whether|if)\s+)?"
    r"(?P<topic>[^.?!;,]{2,60}?)"
    r"(?:\s+(?:thing|question|part|bit|one|piece|issue)s?)?(?:\s+(?:yet|though|either|at all))?"
    r"\s*(?:[.?!;,]|$)"
)
"""What it was that they asked, right after the complaint."""


def missed(u: Utterance, requests: Sequence[Placed], state: ConversationState) -> list[Placed]:
    """The requests, where a complaint that nobody answered is about what was just written: what
    they asked is looked up again, or they are asked for other words."""
    complaint = _MISSED.search(u.text)
    if complaint is None or state.by_mail or not state.questions or _guessed(state):
        return [*requests]
    kept = [r for r in requests if not (isinstance(r[0], Chase) or _a_miss(r[0]))]
    topic = _TOPIC.match(u.text, complaint.end())
    if topic and carries_topic(topic["topic"]):
        start, end = topic.span("topic")
        span = u.span(start, end)
        return [*kept, (AskProduct(span, span.quote), start, end)]
    start, end = complaint.span()
    just = any(q.turn == state.turn for q in state.questions)
    command = Smalltalk(u.span(start, end), "misread" if just else "miss")
    return [*kept, (command, start, end)]


def _guessed(state: ConversationState) -> bool:
    """Whether we only guessed what they meant, which a no rejects."""
    return state.awaited.offer == "meant" or bool(state.meanings.hedged)


def _a_miss(command: Command) -> bool:
    return isinstance(command, Smalltalk) and command.kind == "miss"


def complains(commands: Sequence[Command]) -> bool:
    """Whether a turn says that we misread them, and so answers nothing itself."""
    return any(isinstance(c, Smalltalk) and c.kind == "misread" for c in commands)
