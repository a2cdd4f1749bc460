"""`voice-agent`: typos and help are answered without loading the server."""

import ast
import os
import re
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import pytest

from voice_agent.cli import main
from voice_agent.config import Settings, unknown_names
from voice_agent.server.serving import _tried

ROOT = Path(__file__).parents[2]
HELP = """
import sys
from voice_agent.cli import main
try:
    main(["--help"])
finally:
    print(sorted({"sqlalchemy", "anyio", "numpy", "core", "knowledge"} & sys.modules.keys()))
"""


def test_help_names_every_command_and_loads_none() -> None:
    told = subprocess.run([sys.executable, "-c", HELP], capture_output=True, text=True, cwd=ROOT)
    assert told.stdout.rstrip().endswith("[]"), told.stdout + told.stderr
    for name in ("serve", "check", "knowledge", "backtest", "rebuild", "restore", "models"):
        assert re.search(rf"^ +{name}\b", told.stdout, re.MULTILINE), told.stdout


def told(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """What the command line says with these variables set, from a folder without a `.env`."""
    command = [sys.executable, "-m", "voice_agent", *arguments]
    given = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    return subprocess.run(command, capture_output=True, text=True, env=given, cwd=ROOT / "docs")


def test_check_takes_the_folder_as_eval_does(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOICE_AGENT_VAR", str(tmp_path / "var"))
    for given in (("--company", str(tmp_path)), (str(tmp_path),)):
        assert main(["check", *given]) == 1
        assert str(tmp_path) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("VOICE_AGENT_PORT", "99999", "a whole number from 0 to 65535"),
        ("VOICE_AGENT_PUBLIC_URL", "calls.example.com", "like https://calls.example.com"),
        ("SALESFORCE_INSTANCE_URL", "name.my.salesforce.com", "like https://calls.example.com"),
        ("VOICE_AGENT_NURTURE_URL", "https:///leads", "like https://calls.example.com"),
        ("VOICE_AGENT_EMAIL_APPROVAL", "maybe", "True or False"),
        ("VOICE_AGENT_TRUSTED_PROXIES", "10.0.0.1/8", "such as 10.0.0.0/8"),
        ("VOICE_AGENT_STT", "wisper", "one of auto, whisper, sphinx, openai"),
    ],
)
def test_a_setting_that_cannot_be_is_named_with_what_was_found(name: str, value: str, said: str):
    done = told("serve", **{name: value})
    assert done.returncode == 1 and done.stderr.startswith(f"setting {name}: ")
    assert said in done.stderr and f"found '{value}'" in done.stderr
    assert "Put it right in the environment or .env" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_setting_that_is_misspelt_is_told_with_what_may_be_meant(tmp_path: Path):
    done = told("serve", VOICE_AGENT_PROT="1", VOICE_AGENT_HOST="192.0.2.1")
    assert done.stderr.splitlines()[0] == (
        "warning: VOICE_AGENT_PROT is no setting and changes nothing; is VOICE_AGENT_PORT meant?"
    )
    (tmp_path / ".env").write_text("VOICE_AGENT_LLM_BASE=http://127.0.0.1:1\n")
    with chdir(tmp_path):
        assert unknown_names() == [
            "VOICE_AGENT_LLM_BASE is no setting and changes nothing; is VOICE_AGENT_LLM_BASE_URL "
            "meant?"
        ]
        (tmp_path / ".env").write_text(
            "VOICE_AGENT_SMTP=smtp://127.0.0.1\nEMAIL_IMAP=imap://127.0.0.1\nOPENAI_APIKEY=x\n"
            "POSTGRES_PASSWORD=x\n"
        )
        assert [line.split(";")[-1] for line in unknown_names()] == [
            " is VOICE_AGENT_EMAIL_IMAP meant?",
            " is OPENAI_API_KEY meant?",
            " is VOICE_AGENT_EMAIL_SMTP meant?",
        ]


def test_no_message_names_a_setting_without_its_prefix():
    own = (n.upper() for n, f in Settings.model_fields.items() if not f.alias and "_" in n)
    bare = re.compile(rf"(?<![A-Z_])(?:{'|'.join(own)})(?![A-Z_])")
    for file in (ROOT / "voice_agent").rglob("*.py"):
        if file.name != "config.py":
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    assert not bare.search(node.value), f"{file}:{node.lineno}: {node.value}"


@pytest.mark.parametrize(("company", "tried"), [(None, "--script demo"), ("a", "demo --company a")])
def test_the_call_to_try_is_one_to_the_company_that_is_served(company: str | None, tried: str):
    given = {"company": Path(company)} if company else {}
    assert tried in _tried(Settings(_env_file=None, **given), "http://127.0.0.1:1")


def test_a_file_of_settings_that_cannot_be_read_is_told_in_a_line(tmp_path: Path):
    (tmp_path / ".env").write_bytes(b"VOICE_AGENT_PORT=0\n\xff\xfe=1\n")
    command = [sys.executable, "-m", "voice_agent", "serve"]
    given = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=given, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "cannot read .env: it is no UTF-8; mend it, or take it away\n"


def test_a_demo_with_a_caller_nobody_has_says_so_before_a_server_is_started(tmp_path, capsys):
    assert main(["demo", "--script", "nobody", "--out", str(tmp_path / "out")]) == 1
    told = capsys.readouterr().out
    assert "no script 'nobody'" in told and "Starting a server" not in told


def test_a_command_tells_in_its_own_help_what_it_is_for(capsys):
    for name, words in (("serve", "Run the server."), ("backup", "Save database, recordings")):
        with pytest.raises(SystemExit):
            main([name, "--help"])
        assert words in capsys.readouterr().out
