"""A caller's own name for their trade is repeated only in a form that can stand alone."""

import pytest

from core.conversation.words.trades import says_a_trade


@pytest.mark.parametrize("words", ["a bank", "banks", "farmers", "trucking", "insurance", "a spa"])
def test_words_of_a_trade_are_said_back_as_they_are(words):
    assert says_a_trade(words)


@pytest.mark.parametrize("words", ["bank", "a farmers", "dental practice", "bakery", "wholesaler"])
def test_words_that_cannot_stand_alone_are_not(words):
    assert not says_a_trade(words)
