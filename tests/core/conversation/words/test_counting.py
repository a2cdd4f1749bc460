"""How many of a thing of the company's own a buyer means."""

import pytest

from tests.core.talk import OTHER, Talk


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
