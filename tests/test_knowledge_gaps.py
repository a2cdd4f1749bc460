"""`voice-agent knowledge gaps` over stored conversations, and the draft begun from one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import pytest

from core.events import ConversationStarted, QuestionAnswered, QuestionDeferred, VerdictReached
from core.store.store import Store
from tests.fakes import stores
from tests.knowledge.lumo import write_company
from voice_agent.cli import main

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICE_AGENT_DATABASE_URL", stores.sqlite(tmp_path / "calls.db"))
    return write_company(tmp_path / "lumo")


def run(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main(["knowledge", "gaps", *words, "--company", str(folder)])
    told = capsys.readouterr()
    return code, told.out + told.err


def store(folder: Path, conversations: list[tuple[str, list[object]]]) -> None:
    async def write() -> None:
        base = Store(stores.sqlite(folder.parent / "calls.db"))
        for n, (caller, facts) in enumerate(conversations):
            at = NOON + timedelta(hours=n)
            started = ConversationStarted(
                "voice", "inbound", caller, None, None, "lumo", "c1", "k1", False
            )
            await base.log.append(f"call-{n}", at, [started, *facts])
        await base.aclose()

    anyio.run(write)


def deferred(text: str, question_id: str = "q1") -> QuestionDeferred:
    return QuestionDeferred(question_id, text, 1, "ada", "not covered: dimmer")


def verdict(result: str) -> VerdictReached:
    return VerdictReached(result, None, 0.0, (), (), (), "c1", 1)


def test_no_question_in_vain_is_no_gap(folder: Path, capsys: pytest.CaptureFixture[str]):
    store(
        folder, [("+1555", [deferred("is there a dimmer"), QuestionAnswered("q1", 2, ("a@1#1",))])]
    )
    code, out = run(folder, capsys)
    assert code == 0 and "no gaps" in out


def test_gaps_are_listed_with_callers_and_the_nearest_articles(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    store(folder, [
        ("+15550001", [deferred("is there a dimmer"), verdict("qualified")]),
        ("+15550002", [deferred("does the lamp have a dimmer")]),
        ("+15550001", [deferred("do you ship to mars")]),
    ])  # fmt: skip
    code, out = run(folder, capsys)
    assert code == 0
    assert out.index("dimmer") < out.index("mars")
    assert "asked 2 times by 2 callers, last 2026-11-23 · owner ada" in out
    assert "not covered: dimmer; nearest: " in out


def test_draft_begins_with_the_wordings_and_cannot_be_submitted_unwritten(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    store(folder, [("+1555", [deferred("is there a dimmer")]), ("+1556", [deferred("a dimmer?")])])
    main(["knowledge", "adopt", "--as", "eva", "--company", str(folder)])
    capsys.readouterr()
    code, out = run(folder, capsys, "draft", "1", "--as", "ada", "--id", "dimmer")
    assert code == 0 and "knowledge submit dimmer --company " in out
    text = (folder / "drafts" / "dimmer.md").read_text()
    assert "> asked: is there a dimmer" in text and "> asked: a dimmer?" in text
    submit = ["knowledge", "submit", "dimmer", "--as", "ada", "--company", str(folder)]
    assert main(submit) == 1
    assert "text" in capsys.readouterr().err
    path = folder / "drafts" / "dimmer.md"
    path.write_text(text.replace("\n> asked: is", "\nThe lamp has a dimmer.\n> asked: is", 1))
    assert main(submit) == 0


def test_a_gap_that_somebody_writes_on_is_drafted_once_and_published_without_a_note_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    store(folder, [("+1555", [deferred("Does it work with a Tesla?")])])
    main(["knowledge", "adopt", "--as", "eva", "--company", str(folder)])
    code, out = run(folder, capsys, "draft", "1", "--as", "ada", "--id", "cars")
    assert f"knowledge submit cars --company {folder} --as ada" in out
    text = (folder / "drafts" / "cars.md").read_text()
    assert "title: Does it work with a Tesla" in text and "TO DO" not in text
    assert "in the draft of cars" in run(folder, capsys)[1]
    code, out = run(folder, capsys, "draft", "1", "--as", "ben")
    assert code == 1 and "the draft of `cars` has that question already" in out
    assert not (folder / "drafts" / "does-it-work-with-a-tesla.md").exists()


def test_a_fault_of_a_draft_names_the_drafts_file_and_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    store(folder, [("+1555", [deferred("is there a dimmer")])])
    main(["knowledge", "adopt", "--as", "eva", "--company", str(folder)])
    run(folder, capsys, "draft", "1", "--as", "ada", "--id", "dimmer")
    main(["knowledge", "submit", "dimmer", "--as", "ada", "--company", str(folder)])
    lines = (folder / "drafts" / "dimmer.md").read_text().split("\n")
    line = lines.index("> asked: is there a dimmer") + 1
    assert f"drafts/dimmer.md:{line} " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("draft",), "say which and who"),
        (("draft", "9", "--as", "ada"), "there is no gap 9"),
        (("draft", "1", "--as", "nobody"), "nobody"),
        (("draft", "1", "--as", "ada", "--id", "lamp"), "exists"),
    ],
)
def test_what_cannot_be_drafted_is_refused_with_the_remedy(
    folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
):
    store(folder, [("+1555", [deferred("is there a dimmer")])])
    main(["knowledge", "adopt", "--as", "eva", "--company", str(folder)])
    capsys.readouterr()
    code, out = run(folder, capsys, *words)
    assert code == 1 and told in out


def test_before_the_first_call_there_is_nothing_to_list(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("VOICE_AGENT_DATABASE_URL", "")
    monkeypatch.setenv("VOICE_AGENT_VAR", str(folder.parent / "nothing"))
    code, out = run(folder, capsys)
    assert code == 0 and "no conversations yet" in out


def test_wordings_join_the_article_that_answers_them_already(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    store(folder, [
        ("+1555", [deferred("Will it see me through the night?")]),
        ("+1556", [deferred("will it see me through  the night")]),
    ])  # fmt: skip
    main(["knowledge", "adopt", "--as", "eva", "--company", str(folder)])
    capsys.readouterr()
    code, out = run(folder, capsys, "answered", "1", "--by", "lamp#1", "--as", "ben")
    assert code == 0 and "submit lamp" in out
    draft = (folder / "drafts" / "lamp.md").read_text("utf-8")
    assert draft.count("> asked: will it see me through the night\n") == 1
    assert "version: 2" in draft and "how long does the garden lamp run" in draft
    code, out = run(folder, capsys, "answered", "1", "--by", "lamp#7", "--as", "ben")
    assert code == 1 and "no passage 7" in out
    code, out = run(folder, capsys, "answered", "1", "--as", "ben")
    assert code == 1 and "--by" in out
