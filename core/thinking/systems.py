"""A question whether data goes from one named system to another. Pure.

"Do you sync Postgres to Intercom" is answered by what is approved about each system, which says
what is read and what is written: words without their order would find the other direction.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from core.commands import AskProduct, Command, ProvideSignal
from core.conversation.understanding.asks.openers import opens
from core.talk import UserSaid
from core.thinking.looking import Look
from knowledge.entry import Answer
from knowledge.retrieval.words import topics

_WHETHER = re.compile(
    r"(?:(?:so|and|ok|okay|hey|hi|also|anyway)[, ]+)*(?:can|could|do|does|is|are)\b"
)
_MOVED = topics(
    "data datas customer customers user users account accounts record records row rows table tables"
    " contact contacts event events order orders info everything stuff"
    " sync move push pull load send get bring copy transfer replicate export import feed write read"
    " connect integrate link between into onto over back and possible doable feasible"
)
"""Words that add nothing to the systems between which data is to move."""


def between(
    command: AskProduct, commands: Sequence[Command], said: UserSaid, look: Look, *, whole: bool
) -> list[tuple[AskProduct, Answer]]:
    """The answer for each system, if a question names at least two and asks only whether data goes
    between them; empty otherwise.

    `whole`: the systems may stand anywhere in the turn.
    """
    text = said.text if whole else command.question
    tools = _systems(commands, text)
    low = text.lower().strip()
    if len(tools) < 2 or not (whole or _WHETHER.match(low) or not opens(low)):
        return []
    if not _only_systems(text, tools.values()):
        return []
    known = _known(command, tools, look)
    return known if len(known) == len(tools) else []


def without_systems(
    command: AskProduct, commands: Sequence[Command], look: Look
) -> tuple[AskProduct, Answer] | None:
    """A question about moving data between systems that we work with, asked and answered without
    them: "how often can you sync Snowflake to HubSpot"."""
    text = command.question
    tools = _systems(commands, text)
    if len(tools) < 2 or len(_known(command, tools, look)) < len(tools):
        return None
    places = [(text.find(quote), text.find(quote) + len(quote)) for quote in tools.values()]
    first, last = min(a for a, _ in places), max(b for _, b in places)
    way = f"{_LEADS_TO.sub('', text[:first])}{text[last:]}"
    answer = look(way, alone=True)
    return (replace(command, question=way), answer) if isinstance(answer, Answer) else None


_LEADS_TO = re.compile(r" (?:(?:data )?(?:from|between|out of) (?:our |the )?)?$")


def _systems(commands: Sequence[Command], text: str) -> dict[str, str]:
    """The systems that a text names, and how."""
    told = (c for c in commands if isinstance(c, ProvideSignal) and c.criterion == "tech_stack")
    quotes = {c.value: c.span.quote for c in told if c.polarity == "positive"}
    return {name: quote for name, quote in quotes.items() if quote in text}


def _known(
    command: AskProduct, tools: Iterable[str], look: Look
) -> list[tuple[AskProduct, Answer]]:
    """What is approved about each system."""
    found = [
        (replace(command, question=way), look(way, alone=True))
        for way in (f"do you work with {name}" for name in tools)
    ]
    return [(one, answer) for one, answer in found if isinstance(answer, Answer)]


def _only_systems(text: str, quotes: Iterable[str]) -> bool:
    """Whether a text says nothing beyond the systems and that data moves."""
    for quote in quotes:
        text = text.replace(quote, " ")
    return topics(text) <= _MOVED
