"""A greeting alone, or one followed by something unreadable. Pure."""

import re
from collections.abc import Sequence

from core.commands import Command, Smalltalk
from core.conversation.words.utterance import Utterance
from knowledge.retrieval.words import carries_topic

_PLEASANTRY = re.compile(
    r"(?:and )?(?:i )?hope (?:you|this|all|every\w+)\b.*?\b(?:well|good|fine|day|week(?:end)?)\b"
    r"(?: today)?|(?:it's )?(?:nice|pleased|good|lovely|great) to (?:meet|talk to|speak (?:to|with)"
    r"|hear) you"
)
_MORE = 4
"""Words after a greeting that are more than a courtesy."""


def greets_and_more(u: Utterance, commands: Sequence[Command]) -> bool:
    """Whether significant words follow a greeting that was all that could be read.

    Half heard ("hello damage is the starter plan per month"), it is not just a greeting.
    """
    greetings = [c for c in commands if isinstance(c, Smalltalk) and c.kind == "greeting"]
    if not greetings or len(greetings) < len(commands):
        return False
    rest = _PLEASANTRY.sub("", u.text)
    for greeting in greetings:
        rest = rest.replace(greeting.span.quote.lower(), "", 1)
    return len(rest.split()) >= _MORE and carries_topic(rest)
