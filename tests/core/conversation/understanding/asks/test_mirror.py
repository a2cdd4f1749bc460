"""A buyer's question asked back."""

import pytest

from core.conversation.understanding.asks.mirror import mirrored


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("do you support single sign on", "do we support single sign on"),
        ("can we log in with our own accounts?", "can you log in with your own accounts"),
        ("can i call you at night", "can you call us at night"),
        ("am i locked in", "are you locked in"),
        ("what do you guys do", "what do we do"),
        ("how does it compare to what we have, and do you help us move",
         "how does it compare to what you have, and do we help you move"),
        ("how much is the growth plan", "how much is the growth plan"),
    ],
)  # fmt: skip
def test_their_you_is_our_we(theirs: str, ours: str):
    assert mirrored(theirs) == ours
