"""Tells IT, the department, from the word "it". Pure."""

import re

_IT = re.compile(
    r"\bIT\b|(?<!do )(?<!does )(?<!did )(?<!is )\bit(?= (?:guys?|gal|lady|person|people|company"
    r"|firm|provider|department|dept|team|staff|manager|director|support|vendor|budget|shop)\b)"
)
_AS_A_WORD = "jt"
"""Replaces it: of equal length, and no other word."""


def told_apart(text: str) -> str:
    """A text in which the department is a word of its own. Without capitals it is recognised by
    what follows: "our it guy"."""
    return text if text.isupper() else _IT.sub(_AS_A_WORD, text)
