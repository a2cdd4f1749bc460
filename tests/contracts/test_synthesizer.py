"""The contract of every voice, kept by the three real engines and by the fake."""

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import pytest

from tests.fakes.openai_server import OpenAIServer
from tests.fakes.tiny_voice import make_tiny_voice
from tests.fakes.tone_synthesizer import ToneSynthesizer
from voice_agent.audio.pcm import RATE_HZ, Pcm, level_dbfs
from voice_agent.errors import SpeechFailed
from voice_agent.speech.edges import AUDIBLE
from voice_agent.speech.ports import Synthesizer, voiced
from voice_agent.speech.tts_espeak import EspeakSynthesizer
from voice_agent.speech.tts_openai import OpenAISynthesizer
from voice_agent.speech.tts_piper import PiperSynthesizer

SENTENCE = "The Growth plan syncs every fifteen minutes."
LONG = " ".join([SENTENCE] * 60)
REAL = ["espeak", "piper", "openai"]

# On the module: the loop of a test is chosen before the marks of its parameters are known.
pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        server.delays.first_audio_s = 0.02
        server.delays.audio_speed = 200.0
        yield server


@pytest.fixture
def unloaded(request: pytest.FixtureRequest, server: OpenAIServer, tmp_path: Path) -> Synthesizer:
    match request.param:
        case "espeak":
            return EspeakSynthesizer()
        case "piper":
            return PiperSynthesizer(make_tiny_voice(tmp_path))
        case "openai":
            return OpenAISynthesizer(server.base_url, "", "tts-1", "alloy")
        case _:
            return ToneSynthesizer()


@pytest.fixture
async def voice(unloaded: Synthesizer) -> AsyncIterator[Synthesizer]:
    await unloaded.load()
    yield unloaded
    await unloaded.aclose()


every_voice = pytest.mark.parametrize("unloaded", [*REAL, "tone"], indirect=True)
real_voices = pytest.mark.parametrize("unloaded", REAL, indirect=True)


def speaking(voice: Synthesizer, text: str) -> Any:
    """`speak`, closed at the end of the block: every voice's iterator is a generator."""
    return aclosing(voice.speak(text))  # type: ignore[type-var]


async def whole(voice: Synthesizer, text: str) -> Pcm:
    chunks = await voiced(voice, text)
    return np.concatenate(chunks) if chunks else np.empty(0, np.int16)


@every_voice
async def test_chunks_are_int16_mono_and_never_empty(voice):
    chunks = await voiced(voice, SENTENCE)
    assert all(chunk.dtype == np.int16 and chunk.ndim == 1 and len(chunk) for chunk in chunks)


@every_voice
async def test_a_sentence_is_audible_and_lasts_as_long_as_a_sentence(voice):
    pcm = await whole(voice, SENTENCE)
    assert 1.0 < len(pcm) / RATE_HZ < 6.0
    assert -30 < level_dbfs(pcm) < -3


@every_voice
@pytest.mark.parametrize("text", ["", "   ", "…", "🙂", "- -", "\n", "\x00"])
async def test_what_cannot_be_said_is_silence_without_an_error(voice, text):
    pcm = await whole(voice, text)
    assert level_dbfs(pcm) < -60


@every_voice
@pytest.mark.parametrize(
    "text", ["Zoë naïve 你好", "a" * 400, "5 < 6 & <b>x</b>", "\x07 ok \ud83d"]
)
async def test_odd_text_is_survived(voice, text):
    try:
        await whole(voice, text)
    except SpeechFailed:
        pass
    assert len(await whole(voice, SENTENCE))


@every_voice
async def test_a_long_text_begins_before_it_is_made(voice):
    async with speaking(voice, LONG) as chunks:
        first = await anext(chunks)
    assert 0 < len(first) < len(LONG) * 0.02 * RATE_HZ


@every_voice
async def test_a_long_text_is_said_to_its_end(voice):
    pcm = await whole(voice, LONG)
    assert len(pcm) / RATE_HZ > 60 * 1.0


@every_voice
async def test_two_calls_speak_at_once_without_touching_each_other(voice):
    texts = [SENTENCE, "Goodbye, and thank you."]
    alone = [await whole(voice, text) for text in texts]
    together: dict[str, Pcm] = {}

    async def speak(text: str) -> None:
        together[text] = await whole(voice, text)

    async with anyio.create_task_group() as group:
        for text in texts:
            group.start_soon(speak, text)
    for text, pcm in zip(texts, alone, strict=True):
        assert abs(len(together[text]) - len(pcm)) <= RATE_HZ * 0.005


@every_voice
async def test_a_closed_iterator_leaves_the_voice_free_for_the_next(voice):
    for _ in range(3):
        async with speaking(voice, LONG) as chunks:
            await anext(chunks)
    with anyio.fail_after(20):
        assert len(await whole(voice, "Yes."))


@every_voice
async def test_a_cancelled_speaker_stops_and_the_others_go_on(voice):
    lengths: list[int] = []

    async def speak_and_be_cancelled(scope: anyio.CancelScope) -> None:
        with scope:
            async with speaking(voice, LONG) as chunks:
                async for _ in chunks:
                    scope.cancel()

    async def speak() -> None:
        lengths.append(len(await whole(voice, SENTENCE)))

    with anyio.fail_after(20):
        async with anyio.create_task_group() as group:
            group.start_soon(speak_and_be_cancelled, anyio.CancelScope())
            group.start_soon(speak)
    assert lengths[0] > RATE_HZ


@real_voices
async def test_speaking_before_loading_and_after_closing_is_speech_failed(unloaded):
    with pytest.raises(SpeechFailed):
        await whole(unloaded, SENTENCE)
    await unloaded.load()
    await unloaded.aclose()
    with pytest.raises(SpeechFailed):
        await whole(unloaded, SENTENCE)


@every_voice
async def test_loading_and_closing_twice_is_harmless(unloaded):
    await unloaded.load()
    await unloaded.load()
    assert len(await whole(unloaded, "Yes."))
    await unloaded.aclose()
    await unloaded.aclose()


@real_voices
async def test_silence_before_is_trimmed_and_the_pause_after_is_short(voice):
    inside, ended = await whole(voice, "The Growth plan"), await whole(voice, "The Growth plan.")
    for pcm, pause_s in ((inside, 0.06), (ended, 0.22)):
        audible = np.flatnonzero(np.abs(pcm.astype(np.int32)) >= AUDIBLE)
        assert audible[0] / RATE_HZ < 0.03
        assert abs((len(pcm) - audible[-1]) / RATE_HZ - pause_s) < 0.02


@real_voices
async def test_edges_do_not_click(voice):
    pcm = (await whole(voice, "The Growth plan")).astype(np.int32)
    assert abs(pcm[0]) < 400 and abs(pcm[-1]) < 50
    assert np.max(np.abs(pcm)) < 32767


async def test_the_fake_fails_when_told():
    voice = ToneSynthesizer(fails=True, fails_after=2)
    chunks: list[Pcm] = []
    with pytest.raises(SpeechFailed):
        async for chunk in voice.speak(SENTENCE):
            chunks.append(chunk)
    assert len(chunks) == 2
    assert len(await whole(voice, SENTENCE))
