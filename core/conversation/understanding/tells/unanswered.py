"""What a turn does not tell: a refused or unknown answer states nothing else. Pure."""

import re
from collections.abc import Sequence

from core.commands import Command, ProvideSignal
from core.conversation.state import ConversationState
from core.conversation.understanding.meant import Place, answered
from core.conversation.words.plain import plain
from core.conversation.words.utterance import Utterance

_BESIDE = 2
"""Most other words of a mere "I don't know": "wouldn't know, mate"."""


def not_told(u: Utterance) -> Place | None:
    """Where a turn refuses to answer, or cannot."""
    text = plain(u)
    return answered("decline", text) or answered("unknown", text)


def nothing_told(u: Utterance) -> Place | None:
    """The same, if the turn says hardly anything else."""
    place = not_told(u)
    if place is None:
        return None
    beside = (u.text[: place[0]] + " " + u.text[place[1] :]).split()
    return place if sum(any(c.isalpha() for c in word) for word in beside) <= _BESIDE else None


def really_told(found: Sequence[Command], u: Utterance) -> list[Command]:
    """The findings without those in the words of a refusal: "i do" in "i do not want to say". A
    denied value there was stated: "we haven't decided when"."""
    place = not_told(u) if found else None
    return [c for c in found if place is None or not _stands_in(place, c, u)]


def whole_told(
    found: Sequence[Command], u: Utterance, state: ConversationState
) -> Sequence[Command]:
    """The findings without a count of part of a group counted before, if something else was asked:
    "in-house, four of us" of a company of a hundred and sixty."""
    if _PUTS_RIGHT.match(u.text):
        return found
    return [
        c
        for c in found
        if not (
            isinstance(c, ProvideSignal)
            and c.span.quote.lower().endswith(" of us")
            and state.signals.value(c.criterion)
            and state.awaited.asks(u.said.turn) not in (None, c.criterion)
        )
    ]


_PUTS_RIGHT = re.compile(r"(?:no|sorry|actually|wait|well|i mean|correction)\b")


def _stands_in(place: Place, command: Command, u: Utterance) -> bool:
    if not isinstance(command, ProvideSignal) or command.polarity == "negative":
        return False
    at = u.text.find(command.span.quote.lower())
    return at >= 0 and at < place[1] and place[0] < at + len(command.span.quote)
