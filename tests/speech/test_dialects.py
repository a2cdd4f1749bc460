"""Speech and transcription servers in use: each is asked in its dialect, and heard correctly."""

from collections.abc import Callable

import numpy as np
import pytest

from tests.core.talk import sample
from tests.fakes import sound_servers as servers
from tests.fakes.model_servers import KEY_REFUSED, LOADING, NO_MONEY, Answer, Body, ModelServer
from tests.speech.sounds import line, murmur
from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.errors import EngineUnavailable, SpeechFailed
from voice_agent.speech.ports import Hypothesis, voiced
from voice_agent.speech.stt_openai import OpenAITranscriber
from voice_agent.speech.tts_openai import OpenAISynthesizer

pytestmark = pytest.mark.real_clock
Speaks = Callable[[Body], Answer]


async def spoken(server: ModelServer, rate: float = 1.0) -> Pcm:
    voice = OpenAISynthesizer(server.base_url, "", "tts-1", "alloy", rate)
    await voice.load()
    try:
        return np.concatenate(await voiced(voice, "Thanks for calling."))
    finally:
        await voice.aclose()


def pitch_hz(pcm: Pcm) -> float:
    spectrum = np.abs(np.fft.rfft(pcm.astype(float) * np.hanning(len(pcm))))
    return float(np.argmax(spectrum)) * RATE_HZ / len(pcm)


VOICES: dict[str, tuple[Speaks, list[str]]] = {
    "OpenAI, Kokoro-FastAPI": (servers.plain_voice(24_000), ["wav", "pcm"]),
    "openedai-speech with piper, which tells its rate": (
        servers.plain_voice(22_050, ";rate=22050"), ["wav", "pcm"]),
    "speaches with piper, which does not": (servers.plain_voice(22_050), ["wav", "pcm"]),
    "speaches with a small piper voice": (servers.plain_voice(16_000), ["wav", "pcm"]),
    "Groq, which sends files alone": (servers.groq_voice, ["wav", "pcm", "wav"]),
    "LocalAI, which sends files whatever is asked": (servers.always_wav, ["wav", "pcm"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", VOICES)
async def test_a_voice_is_played_at_its_own_rate(kind: str):
    speaks, forms = VOICES[kind]
    with ModelServer(speaks) as server:
        pcm = await spoken(server)
    assert abs(pitch_hz(pcm) - servers.PITCH_HZ) < 5.0
    assert 0.5 < len(pcm) / RATE_HZ < 1.1
    assert [body["response_format"] for body in server.bodies] == forms


async def test_a_pace_is_asked_for_where_it_is_taken_and_done_without_where_not():
    with ModelServer(servers.no_speed) as server:
        assert len(await spoken(server, rate=1.1))
        assert ["speed" in body for body in server.bodies] == [True, False, False]
    with ModelServer(servers.plain_voice(24_000)) as server:
        await spoken(server, rate=1.1)
        assert [body["speed"] for body in server.bodies] == [1.1, 1.1]


@pytest.mark.parametrize(
    ("speaks", "told"),
    [
        (
            servers.kokoro_without_the_voice,
            "voices: af_bella, af_sky.; check .*_TTS_MODEL, .*_VOICE",
        ),
        (lambda body: KEY_REFUSED["openai"], "refused the key .401: Incorrect API key"),
        (lambda body: NO_MONEY["openai"], "current quota.*add credit"),
        (servers.speaches_without_the_model, "not installed locally.*VOICE_AGENT_TTS_MODEL"),
        (servers.always_mp3, "MP3 instead of samples"),
    ],
)
async def test_a_voice_that_cannot_be_had_is_found_at_the_start_with_its_remedy(
    speaks: Speaks, told: str
):
    with ModelServer(speaks) as server, pytest.raises(EngineUnavailable, match=told):
        await OpenAISynthesizer(server.base_url, "k", "tts-1", "alloy").load()


async def test_a_voice_that_is_still_loading_is_taken_and_fails_until_it_is_there():
    with ModelServer(lambda body: LOADING) as server:
        voice = OpenAISynthesizer(server.base_url, "", "tts-1", "alloy")
        await voice.load()
        with pytest.raises(SpeechFailed, match="Loading model"):
            await voiced(voice, "Hello.")
        server.speaks = servers.plain_voice(22_050, ";rate=22050")
        assert abs(pitch_hz(np.concatenate(await voiced(voice, "Hello."))) - 440) < 5
        await voice.aclose()


async def test_a_service_whose_files_take_long_is_asked_for_samples_all_the_same():
    def speaks(body: Body) -> Answer:
        if body["response_format"] == "wav":
            return Answer([servers.wav(24_000)], kind="audio/wav", gap_s=1.0)
        return servers.plain_voice(24_000)(body)

    with ModelServer(speaks) as server:
        voice = OpenAISynthesizer(server.base_url, "", "tts-1", "alloy")
        await voice.load(0.5)
        assert len(np.concatenate(await voiced(voice, "Hello.")))
        assert [body["response_format"] for body in server.bodies] == ["wav", "pcm"]
        await voice.aclose()


EARS: dict[str, tuple[Speaks, str, str, bool]] = {
    "OpenAI whisper-1": (servers.speaches, "whisper-1", "with word times", True),
    "OpenAI gpt-4o-mini-transcribe": (
        servers.gpt_transcribe, "gpt-4o-mini-transcribe", "without word times", False),
    "an Azure deployment of it": (
        servers.gpt_transcribe, "ears", "without word times", False),
    "OpenAI gpt-4o-transcribe-diarize": (
        servers.gpt_diarize, "gpt-4o-transcribe-diarize", "without word times, prompt", False),
    "speaches": (
        servers.speaches, "deepdml/faster-distil-large-v3.5", "with word times", True),
    "whisper.cpp": (servers.whisper_cpp, "large-v3", "with word times, at 16 kHz", True),
    "FunASR": (servers.funasr, "iic/SenseVoiceSmall", "with word times", False),
    "vLLM": (servers.bare_vllm, "openai/whisper-large-v3", "without word times", False),
    "a small one": (
        servers.choosy, "any", "without word times, prompt, temperature, language", False),
}  # fmt: skip


@pytest.mark.parametrize("kind", EARS)
async def test_what_a_transcription_service_takes_is_learned_at_the_start(kind: str):
    speaks, name, told, timed = EARS[kind]
    with ModelServer(speaks) as server:
        ears = OpenAITranscriber(sample().company, base_url=server.base_url, model=name)
        await ears.load()
        assert ears.dialect.told() == told
        asked = len(server.bodies)
        heard = await settled(ears)
        assert len(server.bodies) == asked + 1, "known from then on"
        await ears.aclose()
    assert heard.text == servers.HEARD
    assert [word.text for word in heard.words] == servers.HEARD.split()
    assert (round(heard.words[-1].end_s - heard.words[0].start_s, 2) == 0.49) is timed


async def settled(ears: OpenAITranscriber) -> Hypothesis:
    utterance = ears.open("call")
    utterance.push(np.concatenate([line(0.5), murmur(), murmur(), murmur(), line(0.1)]))
    return await utterance.settle()


@pytest.mark.parametrize(
    ("speaks", "told"),
    [
        (servers.speaches_without_the_model, "not installed locally.*VOICE_AGENT_STT_MODEL"),
        (lambda body: KEY_REFUSED["openai"], "refused the key.*VOICE_AGENT_STT_API_KEY"),
        (lambda body: NO_MONEY["openai"], "add credit"),
    ],
)
async def test_ears_that_cannot_be_had_are_found_at_the_start_with_the_remedy(
    speaks: Speaks, told: str
):
    with ModelServer(speaks) as server, pytest.raises(EngineUnavailable, match=told):
        await OpenAITranscriber(sample().company, base_url=server.base_url).load()


async def test_figures_that_a_service_leaves_out_or_null_doubt_nothing():
    segment = {"avg_logprob": None, "no_speech_prob": None, "text": servers.HEARD}
    answer = servers.no(200, {"text": servers.HEARD, "segments": [segment], "words": [{}, None]})
    with ModelServer(lambda body: answer) as server:
        ears = OpenAITranscriber(sample().company, base_url=server.base_url)
        await ears.load()
        assert (await settled(ears)).text == servers.HEARD
        await ears.aclose()
