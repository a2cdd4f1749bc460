"""When recognition counts as failing, and when it does not."""

from itertools import pairwise

import anyio
import numpy as np

from tests.fakes.office import Prompter, silero, speech
from tests.speech.sounds import fixture
from voice_agent.audio.pcm import FRAME_S, RATE_HZ
from voice_agent.call.hearing import JUDGE_AGAIN_S, Hearing
from voice_agent.speech.echo import EchoGuard
from voice_agent.speech.vad import Gate
from voice_agent.turn.events import CrowdHeard, EchoHeard, SpeechStarted

FRAME = round(FRAME_S * RATE_HZ)


def listening() -> tuple[Prompter, Hearing]:
    """A caller in the middle of an utterance."""
    ears = Prompter(["hello there"])
    hearing = Hearing(Gate(silero()), ears, "call")
    pcm = speech("demo/01_hi_there_i_was.wav").pcm
    assert pcm is not None
    for n in range(0, RATE_HZ * 2, FRAME):
        hearing.frame(np.asarray(pcm[n : n + FRAME]), n / RATE_HZ, n / RATE_HZ)
    return ears, hearing


async def test_one_utterance_fails_once_however_often_it_was_tried():
    ears, hearing = listening()
    ears.failing = True
    for _ in range(3):
        await hearing.settle()
    assert hearing.failures == 1


async def test_an_utterance_we_closed_ourselves_is_no_failure():
    ears, hearing = listening()
    ears.failing = True
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(hearing.settle)
        await anyio.sleep(ears.delay_s / 2)
        hearing.end()
    assert hearing.failures == 0


async def test_a_transcript_that_comes_after_all_ends_the_row_of_failures():
    ears, hearing = listening()
    ears.failing = True
    await hearing.settle()
    ears.failing = False
    assert await hearing.settle() is not None
    assert hearing.failures == 0


async def test_a_voice_over_ours_is_compared_with_it_now_and_then_only():
    asked = []

    class Guard(EchoGuard):
        def is_echo(self, since: float, until: float) -> bool:
            asked.append(until)
            return until - since > 0.3

    hearing = Hearing(Gate(silero()), Prompter(["hello there"]), "call", Guard())
    pcm = speech("demo/01_hi_there_i_was.wav").pcm
    assert pcm is not None
    hearing.played(np.zeros(4 * RATE_HZ, np.int16), 0.0)
    told = []
    for n in range(0, RATE_HZ * 3, FRAME):
        told += hearing.frame(np.asarray(pcm[n : n + FRAME]), n / RATE_HZ, n / RATE_HZ)
    assert [type(event) for event in told][:2] == [SpeechStarted, EchoHeard]
    until_echo = [at for at in asked if at <= asked[0] + 0.4]
    assert all(b - a > JUDGE_AGAIN_S - FRAME_S / 2 for a, b in pairwise(until_echo))


async def test_an_utterance_opened_for_the_talk_of_others_is_closed_when_it_is_known_as_that():
    ears = Prompter(["what about the invoice"])
    hearing = Hearing(Gate(silero()), ears, "call")
    quiet = np.zeros(RATE_HZ, np.int16)
    pcm = np.concatenate([quiet, fixture("noise/babble.wav")[: RATE_HZ * 4]])
    told = []
    for n in range(0, len(pcm), FRAME):
        told += hearing.frame(pcm[n : n + FRAME], n / RATE_HZ, n / RATE_HZ)
        if any(isinstance(event, CrowdHeard) for event in told):
            break
    assert isinstance(told[0], SpeechStarted) and isinstance(told[-1], CrowdHeard)
    assert hearing.so_far == ""
    assert await hearing.settle() is None, "nothing is open"
