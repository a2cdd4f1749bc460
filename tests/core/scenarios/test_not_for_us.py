"""Callers who are better served elsewhere, in the words of any trade."""

import pytest

from core.conversation.understanding.meant import caller
from core.conversation.words.plain import plain
from core.conversation.words.utterance import utterance
from core.talk import UserSaid
from tests.core.talk import MONDAY_NOON


@pytest.mark.parametrize(
    ("kind", "said", "is_one"),
    [
        ("private", "okay so i'm getting married in june", True),
        ("private", "it's for my daughter's birthday party on saturday", True),
        ("private", "my wedding is in may", True),
        ("private", "for our wedding venue in ohio", False),
        ("private", "it's for our anniversary sale", False),
        ("job_seeker", "i was wondering if y'all need anybody on second shift", True),
        ("job_seeker", "do you need anybody on site for the install", False),
        ("support", "job number's four four one eight seven, where's it at", True),
        ("support", "my order number is 5512", True),
        ("support", "so what are you going to do about it", True),
        ("support", "what are you going to charge for it", False),
        ("support", "do i get an order number", False),
    ],
)
def test_a_caller_of_a_kind_is_known_by_general_words(kind: str, said: str, is_one: bool):
    u = utterance(UserSaid(1, said, 0, 900, MONDAY_NOON))
    assert (caller(kind, plain(u)) is not None) == is_one
