"""The authored caller: what they say next, given what was asked. No clock, no I/O."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.asking import Confirm, Offer, read
from core.evaluation.format import Conversation, Line, Reply

CONFIRMS = "Yes, that's right."
"""The caller's default reply to a number or address that is read back."""
MEANT, NOT_MEANT = "Yes, that's what I meant.", "No, that's not what I'm asking."
"""The caller's reply to our guess at their question, by whether the article answers it."""
FIRST = "The first one works for me."
"""What a caller who wants a call replies to offered times."""
NO = re.compile(r"(?:um |hm |uh )?(?:no|not|nah|maybe later|i'd rather not)\b")
MOST_TIMES = 2
"""How often a repeated question is answered in the same way."""
MOST_CONFIRMS = 4
MOST_SAYINGS = 60
"""A longer conversation is ended."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing the caller says. `line`: a turn of the script; `reply`: an answer to a request."""

    text: str
    line: Line | None = None
    asked: str | None = None
    reply: Reply | None = None


class AuthoredCaller:
    """Follows one conversation's script, and answers what is asked in between."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._next = 0
        self._said = 0
        self._line: Line | None = None
        self._answered: Counter[str] = Counter()

    def next(self, asks: Sequence[str]) -> Saying | None:
        """The next saying, after a reply that asks for `asks`; None when there is nothing more."""
        self._said += 1
        if self._said > MOST_SAYINGS:
            return None
        for ask in asks:
            asked = read(ask)
            key = key_of(asked)
            if isinstance(asked, Offer) and asked.article:
                return Saying(self._meant(asked.article), asked=key)
            if (saying := self._answer(key)) is not None:
                return saying
        if self._next >= len(self._conversation.turns):
            return None
        line = self._conversation.turns[self._next]
        self._next += 1
        self._line = line
        return Saying(line.caller, line)

    @property
    def left(self) -> int:
        """How many turns of the script remain unsaid."""
        return len(self._conversation.turns) - self._next

    def _meant(self, article: str) -> str:
        """The reply to our guess, by whether the last turn asked for this article."""
        line = self._line
        wanted = line.answer if line else ()
        if line and not line.defer:
            wanted = (*wanted, *line.may_answer)
        return MEANT if article in {a.strip() for w in wanted for a in w.split("|")} else NOT_MEANT

    def _slots(self) -> Reply | None:
        """A caller who wants a call takes the first time offered; others decline as for any
        call."""
        called = self._conversation.answers.get("callback")
        wants = any(line.invites for line in self._conversation.turns)
        return Reply(say=FIRST) if wants and called is None else called and _chosen(called)

    def _answer(self, key: str) -> Saying | None:
        reply = self._conversation.answers.get(key)
        if key == "more" and self.left:
            return None
        if reply is None and key == "confirm":
            reply = Reply(say=CONFIRMS)
        if reply is None and key == "slots":
            reply = self._slots()
        times = MOST_CONFIRMS if key == "confirm" else MOST_TIMES
        if reply is not None and self._answered[key] < times:
            self._answered[key] += 1
            return Saying(reply.say, asked=key, reply=reply)
        evades = reply is None and self._conversation.otherwise and key not in _OFFERED
        if evades and not self._answered[key]:
            self._answered[key] += 1
            return Saying(self._conversation.otherwise or "", asked=key)
        return None


_OFFERED = ("callback", "more", "permission", "confirm", "slots", "transfer", "cancel", "ai_call")


def agrees(words: str) -> bool:
    """Whether a reply accepts an offer."""
    return NO.match(re.sub(r"[^\w' ]", "", words.lower())) is None


def _chosen(called: Reply) -> Reply:
    return Reply(say=FIRST) if agrees(called.say) else called


def key_of(asks: str | Confirm | Offer) -> str:
    """What answers it in a script: `callback` a proposed callback, `confirm` a read-back."""
    match asks:
        case Offer(what):
            return what
        case Confirm():
            return "confirm"
        case _:
            return asks
