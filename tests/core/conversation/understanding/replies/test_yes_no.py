"""Of several answers in a row the last counts, and a courtesy leaves it to what follows."""

import pytest

from core.conversation.understanding.replies.yes_no import yes_or_no


@pytest.mark.parametrize(
    "text",
    [
        "yeah, no, that sounds good",
        "yeah, no, for sure",
        "sure, no, go ahead",
        "no, no, please do",
        "okay, no, let's do it",
        "no, that works for me",
        "not really, but go ahead",
        "no problem",
        "no problem, call me tomorrow",
        "not a problem at all, i'd love that",
        "yes, but don't call me before ten",
        "yes, no problem, we can do that",
        "yes, our office is in boston. no, wait, cambridge",
        "i don't see why not",
    ],
)
def test_a_yes(text: str):
    assert yes_or_no(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "no worries, i don't need a call",
        "no problem, but no, don't call me",
        "no worries, we're good",
        "it's okay, no",
        "yeah, no",
        "yes. no. 25 people",
        "yes, not now",
        "thanks but no thanks",
        "no, that's fine",
        "no, that's it",
        "no, i'm good, thanks",
        "no, definitely",
        "yeah, no, definitely not",
        "no, go ahead and cancel it",
    ],
)
def test_a_no(text: str):
    assert yes_or_no(text) is False
