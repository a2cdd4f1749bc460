"""`RuleReading`: a turn as the rules read it. That is half the cost of thinking, so everything that
needs it for the same turn shares one."""

from dataclasses import dataclass

from core.commands import Command
from core.conversation.state import ConversationState, replace
from core.conversation.understanding.embedded import Understanding
from core.conversation.understanding.merging import merged
from core.conversation.understanding.replies.invited import taken_up
from core.conversation.words.typed import typed
from core.privacy.given import without_marks
from core.talk import UserSaid


@dataclass(frozen=True, slots=True)
class RuleReading:
    """A turn's words and the commands that the rules alone find in them."""

    said: UserSaid
    commands: tuple[Command, ...]

    def along(
        self, state: ConversationState, reading: tuple[Command, ...], exact: frozenset[str]
    ) -> tuple[tuple[Command, ...], ConversationState]:
        """All commands of the turn, and the state without its late ones. `reading`: a model's
        commands; `exact`: criteria whose figures are taken literally."""
        if added := (*state.late, *reading):
            return merged(self.commands, added, exact), replace(state, late=())
        return self.commands, state


def read(understanding: Understanding, state: ConversationState, said: UserSaid) -> RuleReading:
    """The turn as the rules read it."""
    full = typed(without_marks(said), state.opened.channel)
    commands = understanding.read(full.said, state)
    commands = taken_up(commands, full.said, state, understanding.company)
    return RuleReading(full.said, full.quoting(commands))
