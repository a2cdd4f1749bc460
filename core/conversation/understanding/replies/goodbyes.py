"""Whether an apparent goodbye was one. Pure."""

import re
from collections.abc import Sequence

from core.commands import Command, EndCall, ProvideSignal
from core.conversation.state import ConversationState
from core.conversation.words.counting import just_one
from core.conversation.words.numbers import numbers
from core.conversation.words.utterance import Utterance

DOUBTFUL = 0.3
"""Recogniser confidence below which a turn without usable content is asked again."""
BARE_GOODBYE = 2
"""Most words of a bare goodbye; a longer one ("no thanks, goodbye") was hardly a greeting."""
_THAT_IT = re.compile(r"that(?:'s| is| was) (?:it|the one)\b")
_SHORT = 6
"""Most words of a turn that only finds a name: "redshift, that's it"."""


def sure_goodbye(u: Utterance, commands: list[Command], state: ConversationState) -> list[Command]:
    """The commands without a doubtful goodbye: hanging up cannot be undone, asking can.

    By phone "hi" may be heard as "bye", so a bare one is doubted as the first words of a call, and
    so is any that was poorly heard; repeated after our question, it is believed.
    """
    ends = [c for c in commands if isinstance(c, EndCall)]
    no_end = [
        c
        for c in ends
        if _names(u, commands, c)
        or _only_wishes(u, c)
        or _is_well(u, c)
        or (state.awaited.asks(u.said.turn) and _is_no_more(u, c))
    ]
    commands = [c for c in commands if c not in no_end]
    if state.opened.channel != "voice" or state.unclear or state.ending.farewell:
        return commands
    first = not state.history.by("caller")
    if u.said.confidence < DOUBTFUL or (first and len(u.tokens) <= BARE_GOODBYE):
        return [command for command in commands if not isinstance(command, EndCall)]
    return commands


_ALL = re.compile(r"(?:and |so )?that(?:'s| is) (?:all|it|everything)$")
_WISHES = re.compile(
    r"\b(?:i|we)(?:'d| would)? (?:(?:just|only|really|simply) )*(?:like|love|want|need)\b"
    r"(?! to know)[^.?!]*$"
)
_PARTS = re.compile(r"\b(?:bye|goodbye|thanks|thank you|cheers|good day|good night|take care)\b")


def _only_wishes(u: Utterance, end: EndCall) -> bool:
    """Whether "that's all" only says that a wish is small: "I'd like a call, that's all"."""
    said = end.span.quote.lower()
    place = u.text.rfind(said)
    wished = _WISHES.search(u.text[: max(place, 0)])
    return bool(_ALL.fullmatch(said) and wished) and not _PARTS.search(u.text)


def _is_no_more(u: Utterance, end: EndCall) -> bool:
    """Whether "that's it" only closes the figure we asked for: "one tunnel, that's it"."""
    said = end.span.quote.lower()
    before = u.text[: max(u.text.find(said), 0)]
    told = numbers(before) or just_one(before)
    return bool(_ALL.fullmatch(said) and told) and not _PARTS.search(u.text)


def _is_well(u: Utterance, end: EndCall) -> bool:
    """Whether "I'm good, thanks" only says how they are: a caller who goes on is not done."""
    said = end.span.quote.lower()
    rest = _PARTS.sub(" ", u.text[u.text.find(said) + len(said) :])
    return bool(_WELL.match(said)) and len(rest.split()) >= _GOES_ON


_WELL = re.compile(r"(?:i'm|i am|we're|we are|all) (?:good|fine|well)\b")
_GOES_ON = 4
"""Words after it, without those of parting, that make it the beginning of something."""


def _names(u: Utterance, commands: Sequence[Command], end: EndCall) -> bool:
    """Whether "that's it" only says that the name before it was the one they were looking for."""
    named = any(isinstance(c, ProvideSignal) and c.span.quote in u.said.text for c in commands)
    return named and len(u.tokens) <= _SHORT and bool(_THAT_IT.match(end.span.quote.lower()))
