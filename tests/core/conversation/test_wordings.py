"""What callers say, in many wordings, every second of which was never tuned on."""

import pytest

from tests.core.conversation.wordings import CRITERIA, scored

WANTED = 0.85
"""Least F1 of what is read, on wordings tuned on and on those held out."""


@pytest.mark.parametrize("held_out", [False, True], ids=["tuned", "held-out"])
@pytest.mark.parametrize("about", CRITERIA)
def test_many_wordings_are_read_alike(about, held_out):
    score = scored(about, held_out)
    assert score.f1 >= WANTED, [*score.missed, *score.wrong]
