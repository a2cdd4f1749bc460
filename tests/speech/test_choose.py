"""The named engine is the one that runs; `auto` takes the best that works here."""

from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from tests.core.talk import sample
from tests.fakes.mini_whisper import make
from tests.fakes.openai_server import OpenAIServer
from voice_agent.config import Settings
from voice_agent.errors import EngineUnavailable
from voice_agent.speech.choose import PROBE_S, choose_synthesizer, choose_transcriber

pytestmark = pytest.mark.real_clock
LOADED = sample()
DEAD = "http://127.0.0.1:9/v1"


@pytest.fixture(autouse=True)
def nothing_around(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory):
    """No key, no downloaded model, no settings file from outside the test."""
    for name in ("OPENAI_API_KEY", "VOICE_AGENT_STT", "VOICE_AGENT_TTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path_factory.mktemp("hub")))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", "/nonexistent")


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


def settings(shared: Path, **given: object) -> Settings:
    return Settings(_env_file=None, var=shared, **given)  # type: ignore[call-arg, arg-type]


async def heard_with(made: Settings) -> tuple[str, str]:
    chosen = await choose_transcriber(made, LOADED)
    await chosen.engine.aclose()
    return chosen.engine.name, chosen.why


async def spoken_with(made: Settings) -> tuple[str, str]:
    chosen = await choose_synthesizer(made)
    await chosen.engine.aclose()
    return chosen.engine.name, chosen.why


@pytest.mark.engine
async def test_with_nothing_configured_the_embedded_engines_are_taken_and_say_why(shared: Path):
    name, why = await heard_with(settings(shared))
    assert name == "sphinx"
    assert "whisper: Whisper model small.en is not on this disk" in why
    assert "no OPENAI_API_KEY" in why and "\n" not in why
    name, why = await spoken_with(settings(shared))
    assert name == "espeak" and "PIPER_VOICE" in why


async def test_a_whisper_model_on_this_disk_is_taken(shared: Path, tmp_path: Path):
    name, why = await heard_with(settings(shared, stt="whisper", whisper_model=str(make(tmp_path))))
    assert name == "whisper" and "as set" in why


async def test_a_service_with_an_address_is_taken_without_a_key(shared: Path, server: OpenAIServer):
    made = settings(shared, stt_base_url=server.base_url, tts_base_url=server.base_url)
    assert (await heard_with(made))[0] == "openai"
    assert (await spoken_with(made))[0] == "openai"


@pytest.mark.engine
async def test_a_dead_recogniser_service_is_passed_over(shared: Path):
    name, why = await heard_with(settings(shared, stt_base_url=DEAD))
    assert name == "sphinx" and "not openai" in why


@pytest.mark.engine
async def test_a_service_that_hangs_costs_the_boot_no_more_than_its_probe(
    shared: Path, server: OpenAIServer
):
    server.always["models"] = "hang"
    began = anyio.current_time()
    name, why = await spoken_with(settings(shared, tts_base_url=server.base_url))
    assert name == "espeak" and "not openai" in why
    assert PROBE_S <= anyio.current_time() - began < 10


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        ({"stt": "whisper"}, "WHISPER_MODEL"),
        ({"stt": "openai"}, "OPENAI_API_KEY"),
        ({"stt": "openai", "stt_base_url": DEAD}, "127.0.0.1:9"),
    ],
)
async def test_a_named_recogniser_that_cannot_work_is_no_reason_to_take_another(
    shared: Path, given: dict[str, str], remedy: str
):
    with pytest.raises(EngineUnavailable, match=remedy):
        await choose_transcriber(settings(shared, **given), LOADED)


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        ({"tts": "piper"}, "PIPER_VOICE"),
        ({"tts": "piper", "piper_voice": "/nonexistent/voice.onnx"}, "voice.onnx"),
        ({"tts": "openai"}, "OPENAI_API_KEY"),
        ({"tts": "openai", "tts_base_url": DEAD}, "127.0.0.1:9"),
    ],
)
async def test_a_named_voice_that_cannot_work_is_no_reason_to_take_another(
    shared: Path, given: dict[str, str], remedy: str
):
    with pytest.raises(EngineUnavailable, match=remedy):
        await choose_synthesizer(settings(shared, **given))
