"""Callers who name an ambiguous town, and what is made of it."""

from pathlib import Path

import pytest

from tests.core.talk import ROOT, Talk

HALDEN = ROOT / "tests" / "companies" / "halden"


def caller(folder: Path = HALDEN) -> Talk:
    return Talk(folder=folder, caller="+15085550188", called="+15085550140")


@pytest.mark.parametrize("town", ["Concord", "Windsor", "Gloucester", "Dartmouth", "Amherst"])
async def test_a_town_that_is_only_supposed_to_be_far_turns_nobody_down(town: str):
    it = caller()
    await it.says(f"we have a brewery in {town}")
    assert it.state.disqualified is None


async def test_a_call_to_a_town_of_an_english_name_is_arranged_in_the_callers_time():
    it = caller()
    await it.says("we have a factory in Taunton")
    await it.says("can somebody call me tomorrow at ten")
    assert it.state.callback is not None and it.state.callback.zone == "America/New_York"


@pytest.mark.parametrize(
    "righted", ["sorry, springfield mass i mean", "no, the one in Massachusetts"]
)
async def test_who_names_the_state_afterwards_is_believed(righted: str):
    it = caller()
    await it.says("we're in Springfield, Vermont")
    assert it.state.disqualified == "far"
    await it.says(righted)
    assert it.state.value("location") == "Springfield, Massachusetts"
    assert it.state.disqualified is None


async def test_a_town_and_its_state_by_themselves_tell_where_somebody_is():
    it = caller()
    await it.says("rockland maine")
    assert it.state.value("location") == "Rockland, Maine" and it.state.disqualified == "far"


async def test_the_state_of_a_town_that_was_supposed_there_is_taken_as_said():
    it = caller()
    await it.says("we have a brewery in Concord")
    reply = await it.says("no, Concord Massachusetts")
    assert "Concord, Massachusetts" in reply.text


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("we're in Warwick RI", "Warwick"),
        ("our shop is in Hudson, MA", "Hudson, Massachusetts"),
        ("we're up in western mass", "Massachusetts"),
        ("i farm up by concord, new hampshire not mass", "Concord, New Hampshire"),
        ("we're in Worcester County", "Worcester County"),
    ],
)
async def test_short_names_of_states_are_understood(said: str, place: str):
    it = caller()
    await it.says(said)
    assert it.state.value("location") == place
    assert it.state.value("industry") in (None, "farming")


@pytest.mark.parametrize(
    "said",
    [
        "come on, solar in new england, it's dark half the year",
        "our landlord pays the electric",
        "are we out of luck",
    ],
)
async def test_what_is_sold_the_landlord_and_an_idiom_tell_nothing_of_the_caller(said: str):
    it = caller()
    await it.says(said)
    assert it.state.value("industry") is None and it.state.value("location") is None


async def test_a_trade_is_said_back_in_the_callers_word():
    it = caller()
    assert "a bakery" in (await it.says("it's a bakery")).text
    assert it.state.value("industry") == "manufacturing"
