"""What comes a turn late, and what only sounds like another matter."""

import pytest

from core.scheduling.memory import MemoryDesk
from tests.core.talk import BUILDER, PROVIDER, Talk, sample


def call(folder, caller="+13035550188", called="+13035550190") -> Talk:
    return Talk(
        desk=MemoryDesk(sample(folder).company), folder=folder, caller=caller, called=called
    )


@pytest.mark.parametrize("late", ["about twenty-two", "oh, maybe 22", "twenty two or so"])
async def test_a_bare_figure_answers_the_question_before_last(late):
    it = call(PROVIDER)
    for line in ("how much does it cost", "by the way do you do macs", late):
        await it.says(line)
    assert it.state.signals.value("users") == "22"


async def test_some_of_those_counted_before_are_not_all_of_them():
    it = call(PROVIDER)
    await it.says("I'm the IT director for a group of clinics, a hundred sixty users, HIPAA")
    await it.says("Do you have that, somebody watching at three a.m.?")
    assert it.state.awaited.ask not in (None, "users")
    await it.says("in-house, four of us")
    assert it.state.signals.value("users") == "160"


async def test_a_figure_with_matter_of_its_own_does_not():
    it = call(PROVIDER)
    for line in ("how much does it cost", "do you do macs", "it broke twenty-two times"):
        await it.says(line)
    assert it.state.signals.value("users") is None


@pytest.mark.parametrize(
    "words",
    ["your guy never came", "we had an appointment for an estimate and your guy never showed up"],
)
async def test_whom_nobody_came_to_see_is_no_customer_for_that(words):
    it = call(BUILDER, "+15085550188", "+15085550140")
    turn = await it.says(words)
    assert it.state.judged.disqualified is None and "sorry" in turn.text


async def test_a_crew_that_did_not_finish_is_a_matter_for_service():
    it = call(BUILDER, "+15085550188", "+15085550140")
    await it.says("your crew never finished our roof")
    assert it.state.judged.disqualified == "support"


async def test_one_shared_verb_is_not_enough_to_say_what_may_be_meant():
    turn = await call(PROVIDER).says("do I have to sign for years")
    assert not turn.citations
