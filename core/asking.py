"""What a turn's questions are answered with, each in the wording that knowledge understands. Pure.

A recogniser blurs where a question begins: its matter may stand before it ("we're on snowflake,
can you hook into that"), a caller who breaks in may start with words that mean nothing, and a bare
"growth plan price" is no sentence at all. Each is tried as it was put first.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from core.commands import AskProduct, Command, Unclear
from core.conversation.understanding.embedded import DOUBTFUL
from core.conversation.understanding.questions import ASKING, tails
from core.talk import UserSaid
from knowledge.entry import Answer, NoAnswer

Look = Callable[[str], Answer | NoAnswer]
Asked = dict[str, Answer | NoAnswer]
"""What knowledge has for each question of a turn, by its words."""

_BREAKS_IN = re.compile(
    r"\b(?:stop|sorry|wait|hold|hang|interrupt|question|okay|actually|thanks?|excuse)\b"
)
_POINTS_BACK = re.compile(r"\b(?:it|that|this|there|them|those|these|one)\b")
_SHORT = 5


def look_up(
    commands: tuple[Command, ...], said: UserSaid, look: Look
) -> tuple[tuple[Command, ...], Asked]:
    """The commands with each question in the words that found an answer, and what was found."""
    asked: Asked = {}
    made: list[Command] = []
    for command in commands:
        if isinstance(command, AskProduct):
            command, asked[command.question] = _best(command, said, look)
        elif isinstance(command, Unclear) and _heard(command, said):
            found = look(said.text)
            if isinstance(found, Answer):
                command, asked[said.text] = AskProduct(command.span, said.text), found
        made.append(command)
    return tuple(made), asked


def wanted(commands: tuple[Command, ...], said: UserSaid) -> tuple[str, ...]:
    """Every text that `look_up` may look up, each once."""
    texts: list[str] = []
    for command in commands:
        if isinstance(command, AskProduct):
            texts += [command.question, *_wordings(command.question, said.text)]
        elif isinstance(command, Unclear) and _heard(command, said):
            texts.append(said.text)
    return tuple(dict.fromkeys(texts))


def _heard(command: Unclear, said: UserSaid) -> bool:
    """Whether words came through, though no sentence did."""
    return command.reason != "empty" and said.confidence >= DOUBTFUL


def _best(command: AskProduct, said: UserSaid, look: Look) -> tuple[AskProduct, Answer | NoAnswer]:
    """A question as it was put; where that finds nothing, the first other wording that does."""
    found = look(command.question)
    if isinstance(found, Answer):
        return command, found
    for wording in _wordings(command.question, said.text):
        other = look(wording)
        if isinstance(other, Answer):
            return replace(command, question=wording), other
        if isinstance(found, NoAnswer) and found.perhaps is None:
            found = replace(found, perhaps=other.perhaps)
    return command, found


def _wordings(question: str, text: str) -> Iterator[str]:
    before = text[: max(text.find(question), 0)].lower()
    for lead, tail in tails(question.lower()):
        if _BREAKS_IN.search(before + lead) or ASKING.match(tail):
            yield question[len(lead) : len(lead) + len(tail)]
    leans = len(question.split()) <= _SHORT or _POINTS_BACK.search(question.lower())
    if leans and len(question) < len(text):
        yield text
