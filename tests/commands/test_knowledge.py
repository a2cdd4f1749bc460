"""`voice-agent knowledge …` as typed: its output and exit code."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from core.crm.records import Finding
from knowledge.article_text import UNWRITTEN
from tests.commands.conftest import Run
from tests.knowledge.lumo import edit
from voice_agent.cli import main
from voice_agent.commands.check import _company
from voice_agent.config import Settings


def test_article_from_its_first_word_to_its_retirement(run: Run, folder: Path):
    code, out, _ = run("list")
    assert code == 0 and "no audit trail yet" in out and "2 articles" in out
    assert run("adopt", "--as", "eva")[0] == 0
    code, out, _ = run("new", "shade", "--title", "Shade: blue", "--as", "ada")
    assert code == 0 and f"knowledge submit shade --company {folder} --as ada" in out
    code, _, err = run("submit", "shade", "--as", "ada")
    assert code == 1 and "expected a passage, found none" in err
    assert "in review" not in run("list")[1]
    written = "The shade is blue.\n> asked: which colour is the shade\n"
    edit(folder, "drafts/shade.md", f"{UNWRITTEN}\n", written)
    assert run("edit-check", "shade")[0] == 0
    assert run("submit", "shade", "--as", "ada")[:2] == (
        0, "shade version 1: in review; someone else may approve it\n",
    )  # fmt: skip
    code, out, err = run("approve", "shade", "--as", "ada")
    assert (code, out) == (1, "") and "someone else must approve" in err
    assert run("approve", "shade", "--as", "ben")[0] == 0
    code, out, _ = run("publish", "shade", "--as", "ada")
    assert code == 0 and "no golden questions" in out
    assert "1 published" in run("list", "--owner", "ada")[1]
    assert "shade@1#1  The shade is blue." in run("show", "shade")[1]
    assert "1 approved" not in run("list")[1]
    code, out, _ = run("history", "shade")
    assert code == 0 and "← live" in out and "ben  approved  shade@1" in out
    assert run("retire", "shade", "--as", "ada", "--reason", "gone")[0] == 0
    assert "shade" in run("list", "--status", "retired")[1]
    code, out, _ = run("audit", "--verify")
    assert code == 0 and out.startswith("in order: 7 lines, 3 kept versions; head ")


def test_next_version_is_compared_rejected_and_rolled_back(run: Run, folder: Path):
    run("adopt", "--as", "eva")
    run("new", "lamp", "--as", "ada")
    edit(folder, "drafts/lamp.md", "nine", "ten")
    assert "[-nine-]{+ten+}" in run("diff", "lamp")[1]
    run("submit", "lamp", "--as", "ada")
    assert run("reject", "lamp", "--as", "ben", "--reason", "eleven!")[0] == 0
    run("submit", "lamp", "--as", "ada")
    run("approve", "lamp", "--as", "ben")
    run("publish", "lamp", "--as", "ada")
    assert "[-nine-]{+ten+}" in run("diff", "lamp", "1", "2")[1]
    code, _, err = run("diff", "lamp", "1", "9")
    assert code == 1 and "it has 1, 2, live" in err
    code, out, _ = run("rollback", "lamp", "--to", "1", "--as", "ada", "--emergency", "wrong")
    assert code == 0 and "version 3: with the words of version 1, published" in out
    assert run("diff", "lamp", "1", "live")[1].count("passage") == 0
    assert "published-emergency" in run("audit", "--article", "lamp", "--last", "1")[1]


def test_check_of_a_draft_tells_what_lint_would_and_lint_can_leave_kinds_out(
    run: Run, folder: Path
):
    run("adopt", "--as", "eva")
    run("new", "lamp", "--as", "ada")
    edit(folder, "drafts/lamp.md", "for nine hours", "for nine hours (or more)")
    code, out, _ = run("edit-check", "lamp")
    assert code == 0 and "no-spoken-form: passage 1 has `(`" in out
    edit(folder, "drafts/lamp.md", "> asked: how long does the garden lamp run", "")
    run("submit", "lamp", "--as", "ada")
    run("approve", "lamp", "--as", "ben")
    run("publish", "lamp", "--as", "ada")
    code, out, _ = run("lint", "--ignore", "no-spoken-form")
    assert code == 1 and "no-wording" in out and "no-spoken-form" not in out
    quiet = run("lint", "--ignore", "no-wording", "--ignore", "no-spoken-form")
    assert quiet[:2] == (0, "nothing to remark\n")


def test_golden_regression_blocks_with_exit_code_and_names_the_question(run: Run, folder: Path):
    (folder / "golden.yaml").write_text('unanswerable: ["Can I rent a lamp?"]\n')
    run("adopt", "--as", "eva")
    assert run("golden")[:2] == (0, "1 of 1 golden questions are right\n")
    run("new", "lamp", "--as", "ada")
    edit(folder, "drafts/lamp.md", "> asked: how", "> asked: can i rent a lamp\n> asked: how")
    code, out, _ = run("edit-check", "lamp")
    assert code == 1 and "worse: “Can I rent a lamp?” should not be answered" in out
    run("submit", "lamp", "--as", "ada")
    run("approve", "lamp", "--as", "ben")
    code, _, err = run("publish", "lamp", "--as", "ada")
    assert code == 1 and "1 of 1 golden questions would get worse" in err
    code, out, _ = run("publish", "lamp", "--as", "ada", "--override", "we rent now")
    assert code == 0 and "worse: “Can I rent a lamp?”" in out
    assert "we rent now" in run("audit", "--last", "1")[1]
    assert run("golden")[0] == 1


def test_tampering_is_shown_by_audit_and_mended_by_restore(run: Run, folder: Path):
    run("adopt", "--as", "eva")
    edit(folder, "articles/lamp.md", "nine", "ninety")
    code, _, err = run("lint")
    assert code == 1 and "knowledge restore lamp" in err
    assert run("restore", "lamp", "--as", "ada")[0] == 0
    assert run("lint")[0] in (0, 1) and "lamp" in run("list", "--status", "draft")[1]
    edit(folder, "audit.jsonl", "adopted", "created")
    code, out, _ = run("audit", "--verify")
    assert code == 1 and "audit.jsonl:1" in out
    assert run("audit")[0] == 1


def test_check_of_the_server_tells_a_kept_version_that_was_changed(
    run: Run, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    run("adopt", "--as", "eva")
    said: list[Finding] = []
    settings = Settings(company=folder, var=tmp_path / "var")
    assert _company(settings, said.append) is not None
    assert "error" not in [f.level for f in said]
    assert any(f.level == "ok" and "2 lines in order" in f.text for f in said)
    edit(folder, "history/lamp/1.md", "nine", "ten")
    said.clear()
    _company(settings, said.append)
    assert any(f.level == "error" and "history/lamp/1.md" in f.text for f in said)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["show", "lamb"], "Did you mean `lamp`"),
        (["submit", "lamp", "--as", "ada"], "knowledge adopt --as PERSON"),
        (["approve", "lamp", "--as", "adda"], "Did you mean `ada`"),
        (["show", "lamp", "--version", "7"], "it has live"),
    ],
)
def test_refusals_name_the_remedy(run: Run, words: list[str], told: str):
    code, out, err = run(*words)
    assert (code, out) == (1, "") and told in err


def test_missing_company_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["knowledge", "golden", "--company", str(tmp_path / "none")]) == 1
    assert "there is no folder" in capsys.readouterr().err


def test_person_must_be_named(run: Run, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        run("submit", "lamp")
    assert left.value.code == 2 and "--as" in capsys.readouterr().err


def test_import_drafts_files_folders_and_pages_and_tells_what_failed(
    run: Run, folder: Path, tmp_path: Path
):
    run("adopt", "--as", "eva")
    docs = tmp_path / "docs"
    (docs / "deep").mkdir(parents=True)
    (docs / "deep" / "shade.md").write_text("# Shade\n\nThe shade is blue.\n")
    (docs / "prices.csv").write_text("plan,price\nNova,30\n")
    given = ("--as", "ada", "--owner", "ben")
    code, out, _ = run("import", str(docs), "--dry-run", "--currency", "EUR", *given)
    assert code == 0 and "Nova costs €30." in out and not (folder / "drafts").exists()
    code, out, _ = run("import", str(docs), *given)
    assert code == 1 and "shade: new draft  (deep/shade.md#shade)" in out
    assert "of which currency" in out and "1 drafts" in out
    code, out, _ = run("import", str(docs), "--currency", "EUR", *given)
    assert code == 0 and "shade: unchanged" in out and "nova: new draft" in out
    code, out, _ = run("import", str(tmp_path / "none.md"), *given)
    assert code == 1 and "No such file" in out
    (tmp_path / "empty").mkdir()
    assert "in this folder" in run("import", str(tmp_path / "empty"), *given)[1]


def test_import_fetches_pages_and_names_them_by_their_address(run: Run, tmp_path: Path):
    run("adopt", "--as", "eva")
    (tmp_path / "shade.html").write_text("<h1>Shade</h1><p>The shade is blue.</p>")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            url = f"http://127.0.0.1:{server.server_port}/shade.html"
            code, out, _ = run("import", url, "--as", "ada")
            assert code == 0 and f"shade: new draft  ({url}#shade)" in out
            code, out, _ = run("import", url.replace("shade", "none"), "--as", "ada")
            assert code == 1 and "404" in out and "--source" in out
        finally:
            server.shutdown()
            thread.join()
    assert f"from {url}#shade" in run("show", "shade")[1]


VERBS = ["list", "show", "diff", "history", "audit", "edit-check", "lint", "golden", "new",
         "submit", "approve", "reject", "publish", "retire", "rollback", "restore", "adopt", "import"]  # fmt: skip  # noqa: E501


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        main(["knowledge", verb, "--help"])
    assert left.value.code == 0
    assert f"usage: voice-agent knowledge {verb}" in capsys.readouterr().out
