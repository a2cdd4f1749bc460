"""A remote voice over real HTTP: early bytes, warm connections, deadlines, every failure."""

import struct
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing

import anyio
import anyio.lowlevel
import httpx2
import numpy as np
import pytest
from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from tests.fakes.openai_server import OpenAIServer
from voice_agent.errors import EngineUnavailable, SpeechFailed
from voice_agent.speech.ports import voiced
from voice_agent.speech.tts_openai import PIECE, OpenAISynthesizer

pytestmark = pytest.mark.real_clock
SENTENCE = "Thanks for calling Tideline."


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        server.delays.first_audio_s = 0.02
        yield server


@pytest.fixture
async def voice(server: OpenAIServer) -> AsyncIterator[OpenAISynthesizer]:
    voice = OpenAISynthesizer(server.base_url, "key", "tts-1", "alloy", first_audio_s=0.5)
    await voice.load()
    yield voice
    await voice.aclose()


async def test_the_request_asks_for_raw_samples_in_the_chosen_voice(server, voice):
    await voiced(voice, SENTENCE)
    body = server.requests("speech")[-1].body
    assert body == {
        "input": SENTENCE,
        "model": "tts-1",
        "voice": "alloy",
        "response_format": "pcm",
    }
    assert server.complaints == []


async def test_pieces_are_short_and_begin_while_the_rest_is_under_way(server, voice):
    server.delays.audio_speed = 4.0
    async with aclosing(voice.speak(SENTENCE * 4)) as chunks:
        first = await anext(chunks)
        assert server.requests("speech")[-1].done_at is None
    server.delays.audio_speed = 200.0
    assert 0 < len(first) <= PIECE


@pytest.mark.parametrize("fault", ["500", "429", "malformed", "truncated"])
async def test_every_fault_of_the_service_is_speech_failed(server, voice, fault):
    server.faults["speech"].append(fault)
    with pytest.raises(SpeechFailed):
        await voiced(voice, SENTENCE)
    assert await voiced(voice, SENTENCE)


async def test_no_audio_in_time_is_speech_failed(server):
    voice = OpenAISynthesizer(server.base_url, "key", "tts-1", "alloy", first_audio_s=0.05)
    await voice.load()
    server.faults["speech"].append("hang")
    with pytest.raises(SpeechFailed, match="no audio from the speech service in 0.05 s"):
        await voiced(voice, SENTENCE)
    await voice.aclose()


async def test_a_refused_key_is_found_at_load(server):
    server.key = "right"
    try:
        with pytest.raises(EngineUnavailable, match="refused the key"):
            await OpenAISynthesizer(server.base_url, "wrong", "tts-1", "alloy").load()
    finally:
        server.key = None


async def test_an_unreachable_service_is_found_at_load():
    with pytest.raises(
        EngineUnavailable, match="no answer from the speech service at http://127.0.0.1:9"
    ):
        await OpenAISynthesizer("http://127.0.0.1:9/v1", "", "tts-1", "alloy").load()


async def test_neither_key_nor_address_says_what_is_needed():
    with pytest.raises(EngineUnavailable, match="OPENAI_API_KEY"):
        await OpenAISynthesizer("", "", "tts-1", "alloy").load()


async def answering(answer: Callable[[], httpx2.Response]) -> OpenAISynthesizer:
    """A voice whose service is a function: for bytes cut where no server would cut them."""
    voice = OpenAISynthesizer("http://service/v1", "", "tts-1", "alloy", first_audio_s=0.5)
    transport = httpx2.MockTransport(lambda _: answer())
    voice._client = AsyncOpenAI(
        base_url="http://service/v1",
        api_key="none",
        max_retries=0,
        http_client=DefaultAsyncHttpxClient(transport=transport),
    )
    return voice


async def test_samples_cut_at_odd_bytes_come_out_whole():
    wave = np.rint(9000 * np.sin(np.arange(24_000) / 20)).astype("<i2").tobytes()

    async def cut(step: int) -> AsyncIterator[bytes]:
        for at in range(0, len(wave), step):
            yield wave[at : at + step]

    heard = []
    for step in (len(wave), 1001, 333, 7):
        voice = await answering(lambda s=step: httpx2.Response(200, content=cut(s)))
        heard.append(np.concatenate(await voiced(voice, SENTENCE)))
        await voice.aclose()
    assert all(np.array_equal(heard[0], other) for other in heard[1:])
    assert 0.9 < len(heard[0]) / 8000 < 1.4


async def test_an_empty_answer_is_speech_failed():
    voice = await answering(lambda: httpx2.Response(200, content=b""))
    with pytest.raises(SpeechFailed, match="no audio"):
        await voiced(voice, SENTENCE)
    await voice.aclose()


async def test_words_instead_of_audio_are_not_played():
    voice = await answering(lambda: httpx2.Response(200, json={"error": "quota"}))
    with pytest.raises(SpeechFailed, match="application/json instead of audio"):
        await voiced(voice, SENTENCE)
    await voice.aclose()


@pytest.mark.parametrize("form", [(3, 1, 24_000, 0, 4, 32), (1, 1, 24, 0, 2, 16)])
async def test_a_file_that_cannot_be_played_is_not_played(form: tuple[int, ...]):
    fmt = b"fmt " + struct.pack("<I", 16) + struct.pack("<HHIIHH", *form)
    file = b"RIFF" + bytes(4) + b"WAVE" + fmt + b"data" + bytes(4) + bytes(1600)
    voice = await answering(lambda: httpx2.Response(200, content=file))
    with pytest.raises(SpeechFailed, match="WAV"):
        await voiced(voice, SENTENCE)
    await voice.aclose()
    await anyio.lowlevel.checkpoint()  # the HTTP library's own iterator is closed by a task


async def test_a_stalled_stream_is_speech_failed(server, voice, monkeypatch):
    monkeypatch.setattr("voice_agent.speech.tts_openai.STALL_S", 0.05)
    server.faults["speech"].append("dribble")
    with pytest.raises(SpeechFailed, match="0.05 s"), anyio.fail_after(5):
        await voiced(voice, SENTENCE)
