"""What follows a greeting."""

import pytest

from core.commands import Smalltalk, Unclear
from tests.core.conversation.understanding.test_embedded import kinds, read
from tests.core.talk import Talk


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "good morning to you all there",
        "hi there marina nice to meet you",
        "hello good morning i hope you are well today",
    ],
)
def test_a_greeting_with_a_kindness_is_a_greeting(text):
    assert kinds(read(text)) == {Smalltalk}


@pytest.mark.parametrize(
    "text", ["hello damage is the starter plan per month", "hi snowflake the connection you"]
)
def test_a_greeting_with_matter_half_heard_is_no_greeting_alone(text):
    assert Smalltalk not in kinds(read(text))


def test_what_was_half_heard_behind_a_greeting_may_still_be_answered():
    assert kinds(read("good evening your prices fluctuate the starter")) == {Unclear}


async def test_a_price_asked_behind_a_greeting_and_half_heard_is_told():
    talk = Talk()
    turn = await talk.says("hello much is the starter plan per month")
    assert any(c.startswith(("plans@", "starter-plan@")) for c in turn.citations), turn.text
