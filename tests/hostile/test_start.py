"""What an operator sees when something is wrong: the fault and its remedy, never a traceback."""

import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.fakes.openai_server import OpenAIServer
from tests.hostile.process import brisk_company, environment, run
from tests.knowledge.lumo import adopted
from tests.nursery import Forked
from voice_agent.cli import main

pytestmark = pytest.mark.slow
PASSWORD = "s3cret-database-password"
KEY = "sk-very-secret-key"
AUTO_S = 2.0
"""What each engine may cost a start when its service does not answer."""


@pytest.fixture(scope="module")
def ears() -> Iterator[OpenAIServer]:
    with OpenAIServer() as stub:
        yield stub


@pytest.fixture(scope="module")
def hole() -> Iterator[str]:
    """host:port of something that takes connections and never answers, as a dropped route does."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(64)
        yield f"127.0.0.1:{silent.getsockname()[1]}"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A company that is read at once, where what is wrong is something else."""
    return str(adopted(tmp_path_factory.mktemp("small") / "lumo"))


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    company = brisk_company(tmp_path_factory.mktemp("broken") / "company")
    settings = company / "company.yaml"
    text = settings.read_text().replace("speaking_rate: 1.95", "speaking_rate: fast")
    settings.write_text(text.replace("timezone:", "tiemzone:", 1))
    article = sorted((company / "articles").glob("*.md"))[0]
    article.write_text(article.read_text().replace("policy:", "polcy:", 1))
    return company


def cases(hole: str, broken: Path) -> dict[str, tuple[dict[str, str], tuple[str, ...]]]:
    """Settings by name, and what must be read of each."""
    article = sorted((broken / "articles").glob("*.md"))[0].name
    port, away = hole.split(":")[1], f"postgresql://agent:{PASSWORD}@127.0.0.1:1/calls"
    return {
        "broken company": (
            {"COMPANY": str(broken)},
            ("company.yaml:", "voice.speaking_rate", "'fast'", "Did you mean `timezone`?",
             f"articles/{article}:", "Did you mean `policy`?"),
        ),
        "no company": ({"COMPANY": "/nowhere"}, ("/nowhere", "Write `company.yaml`")),
        "database away": ({"DATABASE_URL": away}, ("refused", "VOICE_AGENT_DATABASE_URL")),
        "database silent": (
            {"DATABASE_URL": away.replace("127.0.0.1:1", hole)},
            ("timeout", "VOICE_AGENT_DATABASE_URL"),
        ),
        "another database": (
            {"DATABASE_URL": f"mysql://agent:{PASSWORD}@127.0.0.1/calls"},
            ("sqlite:// or postgresql://", "VOICE_AGENT_DATABASE_URL"),
        ),
        "no database": ({"DATABASE_URL": "calls"}, ("VOICE_AGENT_DATABASE_URL",)),
        "folder": ({"VAR": "/proc/none"}, ("cannot write to /proc/none", "VOICE_AGENT_VAR")),
        "port in words": ({"PORT": "eighty"}, ("VOICE_AGENT_PORT", "'eighty'")),
        "port in use": ({"PORT": port}, (port, "in use", "set VOICE_AGENT_PORT")),
        "whisper": ({"STT": "whisper"}, ("small.en", "VOICE_AGENT_WHISPER_MODEL")),
        "piper": ({"TTS": "piper"}, ("VOICE_AGENT_PIPER_VOICE",)),
        "piper's file": (
            {"TTS": "piper", "PIPER_VOICE": "/nowhere.onnx"},
            ("/nowhere.onnx", "VOICE_AGENT_PIPER_VOICE"),
        ),
        "language model": (
            {"LLM": "openai", "LLM_BASE_URL": "http://127.0.0.1:1/v1"},
            ("http://127.0.0.1:1/v1", "VOICE_AGENT_LLM_BASE_URL"),
        ),
    }  # fmt: skip


NAMES = (
    "broken company", "no company", "database away", "database silent", "another database",
    "no database", "folder", "port in words", "port in use", "whisper", "piper", "piper's file",
    "language model",
)  # fmt: skip


def plain(said: str) -> str:
    return " ".join(said.split())


@pytest.mark.parametrize("name", [name for name in NAMES if name != "port in use"])
def test_check_names_the_fault_and_its_remedy(
    name: str, ears: OpenAIServer, hole: str, small: str, broken: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
):  # fmt: skip
    given, wanted = cases(hole, broken)[name]
    given = {"COMPANY": small} | given
    for key, value in environment(tmp_path / "var", ears.base_url, **given).items():
        monkeypatch.setenv(key, value)
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 1
    said = plain("".join(capsys.readouterr()))
    for words in wanted:
        assert words in said
    assert "Traceback" not in said and PASSWORD not in said


def forked(*arguments: str, env: Mapping[str, str], cwd: Path) -> tuple[int, str]:
    """What `run` tells, of a command that is not started from nothing."""
    process = Forked("voice_agent", arguments, env, cwd)
    with process.stdout as told:
        said = told.read()
    return process.wait(60), said


@pytest.mark.parametrize("name", ["broken company", "database away", "port in use", "whisper"])
def test_a_start_that_cannot_be_says_why_and_exits_1(
    name: str, ears: OpenAIServer, hole: str, small: str, broken: Path, tmp_path: Path
):
    given, wanted = cases(hole, broken)[name]
    env = environment(tmp_path / "var", ears.base_url, **{"COMPANY": small} | given)
    code, said = (run if name == "broken company" else forked)("serve", env=env, cwd=tmp_path)
    assert code == 1
    for words in wanted:
        assert words in plain(said)
    assert "Traceback" not in said and PASSWORD not in said


def test_on_auto_services_that_never_answer_cost_two_seconds_each_and_are_named(
    ears: OpenAIServer, hole: str, small: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
):  # fmt: skip
    """A start without internet: what is called takes the call and says nothing."""
    silent = f"http://{hole}/v1"
    named = environment(tmp_path, ears.base_url, COMPANY=small)
    auto = environment(
        tmp_path, ears.base_url, COMPANY=small, TTS="auto", LLM="auto", TTS_BASE_URL=silent,
        LLM_BASE_URL=silent, OPENAI_API_KEY=KEY,
    )  # fmt: skip
    took = []
    for settings in (named, auto):
        for key, value in settings.items():
            monkeypatch.setenv(key, value)
        began = time.monotonic()
        assert main(["check"]) == 0
        took.append(time.monotonic() - began)
    said = plain(capsys.readouterr().out)
    assert "speaking: espeak (embedded, always there; not openai: " in said
    assert f"wording: embedded ({silent} is not reachable" in said
    assert took[1] - took[0] < 2 * AUTO_S
    assert KEY not in said


def test_on_auto_a_service_that_refuses_costs_nothing_and_is_named(
    small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    refusing = "http://127.0.0.1:1/v1"
    env = environment(tmp_path, refusing, STT="openai", TTS="auto", LLM="auto",
                      TTS_BASE_URL=refusing, LLM_BASE_URL=refusing, COMPANY=small)  # fmt: skip
    for key, value in env.items():
        monkeypatch.setenv(key, value)
    assert main(["check"]) == 1, "hearing was asked for by name"
    said = plain(capsys.readouterr().out)
    assert "error hearing: " in said and "speaking: espeak" in said and "wording: embedded" in said
