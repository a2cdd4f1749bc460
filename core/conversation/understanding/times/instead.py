"""Another of the previously offered times, wanted instead of the chosen one. Pure.

"No, the other one", right after one of them was booked, moves the meeting there.
"""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from core.conversation.state import ConversationState
from core.conversation.understanding.times.picking import (
    DAY_ONE,
    NTH,
    NUMBERED,
    picked_of,
)
from core.conversation.understanding.times.wishes import wish_of
from core.conversation.words.utterance import Utterance
from core.scheduling.slots import Slot

_LONG = 16
"""Most words of a turn that names one of the times and is about them."""
_CHOICE = r"(?:one|won|time|slot|option|choice|appointment)"
_OTHER = re.compile(rf"\b(?:one of )?(?:the|that|your|those) other(?:s| {_CHOICE}s?| two)?\b")
_SOONER = re.compile(rf"\bthe (?:earlier|sooner)(?: {_CHOICE})?\b|\b(?:earlier|sooner) {_CHOICE}\b")
_LATER = re.compile(rf"\bthe later(?: {_CHOICE})?\b|\blater {_CHOICE}\b")
_ENDS = re.compile(
    r" ?(?:$|[.,?!;]|(?:please|instead|then|actually|after all|again|works?|suits?|you (?:had|said)"
    r"|(?:is|was|would be|sounds|looks) (?:\w+ )?"
    r"(?:better|best|fine|good|great|easier|nicer|ok|okay))\b)"
)
"""Follows a complete mention of a time, not "first one we tried"."""
_THE_ONE = re.compile(rf"\b(?:the|that|your) {_CHOICE} (?:on|at|tomorrow|today|in the)\b")
_LEAD = r"^(?:\W*(?:oh|um+|uh+|hm+|ok|okay|well|yes|yeah|so|and|but)\b)*\W*"
_ALONE = re.compile(
    _LEAD + r"(?:the |that |one of )?(?:other|earlier|sooner|later|first|furst|1st"
    r"|second|2nd|third|3rd|last|latest|former|latter|middle|option|number)"
)
"""Begins with one of the times."""
_ANEW = re.compile(
    rf"{_LEAD}(?:no|nope|nah|wait|hold on|hang on|actually|sorry|oops|whoops|ah|shoot|scratch"
    r"|scrap)\b"
    r"|\b(?:instead|rather|meant|mean|better|prefer|switch|swap|change[ds]?|move|make (?:it|that)"
    r"|after all|second thoughts?|wrong|mistake|easier|(?:let's|i'll|we'll) (?:do|go|take|say|make)"
    r"|(?:can|could|may|might) (?:we|i|you)(?: \w+)? (?:do|have|take|get|go|make))\b"
)
"""Retracts what was just settled."""
_ASKS = re.compile(r"^(?:\w+ )?(?:which|what|when|why|how|who)\b")
_CONTACT = (None, "name", "email", "phone")


def instead(
    u: Utterance, state: ConversationState, zone: ZoneInfo, rep_zone: ZoneInfo
) -> tuple[Slot, ...]:
    """Which previously offered times a turn wants now: one, or several to be told apart, or the
    very one that was chosen. `zone`: of the buyer's words."""
    taken, offered = state.meeting.start, state.times.choices
    text = u.text.strip(" .!?")
    if taken is None or len(offered) < 2 or len(u.tokens) > _LONG:
        return ()
    anew, on_it = _ANEW.search(text) is not None, _on_it(u, state)
    if asks_of_them(text):
        return _pointed_at(text, offered, taken) if on_it else ()
    told = NUMBERED.sub(" ", DAY_ONE.sub(r"\1", text))
    wish = wish_of(told, u.said.at.astimezone(zone).date(), bare=anew)
    named = DAY_ONE.search(text) or _THE_ONE.search(text)
    alone = on_it and _ALONE.match(text)
    pointed = _pointed_at(text, offered, taken) if anew or alone else ()
    if not wish.names_a_time:
        return pointed
    fits = picked_of(told, offered, wish, zone, rep_zone) if named or anew else ()
    return tuple(s for s in fits if s in pointed) or fits


def asks_of_them(text: str) -> bool:
    """Whether a turn asks what else there was to choose from, without choosing."""
    return _ASKS.search(text) is not None


def _pointed_at(text: str, offered: tuple[Slot, ...], taken: datetime) -> tuple[Slot, ...]:
    """The times that words point at without a day or an hour: "the other one", "the earlier"."""
    same = tuple(s for s in offered if s.start == taken)
    if _named(_OTHER, text):
        return tuple(s for s in offered if s.start != taken)
    if _named(_SOONER, text):
        return tuple(s for s in offered if s.start < taken) or same
    if _named(_LATER, text):
        return tuple(s for s in offered if s.start > taken) or same
    nth = {n for pattern, n in NTH if _named(pattern, text)}
    return tuple(offered[n] for n in nth if n < len(offered)) if len(nth) == 1 else ()


def _named(pattern: re.Pattern[str], text: str) -> bool:
    """Whether words name a time, and nothing else follows."""
    return any(_ENDS.match(text, m.end()) for m in pattern.finditer(text))


def _on_it(u: Utterance, state: ConversationState) -> bool:
    """Whether the time was chosen just before, with no other subject since."""
    asked = any(q.turn > state.times.turn for q in state.questions)
    return state.times.fresh(u.said.turn) and not asked and state.awaited.ask in _CONTACT
