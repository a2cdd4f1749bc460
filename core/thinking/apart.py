"""Splits a question into parts to look up, and spots one that asks for a speaker. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from core.commands import AskProduct, Command, ProvideSignal, RequestHuman
from core.conversation.understanding.asks.itemised import things
from core.thinking.alternatives import Asked
from knowledge.entry import Answer, NoAnswer

Best = Callable[[AskProduct], tuple[AskProduct, Answer | NoAnswer]]
"""A question in the first wording that finds something, and what it finds."""

_LONGEST_PART, _MOST_PARTS = 6, 4
_AROUND = re.compile(
    r"^(?:(?:and|also|plus|so|an?|the|your)[, ]+)+"
    r"|^(?:we|i)(?:'d| would)? (?:like|want|wish|need) to (?:know|ask|hear|learn) (?:more )?about "
    r"|[, ]+(?:please|also|too|as well)\W*$",
    re.I,
)


_EITHER_WAY = re.compile(r",? (?:or (?:no|not)|yes or no)\b[^?]*\W*$", re.I)
"""Ends a question and asks for nothing else: "can it do Notion or not, simple yes no"."""


def each_alone(command: AskProduct, best: Best) -> list[tuple[AskProduct, Answer | NoAnswer]]:
    """Each of several things one question asks for, looked up separately, if any of them is known:
    "do you support SSO and SCIM"."""
    asked = _EITHER_WAY.sub("", command.question)
    parts = [asked[a:b] for a, b in things(asked, 0, len(asked))]
    brief = all(len(part.split()) <= _LONGEST_PART for part in parts)
    if not 1 < len(parts) <= _MOST_PARTS or not brief:
        return []
    made = []
    for part in parts:
        thing = _AROUND.sub("", part)
        ways = dict.fromkeys((thing, f"do you have {thing}"))
        tried = [best(replace(command, question=way)) for way in ways]
        made.append(next((t for t in tried if isinstance(t[1], Answer)), tried[0]))
    return made if any(isinstance(found, Answer) for _, found in made) else []


def for_a_speaker(commands: Sequence[Command], found: Asked) -> list[Command]:
    """Replaces a question about a language we have nothing on by a request for a person."""
    spoken = [
        c.span.quote.lower()
        for c in commands
        if isinstance(c, ProvideSignal) and c.criterion == "language"
    ]
    return [
        RequestHuman(c.span)
        if isinstance(c, AskProduct)
        and isinstance(found.get(c.question), NoAnswer)
        and any(quote in c.question.lower() for quote in spoken)
        else c
        for c in commands
    ]
