"""Names, places, times and purposes as callers in several trades mention them."""

import pytest

from core.conversation.understanding.tells.purposes import WHEN_ASKED, WHEN_NEEDED, Purposes
from core.conversation.words.utterance import utterance
from core.talk import UserSaid
from tests.core.conversation.words.test_told import told
from tests.core.talk import (
    BUILDER,
    FREIGHT,
    MONDAY_NOON,
    OTHER,
    PROVIDER,
    RENTAL,
    SAMPLE,
    Talk,
    sample,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Good afternoon, Glenn Rooker, I'm the shipping manager at a paper mill", "Glenn Rooker"),
        ("Hi, Tonya Reece from purchasing at an auto parts maker", "Tonya Reece"),
        ("Hello, Dana Reyes from the facilities team, we need a price", "Dana Reyes"),
        ("Hi, questions from purchasing about the price", None),
        ("Good morning, trouble with shipping again", None),
    ],
)
@pytest.mark.parametrize("folder", [FREIGHT, SAMPLE])
def test_a_full_name_may_come_before_a_part_of_a_company(folder, text, name):
    assert told(text, folder=folder).get("name") == name


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("this is Imani Brooks with Clover and Clay, we're a skincare brand", "Clover and Clay"),
        ("this is Jo Kim with Hobbs and Sons, we need help", "Hobbs and Sons"),
        ("this is Jo Kim from Acme and Bob is here too", "Acme"),
    ],
)
def test_a_company_keeps_its_and(text, company):
    assert told(text)["company"] == company


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("we're a furniture parts distributor in Gastonia and we're growing", "Gastonia"),
        ("we're a dental supplier in Savannah", "Savannah"),
        ("our distributor in Gastonia wants it", None),
        ("my uncle has a bait shop in Beaufort, South Carolina", "Beaufort, South Carolina"),
        ("my uncle has a boat in Savannah", None),
        ("need space for about 35 pallets, columbia sc", "Columbia"),
        ("forty people, warwick ri", "Warwick"),
    ],
)
def test_what_they_are_themselves_is_at_home_where_they_say(text, place):
    assert told(text, folder=FREIGHT).get("location") == place


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("we'd need it from may", "2027-05-31"),
        ("we start in march, not before", "2027-03-31"),
        ("it's not before march", "2027-03-31"),
        ("we need more of them before christmas", "2026-12-24"),
        ("it's nine hundred a month, more now before christmas obviously", None),
        ("we're swamped until spring", None),
        ("it gets busy around christmas", None),
    ],
)
@pytest.mark.parametrize("folder", [FREIGHT, OTHER])
def test_how_busy_they_are_is_no_day_of_a_plan(folder, text, day):
    assert told(text, folder=folder).get("timeline") == day


@pytest.mark.parametrize(
    ("folder", "text", "purpose"),
    [
        (FREIGHT, "we sell vitamins on our own site and want you to ship the orders",
         "pick and pack"),
        (FREIGHT, "he wants his worms kept cold", "cold storage"),
        (BUILDER, "i want somebody who can look after the panels", "maintenance contract"),
    ],
)  # fmt: skip
def test_a_purpose_is_told_by_who_is_wanted_for_it(folder, text, purpose):
    found = Purposes(sample(folder).company).find(said(text), (), 0, len(text), WHEN_NEEDED)
    assert found == purpose


def test_words_that_several_purposes_share_tell_none_of_them():
    text = "warehouse space, dry"
    found = Purposes(sample(FREIGHT).company).find(said(text), (), 0, len(text), WHEN_ASKED)
    assert found == "dry storage"


async def test_what_is_taken_back_in_the_same_breath_is_no_purpose():
    talk = Talk(folder=FREIGHT)
    await talk.says("we want ten skids kept dry. actually no, scratch that, they go in the cooler")
    assert "dry storage" not in talk.known("use_case")


@pytest.mark.parametrize(
    ("folder", "text", "purpose"),
    [
        (PROVIDER, "we still have this server in a closet and want all of it in the cloud",
         "cloud migration"),
        (PROVIDER, "day to day IT support for an office", "managed IT"),
        (PROVIDER, "can we take it over from you", None),
        (FREIGHT, "we ship out of a garage and sell online", "pick and pack"),
        (FREIGHT, "we keep a dog in the garage", None),
    ],
)  # fmt: skip
def test_words_of_one_purpose_alone_tell_it_together(folder, text, purpose):
    assert Purposes(sample(folder).company).find(said(text), (), 0, len(text)) == purpose


def said(text: str):
    return utterance(UserSaid(1, text, 0, 1000, MONDAY_NOON))


@pytest.mark.parametrize(
    ("text", "purpose"),
    [("we will need two of your twenty-ton excavators", "earthmoving"),
     ("could use a telehandler there", "material handling"),
     ("we need somebody who works", None)],
)  # fmt: skip
def test_a_product_that_one_purpose_alone_needs_tells_it(text, purpose):
    assert Purposes(sample(RENTAL).company).find(said(text), (), 0, len(text)) == purpose
