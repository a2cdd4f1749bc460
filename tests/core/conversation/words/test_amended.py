"""Parts of a telephone number said anew, and figures that are none of it."""

import pytest

from core.conversation.words.phone import amended
from core.conversation.words.utterance import utterance
from core.talk import UserSaid
from tests.core.talk import MONDAY_NOON

NUMBER = "+16175550142"


def anew(text: str) -> str | None:
    found = amended(NUMBER, utterance(UserSaid(2, text, 0, 1000, MONDAY_NOON)))
    return found[0] if found else None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("no sorry the last four are zero one three eight", "+16175550138"),
        ("no, the last two are eight eight", "+16175550188"),
        ("the last one is seven", "+16175550147"),
        ("no that's 0124 at the end", "+16175550124"),
        ("it's oh one two four at the end", "+16175550124"),
        ("no it ends in two four", "+16175550124"),
        ("it's one two four, at the very end", "+16175550124"),
        ("the final digit should be 9", "+16175550149"),
        ("the first three are six one eight", "+16185550142"),
        ("no the area code is 618", "+16185550142"),
        ("no, the last four digits are 0138, sorry", "+16175550138"),
    ],
)
def test_a_part_said_anew_replaces_that_part(text: str, number: str):
    assert anew(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "could the number be masked so braze only gets the last four",
        "do you keep the first six and the last four",
        "we go live at the end of march with fifteen people",
        "end of q one",
        "the last fifteen people we hired were in sales",
        "in the last two years we paid forty thousand",
        "our first three customers were banks",
        "we had twenty people at the start",
        "the last one was fine",
        "at the end of the day it's forty thousand",
    ],
)
def test_a_figure_of_something_else_leaves_the_number_alone(text: str):
    assert anew(text) is None
