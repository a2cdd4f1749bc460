"""Callers who are hurt or in danger are told to call for help first; figures of speech are not."""

from pathlib import Path

import pytest

from core.scheduling.memory import MemoryDesk
from tests.core.talk import OTHER, SAMPLE, SUNDAY, Talk, sample

HELP = "local emergency number"


def talk(folder: Path = SAMPLE, **more: object) -> Talk:
    return Talk(folder=folder, desk=MemoryDesk(sample(folder).company), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "words",
    [
        "someone was hurt when the lid of the centrifuge opened",
        "there's smoke coming out of our freezer what do i do",
        "my colleague cut his hand on the rotor",
        "he's bleeding",
        "the battery caught fire",
        "one of our technicians got an electric shock",
        "it smells like gas in here",
    ],
)
async def test_who_is_in_danger_is_told_to_call_for_help_and_gets_a_person(words):
    turn = await talk(OTHER).says(words)
    assert HELP in turn.sentences[0].text
    assert "will" in turn.text and "call" in turn.text.split(HELP)[1]
    assert "guess" not in turn.text and "book you a time" not in turn.text


@pytest.mark.parametrize(
    "words",
    [
        "our sales team is on fire",
        "we caught fire with our launch last year",
        "we're bleeding money with fivetran",
        "someone hurt my feelings",
        "the team got hurt by layoffs",
        "i'd kill for a good sync",
        "our warehouse is on fire, queries are slow",
    ],
)
async def test_who_only_talks_of_fire_and_blood_is_not(words):
    assert HELP not in (await talk().says(words)).text


async def test_an_emergency_is_urgent_for_who_reviews_the_call():
    from core.events import Flagged

    turn = await talk(OTHER).says("there is smoke coming out of our freezer")
    assert "emergency" in [f.kind for f in turn.facts if isinstance(f, Flagged)]


@pytest.mark.parametrize("transfers", [True, False])
async def test_what_the_company_escalates_opens_with_its_own_words_whoever_is_there(transfers):
    turn = await talk(transfers=transfers).says("i'm going to sue you")
    assert turn.sentences[0].text.startswith("That needs a person, not me.")
    assert ("get Sofia on the line" in turn.text or "put you through" in turn.text) is transfers


async def test_what_to_do_now_is_told_of_what_is_arranged():
    our = talk(at=SUNDAY)
    await our.says("hi i think our data was leaked through your tool")
    assert "Maya will call you" in (await our.says("what do i do now")).text
    assert "Maya will call you" in (await our.says("who do i call")).text
