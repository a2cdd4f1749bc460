"""How certain a figure is, and which of several a buyer lets stand."""

import re
from collections.abc import Sequence

from core.conversation.words.numbers import SCALES, VAGUE, Number, numbers
from core.conversation.words.utterance import Utterance
from knowledge.number_words import TEENS, TENS, UNITS
from knowledge.retrieval.english import LIGHT, STOP

HEDGE = re.compile(
    r"\b(maybe|probably|i think|i guess|not sure|might|perhaps|i believe|possibly|kind of|sort of"
    r"|could be|i'd say|i suppose|don't know exactly|ballpark|something like|if i had to guess)\b"
)
TAKEN_BACK = r"i meant?|correction|scratch that"
"""Words that retract what was just said, whatever it was, and replace it."""
_TAKES_BACK = re.compile(
    rf"\b(?:{TAKEN_BACK}|sorry|actually|wait|make that|or rather"
    r"|did i say|my mistake|old figure|no"
    r"|i should say|now (?:it's|we're|it is|we are)|closer to|more like|down to"
    r"|(?<!get )(?<!getting )(?<!climb )(?<!reach )up to)\b"
)
_NOT_IT = re.compile(r"\b(?:not|i said|i say|instead of|rather than) (?:a |about |just )?$")
_FROM_TO = re.compile(
    r"\b(?:grew|grown|growing|went|gone|scaled|scaling|expanded|shrank|shrunk|cut|doubled|jumped"
    r"|increased|moved)\b[^.?!]{0,20}\bfrom (?:about |around |just )?$"
)
"""A change from one figure to another: the later one holds."""


def certainty(u: Utterance, start: int, end: int, base: float) -> float:
    """Base confidence, reduced by a nearby hedge and by a doubtful recognition."""
    near = u.text[max(0, start - 30) : end + 20]
    hedged = 0.75 if HEDGE.search(near) else 1.0
    return round(base * hedged * min(1.0, 0.4 + 0.6 * u.confidence(start, end)), 3)


def standing_numbers(text: str, found: Sequence[Number]) -> list[Number]:
    """The numbers without retracted ones: "two hundred, not twenty", "from fifty to ninety"."""
    kept = [
        _later(text, n)
        for n in found
        if not _NOT_IT.search(text[max(0, n.start - 20) : n.start]) or len(found) == 1
    ]
    for i in range(len(kept) - 1, 0, -1):
        if _TAKES_BACK.search(text[kept[i - 1].end : kept[i].start]):
            return kept[i:]
    return kept


def _later(text: str, number: Number) -> Number:
    """The end of a range that is a change over time."""
    if number.low == number.high or not _FROM_TO.search(text[: number.start]):
        return number
    return Number(number.high, number.high, number.start, number.end, number.approximate)


def only_figures(clause: str) -> bool:
    """Whether a clause with a question's intonation is only a figure or a time."""
    plain = STOP | LIGHT | set(UNITS) | set(TEENS) | set(TENS) | set(SCALES) | set(VAGUE)
    words = re.findall(r"[a-z']+", clause)
    if re.search(r"\b(?:number|figure)\b", clause):
        return False
    return bool(re.search(r"\d", clause) or numbers(clause)) and all(
        w in plain or w in ("hundred", "people", "employees", "months", "weeks") for w in words
    )
