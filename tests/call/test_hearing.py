"""When the ear counts as failing, and when it does not."""

import anyio
import numpy as np

from tests.fakes.office import Prompter, silero, speech
from voice_agent.audio.pcm import FRAME_S, RATE_HZ
from voice_agent.call.hearing import Hearing
from voice_agent.speech.vad import Gate

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
