"""Buyers served elsewhere, apart from those who only mention a house, a job or a product."""

import pytest

from tests.core.talk import FREIGHT, Talk, builder


async def taken_for(*turns: str, talk: Talk | None = None) -> str | None:
    """Whom a caller, a builder's unless told otherwise, is taken for after these turns."""
    talk = talk or builder()
    for said in turns:
        await talk.says(said)
    return talk.state.judged.disqualified


@pytest.mark.parametrize(
    "said",
    [
        "i was just wondering what is the smallest job you take",
        "do you have a crew for a job that size",
        "my brother did his house last year",
        "our home office is in boston, the plant is in lowell",
        "our house of worship has a flat roof",
        "i have solar on my house already and now i want it on my factory",
        "i work from home but we have a warehouse in lowell",
        "i sell insurance, we own our office building",
        "i sell cars, my dealership is in nashua and i'd like panels over the lot",
        "the inverter on our roof is broken, another outfit put it in",
        "you put in our panels back in 2019 and we're adding another building",
        "is the owner there",
        "i sell shoes online",
        "we have an old house on the property too",
        "i sell real estate and one of my clients wants to know what solar costs",
        "and i'd cut you a check once the crew is done",
        "i can get you the drawings by friday",
        "i'll help you unload it",
        "the job is down in lowell, behind the ball field",
        "our job is late already so we need it in march",
        "i have my cdl class a and our trucks need a new roof to park under",
        "it's for our golf course",
        "we'd put it up for a seminar in may, at our hotel",
        "the canopy you put up for us last year is great but it doesn't reach the gate",
    ],
)
async def test_a_buyer_who_mentions_something_in_passing_is_not_sent_away(said):
    assert await taken_for(said) is None


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("it'd be a split level ranch we've got, me and my wife live there", "home"),
        ("i'm a homeowner over in natick", "home"),
        ("it's a duplex and i live on the first floor", "home"),
        ("would you put panels on our house", "home"),
        ("i'm a licensed electrician looking to come on board", "job-seeker"),
        ("you guys need any installers", "job-seeker"),
        ("i'm a roofer looking for work", "job-seeker"),
        ("we've got a new tray and i'd love five minutes with whoever does your buying", "vendor"),
        ("we make racking and we'd like to get in front of your purchasing people", "vendor"),
        ("you built our array in 2021 and it's tripping", "support"),
        ("the canopy you guys dropped off on monday is dead as a doornail", "support"),
        ("my son's an electrician, who would he send his resume to", "job-seeker"),
        ("we want to paint my great room", "home"),
        ("our app shows zero for three days, we're a customer (millbrook dairy)", "support"),
        ("we leased the two inverters from you and they are down", "support"),
        ("i rented a battery from you and it won't start", "support"),
    ],
)
async def test_who_describes_what_they_are_is_told_where_to_turn(said, kind):
    assert await taken_for(said) == kind


@pytest.mark.parametrize(
    ("said", "then"),
    [
        ("can you do my house", "sorry, i mean our boarding house, it's a business"),
        ("are you hiring", "no no i'm not looking for a job, i want panels for our shop"),
        ("are you looking for electricians", "no, do you use union electricians on the job"),
        ("i represent summit racking", "i'm not selling anything, we want a price"),
        ("our system is down, you built it", "sorry, you didn't build it, somebody else did"),
    ],
)
async def test_who_was_taken_for_somebody_else_is_believed(said, then):
    assert await taken_for(said) is not None
    assert await taken_for(said, then) is None


async def test_things_hired_from_others_and_papers_from_us_are_no_matter_for_support():
    assert await taken_for("we leased ours from another firm and they are down") is None
    assert await taken_for("we rented one from you last year, what is it now") is None
    assert await taken_for("we got a quote from you and need help with the numbers") is None


async def test_what_they_sell_said_when_asked_for_their_trade_is_no_offer():
    asked = ("how much does it cost", "ten thousand square feet", "do you have financing")
    assert await taken_for(*asked, "we sell tires and do oil changes") is None


@pytest.mark.parametrize(
    ("said", "solar", "freight"),
    [
        ("i've got my journeyman's card, y'all need anybody on the crew", "job-seeker", "driver"),
        ("got my class a, eleven years clean, do you need somebody behind the wheel",
         "job-seeker", "driver"),
        ("i own my truck and i'd like to lease on with you all", "job-seeker", "driver"),
        ("what's it pay an hour", "job-seeker", "driver"),
        ("we supply fleet tires and i'd love ten minutes with whoever buys them for you",
         "vendor", "vendor"),
        ("we distribute cleaning chemicals and i'd like to stop by and meet your plant manager",
         "vendor", "vendor"),
        ("your guy was supposed to be here at eight and it's eleven now",
         "support", "tracking-a-load"),
        ("your crew never showed up this morning", "support", "tracking-a-load"),
        ("i'm one of your customers", "support", "tracking-a-load"),
        ("where's our delivery", "support", "tracking-a-load"),
        ("my wife and i are moving to a bigger place across town", "home", "household"),
        ("it's just a three bedroom house", "home", "household"),
    ],
)  # fmt: skip
async def test_the_same_words_lead_elsewhere_in_any_trade(said, solar, freight):
    assert await taken_for(said) == solar
    assert await taken_for(said, talk=Talk(folder=FREIGHT)) == freight


@pytest.mark.parametrize(
    "said",
    [
        "do you need someone on site when you come",
        "we're moving to a bigger warehouse in june",
        "my husband and i are buying a building",
        "my wife and i run a bakery",
        "can i see where my order is",
        "are your drivers ever late",
        "your guy was supposed to come out for the estimate",
        "our last carrier was supposed to be here at eight and never came",
        "what do you pay if something breaks",
        "we make windows and i'd like to talk to your sales manager",
        "we got our license last year",
        "i used to drive a truck, now i run a cabinet shop",
    ],
)
async def test_words_alike_of_who_buys_lead_nobody_away(said):
    assert await taken_for(said) is None
    assert await taken_for(said, talk=Talk(folder=FREIGHT)) is None
