"""A caller who has said what they do is answered accordingly if there is such an answer."""

import pytest

from tests.core.talk import Talk


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("I'm the CFO of a software company.", "don't have for your product"),
        ("I'm a data engineer at a software company.", "retries, API changes and alerts"),
        ("We're a software company.", "retries, API changes and alerts"),
    ],
)
async def test_why_not_build_it_is_answered_for_who_asks(who, told):
    talk = Talk()
    await talk.says(who)
    turn = await talk.says("Why shouldn't we build this ourselves?")
    assert told in turn.text
