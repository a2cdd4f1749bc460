"""Callers who name an ambiguous town, and what is made of it."""

from pathlib import Path

import pytest

from tests.core.talk import FREIGHT, RENTAL, ROOT, SAMPLE, Talk

HALDEN = ROOT / "tests" / "companies" / "halden"


def caller(folder: Path = HALDEN) -> Talk:
    return Talk(folder=folder, caller="+15085550188", called="+15085550140")


@pytest.mark.parametrize("town", ["Concord", "Windsor", "Gloucester", "Dartmouth", "Amherst"])
async def test_a_town_that_is_only_supposed_to_be_far_turns_nobody_down(town: str):
    it = caller()
    await it.says(f"we have a brewery in {town}")
    assert it.state.judged.disqualified is None


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
    assert it.state.judged.disqualified == "far"
    await it.says(righted)
    assert it.state.signals.value("location") == "Springfield, Massachusetts"
    assert it.state.judged.disqualified is None


async def test_a_town_and_its_state_by_themselves_tell_where_somebody_is():
    it = caller()
    await it.says("rockland maine")
    assert (
        it.state.signals.value("location") == "Rockland, Maine"
        and it.state.judged.disqualified == "far"
    )


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
    assert it.state.signals.value("location") == place
    assert it.state.signals.value("industry") in (None, "farming")


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
    assert it.state.signals.value("industry") is None and it.state.signals.value("location") is None


async def test_a_trade_is_said_back_in_the_callers_word():
    it = caller()
    assert "a bakery" in (await it.says("it's a bakery")).text
    assert it.state.signals.value("industry") == "manufacturing"


SITE, OFFICE = "the site's in Gahanna", "our office is in Chicago"


def renter() -> Talk:
    return Talk(folder=RENTAL, caller="+16145550188", called="+16145550140")


@pytest.mark.parametrize(
    "said",
    [
        (f"{SITE}, but {OFFICE}",),
        (f"{OFFICE} but {SITE}",),
        (SITE, OFFICE),
        (OFFICE, SITE),
        (SITE, "actually let me think, we start Monday", OFFICE),
    ],
)
async def test_the_place_of_the_work_counts_whichever_is_told_first(said: tuple[str, ...]):
    it = renter()
    for words in said:
        await it.says(words)
    told = it.state.signals.standing("location")
    assert told is not None and told.value == "Gahanna" and told.quote == SITE
    assert it.state.judged.disqualified is None and it.verdict.result != "disqualified"


async def test_a_site_far_away_turns_down_who_has_an_office_nearby():
    it = renter()
    await it.says("we're out of Columbus, the job's in Huntington, West Virginia")
    assert it.state.judged.disqualified == "geography"
    await it.says("no, sorry, the job's in Ironton, Ohio")
    assert it.state.signals.value("location") == "Ironton" and it.state.judged.disqualified is None


@pytest.mark.parametrize("known", ["we're out of Dayton", SITE])
async def test_another_site_takes_the_place_of_what_is_known(known: str):
    it = renter()
    await it.says(known)
    await it.says("this one's up in Mansfield")
    assert it.state.signals.value("location") == "Mansfield, Ohio"
    assert [s.value for s in it.state.signals.active if s.criterion == "location"] == [
        "Mansfield, Ohio"
    ]


async def test_a_town_of_a_state_that_is_served_is_meant_by_who_tells_no_number():
    it = Talk(folder=RENTAL, caller=None)
    await it.says("we need a mini excavator at our site in Lima")
    assert it.state.signals.value("location") == "Lima, Ohio"


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("we're out past Delaware by the outlet mall", "Delaware, Ohio"),
        ("yeah we're in Lima", "Lima, Ohio"),
    ],
)
async def test_a_town_called_like_a_state_or_a_capital_turns_nobody_down(said: str, place: str):
    it = renter()
    await it.says(said)
    assert it.state.signals.value("location") == place and it.state.judged.disqualified is None


@pytest.mark.parametrize(
    ("folder", "said", "place"),
    [
        (HALDEN, "our offices are in boston but the building's in worcester", "Worcester"),
        (HALDEN, "offices are in boston, the building we'd put it on is in worcester", "Worcester"),
        (FREIGHT, "our factory's in Mexico but we need storage in Savannah", "Savannah"),
        (HALDEN, "the warehouse is in Nashua, our head office is in New York", "Nashua"),
        (SAMPLE, "our warehouse is in Reno and our headquarters are in Chicago", "Chicago"),
        (SAMPLE, "we're a Chicago company, it's for our team in London", "Chicago"),
        (RENTAL, "it's for our Westerville branch, corporate's in Dallas", "Westerville"),
        (RENTAL, "your site in Columbus is closer, we're in Lima", "Lima, Ohio"),
        (RENTAL, "my last job was in Detroit", None),
    ],
)
async def test_premises_are_a_site_to_who_comes_to_see_them(
    folder: Path, said: str, place: str | None
):
    it = Talk(folder=folder, caller="+16145550188")
    await it.says(said)
    assert it.state.signals.value("location") == place


async def test_a_town_with_its_state_is_no_name():
    it = Talk()
    await it.says("it's Columbus, Ohio, we need a hand with our data")
    assert it.state.signals.value("location") == "Columbus"
    assert it.state.signals.value("name") is None
