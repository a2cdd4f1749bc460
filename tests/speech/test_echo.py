"""Our own voice coming back is recognised as echo; a caller over it is not."""

import numpy as np
import pytest

from tests.speech.sounds import at_level, clips, line, mixed, recorded
from voice_agent.audio.pcm import RATE_HZ, Pcm, level_dbfs
from voice_agent.speech.echo import EchoGuard

pytestmark = recorded


def agent() -> Pcm:
    return np.concatenate([at_level(clip, -22.0) for clip in clips("speech")])


def returned(pcm: Pcm, delay_s: float, loss_db: float, room: int | None = None) -> Pcm:
    sound = pcm.astype(np.float64)
    if room is not None:
        answer = clips("rirs")[room].astype(np.float64)
        sound = _convolved(sound, answer[int(np.argmax(np.abs(answer))) :])[: len(pcm)]
    late = np.concatenate([np.zeros(int(delay_s * RATE_HZ)), sound])[: len(pcm)]
    late *= 10 ** ((level_dbfs(pcm) - loss_db - _level(late)) / 20)
    return mixed(late, line(len(pcm) / RATE_HZ))


def _convolved(sound: np.ndarray, answer: np.ndarray) -> np.ndarray:
    """By way of the frequencies: `np.convolve` takes seven seconds for a room's long tail."""
    size = len(sound) + len(answer) - 1
    return np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(answer, size), size)


def _level(sound: np.ndarray) -> float:
    return float(10 * np.log10((sound**2).mean() / 32768.0**2))


def told(played: Pcm, heard: Pcm, until_s: float | None = None) -> EchoGuard:
    guard = EchoGuard()
    upto = len(played) if until_s is None else int(until_s * RATE_HZ)
    for i in range(0, upto, 160):
        guard.played(played[i : i + 160], i / RATE_HZ)
        guard.heard(heard[i : i + 160], i / RATE_HZ)
    return guard


@pytest.mark.parametrize("room", [None, 1])
@pytest.mark.parametrize(("delay_s", "loss_db"), [(0.02, 15.0), (0.12, 25.0), (0.3, 15.0)])
def test_delay_and_loss_of_the_line_are_learned(room: int | None, delay_s: float, loss_db: float):
    guard = told(agent(), returned(agent(), delay_s, loss_db, room))
    assert guard.coupling is not None
    assert guard.coupling.delay_s == pytest.approx(delay_s, abs=0.03)
    assert guard.coupling.loss_db == pytest.approx(loss_db, abs=3.0)


@pytest.mark.parametrize("room", [None, 0, 1])
def test_once_learned_our_echo_is_recognised(room: int | None):
    heard = returned(agent(), 0.12, 15.0, room)
    guard = told(agent(), heard)
    end = len(heard) / RATE_HZ
    spans = [guard.is_echo(end - back, end - back + 0.2) for back in np.arange(0.4, 2.4, 0.1)]
    assert np.mean(spans) >= 0.8


def test_a_caller_over_the_echo_is_no_echo():
    heard = returned(agent(), 0.12, 15.0)
    known = 0
    words = clips("digits")[::8]
    for word in words:
        at = 8.0
        over = heard.copy()
        spoken = at_level(word, -26.0)
        begin = int(at * RATE_HZ)
        over[begin : begin + len(spoken)] = mixed(over[begin : begin + len(spoken)], spoken)
        guard = told(agent(), over, at + len(spoken) / RATE_HZ)
        ends = np.arange(at + 0.08, at + len(spoken) / RATE_HZ, 0.02)
        known += any(not guard.is_echo(at, end) for end in ends)
    assert known >= 0.9 * len(words)


def test_a_caller_on_a_line_without_echo_is_never_taken_for_one():
    other = np.concatenate([at_level(clip, -26.0) for clip in clips("speech")[::-1]])
    guard = told(agent(), other)
    assert guard.coupling is None
    end = len(other) / RATE_HZ
    spans = [guard.is_echo(end - back, end - back + 0.3) for back in np.arange(0.4, 4.0, 0.1)]
    assert np.mean(spans) <= 0.1


def test_silence_from_us_makes_no_echo():
    caller = at_level(clips("speech")[0], -25.0)
    guard = told(np.zeros(len(caller), np.int16), caller)
    assert not guard.is_echo(0.5, 1.0)


def test_too_little_sound_is_not_judged():
    guard = told(agent(), returned(agent(), 0.1, 15.0))
    assert not guard.is_echo(5.0, 5.03)
