"""Parts of a phone number said again, and digits that do not belong to it."""

import pytest

from core.conversation.words.phone import amended
from core.conversation.words.utterance import utterance
from core.talk import UserSaid
from tests.core.talk import MONDAY_NOON, Talk

NUMBER = "+16175550142"


def anew(text: str, number: str = NUMBER) -> str | None:
    found = amended(number, utterance(UserSaid(2, text, 0, 1000, MONDAY_NOON)))
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
    ("number", "text", "amended_to"),
    [
        ("+4917612345678", "the first three are one seven five", "+4917512345678"),
        ("+4917612345678", "no the first four are zero one seven five", "+4917512345678"),
        ("+493012345678", "the area code is 040", "+494012345678"),
        ("+441614960123", "no the area code is 0151", "+441514960123"),
        ("+447911123456", "the first three are seven nine two", "+447921123456"),
        ("+447911123456", "the last four are double zero one two", "+447911120012"),
    ],
)
def test_the_beginning_is_that_of_the_number_s_own_country(number, text, amended_to):
    assert anew(text, number) == amended_to


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


@pytest.mark.parametrize(
    "text", ["no zero one two four", "no, it's 0124", "no that's 0124 at the end", "sorry, 0 1 2 4"]
)
async def test_a_last_group_said_after_the_read_back_is_read_back_anew(text: str):
    talk = Talk()
    for said in ("can someone call me back", "six one seven five five five oh one four two"):
        await talk.says(said)
    turn = await talk.says(text)
    assert "617-555-0124" in turn.text and turn.asks == ["confirm:phone"]


async def test_other_digits_after_the_read_back_are_asked_for_again():
    talk = Talk()
    for said in ("can someone call me back", "six one seven five five five oh one four two"):
        await talk.says(said)
    turn = await talk.says("no, five five five")
    assert talk.state.signals.value("phone") == NUMBER and turn.text.endswith("?")
