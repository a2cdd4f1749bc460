"""Which way data flows between named systems."""

import pytest

from core.conversation.words.flows import Place, flows

KINDS = {"snow": "warehouse", "hub": "crm", "shop": "apps"}


def read(text: str, moves: bool = True) -> dict[str, str]:
    places = [
        Place(kind, text.index(name), text.index(name) + len(name))
        for name, kind in KINDS.items()
        if name in text
    ]
    return {place.kind: place.flow for place in flows(text, places, moves)}


@pytest.mark.parametrize(
    "text",
    [
        "move data from snow into hub",
        "move data from snow to our hub",
        "get data out of snow and into hub",
        "sync snow to hub",
        "sync the snow tables to hub",
        "push to hub what is in snow",
        "see the snow orders in hub",
    ],
)
def test_the_preposition_nearest_a_system_gives_its_direction(text):
    assert read(text) == {"warehouse": "<", "crm": ">"}, text


def test_one_system_straight_to_another_is_a_move_without_a_verb():
    assert read("snow to hub", moves=False) == {"warehouse": "<", "crm": ">"}
    assert read("hub or snow", moves=False) == {"warehouse": "", "crm": ""}


@pytest.mark.parametrize("text", ["sync hub with snow", "sync hub and snow"])
def test_being_kept_in_step_with_another_is_no_direction(text):
    assert read(text) == {"warehouse": "", "crm": ""}, text


def test_several_sources_leave_for_the_only_system_entered():
    assert read("pull from hub and shop into snow") == {"warehouse": ">", "crm": "<", "apps": "<"}
