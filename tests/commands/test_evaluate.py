"""`voice-agent eval` as an operator runs it: what it prints, writes and returns."""

import json
import shutil

import pytest

from knowledge.load import load
from tests.core.talk import OTHER, SAMPLE
from tests.fakes.openai_server import OpenAIServer
from voice_agent.cli import main
from voice_agent.commands.check import _conversations
from voice_agent.commands.evaluate import sample

GOOD = """
when: 2026-11-30 12:00
from: withheld
conversations:
  - id: fits
    tags: [buyer]
    turns: [{caller: "Can this integrate with our Snowflake data warehouse?", answer: snowflake}]
    expect: {signals: {tech_stack: Snowflake}}
"""
BAD = GOOD.replace("id: fits", "id: fails").replace("answer: snowflake", "answer: sso")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICE_AGENT_COMPANY", str(SAMPLE))
    (tmp_path / "good.yaml").write_text(GOOD)
    return tmp_path


def test_a_run_that_reaches_its_targets_ends_well_and_is_written(folder, capsys):
    (folder / "targets.yaml").write_text("text: {answered: 1.0, signal_f1: 1.0}")
    out = folder / "var" / "eval.json"
    assert main(["eval", str(folder), "--json", str(out)]) == 0
    told = capsys.readouterr().out
    assert "1 of 1 conversations exactly as expected" in told and "reached" in told
    document = json.loads(out.read_text())
    assert document["figures"]["signal_f1"] == 1.0
    assert document["results"][0]["transcript"][1]["caller"].startswith("Can this integrate")


def test_a_missed_target_ends_with_1_and_failures_show_the_turn(folder, capsys):
    (folder / "bad.yaml").write_text(BAD)
    (folder / "targets.yaml").write_text("text: {answered: 1.0}\nnoise: {answered: 0.0}")
    assert main(["eval", str(folder), "--show", "failures"]) == 1
    told = capsys.readouterr().out
    assert "fails" in told and "expected sso; found snowflake" in told and "missed" in told
    assert main(["eval", str(folder), "--noise", "0.2"]) == 0, "other targets hold for noise"


def test_only_some_can_be_run(folder, capsys):
    (folder / "bad.yaml").write_text(BAD)
    assert main(["eval", str(folder), "--only", "fits"]) == 0
    assert "1 of 1" in capsys.readouterr().out
    assert main(["eval", str(folder), "--only", "nobody"]) == 2
    assert "tags: buyer" in capsys.readouterr().out


def test_a_mistake_in_a_file_is_told_with_its_place(folder, capsys):
    (folder / "bad.yaml").write_text(GOOD.replace("answer: snowflake", "answer: snowflak"))
    assert main(["eval", str(folder)]) == 2
    assert "bad.yaml:7" in (told := capsys.readouterr().out) and "Did you mean" in told


def test_a_file_that_cannot_be_written_is_told_before_the_work(folder, capsys):
    assert main(["eval", str(folder), "--json", str(folder / "good.yaml" / "x.json")]) == 2
    told = capsys.readouterr().out
    assert "good.yaml" in told and "Signals" not in told


def test_check_names_conversations_a_change_of_the_company_left_behind(tmp_path, capsys):
    company = tmp_path / "company"
    shutil.copytree(OTHER, company)
    evals = company / "evals"
    shutil.rmtree(evals, ignore_errors=True)
    evals.mkdir()
    (evals / "one.yaml").write_text(GOOD.replace("{tech_stack: Snowflake}", "{}"))
    found = []
    _conversations(evals, load(company), found.append)
    assert [f.level for f in found] == ["error"]
    assert "evals/one.yaml:7" in found[0].text and "`snowflake`" in found[0].text


def test_a_folder_that_is_not_there_is_told(folder, capsys):
    assert main(["eval", str(folder / "nowhere")]) == 2
    assert "nowhere" in capsys.readouterr().out


@pytest.mark.parametrize("share", ["-0.1", "1.5", "lots"])
def test_a_share_that_is_none_is_refused(folder, share, capsys):
    with pytest.raises(SystemExit):
        main(["eval", str(folder), "--noise", share])
    assert "0 to 1" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.engine
def test_a_conversation_is_held_by_telephone(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VOICE_AGENT_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("VOICE_AGENT_STT", "sphinx")
    monkeypatch.setenv("VOICE_AGENT_TTS", "espeak")
    hello = GOOD.replace("id: fits", "id: hello").replace("answer: snowflake", "ask: none")
    hello = hello.replace("Can this integrate with our Snowflake data warehouse?", "Hello?")
    (folder / "hello.yaml").write_text(hello.replace("{tech_stack: Snowflake}", "{}"))
    out = tmp_path / "eval.json"
    assert main(["eval", str(folder), "--audio", "--only", "hello", "--json", str(out)]) == 0
    assert "by telephone" in capsys.readouterr().out
    (result,) = json.loads(out.read_text())["results"]
    heard_wrong = {"answer"}  # "hello" alone may be misheard, and then put off as a question
    assert {miss["kind"] for miss in result["misses"]} <= heard_wrong, result["misses"]
    greeting, reply = result["transcript"][:2]
    assert "Tideline" in greeting["agent"] and reply["caller"] and reply["agent"]


def test_by_telephone_is_noisy_enough(folder, capsys):
    assert main(["eval", str(folder), "--audio", "--noise", "0.1"]) == 2
    assert "leave out --noise" in capsys.readouterr().out


def test_a_model_that_is_not_configured_is_told(folder, capsys):
    assert main(["eval", str(folder), "--model"]) == 2
    assert "no OPENAI_API_KEY" in capsys.readouterr().out


@pytest.mark.slow  # the model has to answer within the deadline of a turn
def test_replies_can_be_worded_by_the_configured_model(folder, monkeypatch, capsys):
    with OpenAIServer(reply="Yes, Tideline connects natively to Snowflake.") as server:
        monkeypatch.setenv("VOICE_AGENT_LLM", "openai")
        monkeypatch.setenv("VOICE_AGENT_LLM_BASE_URL", server.base_url)
        assert main(["eval", str(folder), "--model", "--show", "all"]) == 0
    assert "Yes, Tideline connects natively to Snowflake." in capsys.readouterr().out


def test_a_sample_is_spread_over_all():
    assert sample([*"abcdefgh"], 4) == ["a", "c", "e", "g"]
    assert sample([*"abc"], 0) == sample([*"abc"], 9) == ["a", "b", "c"]
