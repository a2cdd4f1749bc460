"""The knowledge room: an article edited by one person, approved by another, published and seen."""

import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.applications import Starlette

from core.errors import ReadingFailed
from core.events import ConversationStarted, QuestionDeferred
from core.store.asked import replace_source
from core.store.store import Store
from knowledge.gaps import Unanswered
from knowledge.governance import office as governance
from tests.console.conftest import Office
from tests.core.talk import SAMPLE, sample
from voice_agent.console.routes import console

pytestmark = pytest.mark.real_clock
ROOM = "/console/knowledge"
ARTICLE = f"{ROOM}/articles/snowflake"
NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample company with its trail begun, to be copied."""
    company = Path(shutil.copytree(SAMPLE, tmp_path_factory.mktemp("adopted") / "company"))
    governance.Office(company, NOW).adopt("sofia-alvarez")
    return company


@pytest.fixture
async def office(store: Store, adopted: Path, tmp_path: Path) -> Office:
    company = Path(shutil.copytree(adopted, tmp_path / "company"))
    made = Office(store, folder=tmp_path, company=company, at=NOW)
    await made.hire("writer", "rep", "tom-beckett")
    await made.hire("checker", "manager", "priya-nair")
    await made.hire("nobody", "admin")
    return made


def draft_of(office: Office) -> str:
    return (office.company / "drafts" / "snowflake.md").read_text("utf-8")


def live_of(office: Office) -> str:
    return (office.company / "articles" / "snowflake.md").read_text("utf-8")


async def test_a_manager_of_the_team_begins_the_trail_of_a_new_folder(office: Office):
    shutil.rmtree(office.company)
    shutil.copytree(SAMPLE, office.company)
    writer, checker = await office.browser("writer"), await office.browser("checker")
    assert "A manager begins it" in (await writer.see(ROOM)).text
    assert (await writer.post(f"{ROOM}/adopt")).status_code == 403
    nobody = await office.browser("nobody")
    assert "Say on the <a" in (await nobody.see(ROOM)).text
    assert (await nobody.post(f"{ROOM}/adopt")).status_code == 403
    assert "Begin it" in (await checker.see(ROOM)).text
    assert (await checker.post(f"{ROOM}/adopt")).status_code == 303
    assert "no audit trail" not in (await checker.see(ROOM)).text
    assert (await checker.post(f"{ROOM}/adopt")).status_code == 409
    assert (await writer.post(ARTICLE, dict(act="draft"))).status_code == 303


async def test_one_writes_another_approves_and_the_company_folder_has_it(office: Office):
    office.at = datetime(2026, 11, 26, 3, tzinfo=UTC)  # the evening of the 25th, for Priya
    writer, checker = await office.browser("writer"), await office.browser("checker")
    assert "snowflake" in (await writer.see(ROOM)).text
    await writer.post(ARTICLE, dict(act="draft"))
    before = draft_of(office)
    after = before.replace("in both directions", "in both directions, as an admin sets up")
    assert after != before
    await writer.post(ARTICLE, dict(act="save", text=after.replace("\n", "\r\n"), seen=before))
    assert "as an admin sets up" in draft_of(office)
    page = (await writer.see(ARTICLE)).text
    assert "Submit for review" in page and "{+" in page, "what changed is shown"
    await writer.post(ARTICLE, dict(act="submit"))
    assert "1 draft waits</a> for approval" in (await checker.see(ROOM)).text
    assert "You wrote or submitted this version" in (await writer.see(ARTICLE)).text
    own = await writer.post(ARTICLE, dict(act="approve"))
    assert own.status_code == 403 and "as an admin sets up" not in live_of(office)
    await checker.post(ARTICLE, dict(act="approve"))
    await checker.post(ARTICLE, dict(act="publish"))
    assert "as an admin sets up" in live_of(office)
    page = (await checker.see(ARTICLE)).text
    assert "Priya Nair" in page and "Tom Beckett" in page and "published" in page
    assert ">in use, version 2, published 25 Nov 2026<" in page
    assert ">version 1, published 25 Nov 2026<" in page and ">version 2, " not in page
    await checker.post(ARTICLE, dict(act="retire", why="gone"))
    page = (await checker.see(ARTICLE)).text
    assert "<h2>Retired</h2>" in page and ">retired, version 2, " in page and ">Retire<" not in page


async def test_who_wrote_a_version_is_told_who_can_approve_it_and_how_there_comes_to_be_one(
    office: Office,
):
    await office.hire("writing", "manager", "priya-nair")
    writing = await office.browser("writing")
    await writing.post(ARTICLE, dict(act="draft"))
    page = (await writing.see(ARTICLE)).text
    assert "Nobody else can yet" in page and "An admin adds their account" in page
    await writing.post(ARTICLE, dict(act="submit"))
    assert "Nobody else can yet" in (await writing.see(ARTICLE)).text
    assert "Priya Nair can." not in (await writing.see(ARTICLE)).text
    await office.hire("sofias", "manager", "sofia-alvarez")
    page = (await writing.see(ARTICLE)).text
    assert "Sofia Alvarez can." in page and "Nobody else" not in page


class Suggesting:
    """A model that suggests the same wordings for every passage, or fails."""

    def __init__(self, *wordings: str, failing: bool = False) -> None:
        self.wordings, self.failing = wordings, failing

    async def extract(
        self, system: str, messages: Sequence[tuple[str, str]], schema: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        if self.failing:
            raise ReadingFailed("the model is away")
        return {"wordings": [*self.wordings]}


async def test_suggested_wordings_go_into_a_draft_that_somebody_else_approves(
    office: Office,
):
    plain = await office.browser("writer")
    assert "Suggest ways to ask" not in (await plain.see(ARTICLE)).text, "there is no model"
    office.suggests = Suggesting("our lake of frozen numbers, is that something you fish in", "sso")
    office.app = Starlette(routes=[*console(office.services())])
    writer = await office.browser("writer")
    assert "Suggest ways to ask" in (await writer.see(ARTICLE)).text
    before = live_of(office)
    done = await writer.post(ARTICLE, dict(act="wordings"))
    assert done.status_code == 303, done.text
    assert "> asked: our lake of frozen numbers, is that something you fish in" in draft_of(office)
    assert "> asked: sso\n" not in draft_of(office) and live_of(office) == before
    assert "our lake of frozen numbers" in (await writer.see(ARTICLE)).text
    again = await writer.post(ARTICLE, dict(act="wordings"))
    assert draft_of(office).count("our lake of frozen numbers") == 1, again.text


async def test_a_model_that_suggests_nothing_says_why_and_changes_nothing(office: Office):
    for model, why in (
        (Suggesting(failing=True), "the model is away"),
        (Suggesting("sso"), "Nothing it suggested would help"),
    ):
        office.suggests = model
        office.app = Starlette(routes=[*console(office.services())])
        writer = await office.browser("writer")
        done = await writer.post(ARTICLE, dict(act="wordings"))
        assert done.status_code == 409 and why in done.text
        assert not (office.company / "drafts" / "snowflake.md").exists()


async def test_two_editors_do_not_overwrite_each_other(office: Office):
    writer, checker = await office.browser("writer"), await office.browser("checker")
    await writer.post(ARTICLE, dict(act="draft"))
    before = draft_of(office)
    await writer.post(ARTICLE, dict(act="save", text=before + "\nOne more passage.\n", seen=before))
    late = await checker.post(ARTICLE, dict(act="save", text=before + "\nAnother.\n", seen=before))
    assert late.status_code == 409 and "meanwhile" in late.text
    assert "One more passage." in draft_of(office) and "Another." not in draft_of(office)


async def test_who_stands_for_nobody_reads_and_changes_nothing(office: Office):
    admin = await office.browser("nobody")
    page = await admin.see(ARTICLE)
    assert page.status_code == 200
    assert "for approval" not in (await admin.see(ROOM)).text
    assert '<button class="primary" disabled>Begin a new version' in page.text
    refused = await admin.post(ARTICLE, dict(act="draft"))
    assert refused.status_code == 403 and "Accounts" in refused.text
    assert not (office.company / "drafts").exists()


@pytest.mark.parametrize(
    "path", ["/articles/..%2f..%2fetc", "/articles/none", "/articles/snowflake?version=99"]
)
async def test_what_is_not_there_is_refused(office: Office, path: str):
    writer = await office.browser("writer")
    assert (await writer.see(ROOM + path)).status_code in (404, 409)


async def test_acts_that_need_a_reason_or_make_no_sense_are_refused(office: Office):
    checker = await office.browser("checker")
    for fields in ({"act": "retire"}, {"act": "explode"}, {"act": "rollback", "to": "x"}, {}):
        assert (await checker.post(ARTICLE, fields)).status_code == 422
    assert (await checker.post(ARTICLE, dict(act="publish"))).status_code == 409


async def test_lint_golden_questions_and_gaps_are_pages(office: Office):
    writer = await office.browser("writer")
    assert "answered as they should be" in (await writer.see(f"{ROOM}/lint")).text
    assert "Every question was answered" in (await writer.see(f"{ROOM}/gaps")).text
    gone = await writer.post(f"{ROOM}/gaps", dict(wording="does it fly"))
    assert gone.status_code == 404


async def test_markup_in_an_article_is_shown_and_never_run(office: Office):
    writer = await office.browser("writer")
    await writer.post(ARTICLE, dict(act="draft"))
    before = draft_of(office)
    text = before + "\n<script>alert(1)</script> is said.\n"
    await writer.post(ARTICLE, dict(act="save", seen=before, text=text))
    page = (await writer.see(ARTICLE)).text
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


async def test_what_was_asked_in_vain_joins_the_article_that_answers_it(
    office: Office, store: Store, tmp_path: Path
):
    asked = "Could your thing peek into our snow flake account"
    started = ConversationStarted("voice", "inbound", "+1", None, None, "tideline", "c", "k", False)
    deferred = QuestionDeferred("q1", asked, 1, "tom-beckett", "not covered: peek")
    await store.log.append("call-1", NOW, [started, deferred])
    writer = await office.browser("writer")
    assert "An article answers it" in (await writer.see(f"{ROOM}/gaps")).text
    page = (await writer.see(f"{ROOM}/gaps?wording={quote(asked)}")).text
    assert 'value="snowflake#' in page
    await writer.post(f"{ROOM}/gaps", dict(wording=asked, by="snowflake#2"))
    assert f"> asked: {asked.lower()}\n" in draft_of(office)
    wrong = await writer.post(f"{ROOM}/gaps", dict(wording=asked, by="snowflake#9"))
    assert wrong.status_code == 409
    await writer.post(ARTICLE, dict(act="submit"))
    checker = await office.browser("checker")
    assert asked in (await checker.see(f"{ROOM}/gaps")).text, "it is not said yet"
    assert "1 buyer waits for this answer" in (await checker.see(ARTICLE)).text
    for act in ("approve", "publish"):
        assert (await checker.post(ARTICLE, dict(act=act))).status_code == 303
    afresh = tmp_path / "read-afresh"
    afresh.symlink_to(office.company)
    checker = await Office(store, folder=tmp_path, company=afresh, at=NOW).browser("checker")
    assert asked not in (await checker.see(f"{ROOM}/gaps")).text
    waits = (await checker.see(ARTICLE)).text
    assert "Tom Beckett owes it" in waits and 'href="/console/calls/call-1#q-q1"' in waits
    assert "published since" in (await checker.see("/console/queues/questions")).text
    call = (await checker.see("/console/calls/call-1")).text
    answer = call[call.index("Published since") :].partition("required>")[2]
    assert answer.partition("</textarea>")[0].endswith("."), "its passage begins the reply"
    await checker.post("/console/calls/call-1/questions/q1/answer", dict(text="Yes."))
    assert "waits for this answer" not in (await checker.see(ARTICLE)).text


async def test_a_lost_deals_reason_is_a_gap_with_its_source_until_knowledge_answers_it(
    office: Office, store: Store
):
    company = sample().company
    asked = [
        Unanswered("Invoices in GBP", "not covered", "tom-beckett", "1", "1", NOW, 9e4, "deals.csv",
                   objection=True),
        Unanswered("Do you support SSO?", "not covered", "tom-beckett", "2", "2", NOW, 1, "old"),
    ]  # fmt: skip
    for one in asked:
        await store.write(
            "asked", lambda c, o=one: replace_source(c, company, o.source, [o], NOW, "before")
        )
    writer = await office.browser("writer")
    page = (await writer.see(f"{ROOM}/gaps")).text
    assert "Invoices in GBP" in page and "90,000" in page
    assert "a reason of lost deals, from deals.csv 1" in page
    assert "Do you support SSO?" not in page, "it is answered by now"
    await writer.post(f"{ROOM}/gaps", dict(wording="Invoices in GBP"))
    checker = await office.browser("checker")
    assert "To its draft" in (await checker.see(f"{ROOM}/gaps")).text
    again = await checker.post(f"{ROOM}/gaps", dict(wording="Invoices in GBP"))
    assert again.headers["location"] == f"{ROOM}/articles/invoices-gbp"
    assert [*(office.company / "drafts").glob("invoices*")] == [
        office.company / "drafts" / "invoices-gbp.md"
    ]
    draft = (office.company / "drafts" / "invoices-gbp.md").read_text("utf-8")
    assert "type: objection" in draft and "Found in deals.csv" in draft
