"""A speculative reply to a turn that has not ended: held back, and used only if it fits."""

from core.conversation.state import ConversationState
from core.talk import Sentence, UserSaid
from voice_agent.call.preparing import Prepared, Preparer
from voice_agent.observe import CallMetrics


class Speculation:
    """At most one speculative reply. Dropping it leaves no trace."""

    def __init__(self, preparer: Preparer, metrics: CallMetrics) -> None:
        self._preparer = preparer
        self._metrics = metrics
        self._prepared: Prepared | None = None

    @property
    def open(self) -> bool:
        """Whether a speculative reply depends on the state, which should then stay as it is."""
        return self._prepared is not None

    def start(self, state: ConversationState, said: UserSaid, first: tuple[Sentence, ...]) -> None:
        """Prepare the reply to what looks like the turn, after the lines still owed."""
        self.drop()
        self._prepared = self._preparer.answer(state, said, first)
        self._metrics.speculated()

    def drop(self) -> None:
        """Discard the prepared reply."""
        if self._prepared is not None:
            self._prepared.drop()
            self._prepared = None

    def take(self, state: ConversationState, said: UserSaid) -> Prepared | None:
        """The prepared reply, if it answers this turn; else it is dropped."""
        prepared = self._prepared
        if prepared is None or not _fits(prepared, state, said):
            self.drop()
            return None
        self._prepared = None
        self._metrics.speculation_hit()
        return prepared


def _fits(prepared: Prepared, state: ConversationState, said: UserSaid) -> bool:
    before = prepared.said
    return (
        prepared.base is state
        and before is not None
        and prepared.failed is None
        and (before.turn, before.text, before.digits) == (said.turn, said.text, said.digits)
    )
