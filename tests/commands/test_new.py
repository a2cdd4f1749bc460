"""`voice-agent new` creates a folder that loads, answers, judges and books before any edit."""

from argparse import Namespace
from datetime import date
from pathlib import Path

import pytest

from core.evaluation.load import load_evals
from core.evaluation.run import hold
from core.evaluation.score import score
from core.events import MeetingRecorded
from core.scheduling.memory import MemoryDesk
from knowledge.golden import ask_all, read_golden
from knowledge.lint import lint
from knowledge.load import load
from tests.core.talk import MONDAY_NOON, Talk, engine
from voice_agent.cli import main
from voice_agent.commands.new import begin

DAY = MONDAY_NOON.date()
ROOFER = Namespace(
    name="O'Neil & Sons, Roofing", number="+1 303 555 0180", timezone="America/Denver"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "made" / "roofing"
    begin(made, ROOFER, DAY)
    return made


def test_the_new_company_is_its_own_and_has_nothing_to_remark(folder: Path):
    loaded = load(folder)
    company = loaded.company
    assert (company.id, company.name) == ("o-neil-sons-roofing", "O'Neil & Sons, Roofing")
    assert company.numbers == ("+13035550180",) and company.timezone == "America/Denver"
    assert company.hours.holiday_country == "US"
    assert not lint(loaded, DAY)
    assert not [p for p in folder.rglob("*") if p.is_file() and "@NAME@" in p.read_text()]


def test_its_golden_questions_are_answered(folder: Path):
    golden = read_golden((folder / "golden.yaml").read_text())
    answers = ask_all(load(folder), golden, DAY)
    assert answers and all(a.right for a in answers)


@pytest.mark.parametrize(
    ("number", "zone", "day"),
    [
        ("+1 303 555 0180", "America/Denver", DAY),
        ("+49 30 901820", "Europe/Berlin", date(2026, 12, 26)),
        ("+61 2 5550 0144", "Australia/Sydney", date(2027, 2, 28)),
    ],
)
async def test_its_own_conversations_go_as_they_should_wherever_it_is(tmp_path, number, zone, day):
    begin(tmp_path / "x", Namespace(name="North", number=number, timezone=zone), day)
    loaded = load(tmp_path / "x")
    held = load_evals(tmp_path / "x" / "evals", loaded).conversations
    assert len(held) >= 3
    for conversation in held:
        one = score(await hold(conversation, engine(tmp_path / "x")), loaded)
        assert not one.misses, (conversation.id, one.misses)


async def test_a_buyer_is_answered_judged_and_booked(folder: Path):
    talk = Talk(folder=folder, called="+13035550180", desk=MemoryDesk(load(folder).company))
    for words in ("Hi, what do you do?", "About 400 units.", "We need a replacement.",
                  "The first one works."):  # fmt: skip
        await talk.says(words)
    assert [f for f in talk.facts if isinstance(f, MeetingRecorded)]


def test_the_command_says_what_to_do_next(tmp_path: Path, capsys):
    assert main(["new", str(tmp_path / "north-star")]) == 0
    assert load(tmp_path / "north-star").company.name == "North Star"
    assert f"voice-agent check {tmp_path / 'north-star'}" in capsys.readouterr().out


def test_nothing_is_written_where_something_is(folder: Path, capsys):
    before = (folder / "company.yaml").read_text()
    assert main(["new", str(folder), "--name", "Other"]) == 1
    assert "not empty" in capsys.readouterr().err
    assert (folder / "company.yaml").read_text() == before


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--name", "& Sons: Roofing"], "--name"),
        (["--number", "303 555"], "--number"),
        (["--timezone", "Denver"], "--timezone"),
    ],
)
def test_an_option_that_cannot_be_is_named(tmp_path: Path, capsys, given: list[str], told: str):
    assert main(["new", str(tmp_path / "x"), *given]) == 1
    assert told in capsys.readouterr().err and not (tmp_path / "x").exists()
