"""Kinds of work in general words, and counts for a company with sites and pieces."""

from datetime import UTC, datetime

import pytest

from core.conversation.understanding.asks.questions import questions
from core.conversation.words.utterance import utterance
from core.conversation.words.works import Works
from core.talk import UserSaid
from tests.core.talk import ROOT, Talk

KINDS = ("maintenance plan", "new installation", "replacement", "repair")
COOLING = ROOT / "tests" / "companies" / "frostline"


@pytest.mark.parametrize(("said", "kind"), [
    ("we'd like somebody to come by, like, four times a year", "maintenance plan"),
    ("i just want someone keeping an eye on them", "maintenance plan"),
    ("we need our ice makers cleaned on a schedule", "maintenance plan"),
    ("is there a servicing agreement for this kind of thing", "maintenance plan"),
    ("we need to swap out the walk-in freezer", "replacement"),
    ("it's on its last legs", "replacement"), ("the dish machine has got to go", "replacement"),
    ("it died, we need a new one", "replacement"),
    ("we're opening a ramen place", "new installation"),
    ("i need to get a walk-in put in", "new installation"),
    ("were adding a walk in behind the shop", "new installation"),
    ("the fryer wont stay lit", "repair"), ("one of my freezers quit on us", "repair"),
    ("the ice maker gave up the ghost", "repair"), ("it's blowing warm", "repair"),
    ("our combi is throwing an error", "repair"), ("the mixer stopped working", "repair"),
    ("it keeps leaking", "repair"), ("the thing is making a racket", "repair"),
])  # fmt: skip
def test_the_kind_of_work_is_told_by_general_words(said: str, kind: str):
    assert Works(KINDS).find(said) == kind


@pytest.mark.parametrize("said", [
    "what happens if a cooler craps out at two in the morning", "when it breaks, who do i call",
    "would you take over stuff somebody else put in", "you guys put in our walk-in last spring",
    "we run nine restaurants", "how long have you been doing this", "put me down for friday",
])  # fmt: skip
def test_what_may_happen_and_what_others_did_is_no_work_wanted(said: str):
    assert Works(KINDS).find(said) is None


def test_a_company_that_tells_no_kinds_apart_goes_by_its_own_words():
    assert Works(("maintenance contract", "rooftop solar")).find("it is broken") is None
    assert Works(("maintenance contract", "rooftop solar")).find("regular maintenance") is None
    assert Works(("repair", "repair of pumps", "replacement")).find("it is broken") is None


async def test_what_broke_later_is_not_what_they_called_for():
    talk = Talk(folder=COOLING)
    await talk.says("we'd like a regular service agreement for our place")
    await talk.says("oh, and our espresso machine's acting up, is that something you do?")
    assert talk.known("use_case") == ["maintenance plan"]


@pytest.mark.parametrize(("said", "units", "sites"), [
    ("i've got four pieces i'd like somebody to keep an eye on", ["4"], []),
    ("we want eight pieces on the plan", ["8"], []),
    ("the walk-in, two reach-ins and three counters, so six things all told", ["6"], []),
    ("two coolers and a freezer, three of them altogether", ["3"], []),
    ("we have two coolers", ["2"], []), ("we've got nine stores", [], ["9"]),
    ("six stores in oregon and three in idaho, nine in all", [], ["9"]),
])  # fmt: skip
async def test_pieces_are_no_places_and_a_sum_is_what_is_meant(
    said: str, units: list[str], sites: list[str]
):
    talk = Talk(folder=COOLING)
    await talk.says(said)
    assert (talk.known("units"), talk.known("sites")) == (units, sites)


async def test_a_customer_with_something_amiss_is_left_to_those_who_look_after_them():
    talk = Talk(folder=COOLING)
    await talk.says("you guys put in our walk-in last spring and the thing's blowing warm")
    assert talk.known("disqualifier") == ["existing-customer"]


@pytest.mark.parametrize("said", [
    "you know damn well who this is", "you know perfectly well what i want", "who cares",
    "who knew", "what's it to you",
])  # fmt: skip
def test_who_tells_us_off_asks_nothing(said: str):
    told = utterance(UserSaid(1, said, 0, 1000, datetime(2026, 6, 10, tzinfo=UTC)))
    assert questions(told, []) == []


PRINT = ROOT / "tests" / "companies" / "kestrel"


@pytest.mark.parametrize(("said", "known"), [
    ("we want to get our three vans done up", {"vehicles": ["3"], "use_case": ["vehicle wrap"]}),
    ("hey do u do mugs w/ our logo, need abt 150", {"vehicles": []}),
    ("i need two thousand of those for an open house", {"quantity": ["2000"], "vehicles": []}),
    ("our menus are shot. need like four hundred new ones", {"quantity": ["400"]}),
    ("we'd take 250 of them", {"quantity": ["250"], "vehicles": []}),
])  # fmt: skip
async def test_a_number_without_a_name_is_for_what_counts_by_the_piece(
    said: str, known: dict[str, list[str]]
):
    talk = Talk(folder=PRINT)
    await talk.says(said)
    assert {name: talk.known(name) for name in known} == known


async def test_a_part_of_what_was_counted_takes_nothing_back():
    talk = Talk(folder=PRINT)
    await talk.says("we are a roofer with eight pickups, the company name goes on all of them")
    await talk.says("a couple of those trucks got rust on the wheel wells, is that a problem?")
    assert talk.known("vehicles") == ["8"]


@pytest.mark.parametrize(("said", "day"), [
    ("opening is december 19. we can spend 800 dollars", "2026-12-19"),
    ("it's for our client party jan 20", "2027-01-20"),
    ("the conference is february tenth, just so you have it", "2027-02-10"),
    ("the conference is february tenth. oh wait, that's the hotel date. it's february seventeenth",
     "2027-02-17"),
    ("our grand opening is on april fifteenth and the landlord said okay", "2027-04-15"),
])  # fmt: skip
async def test_the_day_of_an_event_of_theirs_is_when_it_is_wanted(said: str, day: str):
    talk = Talk(folder=PRINT)
    await talk.says(said)
    assert talk.known("timeline") == [day]


async def test_a_boss_who_signed_us_up_decides_nothing_yet():
    talk = Talk(folder=PRINT)
    await talk.says("my boss signed us up for a show in vegas")
    assert talk.known("role") == []


async def test_who_does_not_know_is_not_called_so():
    talk = Talk(folder=PRINT)
    await talk.says("i'd like a call back about flyers")
    await talk.says("beats me")
    assert talk.known("name") == []
