"""Promised calls on the command line: listed, claimed, ended; errors are explained."""

import json
from pathlib import Path

import anyio
import pytest

from core.facts.callbacks import callback_id
from core.store.store import Store
from tests.core.store.test_callbacks import promised
from tests.fakes import stores
from voice_agent.cli import main

WHICH = callback_id("c1")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    url = stores.sqlite(tmp_path / "store.db")
    monkeypatch.setenv("VOICE_AGENT_DATABASE_URL", url)

    async def fill() -> None:
        store = Store(url)
        await promised(store)
        await store.aclose()

    anyio.run(fill)

    def command(*words: str) -> tuple[int, str]:
        code = main(["callbacks", *words])
        told = capsys.readouterr()
        return code, told.out + told.err

    return command


def test_what_is_owed_is_listed_claimed_and_kept(run):
    code, told = run()
    assert code == 0 and WHICH in told and "maya-lindqvist" in told
    assert run("claim", WHICH, "--by", "tom-beckett")[0] == 0
    (row,) = json.loads(run("--owner", "tom-beckett", "--json")[1])
    assert (row["status"], row["claimed_by"]) == ("claimed", "tom-beckett")
    assert run("kept", WHICH, "--by", "tom-beckett", "--why", "reached her")[0] == 0
    assert "no calls are owed" in run()[1]
    shown = json.loads(run("show", WHICH)[1])
    assert [e["kind"] for e in shown[0]["history"]] == ["promised", "claimed", "kept"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("claim",), "which one?"),
        (("claim", WHICH), "who does it?"),
        (("claim", "nothing", "--by", "tom"), "there is no callback nothing"),
        (("show", "nothing"), "there is no callback nothing"),
    ],
)
def test_what_is_missing_is_named(run, words, told):
    code, said = run(*words)
    assert code == 1 and told in said
