"""Speech, noise and synthetic sounds at chosen levels, as a telephone would carry them."""

import os
import wave
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soxr

from voice_agent.audio.pcm import RATE_HZ, Pcm, level_dbfs
from voice_agent.emulator.script import FIXTURES, read_mono

AUDIO = Path(os.environ.get("VOICE_AGENT_TEST_AUDIO", Path(__file__).parents[3] / "shared/audio"))
recorded = pytest.mark.skipif(not AUDIO.is_dir(), reason=f"no recordings in {AUDIO}")


@cache
def clips(folder: str) -> tuple[Pcm, ...]:
    """All recordings in a folder at 8 kHz, by name."""
    return tuple(_read(path) for path in sorted((AUDIO / folder).glob("*.wav")))


def _read(path: Path) -> Pcm:
    with wave.open(str(path)) as reader:
        pcm = np.frombuffer(reader.readframes(reader.getnframes()), "<i2")
        rate = reader.getframerate()
    return pcm if rate == RATE_HZ else soxr.resample(pcm, rate, RATE_HZ)


def fixture(name: str) -> Pcm:
    """An utterance or noise of `audio_fixtures`, by its file name."""
    return read_mono(FIXTURES / name)


def at_level(pcm: Pcm, dbfs: float) -> Pcm:
    return mixed(pcm.astype(np.float64) * 10 ** ((dbfs - level_dbfs(pcm)) / 20))


def mixed(*parts: np.ndarray) -> Pcm:
    return np.clip(sum(part.astype(np.float64) for part in parts), -32767, 32767).astype(np.int16)


def line(for_s: float, dbfs: float = -72.0, seed: int = 0) -> Pcm:
    """The faint hiss of a quiet line, or white noise at any level."""
    size = int(for_s * RATE_HZ)
    steps = np.random.default_rng(seed).normal(0, 32768 * 10 ** (dbfs / 20), size)
    return np.clip(np.round(steps), -32767, 32767).astype(np.int16)


def tones(*hz: float, for_s: float = 0.5, dbfs: float = -15.0) -> Pcm:
    at = np.arange(int(for_s * RATE_HZ)) / RATE_HZ
    return at_level((3000 * sum(np.sin(2 * np.pi * f * at) for f in hz)).astype(np.int16), dbfs)


def clicks(count: int = 20, every_s: float = 0.25) -> Pcm:
    pcm = np.zeros(int(count * every_s * RATE_HZ), np.int16)
    for n in range(count):
        at = int(n * every_s * RATE_HZ)
        pcm[at : at + 16] = 20000 * (-1) ** np.arange(16)
    return pcm


def breaths(count: int = 8) -> Pcm:
    """Noise that swells and fades within 600 ms, low-passed, a second apart."""
    rng = np.random.default_rng(3)
    made = []
    for _ in range(count):
        noise = np.convolve(rng.normal(0, 1, 4800), np.ones(4) / 4, "same") * np.hanning(4800)
        made += [at_level((noise * 3000).astype(np.int16), -40.0), line(0.4)]
    return np.concatenate(made)


def murmur(for_s: float = 0.45, hz: float = 110.0) -> Pcm:
    """A closed-mouth "mm-hm": a low voice through a nasal formant, in two swells."""
    at = np.arange(int(for_s * RATE_HZ)) / RATE_HZ
    pitch = 2 * np.pi * np.cumsum(hz * (1 + 0.25 * at / for_s)) / RATE_HZ
    voice = sum(np.sin(k * pitch) / (1 + ((k * hz - 260) / 150) ** 2) for k in range(1, 20))
    swell = np.sin(np.pi * at / for_s) * (0.35 + 0.65 * np.abs(np.cos(np.pi * at / for_s)))
    return (6000 * voice * swell).astype(np.int16)


def span(pcm: Pcm) -> tuple[float, float]:
    """Where a clean recording is louder than 32 dB below its peak, seconds."""
    from voice_agent.speech.vad import FRAME, _levels

    count = len(pcm) // FRAME
    level = np.array(_levels(pcm[: count * FRAME].reshape(count, FRAME)))
    loud = np.nonzero(level > max(level.max() - 32.0, -60.0))[0]
    return float(loud[0]) * 0.01, float(loud[-1] + 1) * 0.01
