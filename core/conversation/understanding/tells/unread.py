"""What buyers say in words that nothing could parse. Pure."""

import re

from core.commands import Unclear
from core.conversation.understanding.replies.yes_no import considers, consults
from core.talk import Span
from knowledge.leading import YES_NO, lead_with

AT_LENGTH = 6
"""A turn or mail of this many words says something, even if unreadable."""
_TELLS = re.compile(
    rf"{lead_with('yeah')}(?:we|we've|we're"
    r"|our)\b(?: [\w'-]+){3}"
)
"""Opens words, however few, about the buyer's own affairs."""
_STATES = re.compile(
    lead_with(*YES_NO)
    + r"(?:(?:it's|it is|they're|they are|there's|there are|these are|those are|mostly|mainly"
    r"|(?:her|his|their) name(?:'s| is)"
    r"|usually|typically|just|only|about|around|roughly|maybe|like|from|every|once|twice)\b"
    r"(?: [\w'-]+){2,})[ .!]*$"
)
"""Words that state something about a thing: "it's about 250 miles", "like every monday"."""
_NEEDS = re.compile(
    lead_with("there", *YES_NO)
    + r"(?:i|we)(?:'m|'re| am| are)? (?:just |really |also |actually |only )*"
    r"(?:need|needing|want|wanting|looking (?:for|to|into)|after|trying to|interested in"
    r"|calling (?:about|because|for|to)|wondering about|thinking (?:of|about)|in the market for)"
    r" (?!(?:you|to (?:know|ask|talk|speak))\b)[\w'-]+"
)
"""Opens a wish for anything."""


def wishes(words: str) -> bool:
    """Whether a lower-case turn opens with a wish of the buyer's own."""
    return _NEEDS.match(words) is not None


_OF_THEM = re.compile(r"\b(?:we|our|us)\b")


def unread(span: Span) -> Unclear:
    """Words without meaning to us, and what they do all the same: ask, defer until they have
    thought or asked somebody, describe their affairs, say something at length."""
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
