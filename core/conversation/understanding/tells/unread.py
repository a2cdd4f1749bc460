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
_STATES = re.compile(
    r"(?:(?:so|and|but|well|yeah|okay|ok|um|uh|right|also|no|nope|yes|oh)[, ]+)*"
    r"(?:(?:it's|it is|they're|they are|there's|there are|these are|those are|mostly|mainly|usually"
    r"|typically|just|only|about|around|roughly|maybe|like|from|every|once|twice)\b"
    r"(?: [\w'-]+){2,})[ .!]*$"
)
"""Words that state something of a thing: "it's about 250 miles", "like every monday"."""
_NEEDS = re.compile(
    r"(?:(?:so|and|but|well|yeah|yes|okay|ok|um|uh|right|hi|hello|hey|there|no)[, ]+)*"
    r"(?:i|we)(?:'m|'re| am| are)? (?:just |really |also |actually |only )*"
    r"(?:need|needing|want|wanting|looking (?:for|to|into)|after|trying to|interested in"
    r"|calling (?:about|because|for|to)|wondering about|thinking (?:of|about)|in the market for)"
    r" (?!(?:you|to (?:know|ask|talk|speak))\b)[\w'-]+"
)
"""Opens words that state a wish, whatever for."""


def wishes(words: str) -> bool:
    """Whether a turn, in lower case, opens with a wish of the buyer's own."""
    return _NEEDS.match(words) is not None


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
    if wishes(words) or (_OF_THEM.search(words) if long else _TELLS.match(words)):
        return Unclear(span, "meaningless", "theirs")
    if _STATES.match(words):
        return Unclear(span, "meaningless", "states")
    return Unclear(span, "meaningless", "tells" if long else "")
