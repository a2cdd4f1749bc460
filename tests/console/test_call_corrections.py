"""Corrections of what the agent heard: stored, shown, judged again, withdrawn."""

from pathlib import Path

import anyio
import pytest
import sqlalchemy as sa

from core.events import Fact, Noted, SignalCaptured, VerdictReached
from core.facts.corrected import as_heard
from core.facts.standing import latest, live_signals, unmerged
from core.projections.document import document
from core.store import audit, cards, erasing
from core.store.codec import encode
from core.store.people_tables import SightingRow
from core.store.personal import rows_about
from core.talk import ConversationOpened
from knowledge.load import load
from knowledge.rules.book import RuleBook
from knowledge.rules.sections import section
from tests.console.calls import keep, seat
from tests.console.conftest import Office
from tests.core.talk import engine
from tests.fakes.a_call import AT, ENDED, facts
from tests.knowledge.lumo import NOW, adopted
from voice_agent.channels.writing import Writing
from voice_agent.corrections import rules_of

pytestmark = pytest.mark.real_clock
HERE = "/console/calls/c1"
_sighting = SightingRow.__table__
SIGHTINGS = sa.select(_sighting.c.kind, _sighting.c.value)
KEYS = [f"{n:x}" * 32 for n in range(1, 10)]


class NoWrapUp:
    """Nothing is written up here."""

    async def wrap_up(self, conversation_id: str, revision: int = 0) -> None:
        return


async def told(office: Office) -> list[Fact]:
    return [entry.fact for entry in await office.store.log.read("c1")]


async def doc(office: Office) -> dict:
    logged = await office.store.log.read("c1")
    return document("c1", logged, company=office.services().company().company)


def form(n: int, criterion: str, signal: str, value: str, **more: str) -> dict[str, str]:
    return {"key": KEYS[n], "criterion": criterion, "signal": signal, "value": value,
            "act": "correct", **more}  # fmt: skip


async def acts(office: Office) -> list[str]:
    return [x.act for x in await office.store.query(lambda c: audit.lines(c)) if x.act != "sign-in"]


async def test_a_value_put_right_stands_with_the_buyers_words_and_who_did_it(office: Office):
    await keep(office)
    rep = await seat(office, "rep")
    sent = form(0, "employees", "s5", "2,000", note="The contract says so.")
    for _ in range(2):  # sent twice
        answer = await rep.post(f"{HERE}/signals", sent)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}#signals")
    shown = await doc(office)
    (old,) = [s for s in shown["signals"] if s["id"] == "s5"]
    (new,) = [s for s in shown["signals"] if s["corrected_by"]]
    assert old["superseded_by"] == new["id"] == KEYS[0] and old["value"] == "200"
    assert (new["value"], new["quote"], new["start_ms"], new["corrected_by"]) == (
        "2000", "two hundred not twenty", 25_000, "sofia-alvarez",
    )  # fmt: skip
    (made,) = shown["corrections"]
    assert (made["heard"], made["value"], made["note"]) == ("200", "2000", "The contract says so.")
    assert made["at"] == "2025-03-03T15:04:05.678Z" and not made["withdrawn"]
    assert await acts(office) == ["correct"]
    assert office.again == [f"c1/corrected.{KEYS[0]}"]
    page = (await rep.see(HERE)).text
    assert "Heard as 200, corrected to 2000 by" in page and "Mon 3 Mar" in page
    assert "two hundred not twenty" in page and "The contract says so." in page


async def test_the_verdict_and_the_brief_follow_and_the_agents_own_comes_back(office: Office):
    await keep(office)
    await office.store.log.append("c1", AT, [Noted("handoff", {"summary": "old"})])
    rep = await seat(office, "rep")
    before = latest(await told(office), VerdictReached)
    assert (await rep.post(f"{HERE}/signals", form(0, "employees", "s5", "3"))).status_code == 303
    shown = await doc(office)
    assert any("As corrected by a person: " in why for why in shown["verdict"]["reasons"])
    (line,) = [c for c in shown["verdict"]["criteria"] if c["name"] == "employees"]
    assert line["signals"] == [KEYS[0]] and "as corrected by a person" in line["reason"].lower()
    assert [s["value"] for s in shown["handoff"]["signals"] if s["corrected_by"]] == ["3"]
    card = await office.store.query(lambda c: cards.of(c, "c1"))
    assert card is not None and card.verdict == shown["verdict"]["result"]
    back = await rep.post(f"{HERE}/corrections/{KEYS[0]}/withdraw", {"key": KEYS[1]})
    assert back.status_code == 303
    after = await doc(office)
    assert after["verdict"]["result"] == "qualified" and after["corrections"][0]["withdrawn"]
    assert not [s for s in after["signals"] if s["corrected_by"]]
    assert latest(as_heard(await told(office)), VerdictReached) == before
    assert await acts(office) == ["withdraw correction", "correct"]


async def test_another_value_under_a_key_that_was_used_is_told_to_be_kept_by_nobody(office: Office):
    await keep(office)
    rep = await seat(office, "rep")
    await rep.post(f"{HERE}/signals", form(0, "employees", "s5", "2000"))
    for sent in (form(0, "employees", "s5", "3000"), form(0, "name", "s2", "Joan Dow")):
        answer = await rep.post(f"{HERE}/signals", sent)
        assert answer.status_code == 409 and "Something else was sent" in answer.text
    back = await rep.post(f"{HERE}/corrections/{KEYS[0]}/withdraw", {"key": KEYS[0]})
    assert back.status_code == 409
    assert [c["value"] for c in (await doc(office))["corrections"]] == ["2000"]
    assert len(await acts(office)) == 1


async def test_what_they_said_no_to_is_known_as_that(office: Office):
    await keep(office)
    rep = await seat(office, "rep")
    page = (await rep.see(HERE)).text
    assert "They said no to this" in page
    none = form(0, "tech_stack", "s1", "Snowflake", negative="yes")
    assert (await rep.post(f"{HERE}/signals", none)).status_code == 303
    stands = {s.criterion: s.polarity for s in live_signals(unmerged(await told(office)))}
    assert stands["tech_stack"] == "negative"
    page = (await rep.see(HERE)).text
    assert "Heard as Snowflake, corrected to not Snowflake by" in page
    size = await rep.post(f"{HERE}/signals", form(1, "employees", "s5", "20", negative="yes"))
    assert size.status_code == 422 and "give what it is" in size.text
    assert (
        await rep.post(f"{HERE}/signals", form(2, "tech_stack", KEYS[0], "Snowflake"))
    ).is_redirect
    assert "Heard as Snowflake, corrected to Snowflake by" in (await rep.see(HERE)).text


async def test_what_was_never_said_stands_no_more_and_can_be_taken_back(office: Office):
    await keep(office)
    rep = await seat(office, "rep")
    sent = form(0, "name", "s2", "", act="unsaid")
    assert (await rep.post(f"{HERE}/signals", sent)).status_code == 303
    shown = await doc(office)
    (old,) = [s for s in shown["signals"] if s["criterion"] == "name"]
    assert old["superseded_by"] == shown["corrections"][0]["id"] == KEYS[0]
    assert shown["corrections"][0]["value"] is None
    page = (await rep.see(HERE)).text
    assert "Heard as Jane Doe; not said, says" in page
    await rep.post(f"{HERE}/corrections/{KEYS[0]}/withdraw", {"key": KEYS[1]})
    assert [s.value for s in live_signals(unmerged(await told(office)))].count("Jane Doe") == 1


async def test_what_was_missed_is_added_and_a_correction_is_corrected_again(office: Office):
    await keep(office)
    rep = await seat(office, "rep")
    mail = form(0, "email", "", "Jane@Acme.com")
    assert (await rep.post(f"{HERE}/signals", mail)).status_code == 303
    assert (await rep.post(f"{HERE}/signals", form(1, "email", KEYS[0], "j@acme.com"))).is_redirect
    shown = await doc(office)
    stands = [s for s in shown["signals"] if s["criterion"] == "email" and not s["superseded_by"]]
    assert [(s["value"], s["id"], s["turn"]) for s in stands] == [("j@acme.com", KEYS[1], 0)]
    early = await rep.post(f"{HERE}/corrections/{KEYS[0]}/withdraw", {"key": KEYS[2]})
    assert early.status_code == 409  # the later one rests on it
    page = (await rep.see(HERE)).text
    assert "Not heard; added by" not in page and "Added as jane@acme.com, corrected to" in page
    await rep.post(f"{HERE}/corrections/{KEYS[1]}/withdraw", {"key": KEYS[3]})
    assert "Not heard; added by" in (await rep.see(HERE)).text


async def test_what_the_agent_heard_stays_visible_however_often_it_is_put_right(office: Office):
    await keep(office)
    rep = await seat(office, "rep")
    await rep.post(f"{HERE}/signals", form(0, "employees", "s5", "20"))
    await rep.post(f"{HERE}/signals", form(1, "employees", KEYS[0], "2000"))
    assert "Heard as 200, corrected to 2000" in (await rep.see(HERE)).text
    await rep.post(f"{HERE}/signals", form(2, "employees", KEYS[1], "", act="unsaid"))
    assert "Heard as 200; not said, says" in (await rep.see(HERE)).text


async def test_what_was_not_said_does_not_come_back_beside_what_was_added_instead(office: Office):
    await keep(office)
    rep = await seat(office, "rep")
    await rep.post(f"{HERE}/signals", form(0, "name", "s2", "", act="unsaid"))
    await rep.post(f"{HERE}/signals", form(1, "name", "", "Joan Dow"))
    early = await rep.post(f"{HERE}/corrections/{KEYS[0]}/withdraw", {"key": KEYS[2]})
    assert early.status_code == 409 and "Something else stands" in early.text
    await rep.post(f"{HERE}/corrections/{KEYS[1]}/withdraw", {"key": KEYS[3]})
    back = await rep.post(f"{HERE}/corrections/{KEYS[0]}/withdraw", {"key": KEYS[4]})
    assert back.status_code == 303
    names = [s.value for s in live_signals(unmerged(await told(office))) if s.criterion == "name"]
    assert names == ["Jane Doe"]


BAD: tuple[tuple[dict[str, str], str], ...] = (
    (form(0, "employees", "s5", "many"), "Write 200, 200-300, 500+ or"),
    (form(0, "employees", "s5", ""), "give the right value"),
    (form(0, "employees", "s5", "200"), "already"),
    (form(0, "employees", "s5", "300-200"), "figure"),
    (form(0, "email", "", "jane at acme"), "jane@acme.com"),
    (form(0, "phone", "", "12"), "with its country"),
    (form(0, "name", "s2", "x" * 201), "at most 200"),
    (form(0, "name", "s5", "Jane"), "Reload"),
    (form(0, "no_such", "", "x"), "Reload"),
    (form(0, "name", "", "", act="unsaid"), "Reload"),
    ({**form(0, "name", "s2", "Jane"), "key": ""}, "Reload"),
)  # fmt: skip


async def test_what_makes_no_sense_is_refused_with_its_remedy_and_leaves_nothing(office: Office):
    await keep(office)
    rep, before = await seat(office, "rep"), len(await told(office))
    for sent, remedy in BAD:
        answer = await rep.post(f"{HERE}/signals", sent)
        assert answer.status_code == 422 and remedy in answer.text, (sent, answer.text)
    assert len(await told(office)) == before and not await acts(office) and not office.again
    nobody = await office.browser()
    assert (await rep.client.post(f"{HERE}/signals", data={"csrf": "x"})).status_code == 403
    assert (await nobody.client.post(f"{HERE}/signals", data={"csrf": ""})).status_code == 401


async def test_while_it_goes_on_nothing_is_put_right(office: Office):
    await keep(office, facts())
    rep = await seat(office, "rep")
    answer = await rep.post(f"{HERE}/signals", form(0, "employees", "s5", "300"))
    assert answer.status_code == 409 and "over" in answer.text
    assert "Correct it" not in (await rep.see(HERE)).text


async def test_of_two_at_once_one_stands_and_the_other_is_told(office: Office):
    await keep(office)
    seats = [await seat(office, name) for name in ("rep", "manager")]
    got: list[int] = []

    async def put_right(n: int, criterion: str, signal: str) -> None:
        sent = form(n, criterion, signal, f"{n + 7}")
        got.append((await seats[n % 2].post(f"{HERE}/signals", sent)).status_code)

    async with anyio.create_task_group() as tasks:
        for n in range(2):
            tasks.start_soon(put_right, n, "employees", "s5")
    assert sorted(got) == [303, 409]
    got.clear()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(put_right, 2, "name", "s2")
        tasks.start_soon(put_right, 3, "company", "s3")
    assert got == [303, 303]
    stands = {s.criterion: s.value for s in live_signals(unmerged(await told(office)))}
    assert (stands["name"], stands["company"]) == ("9", "10")


async def test_signals_of_the_log_stay_as_the_agent_heard_them(office: Office):
    await keep(office)
    rep = await seat(office, "rep")
    await rep.post(f"{HERE}/signals", form(0, "employees", "s5", "300"))
    every = await told(office)
    assert as_heard(every) == [*facts(call_sid="CAc1"), ENDED]
    once = unmerged(every)
    assert unmerged(once) == once
    assert sum(isinstance(f, SignalCaptured) and bool(f.by) for f in once) == 1


async def test_who_somebody_is_follows_on_their_page_and_in_the_export_and_can_be_forgotten(
    office: Office,
):
    await keep(office)
    rep = await seat(office, "rep")
    await rep.post(f"{HERE}/signals", form(0, "name", "s2", "Joan Dow", note="She spelled it."))
    await rep.post(f"{HERE}/signals", form(1, "email", "", "joan@acme.com"))
    row = await office.store.conversations.get("c1")
    assert row is not None and row.person_id
    seen = await office.store.query(lambda c: c.execute(SIGHTINGS).all())
    assert {(kind, value) for kind, value in seen} >= {
        ("name", "Joan Dow"), ("email", "joan@acme.com"), ("domain", "acme.com"),
    }  # fmt: skip
    assert ("name", "Jane Doe") not in {(kind, value) for kind, value in seen}
    page = (await rep.see(f"/console/people/{row.person_id}")).text
    assert "Joan Dow" in page and "corrected by Sofia Alvarez" in page
    rows = await office.store.query(lambda c: rows_about(c, row.person_id or ""))
    assert rows is not None and [*rows["conversations"]] == ["c1"]  # with their documents

    def forget(c: sa.Connection) -> None:
        begun = erasing.begin(c, row.person_id or "", office.at)
        assert begun is not None
        erasing.forget_conversation(c, begun, "c1", 0, office.at)

    await office.store.write("t", forget)
    left = str([encode(fact) for fact in await told(office)])
    assert not [word for word in ("Joan", "joan@acme", "spelled") if word in left]
    assert "Correct it" not in (await rep.see(HERE)).text
    late = await rep.post(f"{HERE}/signals", form(2, "company", "", "Acme"))
    assert late.status_code == 409 and "forgotten" in late.text


def test_what_it_was_judged_by_is_looked_up_among_the_rules_that_were_kept(tmp_path: Path):
    folder = adopted(tmp_path / "lumo")
    before, book = load(folder), RuleBook(folder, NOW)
    standing = book.standing()
    text = section(standing.proposed, "segments").replace("at_least: 10,", "at_least: 80,")
    book.save("ada", {"segments": text}, standing.seen)
    book.publish("ben", "smaller deals lose money", book.standing().seen)
    after = load(folder)
    then = rules_of(folder, NOW, before.criteria_version, after)
    assert (then.version, then.then) == (before.criteria_version, True)
    assert then.company.segments[0].criteria[0].at_least == 10
    assert rules_of(folder, NOW, after.criteria_version, after).company is after.company
    for where in (folder, tmp_path / "nowhere"):
        lost = rules_of(where, NOW, "no such", after)
        assert lost.company is after.company and not lost.then


async def test_in_a_conversation_in_writing_that_goes_on_the_next_answer_knows_it(office: Office):
    rep = await seat(office, "rep")
    writing = Writing(engine(), office.store, None, NoWrapUp(), lambda: AT)
    async with writing.running():
        await writing.open(ConversationOpened("c1", "chat", "inbound", None, None, AT))
        first = await writing.say("c1", "m1", "We are a healthcare company with 20 people.")
        await writing.reply("c1", first.said.turn)
        heard = {s.criterion: s for s in live_signals(unmerged(await told(office)))}
        size = heard["employees"]
        assert size.value == "20" and "Correct it" in (await rep.see(HERE)).text
        sent = form(0, "employees", size.signal_id, "2000")
        assert (await rep.post(f"{HERE}/signals", sent)).status_code == 303
        assert not office.again  # nothing was written to the CRM yet
        second = await writing.say("c1", "m2", "And we use Snowflake.")
        await writing.reply("c1", second.said.turn)
        standing = await office.store.written.standing("c1")
        assert standing is not None and standing.state.signals.value("employees") == "2000"
        (line,) = [
            c for c in (await doc(office))["verdict"]["criteria"] if c["name"] == "employees"
        ]
        assert line["signals"] == [KEYS[0]]
        back = await rep.post(f"{HERE}/corrections/{KEYS[0]}/withdraw", {"key": KEYS[1]})
        assert back.status_code == 303
        standing = await office.store.written.standing("c1")
        assert standing is not None and standing.state.signals.value("employees") == "20"
        (line,) = [
            c for c in (await doc(office))["verdict"]["criteria"] if c["name"] == "employees"
        ]
        assert line["signals"] == [size.signal_id]
        none = form(2, "employees", size.signal_id, "", act="unsaid")
        assert (await rep.post(f"{HERE}/signals", none)).status_code == 303
        standing = await office.store.written.standing("c1")
        assert standing is not None and standing.state.signals.value("employees") is None
        third = await writing.say("c1", "m3", "We have 300 people.")
        await writing.reply("c1", third.said.turn)
        stands = {s.criterion: s.value for s in live_signals(unmerged(await told(office)))}
        assert stands["employees"] == "300"
