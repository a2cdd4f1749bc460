"""Groups messages that a visitor writes in a row, and decides when they are complete. Pure.

A visitor who types "hi", "quick question", "do you integrate with" and "snowflake?" says one thing.
A message that ends with punctuation is complete and answered at once; others wait briefly for more.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.conversation.state import ConversationState, replace
from core.events import SignalCaptured
from core.talk import UserSaid, Word

OPEN = timedelta(seconds=3)
"""Wait after words that continue: "do you integrate with", "we use snowflake and"."""
LEADS = timedelta(seconds=1.5)
"""Wait after a greeting, or words that only announce a question."""
PLAIN = timedelta(seconds=0.6)
"""Wait after a complete message without final punctuation, as most are."""
WRITES = timedelta(seconds=4)
"""Wait after the visitor was last seen typing: a page reports it every three seconds at most."""
MOST = timedelta(seconds=8)
"""Longest wait from the first message on, whatever is being typed."""
_AT_ONCE = timedelta()

_LEAD = re.compile(
    r"(?:(?:hi|hey|hello|helo|hiya|howdy|yo|greetings|good (?:morning|afternoon|evening|day)"
    r"|morning|ok|okay|so|well|um+|hm+|also|and|oh|right|alright|sorry|excuse me"
    r"|there|all|guys|team|everyone|again|please|actually|wait"
    r"|one (?:sec(?:ond)?|moment|more thing)"
    r"|(?:i(?:'ve| have|'ve got)?(?: got)?|just|got|have)?(?: an?| one| some)?"
    r" ?(?:quick|small|short|simple|another|random|dumb|silly|tech(?:nical)?|general)*"
    r" ?(?:questions?(?: for (?:you|ya))?|quick (?:one|thing))"
    r"|can i ask (?:you )?(?:something|a (?:quick )?question)|i was wondering"
    r"|is (?:anyone|anybody|someone) (?:there|here))[\s,.!?:;-]*)+"
)
_REPLY = re.compile(r"(?:ok|okay|right|alright|sorry|please|again|oh|well|all|there)[\s,.!?]*")
"""As often an answer by itself as a beginning."""
_WHOLE = re.compile(r"[.?!)…\"'”]\s*$")
_TRAILS = re.compile(r"(?:\.\.+|…|[,:;&+/(]|\s-+)\s*$")
_GOES_ON = re.compile(
    r"(?:^|\s)(?:and|or|but|because|cause|cuz|if|whether|than|as|with|without|to|for|from|of|in|on"
    r"|at|by|about|into|between|via|per|vs|versus|plus|using|the|an?|our|your|my|their|its|some|any"
    r"|is|are|was|were|we're|i'm|it's)$"
)
_WHOLE_SO = re.compile(
    r"^(?:(?:so|and|ok|but) )*(?:what|which|who|where|how)\b.*\s(?:with|for|from|to|of|on|about|in"
    r"|is|are|as)$"
    r"|^(?:yes|yeah|yep|no|nope|sure),? (?:we|i|it|they|that|those|you) (?:are|is|was|were)$"
    r"|\b(?:(?:log|sign|come|drop|check|get|fill)\w*|\w+ed) (?:in|on|by)$"
)
"""Complete although it ends in such a word: "what does it work with", "I can't log in"."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message, and when it arrived."""

    turn: int
    text: str
    at: datetime
    ms: int = 0
    """Its position in the conversation."""


def patience(text: str) -> timedelta:
    """How long the answer to a message waits for another that continues it."""
    plain = text.strip().lower().replace("\u2019", "'")
    if _LEAD.fullmatch(plain) and not _REPLY.fullmatch(plain):
        return LEADS
    if _TRAILS.search(plain):
        return OPEN
    if _WHOLE.search(plain):
        return _AT_ONCE
    return OPEN if _GOES_ON.search(plain) and not _WHOLE_SO.search(plain) else PLAIN


def together(messages: Sequence[Message]) -> Sequence[Message]:
    """The first messages that say one thing: each arrived while the previous one was waiting."""
    for n, (one, after) in enumerate(zip(messages, messages[1:], strict=False), start=1):
        whole = patience(one.text) == _AT_ONCE
        if whole or after.at - one.at > MOST or after.at - messages[0].at > 2 * MOST:
            return messages[:n]
    return messages


def due(messages: Sequence[Message], wrote: datetime | None = None) -> datetime:
    """When they may be answered. `wrote`: when the visitor was last seen typing."""
    last = messages[-1]
    wait = patience(last.text)
    ready = last.at + wait
    if wait and wrote is not None and wrote >= last.at:
        ready = max(ready, wrote + WRITES)
    return min(ready, max(messages[0].at + MOST, last.at + _AT_ONCE))


def joined(messages: Sequence[Message]) -> UserSaid:
    """Messages as one turn, the last one's, in which each word has its message's position."""
    text, words = "", []
    for one in messages:
        text += (_between(text) if text else "") + one.text
        words += [Word(w, one.ms, one.ms) for w in one.text.split()]
    first, last = messages[0], messages[-1]
    return UserSaid(last.turn, text, first.ms, last.ms, last.at, tuple(words) * (first != last))


def _between(text: str) -> str:
    """The separator between a message and the one that continues it."""
    return " " if patience(text.split("\n")[-1]) == OPEN or not text[-1:].isalnum() else ", "


def aged(state: ConversationState, messages: Sequence[Message]) -> ConversationState:
    """The state before messages that form one turn: what was just asked or offered still was."""
    more = len(messages) - 1
    if not more:
        return state
    return replace(
        state,
        awaited=replace(state.awaited, turn=state.awaited.turn + more),
        times=replace(state.times, turn=state.times.turn + more),
    )


def placed(signal: SignalCaptured, messages: Sequence[Message]) -> SignalCaptured:
    """A signal of the turn, placed at the message that says it, if one does."""
    if signal.turn != messages[-1].turn or not signal.quote:
        return signal
    said = next((m for m in messages if signal.quote in m.text), None)
    return replace(signal, turn=said.turn, start_ms=said.ms, end_ms=said.ms) if said else signal
