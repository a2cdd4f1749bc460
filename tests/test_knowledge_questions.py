"""`voice-agent knowledge questions`: other systems' questions checked, kept, ranked and drafted."""

import json
import re
from pathlib import Path

import anyio
import pytest

from core.store.asked import asked_elsewhere
from core.store.store import Store
from knowledge.load import load
from tests.core.talk import MONDAY_NOON, sample
from tests.fakes import stores
from tests.knowledge.lumo import write_company
from tests.test_knowledge_gaps import deferred, store
from voice_agent.cli import main

TICKETS = """Ticket ID,Subject,Description,Requester
1,Dimmer,"Hello, is there a dimmer? Call me on +1 617 555 0123.",Jane Doe
2,Dimmer again,Does Jane's lamp have a dimmer?,Jane Doe
3,Hi,How are you?,Bob
4,Lamp,How long does the garden lamp run?,Bob
"""
DEALS = """Deal Name,Deal Stage,Closed Lost Reason,Amount
A,Closed Lost,No dimmer,40000
B,Closed Lost,Solar panel is missing,90000
C,Closed Won,,50000
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICE_AGENT_DATABASE_URL", stores.sqlite(tmp_path / "calls.db"))
    monkeypatch.setenv("VOICE_AGENT_VAR", str(tmp_path / "var"))
    (tmp_path / "tickets.csv").write_text(TICKETS)
    (tmp_path / "deals.csv").write_text(DEALS)
    return write_company(tmp_path / "lumo")


def run(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main(["knowledge", *words, "--company", str(folder)])
    told = capsys.readouterr()
    return code, told.out + told.err


def kept(folder: Path) -> list[str]:
    async def read() -> list[str]:
        base = Store(stores.sqlite(folder.parent / "calls.db"))
        company = load(folder).company
        found = await base.query(lambda c: [one.text for one in asked_elsewhere(c, company)])
        await base.aclose()
        return found

    return anyio.run(read)


def test_what_nothing_answers_ranks_with_what_callers_asked(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    store(folder, [("+15550001", [deferred("do you ship to mars")])])
    tickets, deals = (str(folder.parent / name) for name in ("tickets.csv", "deals.csv"))
    code, out = run(folder, capsys, "questions", tickets, deals)
    assert code == 0
    assert "tickets.csv: 4 records, 3 questions" in out
    assert "answered 1, not covered 2 in 1 gaps" in out and "lamp 1" in out
    assert "2 reasons of lost deals, not covered 2" in out
    assert kept(folder) and not re.search(r"617|Jane", " ".join(kept(folder)))
    code, out = run(folder, capsys, "gaps")
    assert out.index("Solar panel") < out.index("dimmer") < out.index("mars"), "by pipeline"
    assert "worth 90,000 · owner ada · lost deals · from deals.csv 1" in out
    assert re.search(r"from .*tickets.csv 2", out)
    again = run(folder, capsys, "questions", tickets, deals)[1]
    assert "not covered 2" in again and len(kept(folder)) == 4, "the same again is no more"


def test_a_draft_begins_from_one_and_publishing_it_closes_the_gap(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    deals = folder.parent / "deals.csv"
    run(folder, capsys, "questions", str(deals))
    main(["knowledge", "adopt", "--as", "eva", "--company", str(folder)])
    capsys.readouterr()
    code, out = run(folder, capsys, "gaps", "draft", "1", "--as", "ada", "--id", "solar")
    assert code == 0, out
    path = folder / "drafts" / "solar.md"
    text = path.read_text()
    assert "type: objection" in text and "> asked: Solar panel is missing" in text
    assert "# Found in deals.csv (1)" in text
    answer = "\nA solar panel is not missing: it is built into the lamp.\n> asked: Solar"
    path.write_text(text.replace("\n> asked: Solar", answer, 1))
    for verb, who in (("submit", "ada"), ("approve", "eva"), ("publish", "ada")):
        code, out = run(folder, capsys, verb, "solar", "--as", who)
        assert code == 0, out
    assert "Solar" not in run(folder, capsys, "gaps")[1]
    assert kept(folder) == ["No dimmer"]


def test_nothing_is_kept_of_a_dry_run_and_what_was_can_be_dropped(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    tickets = str(folder.parent / "tickets.csv")
    code, out = run(folder, capsys, "questions", tickets, "--dry-run")
    assert code == 0 and "3 questions" in out and kept(folder) == []
    run(folder, capsys, "questions", tickets, "--source", "zendesk")
    assert len(kept(folder)) == 2
    code, out = run(folder, capsys, "questions", "--forget", "zendesk")
    assert code == 0 and "2 questions are forgotten" in out and kept(folder) == []
    assert run(folder, capsys, "questions", "--forget", "zendesk")[0] == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "say which exports"),
        (("none.csv",), "No such file"),
        (("tickets.csv", "--column", "txt=Was"), "Did you mean `text`"),
        (("tickets.csv", "--column", "text"), "write FIELD=COLUMN"),
        (("tickets.csv", "--column", "text=Was"), "no column `Was`"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
):
    paths = [str(folder.parent / w) if w.endswith(".csv") else w for w in words]
    code, out = run(folder, capsys, "questions", *paths)
    assert code == 1 and told in out


def test_a_call_document_and_a_transcript_are_exports_too(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    lines = [{"speaker": "caller", "text": "Is there a dimmer?"},
             {"speaker": "agent", "text": "Which lamp is it?"}]  # fmt: skip
    calls = folder.parent / "calls"
    calls.mkdir()
    (calls / "one.json").write_text(json.dumps({"id": "c1", "transcript": lines}))
    (calls / "two.txt").write_text("Buyer: Can I have it in green?\nRep: What shade do you like?")
    code, out = run(folder, capsys, "questions", str(calls))
    assert code == 0
    assert set(kept(folder)) == {"Is there a dimmer?", "Can I have it in green?"}


@pytest.mark.real_clock
async def test_what_is_kept_of_an_export_takes_the_place_of_what_was(both: Store):
    from core.store.asked import check_again, replace_source, unchecked
    from knowledge.gaps import Unanswered

    company = sample().company
    one = Unanswered("a?", "not covered", "ada", "1", "1", MONDAY_NOON, 2.5, "t", objection=True)
    two = Unanswered("b?", "not covered", "ada", "2", "2", MONDAY_NOON, 1.0, "t")
    for found in ([one, two], [one, two], [two, one]):
        await both.write(
            "asked", lambda c, f=found: replace_source(c, company, "t", f, MONDAY_NOON, "k1")
        )
    told = await both.query(lambda c: asked_elsewhere(c, company))
    assert [(t.text, t.objection, t.worth) for t in told] == [("b?", False, 1.0), ("a?", True, 2.5)]
    assert not await both.query(lambda c: unchecked(c, company, "k1"))
    assert await both.query(lambda c: unchecked(c, company, "k2"))
    gone = await both.write("asked", lambda c: check_again(c, company, "k2", lambda t, o: o))
    assert gone == 1 and not await both.query(lambda c: unchecked(c, company, "k2"))
