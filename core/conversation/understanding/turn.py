"""What every pass over a turn's words looks at."""

from dataclasses import dataclass

from core.asking import Confirm
from core.conversation.state import ConversationState
from core.conversation.words.lexicon import Mention
from core.conversation.words.plain import Plain
from core.conversation.words.utterance import Utterance


@dataclass(frozen=True, slots=True)
class Turn:
    """What every pass over a turn looks at."""

    u: Utterance
    mentions: list[Mention]
    named: list[Mention]
    """The colleagues of ours that are named."""
    text: Plain
    state: ConversationState

    @property
    def fresh(self) -> str | Confirm | None:
        """What we have just asked."""
        return self.state.awaited.asks(self.u.said.turn)
