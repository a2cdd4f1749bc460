"""`Read`: a turn as the rules read it. It is half of what thinking costs: whoever asks something
more of the same turn takes the same one."""

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
class Read:
    """A turn's words as they are read, and what they ask and tell by the rules alone."""

    said: UserSaid
    commands: tuple[Command, ...]

    def along(
        self, state: ConversationState, reading: tuple[Command, ...], exact: frozenset[str]
    ) -> tuple[tuple[Command, ...], ConversationState]:
        """What the turn asks and tells by all who read it, and the state without what waited to be
        read. `reading`: a model's; `exact`: criteria of which a figure counts as it stands."""
        if added := (*state.late, *reading):
            return merged(self.commands, added, exact), replace(state, late=())
        return self.commands, state


def read(understanding: Understanding, state: ConversationState, said: UserSaid) -> Read:
    """The turn as the rules read it."""
    full = typed(without_marks(said), state.opened.channel)
    commands = understanding.read(full.said, state)
    commands = taken_up(commands, full.said, state, understanding.company)
    return Read(full.said, full.quoting(commands))
