"""What buyers tell in words that nobody could read as anything. Pure."""

import re

from core.commands import Unclear
from core.conversation.understanding.replies.yes_no import considers, consults
from core.talk import Span

AT_LENGTH = 6
"""Words of a turn or a mail that tells us something, if nothing we can read."""
_TELLS = re.compile(
    r"(?:(?:so|and|but|well|yeah|okay|ok|um|uh|right|also)[, ]+)*(?:we|we've|we're"
    r"|our)\b(?: [\w'-]+){3}"
)
"""Opens words, few as they are, that tell of the buyer's own affairs."""
_OF_THEM = re.compile(r"\b(?:we|our|us)\b")


def unread(span: Span) -> Unclear:
    """Words that mean nothing to us, with what they do all the same: ask, wait until somebody has
    thought or was asked, tell of the buyer's own affairs, tell something at length."""
    words = span.quote.lower()
    if "?" in words:
        return Unclear(span, "meaningless", "asks")
    if consults(words) or considers(words):
        return Unclear(span, "meaningless", "waits")
    long = len(words.split()) >= AT_LENGTH
    if _OF_THEM.search(words) if long else _TELLS.match(words):
        return Unclear(span, "meaningless", "theirs")
    return Unclear(span, "meaningless", "tells" if long else "")
