"""A demo calls like the company's own buyers, whatever the company folder provides."""

import shutil
from pathlib import Path

import pytest

from knowledge.golden import read_golden
from voice_agent.commands.demo_caller import QUESTIONS, asking_caller, kept_caller
from voice_agent.config import SAMPLE_COMPANY
from voice_agent.emulator.script import ScriptInvalid

CORVANE = Path(__file__).parents[1] / "companies" / "corvane"


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A company without callers of its own."""
    shutil.copytree(CORVANE, tmp_path / "bare", ignore=shutil.ignore_patterns("callers"))
    return tmp_path / "bare"


async def test_the_sample_is_called_by_the_shipped_caller():
    script = await kept_caller(SAMPLE_COMPANY)
    assert "Snowflake" in script.steps[0].text


async def test_a_company_with_callers_is_called_by_its_own():
    script = await kept_caller(CORVANE)
    assert "blood bags" in script.steps[0].text and script.caller == "+496955501234"


async def test_a_named_script_that_is_not_its_own_comes_from_the_fixtures():
    assert (await kept_caller(CORVANE, "pricing")).name == "pricing"


@pytest.mark.engine
async def test_a_company_without_callers_is_called_from_where_it_is_by_one_with_its_questions(bare):
    script = await asking_caller(bare)
    said = [step.text for step in script.steps]
    assert said[0] == "How fast does the CX4 spin?" and said[-1] == "Bye bye."
    assert any("call me" in line for line in said) and any("My name is" in line for line in said)
    assert script.caller is not None and script.caller.startswith("+49")
    assert all(step.pcm is not None and step.speech_s for step in script.steps)


@pytest.mark.engine
async def test_of_the_questions_those_are_asked_that_the_embedded_recogniser_hears(bare, tmp_path):
    script = await asking_caller(bare, tmp_path / "cache")
    every = {item.ask for item in read_golden((bare / "golden.yaml").read_text()).answered}
    asked = [step.text for step in script.steps if step.text in every]
    assert len(asked) == QUESTIONS
    assert "hears best" in script.about


async def test_with_nothing_to_ask_the_remedy_is_named(bare: Path):
    (bare / "golden.yaml").unlink()
    with pytest.raises(ScriptInvalid, match=r"golden\.yaml"):
        await kept_caller(bare)
