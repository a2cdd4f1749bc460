"""Times as a speaker settles on them: without hesitation, and the last of those corrected."""

import re

_HESITATES = re.compile(r",?\s*\b(?:u+h+m*|u+m+|e+rm+|er|h+m+|a+h+)\b,?")
_HOUR = (
    r"(?:\d{1,2}(?::\d\d)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"(?:[ -]?(?:thirty|fifteen|forty[ -]five|o'?clock))?(?: ?[ap]\.? ?m\b\.?)?"
)
_DAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tomorrow)"
_RIGHTS = (
    r"(?:,|\.{2,}|-+)*(?:\s+(?:no|wait|sorry|actually|rather|or rather|i meant?"
    r"|make (?:that|it)|let's say|scratch that)\b,?)+\s+(?:at |on )?"
)
_RIGHTED = tuple(
    re.compile(rf"\b{kind}{_RIGHTS}(?={kind}(?![\w:]| (?:works?|people|of (?:us|them))\b))")
    for kind in (_HOUR, _DAY)
)
"""An hour put right by another hour, a day by another day."""


def put_right(text: str) -> str:
    """A lower-case text in which "at uh two no three" is "at three"."""
    text = _HESITATES.sub("", text)
    for righted in _RIGHTED:
        text = righted.sub("", text)
    return text
