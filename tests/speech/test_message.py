"""A message of any length reaches the recogniser in pieces it accepts, cut at pauses."""

import numpy as np
import pytest

from tests.fakes.office import Prompter
from voice_agent.audio.pcm import RATE_HZ
from voice_agent.speech.message import LONGEST_S, pieces, transcribed


def noise(seconds: float) -> np.ndarray:
    made = np.random.default_rng(3).integers(-9000, 9000, round(seconds * RATE_HZ))
    return made.astype(np.int16)


@pytest.mark.parametrize("seconds", [0.0, 3.0, LONGEST_S, 61.0])
def test_nothing_is_lost_and_no_piece_is_too_long(seconds: float):
    pcm = noise(seconds)
    cut = pieces(pcm)
    assert all(len(piece) <= LONGEST_S * RATE_HZ for piece in cut)
    assert np.array_equal(np.concatenate([*cut, np.zeros(0, np.int16)]), pcm)


def test_the_cut_is_in_the_pause():
    pause = np.zeros(RATE_HZ // 2, np.int16)
    (first, *_) = pieces(np.concatenate([noise(15.0), pause, noise(15.0)]))
    assert 15.0 <= len(first) / RATE_HZ <= 15.5


async def test_the_words_of_all_pieces_are_joined():
    ears = Prompter(["please call me", "it is about snowflake"])
    ears.lengths = [1.0, 1.0]
    assert await transcribed(ears, noise(30.0), "m1") == "please call me it is about snowflake"
