"""Every page for readers, env.example and the help texts are true."""

import contextlib
import importlib.util
import io
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from core.evaluation.format import fields
from core.evaluation.load import OFFERS, load_evals
from core.projections.outgoing import kinds
from knowledge.article_file import FrontMatter
from knowledge.keys import keys
from knowledge.load import load
from knowledge.profile import Company
from knowledge.reference import reference
from voice_agent.cli import _MORE, _parser, main
from voice_agent.commands.new import NEXT
from voice_agent.config import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ENV = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
FIELDS = Settings.model_fields
PAGES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for pattern in (
        "*.md",
        "docs/*.md",
        "deploy/*.md",
        "knowledge/*.md",
        "knowledge/company/*/README.md",
    )
    for path in sorted(ROOT.glob(pattern))
}
"""Every page by its path from the root."""
OURS = ("voice_agent", "core", "knowledge", "tests", "deploy", "docs", "audio_fixtures")
MOST_LINES = 250


def variable(name: str) -> str:
    return FIELDS[name].alias or f"VOICE_AGENT_{name.upper()}"


def default(name: str) -> str:
    value = FIELDS[name].default
    value = value.get_secret_value() if hasattr(value, "get_secret_value") else value
    return "knowledge/company" if name == "company" else str(value)


@pytest.mark.parametrize("name", FIELDS)
def test_every_setting_is_in_its_table_and_in_env_example_with_its_default(name):
    assert f"# {FIELDS[name].description}\n# {variable(name)}={default(name)}\n" in ENV + "\n"
    shown = f"`{default(name)}`" if default(name) else ""
    assert f"| `{variable(name)}` | {shown} | {FIELDS[name].description} |" in SETTINGS


@pytest.mark.parametrize("page", [*PAGES, "deploy/env.example"])
def test_no_page_names_a_setting_that_is_none(page):
    known = {variable(name) for name in FIELDS}
    named = re.findall(r"\b(?:VOICE_AGENT|TWILIO|OPENAI)_[A-Z_]+", PAGES.get(page, ENV))
    for one in named:
        begun = one.endswith("_") and any(name.startswith(one) for name in known)
        assert begun or one in known or one.startswith("VOICE_AGENT_TEST_"), one


def test_every_make_target_that_a_page_names_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for page, text in PAGES.items():
        named = set(re.findall(r"^make ([a-z]+)|`make ([a-z]+)", text, re.MULTILINE))
        assert {one or other for one, other in named} <= targets, page
    assert {"demo", "test", "run"} <= set(re.findall(r"\bmake ([a-z]+)\b", README))


def test_every_command_that_stands_on_a_line_of_its_own_parses():
    named = [line for text in PAGES.values() for line in commands(text)]
    assert len(named) >= 40
    for line in named:
        _parser().parse_args(shlex.split(line, comments=True))


def commands(page: str) -> Iterator[str]:
    """What follows `voice-agent` on the lines of a page's examples."""
    for block in re.findall(r"^( *)```\n(.*?)^\1```", page, re.MULTILINE | re.DOTALL):
        yield from re.findall(
            r"^ *(?:\$ )?(?:\.venv/bin/)?voice-agent (.+)$", block[1], re.MULTILINE
        )


INLINE = sorted({
    line.rstrip(" …")
    for text in PAGES.values()
    for line in re.findall(r"`voice-agent ([^`]+)`", re.sub(r"\s*\n\s*", " ", text))
    if line.strip(" …")
})  # fmt: skip


@pytest.mark.parametrize("line", INLINE)
def test_every_command_named_in_a_sentence_exists_with_its_options(line):
    words = line.split()
    if words[0] == "--help":
        return
    options = {word.partition("=")[0] for word in words if word.startswith("--")}
    said = help_of(words[0])
    if len(words) > 1 and re.search(rf"^    {re.escape(words[1])}\b", said, re.MULTILINE):
        said += help_of(*words[:2])
    assert options <= set(re.findall(r"--[a-z-]+", said)), line


@cache
def help_of(*command: str) -> str:
    """What a command's `--help` prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), pytest.raises(SystemExit) as left:
        main([*command, "--help"])
    assert left.value.code == 0, command
    return out.getvalue()


@pytest.mark.parametrize("page", PAGES)
def test_every_module_that_a_page_runs_exists(page):
    for module in re.findall(r"python -m ([a-z_.]+[a-z_])", PAGES[page]):
        if module.split(".")[0] in OURS:
            assert importlib.util.find_spec(module), module


def test_every_bench_that_is_named_as_the_source_of_a_figure_exists():
    rows = re.findall(r"^\|.*\| `([a-z_]+)` \|$", PAGES["docs/measured.md"], re.MULTILINE)
    assert len(rows) >= 5
    assert [row for row in rows if not (ROOT / f"tests/bench/bench_{row}.py").exists()] == []


FIGURES = PAGES["docs/measured.md"]


def tables(page: str) -> Iterator[dict[str, str]]:
    """The rows of a page's tables, cells by their column's heading."""
    for table in re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE):
        head, _, *rows = [[cell.strip() for cell in line.split("|")[1:-1]]
                          for line in table.splitlines()]  # fmt: skip
        yield from (dict(zip(head, row, strict=True)) for row in rows)


def missed(measured: str, target: str) -> bool:
    """Whether the first number of a cell misses its target; "–" was not measured."""
    if (found := re.match(r"\**([\d.,]*\d)", measured)) is None:
        assert measured == "–", measured
        return False
    value, wanted = (float(re.sub(r"[^\d.]", "", one)) for one in (found[1], target))
    return value < wanted if target.startswith("≥") else value > wanted


def test_bold_marks_exactly_the_missed_targets():
    checked = 0
    for row in tables(FIGURES):
        names = [name for name in row if name not in ("target", "machine", "command")][1:]
        for cell in (row[name] for name in names if row.get("target")):
            assert cell.startswith("**") == missed(cell, row["target"]), row
            checked += 1
    assert checked >= 100


def test_the_readme_shows_at_most_ten_figures_and_says_of_each_whether_its_target_is_met():
    rows = [row for row in tables(README) if "met?" in row]
    assert 5 <= len(rows) <= 10
    known = [{cell.replace("**", "") for cell in row.values()} for row in tables(FIGURES)]
    for row in rows:
        assert any({row["measured"], row["target"]} <= cells for cells in known), row
        assert row["met?"] == ("**no**" if missed(row["measured"], row["target"]) else "yes"), row


def test_the_readme_tells_the_range_of_first_days():
    first = {name: row for row in tables(FIGURES) if (name := row.get("metric, first runs"))
             and "Halden" in row}  # fmt: skip
    deferred, answered = (
        [float(re.match(r"\**([\d.]+)", cell)[1]) for cell in list(row.values())[1:-1]]
        for row in (
            first["deferred to a person, %"],
            first["unanswerable questions answered, % (n)"],
        )
    )
    assert f"{min(deferred):.0f} to {max(deferred):.0f} % of covered questions" in README
    assert f"up to {max(answered)} % of the questions no article covers" in README


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


LINKS = [
    (page, target)
    for page, text in PAGES.items()
    for target in re.findall(r"\]\((?!http)([^)\s]+)\)|(?:src|srcset)=\"(?!http)([^\"]+)\"", text)
]


@pytest.mark.parametrize(("page", "target"), [(page, one or other) for page, (one, other) in LINKS])
def test_every_link_leads_to_a_file_and_a_heading(page, target):
    named, _, anchor = target.partition("#")
    file = (ROOT / page).parent / named if named else ROOT / page
    assert file.exists()
    if anchor:
        assert anchor in anchors(file.read_text(encoding="utf-8"))


def anchors(page: str) -> set[str]:
    """Where links into a page may lead, as GitHub names its headings."""
    headings = re.findall(r"^#{1,4} (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in headings}


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_exists(page):
    beside = (ROOT / page).parent
    for named in re.findall(r"`((?:[\w.-]+/)+[\w.-]*\.(?:py|md|yaml|json|cfg|txt))`", PAGES[page]):
        if named.split("/")[0] in OURS:
            assert (ROOT / named).exists() or (beside / named).exists(), named


def test_the_readme_is_read_in_five_minutes():
    assert len(README.splitlines()) <= MOST_LINES


def test_every_page_is_found_from_the_index():
    index = PAGES["docs/README.md"]
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert pages <= set(re.findall(r"\]\(([a-z-]+\.md)\)", index))
    assert "(docs/README.md)" in README


def test_every_command_is_named_on_some_page():
    told = " ".join(PAGES.values())
    for command in ("serve", "demo", "call", "check", "eval", *_MORE):
        assert f"voice-agent {command}" in told or f"make {command}" in told, command


def test_every_event_of_a_webhook_is_on_its_page():
    assert [kind for kind in kinds() if f"`{kind}`" not in PAGES["docs/systems.md"]] == []


def test_the_reference_of_the_company_folder_is_made_from_the_code():
    page = (ROOT / "knowledge" / "REFERENCE.md").read_text(encoding="utf-8")
    assert page == reference(), "run: python -m knowledge.reference > knowledge/REFERENCE.md"
    assert "knowledge/REFERENCE.md" in PAGES["docs/README.md"]


@pytest.mark.parametrize("model", [Company, FrontMatter])
def test_every_key_of_the_company_folder_says_what_it_means(model):
    assert [key.path for key in keys(model) if not key.meaning] == []


def test_what_a_new_company_is_told_to_run_is_what_its_page_says():
    page = PAGES["docs/company.md"]
    assert [c for c, _ in NEXT if c.format(folder="../granite") not in page] == []


def test_every_key_of_an_authored_conversation_is_on_its_page():
    page = PAGES["docs/evaluate.md"]
    told = " ".join(re.findall(r"`([^`\n]+)`", page)) + " ".join(re.findall(r"[\w-]+(?=:)", page))
    keys_of_it = {*fields(), *OFFERS} - {"text", "noise"}
    assert [key for key in sorted(keys_of_it) if not re.search(rf"\b{key}\b", told)] == []


def test_the_authored_conversation_of_its_page_is_one(tmp_path):
    (example,) = re.findall(r"^```yaml\n(.*?)^```", PAGES["docs/evaluate.md"], re.M | re.S)
    (tmp_path / "one.yaml").write_text(example, encoding="utf-8")
    (one,) = load_evals(tmp_path, load(ROOT / "knowledge" / "company")).conversations
    assert one.expect.route and one.answers["employees"].means == ("200",)


@pytest.mark.parametrize("page", ["README.md", "docs/code.md"])
def test_every_folder_of_a_table_exists_and_holds_where_to_start(page):
    rows = re.findall(r"^\| (`[a-z_/]+/`.*?) \| .* \| (`.+`) \|$", PAGES[page], re.MULTILINE)
    assert len(rows) >= 8
    for named, entries in rows:
        first, *others = re.findall(r"`(.+?)`", named)
        beside = (ROOT / first).parent
        folders = [ROOT / first, *(beside / other for other in others)]
        assert all(folder.is_dir() for folder in folders), named
        for entry in re.findall(r"`(.+?)`", entries):
            assert any((folder / entry).is_file() for folder in folders), entry


def test_every_folder_of_the_code_is_in_its_table():
    named = set()
    for row in re.findall(r"^\| (`[a-z_/]+/`.*?) \|", PAGES["docs/code.md"], re.MULTILINE):
        first, *others = re.findall(r"`(.+?)/`", row)
        named |= {first, *(f"{first.rpartition('/')[0]}/{other}" for other in others)}
    rooms = {f"{layer}/{path.parent.name}" for layer in ("core", "voice_agent")
             for path in (ROOT / layer).glob("*/__init__.py")}  # fmt: skip
    assert rooms <= named, rooms - named


def test_the_lock_names_no_index_and_pins_every_hash():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock and "--index" not in lock
    for entry in re.split(r"\n(?=\S)", lock.strip()):
        assert entry.startswith("#") or ("==" in entry and "--hash=sha256:" in entry)


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_help_lists_the_targets():
    told = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 0 and "demo" in told.stdout


def test_every_picture_of_a_page_is_small():
    named = set(re.findall(r"voice_agent/console/pictures/[\w-]+\.webp", " ".join(PAGES.values())))
    assert len(named) >= 8
    for name in named:
        assert 0 < (ROOT / name).stat().st_size <= 120_000, name
