"""A line for a slow reply: once a turn, and never waited for where there is none to say."""

import pytest

from core.talk import Sentence
from tests.core.talk import Talk
from tests.fakes.tone_synthesizer import ToneSynthesizer
from voice_agent.call.fillers import FILLER_AFTER_S, Fillers, as_voiced
from voice_agent.call.lines import prepared_voice
from voice_agent.call.playback import Clause, Reply
from voice_agent.call.preparing import Prepared
from voice_agent.call.timing import TurnStages

STAGES = TurnStages(1, 9.0, 10.0, 0.0)


async def slow(*lines: str) -> tuple[Fillers, Prepared]:
    """The fillers of a company, and a reply none of which is there yet."""
    talk, tone = Talk(), ToneSynthesizer()
    voice = await prepared_voice(talk.engine, tone, tone)
    said = talk.said("do you support single sign on")
    fillers = Fillers(voice, as_voiced(talk.engine.realiser, lines))
    return fillers, Prepared(said, talk.state, Reply(1))


async def test_a_line_is_due_once_a_turn():
    fillers, prepared = await slow("One moment.")
    assert fillers.due(STAGES, prepared) == STAGES.ended + FILLER_AFTER_S
    fillers.fill(prepared)
    assert [clause.text for clause in prepared.reply.clauses] == ["One moment."]
    assert fillers.due(STAGES, prepared) is None


@pytest.mark.parametrize("lines", [(), ("Let me see, {name}.",), ("Words nobody voiced.",)])
async def test_a_line_that_cannot_be_said_is_not_due_again_at_once(lines):
    fillers, prepared = await slow(*lines)
    if lines:
        fillers.fill(prepared)
    assert not prepared.reply.clauses
    assert fillers.due(STAGES, prepared) is None, "else the call's pump would spin"


async def test_a_reply_that_has_begun_needs_none():
    fillers, prepared = await slow("One moment.")
    answer = Sentence(1, 0, "Yes.", "answer")
    prepared.reply.clauses.append(Clause(answer, "Yes.", bytearray(b"\x7f" * 80)))
    assert fillers.due(STAGES, prepared) is None
