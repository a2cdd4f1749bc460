"""What the team adds to a call: stored, audited, safe when two people act at once."""

import re
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from urllib.parse import quote

import anyio
import pytest

from core.events import Noted, QuestionAnswered
from core.facts.standing import every, outstanding, unmerged
from core.projections.document import document
from core.store import accounts, audit, crm_sync, do_not_call, reviews
from core.store.claims import Claims
from core.store.crm_sync_tables import CrmSyncRow
from core.store.mail_tables import MailOutRow
from core.store.owed import owed_questions
from knowledge.article_file import parse_article
from knowledge.governance.office import Office as KnowledgeOffice
from knowledge.profile import Review
from tests.console.calls import keep, seat
from tests.console.conftest import Office
from tests.core.talk import SAMPLE
from tests.fakes.a_call import AT
from voice_agent.console.call_posts import mentioned
from voice_agent.console.call_questions import asked

pytestmark = pytest.mark.real_clock
HERE = "/console/calls/c1"
KEY = "0123456789abcdef" * 2


async def review(office: Office) -> reviews.Review:
    return await office.store.query(lambda c: reviews.review_of(c, "c1"))


async def acts(office: Office) -> list[str]:
    return [x.act for x in await office.store.query(lambda c: audit.lines(c)) if x.act != "sign-in"]


async def test_a_comment_stands_at_its_time_and_calls_colleagues_once(office: Office):
    await keep(office)
    manager = await seat(office, "manager")
    form = {"key": KEY, "text": "Listen here, @Rep and @nobody, not a@rep", "at": "1:05.5"}
    for _ in range(2):  # sent twice
        answer = await manager.post(f"{HERE}/comment", form)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}#comments")
    (comment,) = (await review(office)).comments
    assert (comment.at_ms, comment.mentions) == (65_500, ["rep"])
    ((person, matter),) = office.told.matters
    assert person == "sofia-alvarez" and matter.text.endswith("/console/calls/c1#t=65.5")
    assert await acts(office) == ["comment"]
    rep = await seat(office, "rep")
    refused = await rep.post(f"{HERE}/comment/{comment.id}/withdraw")
    assert refused.status_code == 404
    assert (await manager.post(f"{HERE}/comment/{comment.id}/withdraw")).status_code == 303
    assert (await review(office)).comments[0].withdrawn_at is not None
    assert "Listen here" not in (await rep.see(HERE)).text


NONSENSE: tuple[tuple[str, dict[str, str]], ...] = (
    ("comment", {"key": KEY, "text": " "}), ("comment", {"key": "", "text": "x"}),
    ("comment", {"key": KEY, "text": "x" * 4001}),
    ("comment", {"key": KEY, "text": "x", "at": "one"}),
    ("comment", {"key": KEY, "text": "x", "at": "nan"}),
    ("comment", {"key": KEY, "text": "x", "at": "-1"}),
    ("comment", {"key": KEY, "text": "x", "at": "9" * 400}),
    ("override", {"key": KEY, "result": "needs_human", "reason": "x"}),
    ("override", {"key": KEY, "result": "nurture", "reason": ""}),
    ("rating", {"useful": "6"}), ("rating", {}), ("scorecard", {}),
    ("scorecard", {"mark-helped": "0"}), ("shares", {"days": "365"}),
    ("questions/q2/answer", {"text": ""}), ("questions/q2/promote", {}),
)  # fmt: skip


async def test_what_makes_no_sense_is_refused_and_leaves_nothing(office: Office):
    await keep(office)
    rep = await seat(office, "rep")
    for path, form in NONSENSE:
        answer = await rep.post(f"{HERE}/{path}", form)
        assert answer.status_code == 422, (path, form, answer.status_code)
    assert await review(office) == reviews.Review() and not await acts(office)


async def test_nothing_is_done_without_the_token_of_the_session_or_without_signing_in(
    office: Office,
):
    await keep(office)
    rep, nobody = await seat(office, "rep"), await office.browser()
    for path in ("comment", "override", "rating", "scorecard", "reviewed", "shares",
                 "questions/q2/answer", "questions/q2/promote"):  # fmt: skip
        url = f"{HERE}/{path}"
        assert (await rep.client.post(url, data={"csrf": "guess"})).status_code == 403
        assert (await nobody.client.post(url, data={"csrf": ""})).status_code == 401
    assert not await acts(office)


async def test_a_verdict_of_the_team_stands_beside_the_agents_and_counts_for_accuracy(
    office: Office,
):
    await keep(office)
    rep = await seat(office, "rep")
    first = {"key": KEY, "result": "nurture", "reason": "No budget before spring.", "seen": ""}
    assert (await rep.post(f"{HERE}/override", first)).status_code == 303
    assert (await rep.post(f"{HERE}/override", first)).status_code == 303  # the same form again
    late = first | {"key": "f" * 32, "result": "qualified", "reason": "I disagree"}
    overtaken = await (await seat(office, "manager")).post(f"{HERE}/override", late)
    assert overtaken.status_code == 409 and "meanwhile" in overtaken.text
    office.at += timedelta(minutes=1)
    late["seen"] = KEY
    assert (await (await seat(office, "manager")).post(f"{HERE}/override", late)).is_redirect
    told = (await review(office)).overrides
    assert [(o.result, o.agent_result) for o in told] == [
        ("nurture", "qualified"), ("qualified", "qualified"),
    ]  # fmt: skip
    (judged,) = await office.store.query(lambda c: reviews.judged(c))
    assert (judged.agent, judged.colleague) == ("qualified", "qualified")
    numbers = (await rep.see("/console/numbers?since=2025-03-01&until=2025-03-31")).text
    assert "Right on a fit" in numbers and "1 of 1 checked" in numbers
    page = (await rep.see(HERE)).text
    assert "No budget before spring." in page and "I disagree" in page
    assert await acts(office) == ["override", "override"]


async def test_of_two_verdicts_at_once_one_stands_and_the_other_is_told(office: Office):
    await keep(office)
    seats = [await seat(office, name) for name in ("rep", "manager")]
    got: list[int] = []

    async def judge(n: int) -> None:
        form = {"key": f"{n}" * 32, "result": "nurture", "reason": "so it is", "seen": ""}
        got.append((await seats[n].post(f"{HERE}/override", form)).status_code)

    async with anyio.create_task_group() as tasks:
        for n in range(2):
            tasks.start_soon(judge, n)
    assert sorted(got) == [303, 409] and len((await review(office)).overrides) == 1


async def test_a_rating_and_marks_are_one_a_person_and_the_last_counts(office: Office):
    await keep(office)
    for n, (name, useful) in enumerate((("rep", "2"), ("manager", "4"), ("rep", "5"))):
        browser = await seat(office, name)
        form = {"useful": useful, "repeated": "yes", "key": f"{n}" * 32}
        assert (await browser.post(f"{HERE}/rating", form)).status_code == 303
        marks = {"mark-helped": useful, "mark-right": "", "mark-unknown": "5"}
        assert (await browser.post(f"{HERE}/scorecard", marks)).status_code == 303
    told = document("c1", await office.store.log.read("c1"))["ratings"]
    assert sorted((r["by"], r["score"], r["repeated"]) for r in told) == [
        ("manager", 4, True), ("sofia-alvarez", 5, True),
    ]  # fmt: skip
    assert sorted(s.marks["helped"] for s in (await review(office)).scorecards) == [4, 5]
    assert len(Review().marks) == 6
    page = (await (await seat(office, "rep")).see(HERE)).text
    assert "you gave 5" in page and "4 of 5" in page


async def test_reviewed_leads_on_in_the_queue_one_came_from(office: Office):
    await keep(office)
    rep = await seat(office, "rep")
    answer = await rep.post(f"{HERE}/reviewed?queue=handoffs&rep=sofia", {"then": "next"})
    done = f"done={quote(office.at.isoformat(), safe='')}"
    assert answer.headers["location"] == f"/console/queues/handoffs/next?rep=sofia&after=c1&{done}"
    plain = await rep.post(f"{HERE}/reviewed", {"then": "next"})
    assert plain.headers["location"] == f"/console/queues/flagged/next?after=c1&{done}"
    trick = await rep.post(f"{HERE}/reviewed?queue=../../x%3F", {"then": "next"})
    assert trick.headers["location"].startswith("/console/queues/..%2F..%2Fx%3F/next?")
    assert "Reviewed by rep" in (await rep.see(HERE)).text
    kept = await rep.post(f"{HERE}/reviewed?queue=flagged", {"state": "off"})
    assert kept.headers["location"] == f"{HERE}?queue=flagged"
    assert await acts(office) == ["unreviewed", "reviewed"]


async def test_what_was_just_reviewed_is_put_back_from_the_page_it_led_on_to(office: Office):
    await keep(office)
    await keep(office, name="c2")
    rep = await seat(office, "rep")
    led = await rep.post("/console/calls/c2/reviewed?queue=all", {"then": "next"})
    onto = (await rep.see(led.headers["location"])).headers["location"]
    page = (await rep.see(onto)).text
    assert onto.startswith(f"{HERE}?") and "is reviewed." in page
    assert 'value="/console/calls/c2?queue=all"' in page
    manager = await seat(office, "manager")
    assert "is reviewed." not in (await manager.see(onto)).text
    await rep.post("/console/queues/act", {"act": "unreviewed", "id": "c2"})
    assert "is reviewed." not in (await rep.see(onto)).text
    assert "is reviewed." not in (await rep.see("/console/queues/all?done=x")).text


async def test_the_buyers_numbers_are_called_from_the_page_unless_they_are_barred(office: Office):
    await keep(office)
    rep = await seat(office, "rep")
    page = (await rep.see(HERE)).text
    (number,) = re.findall(r'href="tel:(\+\d+)"', page)
    await office.store.write(
        "t", lambda c: do_not_call.add(c, [number], office.at, how="asked", by="rep")
    )
    page = (await rep.see(HERE)).text
    assert f"tel:{number}" not in page and "do not call" in page


async def test_a_lead_is_taken_by_whoever_is_first(office: Office):
    await keep(office)
    assert (await (await seat(office, "rep")).post(f"{HERE}/claim")).status_code == 303
    await office.hire("tom", "rep", "tom-beckett")
    assert (await (await seat(office, "tom")).post(f"{HERE}/claim")).status_code == 409
    assert "Taken by <b>Sofia" in (await (await seat(office, "manager")).see(HERE)).text


async def test_who_stands_for_nobody_of_the_team_is_told_so_before_taking_a_lead(office: Office):
    await keep(office)
    admin = await seat(office, "admin")
    page = (await admin.see(HERE)).text
    assert "Leads are taken by people of the company" in page and "I take this lead" not in page
    refused = await admin.post(f"{HERE}/claim")
    assert refused.status_code == 403 and "who of the team you are" in refused.text


async def test_a_card_that_was_sent_of_a_lead_shows_what_is_done_in_the_console(office: Office):
    await keep(office)
    rep = await seat(office, "rep")
    assert (await rep.post(f"{HERE}/claim", {})).status_code == 303
    rated = {"useful": "4", "repeated": "no", "key": "a" * 32}
    assert (await rep.post(f"{HERE}/rating", rated)).status_code == 303
    assert office.changed == ["c1", "c1"]


async def test_what_cannot_be_audited_is_not_done(office: Office, monkeypatch: pytest.MonkeyPatch):
    await keep(office)
    rep = await seat(office, "rep")

    def full(c: object, line: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(audit, "record", full)
    assert (await rep.post(f"{HERE}/claim", {})).status_code == 503
    assert (await Claims(office.store).standing("c1"))[0] == "" and not office.changed


async def test_crm_records_are_shown_field_by_field_and_written_again_when_asked(office: Office):
    await keep(office)
    row = CrmSyncRow(
        id="r1", system="hubspot", kind="contact", key="p1", conversation_id="c1", state="dead",
        url="javascript:alert(1)", message="403 from the CRM", remedy="Give it the scope.",
        fields={"name": {"ours": "Jane", "theirs": "J. Doe", "did": "kept"},
                "email": {"ours": "a@b.c", "theirs": "a@b.c", "did": "same"}},
        spoken_at=AT, updated_at=AT, tries=3,
    )  # fmt: skip
    table = CrmSyncRow.__table__
    await office.store.write("t", lambda c: c.execute(table.insert().values(row.model_dump())))
    rep = await seat(office, "rep")
    page = (await rep.see(HERE)).text
    assert "Give it the scope." in page and "J. Doe" in page and "a person&#39;s, left" in page
    assert "a@b.c" not in page and "javascript:" not in page
    assert (await rep.post(f"{HERE}/crm/r1/retry")).status_code == 303
    assert office.again == [crm_sync.retry_of(row)] and office.again[0].startswith("c1/")
    assert (await rep.post(f"{HERE}/crm/nope/retry")).status_code == 404


async def test_an_answer_is_mailed_once_and_settles_the_question(office: Office):
    await keep(office)
    rep, manager = await seat(office, "rep"), await seat(office, "manager")
    form = {"text": "No, but in Bogotá.", "send": "yes", "to": "jane@acme.example"}
    bad = await rep.post(f"{HERE}/questions/q2/answer", form | {"to": "nowhere"})
    assert bad.status_code == 422
    assert (await rep.post(f"{HERE}/questions/q2/answer", form)).status_code == 303
    again = await manager.post(f"{HERE}/questions/q2/answer", form | {"text": "Yes!"})
    assert again.status_code == 409
    (mail,) = await office.store.mails.outbox("queued")
    assert (mail.recipient, mail.text) == ("jane@acme.example", "No, but in Bogotá.")
    facts = unmerged([e.fact for e in await office.store.log.read("c1")])
    assert not outstanding(facts) and every(facts, QuestionAnswered)
    (question,) = [q for q in asked(facts) if q.id == "q2"]
    assert (question.answer, question.sent_to) == ("No, but in Bogotá.", "jane@acme.example")
    assert not await office.store.query(owed_questions)
    page = (await rep.see(HERE)).text
    assert "Mailed to jane@acme.example." in page and "Make it a knowledge draft" in page


async def test_of_two_who_answer_at_once_the_one_whose_answer_stands_has_it_mailed(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    await keep(office)
    rep, manager = await seat(office, "rep"), await seat(office, "manager")
    form, path = {"send": "yes", "to": "jane@acme.example"}, f"{HERE}/questions/q2/answer"
    write, first = office.answers.answer, list[int]()

    async def meanwhile(*letter: str) -> MailOutRow | None:
        if "Yes!" in letter:
            first.append((await rep.post(path, form | {"text": "No."})).status_code)
        return await write(*letter)

    monkeypatch.setattr(office.answers, "answer", meanwhile)
    late = await manager.post(path, form | {"text": "Yes!"})
    assert (first, late.status_code) == ([303], 409)
    (mail,) = await office.store.mails.outbox("queued")
    assert mail.text == "No."


async def test_an_answer_becomes_a_draft_in_the_name_of_who_promotes_it(
    office: Office, tmp_path: Path
):
    office.company = await anyio.to_thread.run_sync(copytree, SAMPLE, tmp_path / "company")
    office.__post_init__()
    knowledge = KnowledgeOffice(office.company, AT)
    knowledge.adopt("sofia-alvarez")
    await keep(office)
    rep, manager = await seat(office, "rep"), await seat(office, "manager")
    answer = "No office there.\n> asked: how do I leave\n---\n# We visit Lima monthly. " * 4
    await rep.post(f"{HERE}/questions/q2/answer", {"text": answer})
    nobody = await manager.post(f"{HERE}/questions/q2/promote")
    assert nobody.status_code == 422  # no member of the team
    for _ in range(2):
        assert (await rep.post(f"{HERE}/questions/q2/promote")).status_code == 303
    facts = [e.fact for e in await office.store.log.read("c1")]
    (note,) = [n for n in every(facts, Noted) if n.kind == "draft_begun"]
    record = knowledge.known(str(note.data["article"]))
    assert record.draft is not None and record.live is None
    assert "author: sofia-alvarez" in record.draft and "No office there." in record.draft
    assert "> asked: Do you have an office in Lima?" in record.draft
    file, problems = parse_article(record.draft, "draft")
    assert file is not None and not problems
    told = [wording for passage in file.article.passages for wording in passage.asked]
    assert told == ["Do you have an office in Lima?"]
    page = (await rep.see(HERE)).text
    assert page.count("was begun from it") == 1
    assert f"/console/knowledge/articles/{note.data['article']}" in page


async def test_colleagues_are_called_by_name_address_or_id(office: Office):
    await office.hire("dana.fox@tideline.example", "rep", "maya-lindqvist")
    people = await office.store.query(accounts.everyone)
    for text, called in (
        ("@dana.fox look", 1), ("@dana.fox@tideline.example.", 1), ("@Maya-Lindqvist", 1),
        ("x@dana.fox", 0), ("@dana", 0), ("@@", 0), ("@rep @REP", 1),
    ):  # fmt: skip
        assert len(mentioned(text, people)) == called, text
