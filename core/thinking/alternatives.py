"""One question put two ways in a turn: "is it hourly, or do I have to wait a day". Pure."""

import re
from collections.abc import Sequence

from core.commands import AskProduct, Command
from knowledge.entry import Answer, NoAnswer

Asked = dict[str, Answer | NoAnswer]
"""What knowledge returns for each question of a turn, by its text."""

_OR = re.compile(
    r"[\s,?]*or (?:do|does|will|would|is|are|am|should|must) (?:i|we|it|they|that|there)\b",
    re.IGNORECASE,
)


def without_the_other_way(
    commands: Sequence[Command], text: str, asked: Asked
) -> tuple[Command, ...]:
    """The commands without a second wording of an answered question; `asked` drops it too."""
    kept: list[Command] = []
    before: AskProduct | None = None
    for command in commands:
        if isinstance(command, AskProduct):
            if before and _put_again(before, command, text, asked):
                del asked[command.question]
                continue
            before = command
        kept.append(command)
    return tuple(kept)


def _put_again(first: AskProduct, other: AskProduct, text: str, asked: Asked) -> bool:
    between = text[text.find(first.span.quote) + len(first.span.quote) :]
    answered = isinstance(asked.get(first.question), Answer)
    return answered and isinstance(asked.get(other.question), NoAnswer) and bool(_OR.match(between))
