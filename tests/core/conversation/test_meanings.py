"""What callers mean is read by meaning: half of the wordings were never tuned on."""

import pytest

from tests.core.conversation.meanings import COMMANDS, NONE, lines, missed, mistaken

UNDERSTOOD = {False: 0.9, True: 0.8}
"""Least share of wordings understood, tuned on and held out."""
MISTAKEN = {False: 0.02, True: 0.06}
"""Most near-misses that may be taken for something."""


@pytest.mark.parametrize("held_out", [False, True], ids=["tuned", "held-out"])
@pytest.mark.parametrize("meaning", COMMANDS)
def test_a_meaning_is_understood_in_many_wordings(meaning, held_out):
    wrong = missed(meaning, held_out)
    assert len(wrong) <= (1 - UNDERSTOOD[held_out]) * len(lines(meaning, held_out)), wrong


@pytest.mark.parametrize("held_out", [False, True], ids=["tuned", "held-out"])
def test_near_misses_are_taken_for_nothing(held_out):
    wrong = mistaken(held_out)
    assert len(wrong) <= MISTAKEN[held_out] * len(lines(NONE, held_out)), wrong
