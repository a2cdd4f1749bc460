"""A turn in which a card was given, as understanding sees it: the marks removed, the card known."""

from dataclasses import replace

from core.commands import Command, GaveCard, Unclear
from core.privacy.cards import CARD, DETAIL, marked
from core.talk import Span, UserSaid


def without_marks(said: UserSaid) -> UserSaid:
    """The turn with blanks where a card was removed, so that marks are not read as words."""
    if not marked(said.text):
        return said
    text = said.text
    for mark in (CARD, DETAIL):
        text = text.replace(mark, " " * len(mark))
    return replace(said, text=text)


def with_card(commands: tuple[Command, ...], given: UserSaid) -> tuple[Command, ...]:
    """The turn's commands, with the card; words that only introduced it need no clarification."""
    if not marked(given.text):
        return commands
    clear = tuple(c for c in commands if not isinstance(c, Unclear))
    return (*clear, GaveCard(Span(CARD, given.start_ms, given.end_ms)))
