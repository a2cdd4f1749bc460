"""Piper's real code on a tiny voice: rate, sentences, level, and what a missing file says."""

import json
import os
from contextlib import aclosing
from pathlib import Path

import anyio
import numpy as np
import pytest

from tests.fakes.tiny_voice import make_tiny_voice
from voice_agent.audio.pcm import Pcm
from voice_agent.errors import EngineUnavailable, SpeechFailed
from voice_agent.speech.ports import voiced
from voice_agent.speech.tts_piper import PiperSynthesizer

pytestmark = pytest.mark.engine
SENTENCE = "Thanks for calling Tideline."


def set_sample_rate(config_file: Path, rate_hz: int) -> None:
    config = json.loads(config_file.read_text())
    config["audio"]["sample_rate"] = rate_hz
    overwrite(config_file, json.dumps(config))


def overwrite(file: Path, text: str) -> None:
    file.write_text(text)


async def said(voice: PiperSynthesizer, text: str) -> Pcm:
    await voice.load()
    pcm = np.concatenate(await voiced(voice, text))
    await voice.aclose()
    return pcm


async def test_audio_is_as_long_as_its_phonemes(tmp_path):
    path = make_tiny_voice(tmp_path)
    short = await said(PiperSynthesizer(path), "Tideline")
    long = await said(PiperSynthesizer(path), "Tideline Tideline Tideline")
    assert 2.5 < (len(long) - 480) / (len(short) - 480) < 3.5


async def test_rate_shortens_speech(tmp_path):
    path = make_tiny_voice(tmp_path)
    slow, fast = [await said(PiperSynthesizer(path, rate), SENTENCE) for rate in (0.8, 1.6)]
    assert 1.8 < len(slow) / len(fast) < 2.2


async def test_peaks_leave_headroom(tmp_path):
    pcm = await said(PiperSynthesizer(make_tiny_voice(tmp_path)), SENTENCE)
    peak = 20 * np.log10(np.max(np.abs(pcm.astype(np.int32))) / 32768)
    assert -4 < peak < -2.5


async def test_each_sentence_is_given_out_when_it_is_made(tmp_path):
    voice = PiperSynthesizer(make_tiny_voice(tmp_path))
    await voice.load()
    async with aclosing(voice.speak("One two three. Four five six. Seven.")) as chunks:
        first = await anext(chunks)
        rest = [chunk async for chunk in chunks]
    assert len(first) < sum(map(len, rest))
    assert len(rest) >= 2


async def test_other_sample_rates_are_resampled(tmp_path):
    path = make_tiny_voice(tmp_path)
    at_22k = await said(PiperSynthesizer(path), SENTENCE)
    set_sample_rate(Path(f"{path}.json"), 16_000)
    at_16k = await said(PiperSynthesizer(path), SENTENCE)
    assert abs(len(at_16k) / len(at_22k) - 22_050 / 16_000) < 0.1


@pytest.mark.parametrize("lost", ["", ".json"])
async def test_a_missing_file_names_itself_and_the_remedy(tmp_path, lost):
    path = make_tiny_voice(tmp_path)
    os.unlink(f"{path}{lost}")
    with pytest.raises(EngineUnavailable, match="VOICE_AGENT_PIPER_VOICE.*models fetch") as error:
        await PiperSynthesizer(path).load()
    assert f"{path}{lost}" in str(error.value)


@pytest.mark.parametrize("broken", ["", ".json"])
async def test_a_file_that_is_no_voice_is_refused_at_load(tmp_path, broken):
    path = make_tiny_voice(tmp_path)
    overwrite(Path(f"{path}{broken}"), "not a voice")
    with pytest.raises(EngineUnavailable, match="is not a Piper voice"):
        await PiperSynthesizer(path).load()


async def test_a_failing_model_is_speech_failed(tmp_path):
    voice = PiperSynthesizer(make_tiny_voice(tmp_path))
    await voice.load()
    assert voice._voice is not None
    voice._voice.config.phoneme_id_map = {"_": [0], "^": [1], "$": [2]}
    voice._voice.config.length_scale = -5.0
    with pytest.raises(SpeechFailed):
        await voiced(voice, SENTENCE)


async def test_a_shared_limiter_is_given_back_by_cancelled_speakers(tmp_path):
    limiter = anyio.CapacityLimiter(1)
    voice = PiperSynthesizer(make_tiny_voice(tmp_path), limiter=limiter)
    await voice.load()
    for _ in range(5):
        with anyio.move_on_after(0.001):
            await voiced(voice, SENTENCE * 3)
    assert limiter.borrowed_tokens == 0
    with anyio.fail_after(5):
        assert await voiced(voice, SENTENCE)
