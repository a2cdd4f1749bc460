"""Transcription over HTTP, against a server that checks and disturbs."""

from collections.abc import Iterator

import anyio
import numpy as np
import pytest

from tests.core.talk import sample
from tests.fakes.openai_server import Delays, OpenAIServer
from tests.speech.sounds import line, murmur
from voice_agent.audio.pcm import RATE_HZ
from voice_agent.errors import EngineUnavailable, TranscriptionFailed
from voice_agent.speech.stt_openai import OpenAITranscriber

pytestmark = pytest.mark.real_clock
COMPANY = sample().company


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer(Delays(transcription_s=0.01), transcript="which plan do I need") as server:
        yield server


@pytest.fixture
async def openai(server: OpenAIServer):
    transcriber = OpenAITranscriber(COMPANY, base_url=server.base_url, deadline_s=5.0)
    await transcriber.load()
    yield transcriber
    await transcriber.aclose()
    assert server.complaints == []


def speech():
    return np.concatenate([line(0.5), murmur(), murmur(), murmur(), line(0.1)])


async def settled(transcriber: OpenAITranscriber, pcm=None) -> str:
    utterance = transcriber.open("call")
    utterance.push(speech() if pcm is None else pcm)
    try:
        return (await utterance.settle()).text
    finally:
        utterance.close()


async def test_the_voiced_part_is_uploaded_and_its_words_are_timed(server, openai):
    utterance = openai.open("call")
    utterance.push(speech())
    heard = await utterance.settle()
    assert heard.text == "which plan do I need"
    assert [word.text for word in heard.words] == heard.text.split()
    assert 0.2 < heard.words[0].start_s < heard.words[-1].end_s <= 2.1
    (seen,) = server.requests("transcription")
    assert seen.audio_s < len(speech()) / RATE_HZ
    assert COMPANY.name in seen.body["prompt"]
    assert seen.body["timestamp_granularities"] == ["word", "segment"]


async def test_silence_is_not_sent(server, openai):
    assert await settled(openai, line(1.0)) == ""
    assert server.requests("transcription") == []


async def test_silence_after_a_settled_transcript_is_not_sent_again(server, openai):
    utterance = openai.open("call")
    utterance.push(speech())
    first = await utterance.settle()
    utterance.push(line(0.4))
    again = await utterance.settle()
    assert again.text == first.text and again.upto_s > first.upto_s
    assert len(server.requests("transcription")) == 1


async def test_a_model_without_word_times_gets_them_spread_over_the_sound(server):
    openai = OpenAITranscriber(COMPANY, base_url=server.base_url, model="gpt-4o-mini-transcribe")
    await openai.load()
    utterance = openai.open("call")
    utterance.push(speech())
    heard = await utterance.settle()
    await openai.aclose()
    assert server.requests("transcription")[0].body["response_format"] == "json"
    assert [word.text for word in heard.words] == heard.text.split()
    assert heard.words[-1].end_s <= 2.1


@pytest.mark.parametrize("fault", ["429", "500", "truncated"])
async def test_a_single_failure_is_retried(server, openai, fault):
    server.faults["transcription"].append(fault)
    assert await settled(openai) == "which plan do I need"
    assert len(server.requests("transcription")) == 2


@pytest.mark.parametrize("fault", ["429", "500", "malformed", "truncated"])
async def test_a_failing_service_is_a_failed_transcription(server, openai, fault):
    server.always["transcription"] = fault
    with pytest.raises(TranscriptionFailed):
        await settled(openai)
    del server.always["transcription"]
    assert await settled(openai) == "which plan do I need"


async def test_a_hanging_service_fails_at_the_deadline(server, openai):
    openai.deadline_s = 0.1
    server.always["transcription"] = "hang"
    with pytest.raises(TranscriptionFailed, match="within 0.1 s"):
        await settled(openai)


@pytest.mark.parametrize("text", ["Thanks for watching!", "[MUSIC]", "   "])
async def test_text_nobody_said_is_left_out(server, openai, text):
    server.transcript = text
    assert await settled(openai) == ""


async def test_text_the_service_itself_doubts_is_left_out(server, openai):
    server.segment = {"no_speech_prob": 0.9, "avg_logprob": -1.4}
    assert await settled(openai) == ""


async def test_a_service_that_refuses_word_times_is_asked_plainly(server, openai):
    server.plain_only = True
    assert await settled(openai) == "which plan do I need"
    assert await settled(openai) == "which plan do I need"
    formats = [seen.body["response_format"] for seen in server.requests("transcription")]
    assert formats == ["verbose_json", "json", "json"]


async def test_calls_do_not_wait_for_each_other(server, openai):
    server.delays.transcription_s = 0.3
    began = anyio.current_time()
    async with anyio.create_task_group() as tasks:
        for _ in range(20):
            tasks.start_soon(settled, openai)
    assert len(server.requests("transcription")) == 20
    assert anyio.current_time() - began < 20 * 0.3 / 2


async def test_without_a_server_it_is_unavailable():
    openai = OpenAITranscriber(COMPANY, base_url="http://127.0.0.1:9/v1")
    with pytest.raises(EngineUnavailable, match="127.0.0.1:9"):
        await openai.load(2.0)


async def test_a_server_that_does_not_answer_is_unavailable_in_time(server):
    server.always["models"] = "hang"
    openai = OpenAITranscriber(COMPANY, base_url=server.base_url)
    with pytest.raises(EngineUnavailable, match="did not answer within 0.2 s"):
        await openai.load(0.2)


async def test_a_wrong_key_is_unavailable(server):
    server.key = "right"
    with pytest.raises(EngineUnavailable):
        await OpenAITranscriber(COMPANY, base_url=server.base_url, api_key="wrong").load()
    right = OpenAITranscriber(COMPANY, base_url=server.base_url, api_key="right")
    await right.load()
    assert await settled(right) == "which plan do I need"
    await right.aclose()
