"""How many of a company-specific thing a buyer means."""

import pytest

from core.conversation.understanding.embedded import Understanding
from core.conversation.words.counting import counted
from core.conversation.words.utterance import utterance
from core.talk import UserSaid
from knowledge.profile import Criterion
from tests.core.states import awaiting
from tests.core.talk import MONDAY_NOON, OTHER, ROOT, Talk, sample


@pytest.mark.parametrize(
    ("said", "many"),
    [
        ("we want two minus eighty freezers", ["2"]),
        ("do you sell -80 freezers", []),
        ("can i get a quote for 3 of them", ["3"]),
        ("twelve centrifuges. sorry, two, not twelve", ["2"]),
    ],
)
async def test_a_temperature_is_no_count_and_them_is_what_was_spoken_of(said: str, many: list[str]):
    talk = Talk(folder=OTHER)
    await talk.says("no")
    await talk.says(said)
    assert talk.known("quantity") == many


@pytest.mark.parametrize(
    ("said", "many"),
    [
        ("we have three walk-ins", ["3"]),
        ("there's twelve walk ins in all", ["12"]),
        ("just the one walk in really", ["1"]),
        ("it's 2 big walk-ins", ["2"]),
        ("we get two people who walk in and ask", []),
        ("two can walk in at a time", []),
    ],
)
def test_a_thing_of_two_words_is_counted_however_it_is_written(said: str, many: list[str]):
    walk_ins = Criterion(name="walk_ins", label="Walk-ins", kind="number", at_least=1,
                         counts=("walk-in",), ask=("How many walk-ins do you have?",))  # fmt: skip
    u = utterance(UserSaid(1, said, 0, 900, MONDAY_NOON))
    found = counted(u, walk_ins, ())
    assert [signal.value for signal in found] == many
    assert all(signal.span.quote in said for signal in found)


def test_what_is_counted_by_the_piece_is_left_to_the_criterion_that_says_so():
    vans = Criterion(name="vans", label="Vans", kind="number", at_least=1, counts=("van",))
    pumps = Criterion(
        name="pumps", label="Pumps", kind="number", at_least=1, counts=("unit", "pump")
    )
    u = utterance(UserSaid(1, "it is about forty units", 0, 900, MONDAY_NOON))
    both = (vans, pumps)
    assert [[s.value for s in counted(u, c, (), (), both)] for c in both] == [[], ["40"]]
    assert [s.value for s in counted(u, vans, (), (), (vans,))] == ["40"]


SYSTEMS = Criterion(
    name="systems", label="Boilers and towers", kind="number", at_least=1,
    counts=("boiler", "tower", "chiller"), ask=("How many are there?",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "many"),
    [
        ("1 tower, 2 chillers, office park", ["3"]),
        ("2 towers, 3 boilers and 2 chillers", ["7"]),
        ("two boilers here and three boilers in Toledo", ["2"]),
        ("we have eighty units", ["80"]),
        ("an apartment building, eighty-some units", []),
    ],
)
def test_different_things_in_a_list_are_summed_and_homes_are_no_units(said: str, many: list[str]):
    told = utterance(UserSaid(1, said, 0, 1000, MONDAY_NOON))
    assert [s.value for s in counted(told, SYSTEMS, [])] == many


@pytest.mark.parametrize(
    ("said", "many"),
    [
        ("All five weekdays.", []),
        ("four different outfits", []),
        ("five", ["5"]),
        ("five or so, all in Ohio", ["5"]),
        ("five, and yes that is all", ["5"]),
    ],
)
async def test_an_answer_that_counts_something_else_is_none(said: str, many: list[str]):
    folder = ROOT / "tests" / "companies" / "brightwater"
    cleaner = Talk(folder=folder)
    await cleaner.says("we need regular cleaning in Columbus")
    asked = awaiting(cleaner.state, ask="sites", turn=cleaner.state.turn)
    turn = UserSaid(cleaner.state.turn + 1, said, 0, 1000, MONDAY_NOON)
    read = Understanding(sample(folder).company).read(turn, asked)
    assert [c.value for c in read if getattr(c, "criterion", "") == "sites"] == many
