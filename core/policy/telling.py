"""What buyers tell in words that nobody could read. Pure."""

import re

from core.conversation.understanding.replies.yes_no import consults

TELLING = 6
"""Words of a turn or a mail that tells us something, if nothing we can read."""
_TELLS = re.compile(
    r"(?:(?:so|and|but|well|yeah|okay|ok|um|uh|right|also)[, ]+)*(?:we|we've|we're"
    r"|our)\b(?: [\w'-]+){3}"
)
"""Opens words, few as they are, that tell of the buyer's own affairs."""


def of_themselves(words: str) -> bool:
    """Whether words that nobody could read tell at some length how it is with the buyer."""
    said, length = words.lower(), len(words.split())
    told = re.search(r"\b(?:we|our|us)\b", said) if length >= TELLING else _TELLS.match(said)
    return told is not None or consults(said)
