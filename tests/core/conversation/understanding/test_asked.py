"""What only looks like a question of ours to answer."""

import pytest

from core.commands import AskProduct
from core.conversation.state import ConversationState
from core.conversation.understanding.embedded import Understanding
from core.talk import UserSaid
from tests.core.conversation.words.test_told import OPENED
from tests.core.talk import MONDAY_NOON, PROVIDER, sample


@pytest.mark.parametrize("said", ["nobody does our IT really", "someone else does that for us"])
def test_what_somebody_does_is_told_and_not_asked(said: str):
    asked = Understanding(sample(PROVIDER).company).read(
        UserSaid(2, said, 0, 1000, MONDAY_NOON), ConversationState(OPENED, turn=1)
    )
    assert not any(isinstance(c, AskProduct) for c in asked)
