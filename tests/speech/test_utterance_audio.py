"""Whether an utterance goes on, by its samples, however they come."""

import numpy as np
import pytest

from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.speech.utterance_audio import UtteranceAudio


def tone(seconds: float, dbfs: float) -> Pcm:
    at = np.arange(round(seconds * RATE_HZ))
    peak = 32768 * 10 ** (dbfs / 20) * 2**0.5
    return (peak * np.sin(at * 2 * np.pi * 440 / RATE_HZ)).astype(np.int16)


@pytest.mark.parametrize("piece", [37, 160, 320, 5000])
def test_a_pause_is_quiet_compared_with_the_loudest_so_far_wherever_that_was(piece: int):
    audio, quiet = UtteranceAudio(), []
    for pcm in (tone(0.5, -15), tone(0.5, -30), tone(0.5, -38), tone(0.2, -30), tone(0.5, -5)):
        for at in range(0, len(pcm), piece):
            audio.push(pcm[at : at + piece])
            audio.tail_is_quiet()
        quiet.append(audio.tail_is_quiet())
    assert quiet == [False, False, True, False, False]
    audio.push(tone(0.5, -28))
    assert audio.tail_is_quiet() and not audio.quiet_since(RATE_HZ)
