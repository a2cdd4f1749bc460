"""Questions that depend on what was said before, on the previous question, or on the purpose."""

import pytest

from tests.core.talk import BUILDER, FREIGHT, PROVIDER, SAMPLE, Talk


def cited(turn) -> set[str]:
    return {citation.split("@")[0] for citation in turn.citations}


@pytest.mark.parametrize(
    ("folder", "words", "article"),
    [
        (SAMPLE, "Our security team insists on SAML. Any problem?", "sso"),
        (
            SAMPLE,
            "see all I've got is Excel on the one laptop could you take it off there",
            "files",
        ),
        (FREIGHT, "Diesel's crazy, is that baked in?", "fuel-surcharge"),
        (FREIGHT, "And they cover a quarter million on the cargo. You?", "insurance"),
    ],
)
async def test_who_asks_what_comes_of_what_they_told_is_answered_on_that(folder, words, article):
    assert article in cited(await Talk(folder=folder).says(words))


@pytest.mark.parametrize(
    "words",
    [
        "And payment in rupees with GST invoice, will that be possible?",
        "Will it convert gallons to liters on the way through?",
        "i wanted to see if this is something for us",
    ],
)
async def test_what_asks_by_its_own_words_is_no_verdict_of_something_told(words):
    assert not cited(await Talk().says(words)) & {"billing", "data-residency", "iso-fedramp"}


async def test_a_price_of_nothing_named_is_that_of_what_they_want_or_were_told_of():
    freight = Talk(folder=FREIGHT)
    await freight.says("we need customs clearance for tile from spain")
    assert cited(await freight.says("What's the fee each time?")) == {"customs-prices"}
    solar = Talk(folder=BUILDER)
    await solar.says("the demand charges are eating us alive, can you do anything about that")
    assert "battery-price" in cited(await solar.says("ballpark what's a thing like that go for"))


async def test_what_goes_on_from_a_price_asks_for_a_price():
    talk = Talk(folder=FREIGHT)
    assert cited(await talk.says("Gimme the per order number.")) == {"pick-and-pack-prices"}
    assert cited(await talk.says("And storage while it sits there?")) == {"storage-prices"}


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        (FREIGHT, "How do my people see where the truck's at?"),
        (FREIGHT, "If a window's cracked when it gets there, what do I do?"),
        (SAMPLE, "Will you open a processing location in Tokyo soon?"),
        (SAMPLE, "everything's on firebase is that a thing for you"),
    ],
)
async def test_what_is_asked_is_taken_for_a_question(folder, words):
    talk = Talk(folder=folder)
    await talk.says(words)
    assert talk.state.questions


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        (BUILDER, "we've only been open a year and a half, is that a problem"),
        (SAMPLE, "Third, source code escrow. Is it there?"),
    ],
)
async def test_a_verdict_of_what_no_article_knows_is_not_taken_from_another_matter(folder, words):
    assert not cited(await Talk(folder=folder).says(words))


@pytest.mark.parametrize(
    ("folder", "words", "article"),
    [
        (BUILDER, "we've got a lobster pound in rockland maine, do you come up this far", "area"),
        (FREIGHT, "Ever go up to Virginia?", "area"),
        (PROVIDER, "we have 2 people remote in florida is that a problem", "service-area"),
    ],
)
async def test_who_asks_whether_we_come_to_a_place_hears_where_we_work(folder, words, article):
    assert article in cited(await Talk(folder=folder).says(words))


@pytest.mark.parametrize(
    ("folder", "words", "article"),
    [
        (FREIGHT, "How long before we're live once we say go?", "getting-started"),
        (FREIGHT, "Who do you hand the parcels to, FedEx?", "pick-and-pack"),
        (FREIGHT, "If somebody's bottle shows up smashed, whose problem is that?", "claims"),
        (PROVIDER, "What's the ramp-up look like for a shop our size?", "onboarding"),
        (SAMPLE, "If I go month to month and hate it, how do I bail?", "cancellation"),
    ],
)
async def test_everyday_words_for_a_thing_are_known(folder, words, article):
    assert article in cited(await Talk(folder=folder).says(words))
