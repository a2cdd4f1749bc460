"""`voice-agent engines`: an operator sees what each engine produces, or why it does not."""

import json
from pathlib import Path

import pytest

from knowledge.load import load
from knowledge.retrieval.meaning import texts_of
from tests.core.talk import SAMPLE
from tests.fakes import model_servers as servers
from tests.fakes.model_servers import READY, Answer, Body, ModelServer
from tests.fakes.openai_server import Delays, OpenAIServer
from tests.fakes.tiny_sentences import make_tiny_sentences
from voice_agent.cli import main

pytestmark = pytest.mark.real_clock
READ = {"kind": "signal", "quote": "two hundred people", "criterion": "employees", "value": "200",
        "sign": "affirmed", "passage": None}  # fmt: skip
UNPROVEN = READ | {"quote": "nobody said that"}


def told(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join("".join(capsys.readouterr()).split())


@pytest.fixture
def set_to(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def set_to(**given: str) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)
        for name, value in {"TTS": "espeak", "LLM": "embedded", **given}.items():
            monkeypatch.setenv(f"VOICE_AGENT_{name}", value)

    return set_to


class Half:
    """A model that says the passage it was given, then something invented, in turn."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, body: Body) -> Answer:
        if body.get("response_format"):
            return servers.words(body, json.dumps({"items": [READ, UNPROVEN]}))
        said = body["messages"][-1]["content"]
        if not said.startswith("{"):
            return servers.words(body, READY)
        self.asked += 1
        invented = "It costs $5 a month and holds FedRAMP."
        return servers.words(body, json.loads(said)["passages"][0] if self.asked % 2 else invented)


def test_it_tells_times_words_and_what_the_gate_stopped(capsys, set_to):
    with ModelServer(Half(), ("my-model",)) as model, OpenAIServer(Delays(0.01)) as sound:
        sound.delays.first_audio_s = 0.01
        sound.transcript = "yes we can do that would tuesday at ten"
        set_to(
            LLM="openai", LLM_BASE_URL=model.base_url, LLM_MODEL="my-model", STT="openai",
            STT_BASE_URL=sound.base_url, TTS="openai", TTS_BASE_URL=sound.base_url,
        )  # fmt: skip
        assert main(["engines"]) == 0
    said = told(capsys)
    assert "speaking: openai" in said and "first sound after" in said and "pcm at 24 kHz" in said
    assert "9 of 14 words right (with word times)" in said
    assert "my-model, first words after" in said and "JSON by schema" in said
    assert "for the gate stopped it:" in said and "$5 a month" in said
    assert "read in" in said and "ProvideSignal" in said and "not taken: not said" in said


def test_a_model_that_does_not_work_is_told_and_the_others_are_tried_all_the_same(capsys, set_to):
    with ModelServer(servers.UNKNOWN_MODEL["ollama"], ("llama3.2:3b",)) as model:
        with OpenAIServer(Delays(0.01)) as sound:
            set_to(LLM="openai", LLM_BASE_URL=model.base_url, LLM_MODEL="llama3.2", STT="openai",
                   STT_BASE_URL=sound.base_url)  # fmt: skip
            assert main(["engines"]) == 1
    said = told(capsys)
    assert "model 'llama3.2' not found" in said and "is llama3.2:3b meant?" in said
    assert "heard back in" in said and "speaking: espeak" in said


def test_a_company_folder_with_a_fault_is_told_where_to_look(capsys, set_to, tmp_path: Path):
    set_to()
    assert main(["engines", "--company", str(tmp_path)]) == 1
    assert "see voice-agent check" in told(capsys)


def test_a_sentence_model_embeds_articles_and_questions(capsys, set_to, tmp_path):
    folder = make_tiny_sentences(tmp_path / "tiny", texts_of(load(SAMPLE).articles))
    with OpenAIServer(Delays(0.01)) as sound:
        set_to(STT="openai", STT_BASE_URL=sound.base_url, SENTENCE_MODEL=str(folder))
        assert main(["engines"]) == 0
        said = told(capsys)
        assert f"knowledge: by words and meaning ({folder})" in said
        assert "articles embedded" in said and "” embedded in" in said
        (folder / "tokenizer.json").unlink()
        assert main(["engines"]) == 1
    assert f"finding: {folder} is no sentence model" in told(capsys)
