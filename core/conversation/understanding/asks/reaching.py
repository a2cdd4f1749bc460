"""Whether callers only make sure whom they have reached: "is this tide line". Pure."""

import re

from rapidfuzz import fuzz

from core.conversation.words.lexicon import Lexicon, compact

_IS_THIS = re.compile(
    r"(?i:is this|am i (?:speaking|talking) (?:to|with))\s+(?i:the )?(?P<name>[^?.!]*)"
)
_ALIKE = 80.0
"""Likeness, of 100, from which a name that was heard is ours."""


def asks_who(question: str, ours: str, lexicon: Lexicon) -> bool:
    """Whether a question, in the case it was written in, is for us or for somebody else by name."""
    match = _IS_THIS.match(question)
    if match is None:
        return False
    other = match["name"].split()
    named = 2 <= len(other) <= 3 and all(word[0].isupper() for word in other)
    if named and not lexicon.names(match["name"].lower()):
        return True  # a wrong number
    return fuzz.ratio(compact(match["name"].lower()), compact(ours)) >= _ALIKE
