"""The direction of a voice at its end, over a telephone that carries no fundamental."""

import numpy as np
import pytest

from tests.speech.sounds import line
from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.speech.melody import Register, pitches


def voice(*hz: float, for_s: float = 1.0) -> Pcm:
    """Overtones from 300 Hz up of a voice that glides through these pitches."""
    size = int(for_s * RATE_HZ)
    pitch = np.interp(np.linspace(0, 1, size), np.linspace(0, 1, len(hz)), hz)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE_HZ
    sound = sum(
        (k * pitch > 300) * (k * pitch < 3400) * np.sin(k * phase) / k for k in range(2, 30)
    )
    return (sound / np.abs(sound).max() * 8000).astype(np.int16)


@pytest.mark.parametrize("hz", [85.0, 120.0, 210.0, 280.0])
def test_pitch_is_found_without_its_fundamental(hz):
    _, pitch = pitches(voice(hz) + line(1.0))
    assert np.median(pitch) == pytest.approx(12 * np.log2(hz / 100), abs=0.5)


def test_a_voice_that_falls_to_its_bottom_is_told_from_one_that_stays_up():
    register = Register()
    register.ending(voice(120, 130, 118, 125))
    fell = register.ending(voice(125, 120, 118, 85))
    held = register.ending(voice(120, 118, 120, 128))
    assert fell is not None and held is not None
    assert fell.pitch_st < -3 and fell.slope_st_s < -5
    assert held.pitch_st > 0 and held.slope_st_s > 0


def test_the_usual_pitch_is_the_callers_own():
    low, high = Register(), Register()
    for _ in range(4):
        low.ending(voice(95, 100))
        high.ending(voice(215, 220))
    after_low, after_high = low.ending(voice(150, 150)), high.ending(voice(150, 150))
    assert after_low is not None and after_low.pitch_st > 5
    assert after_high is None or after_high.pitch_st < -5


@pytest.mark.parametrize("pcm", [line(1.0, -40.0), np.zeros(8000, np.int16), np.zeros(0, np.int16),
                                 voice(120, for_s=0.05)])  # fmt: skip
def test_what_has_no_pitch_has_no_melody(pcm):
    assert Register().ending(pcm) is None


def test_clipped_samples_are_no_trouble():
    assert Register().ending(np.full(8000, -32768, np.int16)) is None
    loud = np.clip(voice(120, 90).astype(int) * 20, -32768, 32767).astype(np.int16)
    melody = Register().ending(loud)
    assert melody is not None and np.isfinite([melody.pitch_st, melody.slope_st_s]).all()
