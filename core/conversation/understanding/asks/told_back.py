"""Whether somebody asks what they told us: "do you remember what industry we're in"."""

import re

from core.commands import AskTold
from core.conversation.words.utterance import Utterance
from core.talk import Span

_ABOUT = (
    ("industry", r"industry|sector|trade|field|line of (?:work|business)|what we do"),
    ("employees", r"how (?:big|large|many)|size|headcount|employees|people"),
    ("tech_stack", r"warehouse|database|stack|tools?"),
    ("name", r"name|who i am"),
    ("role", r"role|title|job|position"),
    ("location", r"where|location|city|country|place"),
    ("timeline", r"when|timeline|deadline|date"),
    ("budget", r"budget|spend"),
    ("use_case", r"use case|project|looking for|trying to"),
    ("company", r"company"),
)


def asks_told(span: Span, _: Utterance) -> AskTold:
    """Which fact they ask about, if their words say so."""
    said = span.quote.lower()
    about = (name for name, words in _ABOUT if re.search(rf"\b(?:{words})\b", said))
    return AskTold(span, "" if re.search(r"\babout (?:me|us)\b", said) else next(about, ""))
