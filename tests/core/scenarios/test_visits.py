"""Buyers who want to see it, here or at their place, are led to the company's meeting."""

import pytest

from core.scheduling.memory import MemoryDesk
from tests.core.talk import BUILDER, RENTAL, ROOT, SAMPLE, Talk, sample

COMPANIES = (SAMPLE, BUILDER, RENTAL)


async def after(folder, words: str) -> tuple[Talk, object]:
    talk = Talk(folder=folder, desk=MemoryDesk(sample(folder).company))
    await talk.says("hi there")
    return talk, await talk.says(words)


@pytest.mark.parametrize("folder", COMPANIES)
@pytest.mark.parametrize(
    "words",
    [
        "can i come see it",
        "could I visit your showroom?",
        "can we stop by your office and see it",
        "could my boss and I swing by and check it out",
        "I would love to visit your plant sometime",
        "any chance we could drop in and see how it works",
        "is it possible to come down to your yard and look at one",
        "i want to see it with my own eyes",
        "we'd like to see one up close before we decide",
        "may we tour the facility one day",
    ],
)
async def test_who_would_come_is_offered_the_meeting_and_no_visit_to_them(folder, words):
    talk, turn = await after(folder, words)
    assert turn.asks[-1:] == ["offer:slots"] and talk.state.times.slots, turn.text
    assert not talk.state.wants.visit and "come by" not in turn.text


@pytest.mark.parametrize("folder", COMPANIES)
@pytest.mark.parametrize(
    "words",
    [
        "could somebody show it to me on site",
        "can someone come out and take a look",
        "could one of you drop by our plant",
        "can you guys come out here",
    ],
)
async def test_who_wants_somebody_to_come_is_offered_the_meeting_too(folder, words):
    talk, turn = await after(folder, words)
    assert turn.asks[-1:] == ["offer:slots"] and talk.state.wants.visit, turn.text


@pytest.mark.parametrize(
    "words",
    [
        "can i see the office plan",
        "can customers come and see their order status",
        "should we come to you for support?",
        "can i come back to you on that",
        "how do visitors come to our site and see it",
        "can we see your pricing",
        "do people stop by the store and see the ads",
    ],
)
async def test_what_is_asked_of_other_things_arranges_nothing(words):
    talk, turn = await after(SAMPLE, words)
    assert not talk.state.times.slots and not talk.state.wants.meeting, turn.text


CLEANER = ROOT / "tests" / "companies" / "brightwater"


@pytest.mark.parametrize("words", [
    "i'm looking for someone to come in every couple weeks and do her place",
    "we need somebody to come by twice a week", "could someone come in nightly and clean",
    "we want people to come out once a month for the windows",
])  # fmt: skip
async def test_who_is_to_come_again_and_again_is_wanted_for_the_work(words: str):
    talk, _ = await after(CLEANER, words)
    assert not talk.state.wants.meeting and not talk.state.times.slots and not talk.state.callback


@pytest.mark.parametrize("words", [
    "we need nightly cleaning. could somebody come out and take a look",
    "can someone come by and walk the building? it's cleaned every day",
])  # fmt: skip
async def test_who_also_wants_it_looked_at_is_visited(words: str):
    talk, _ = await after(CLEANER, words)
    assert talk.state.wants.meeting
