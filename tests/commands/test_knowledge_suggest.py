"""`voice-agent knowledge wordings`: a real client against a server that speaks OpenAI's wire."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Run
from tests.fakes.openai_server import OpenAIServer


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    with OpenAIServer() as made:
        made.reading = _wordings
        made.delays.first_token_s = 0.0
        monkeypatch.setenv("VOICE_AGENT_LLM", "openai")
        monkeypatch.setenv("VOICE_AGENT_LLM_BASE_URL", made.base_url)
        yield made
        assert not made.complaints


def asked(body: dict[str, Any]) -> dict[str, Any]:
    """What one request gives the model."""
    given: dict[str, Any] = json.loads(body["messages"][-1]["content"])
    return given


def _wordings(body: dict[str, Any]) -> str:
    return json.dumps(
        {"wordings": ["What is this for, by the way?", "And who would want one", "x"]}
    )


def test_suggestions_are_told_with_what_becomes_of_each(run: Run, server: OpenAIServer):
    code, out, _ = run("wordings")
    assert code == 0, out
    assert "> asked: and who would want one" in out
    assert "1 too short or too long" in out
    assert "wordings that nothing answers yet" in out and "--as PERSON" in out
    given = asked(server.requests("chat")[-1].body)
    assert given["passage"] and given["others"] and "asked" in given


def test_an_author_gets_drafts_that_go_through_review(run: Run, server: OpenAIServer, folder: Path):
    assert run("adopt", "--as", "eva")[0] == 0
    live = {p.name: p.read_text() for p in (folder / "articles").iterdir()}
    code, out, err = run("wordings", "--as", "ada")
    assert code == 0, out + err
    drafts = list((folder / "drafts").iterdir())
    assert drafts and all("> asked: and who would want one" in d.read_text() for d in drafts)
    assert live == {p.name: p.read_text() for p in (folder / "articles").iterdir()}
    assert "drafts: bulb version 2, lamp version 2" in out
    assert "knowledge submit ARTICLE --as ada" in out
    name = drafts[0].stem
    assert run("submit", name, "--as", "ada")[0] == 0
    assert "someone else must approve" in run("approve", name, "--as", "ada")[2]


def test_somebody_unknown_or_a_folder_without_a_trail_is_refused_before_the_model_is_asked(
    run: Run, server: OpenAIServer
):
    assert "is no rep or steward" in run("wordings", "--as", "nobody")[2]
    assert "knowledge adopt" in run("wordings", "--as", "ada")[2]
    assert "no article `lmap`" in run("wordings", "lmap")[2]
    assert not server.requests("chat")


def test_without_a_model_it_says_how_to_get_one(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VOICE_AGENT_LLM", "embedded")
    code, out, _ = run("wordings")
    assert code == 1 and "VOICE_AGENT_LLM_BASE_URL" in out


def test_a_model_that_fails_is_left_alone_and_what_it_gave_is_kept(run: Run, server: OpenAIServer):
    server.reading = lambda body: "no JSON at all"
    code, out, _ = run("wordings")
    assert code == 1
    assert out.count("nothing: ") == 2 and "0 wordings" in out


def test_passages_with_wordings_enough_are_not_asked_about(run: Run, server: OpenAIServer):
    code, out, _ = run("wordings", "--below", "0")
    assert code == 0 and "0 wordings or more; --below 1" in out
    assert not server.requests("chat")
