"""README, env.example and help texts say what is true."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from knowledge.article_file import FrontMatter
from knowledge.keys import keys
from knowledge.profile import Company
from knowledge.reference import reference
from voice_agent.cli import _MORE, _parser, main
from voice_agent.config import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ENV = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8")
FIELDS = Settings.model_fields


def variable(name: str) -> str:
    return FIELDS[name].alias or f"VOICE_AGENT_{name.upper()}"


def default(name: str) -> str:
    value = FIELDS[name].default
    value = value.get_secret_value() if hasattr(value, "get_secret_value") else value
    return "knowledge/company" if name == "company" else str(value)


@pytest.mark.parametrize("name", FIELDS)
def test_every_setting_is_in_the_readme_and_in_env_example_with_its_default(name):
    assert f"# {FIELDS[name].description}\n# {variable(name)}={default(name)}\n" in ENV + "\n"
    shown = f"`{default(name)}`" if default(name) else ""
    assert f"| `{variable(name)}` | {shown} | {FIELDS[name].description} |" in README


def test_nothing_is_documented_that_is_no_setting():
    known = {variable(name) for name in FIELDS}
    named = set(re.findall(r"\b(?:VOICE_AGENT|TWILIO|OPENAI)_[A-Z_]+\b", README + ENV))
    assert not {n for n in named if n not in known and not n.startswith("VOICE_AGENT_TEST_")}


def test_every_make_target_the_readme_names_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)\b", README))
    assert named and named <= targets
    assert {"demo", "test", "run", "check", "eval", "bench"} <= named


def test_every_command_the_readme_names_parses():
    named = re.findall(r"^(?:\$ )?(?:\.venv/bin/)?voice-agent (.+)$", README, re.MULTILINE)
    assert named
    for line in named:
        _parser().parse_args(shlex.split(line, comments=True))


@pytest.mark.parametrize("command", ["serve", "demo", "call", "check", "eval", *_MORE])
def test_every_command_has_a_help_text(command, capsys):
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    assert "usage: voice-agent" in capsys.readouterr().out


def test_a_wrong_setting_is_named_with_what_was_found(monkeypatch, capsys):
    monkeypatch.setenv("VOICE_AGENT_PORT", "eighty")
    assert main(["check"]) == 1
    assert "PORT" in (told := capsys.readouterr().err) and "eighty" in told


@pytest.mark.parametrize("target", re.findall(r"\]\((?!http|#)([^)#]+)", README))
def test_every_file_the_readme_links_to_exists(target):
    assert (ROOT / target).exists()


def test_every_section_the_readme_links_to_exists():
    headings = re.findall(r"^#{2,3} (.+)$", README, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", README)) <= anchors


def test_the_reference_of_the_company_folder_is_made_from_the_code():
    page = (ROOT / "knowledge" / "REFERENCE.md").read_text(encoding="utf-8")
    assert page == reference(), "run: python -m knowledge.reference > knowledge/REFERENCE.md"
    assert "knowledge/REFERENCE.md" in README


@pytest.mark.parametrize("model", [Company, FrontMatter])
def test_every_key_of_the_company_folder_says_what_it_means(model):
    assert [key.path for key in keys(model) if not key.meaning] == []


def test_every_folder_of_the_readmes_table_exists_and_holds_where_to_start():
    rows = re.findall(r"^\| (`[a-z_/]+/`.*?) \| .* \| (`.+`) \|$", README, re.MULTILINE)
    assert len(rows) >= 8
    for named, entries in rows:
        first, *others = re.findall(r"`(.+?)`", named)
        beside = (ROOT / first).parent
        folders = [ROOT / first, *(beside / other for other in others)]
        assert all(folder.is_dir() for folder in folders), named
        for entry in re.findall(r"`(.+?)`", entries):
            assert any((folder / entry).is_file() for folder in folders), entry


def test_the_lock_names_no_index_and_pins_every_hash():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock and "--index" not in lock
    for entry in re.split(r"\n(?=\S)", lock.strip()):
        assert entry.startswith("#") or ("==" in entry and "--hash=sha256:" in entry)


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_help_lists_the_targets():
    told = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 0 and "demo" in told.stdout


def test_every_picture_of_the_readme_is_there_and_small():
    named = set(re.findall(r"voice_agent/console/pictures/[\w-]+\.webp", README))
    assert len(named) >= 4
    for name in named:
        assert 0 < (ROOT / name).stat().st_size <= 120_000, name
