"""A buyer names two systems: the direction between them decides what is answered and noted."""

import pytest

from core.text.talk import TextTalk
from tests.core.talk import chat

OUT = [
    "hi, im looking at moving customer data from snowflake into hubspot, is that smth you do?",
    "do you do snowflake -> hubspot",
    "anyway do you sync snowflake to hubspot",
    "does it go from snowflake to hubspot?",
    "snowflake\u2192hubspot?",
]
IN = [
    "hi, im looking at moving customer data from hubspot into snowflake, is that smth you do?",
    "do you do hubspot -> snowflake",
    "do you sync hubspot to snowflake",
    "hubspot->snowflake, doable?",
]


def uses(talk: TextTalk) -> list[str]:
    """The uses they told us, rather than what a tool suggests."""
    signals = talk.state.signals.active
    return [s.value for s in signals if s.criterion == "use_case" and s.basis == "stated"]


@pytest.mark.parametrize("words", [*OUT, *IN])
async def test_each_system_is_answered_for(words):
    turn = await chat().says(words)
    assert {c.split("@")[0] for c in turn.citations} == {"snowflake", "hubspot"}, turn.text


@pytest.mark.parametrize(
    ("words", "use"),
    [
        ("we'd move customer data from snowflake into hubspot", "reverse ETL"),
        ("we'd sync bigquery to intercom", "reverse ETL"),
        ("we'd pull from hubspot and push to snowflake", "data ingestion"),
        ("we want to move data from salesforce to snowflake", "data ingestion"),
        ("we'd get data out of stripe and into bigquery", "data ingestion"),
    ],
)
async def test_the_use_told_is_the_one_of_this_direction(words, use):
    talk = chat()
    await talk.says(words)
    assert uses(talk) == [use]


async def test_a_plain_word_between_verb_and_system_is_a_product():
    turn = await chat().says("do you sync stripe to snowflake")
    assert {c.split("@")[0] for c in turn.citations} == {"finance-tools", "snowflake"}, turn.text


async def test_without_a_direction_both_are_answered_for_with_one_yes():
    turn = await chat().says("can you connect snowflake and hubspot")
    assert {c.split("@")[0] for c in turn.citations} == {"snowflake", "hubspot"}, turn.text
    assert turn.text.count("Yes, ") == 1


async def test_a_system_that_is_not_supported_is_answered_with_no():
    turn = await chat().says("do you sync oracle to hubspot")
    assert turn.citations[0].startswith("unsupported-warehouses@"), turn.text
    assert turn.text.startswith("No, ")


async def test_what_is_asked_about_the_move_itself_is_answered():
    turn = await chat().says("how often can you sync snowflake to hubspot?")
    assert turn.citations[0].startswith("sync-frequency@"), turn.text


async def test_a_need_that_is_denied_gets_no_yes():
    turn = await chat().says("do i need a credit card")
    assert turn.citations[0].startswith("trial@")
    assert not turn.text.startswith("Yes"), turn.text
