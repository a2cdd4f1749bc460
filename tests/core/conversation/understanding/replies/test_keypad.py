"""Keys answer the question asked: numbers, yes and no, one of the times; 0 means a person."""

from dataclasses import replace

import pytest

from core.commands import Affirm, ChooseSlot, Deny, RequestHuman
from core.conversation.understanding.replies.keypad import keyed
from core.events import SignalCaptured
from core.talk import UserSaid
from tests.core.states import awaiting
from tests.core.talk import Talk


async def asked(expecting: str | None = None, offered: str | None = None) -> Talk:
    talk = Talk(caller=None)
    await talk.says("hello do you sync snowflake")
    turn = talk.state.turn
    talk.state = awaiting(talk.state, ask=expecting, turn=turn, offer=offered)
    return talk


def pressed(talk: Talk, digits: str) -> UserSaid:
    return replace(talk.said(""), digits=digits)


def heard(talk: Talk, digits: str):
    understanding = talk.engine.thinker.understanding
    return understanding.read(pressed(talk, digits), talk.state)


@pytest.mark.parametrize(("criterion", "digits"), [("employees", "250"), ("budget", "50000#")])
async def test_a_figure_that_was_asked_for_can_be_typed(criterion: str, digits: str):
    talk = await asked(criterion)
    thought = talk.engine.think(talk.state, pressed(talk, digits))
    told = {f.criterion: f.value for f in thought.facts if isinstance(f, SignalCaptured)}
    assert told[criterion] == digits.strip("#")


async def test_one_and_two_are_yes_and_no_where_something_was_proposed():
    talk = await asked(offered="callback")
    assert any(isinstance(c, Affirm) for c in heard(talk, "1"))
    assert any(isinstance(c, Deny) for c in heard(talk, "2"))


async def test_a_key_chooses_among_the_times_on_offer():
    talk = await asked(offered="slots")
    assert keyed(pressed(talk, "2"), talk.state).text == "the second one"
    assert not any(isinstance(c, ChooseSlot) for c in heard(await asked(), "2"))


@pytest.mark.parametrize("digits", ["0", "00#"])
async def test_zero_is_a_person_whatever_was_asked(digits: str):
    for talk in (await asked("employees"), await asked(offered="callback"), await asked("phone")):
        assert any(isinstance(c, RequestHuman) for c in heard(talk, digits))


async def test_a_telephone_number_stays_one_and_stray_keys_mean_nothing():
    talk = await asked("phone")
    assert keyed(pressed(talk, "4155550123"), talk.state).digits == "4155550123"
    talk = await asked()
    assert keyed(pressed(talk, "7"), talk.state).text == ""
