"""The call page: what it shows to whom, and that nothing a buyer said can run on it."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from urllib.parse import urlsplit

import pytest

from core.crm.known import CrmContactFound
from core.events import (
    ConversationStarted,
    Flagged,
    Flip,
    FloorTaken,
    Logged,
    Noted,
    QuestionDeferred,
    RecordingSaved,
    SignalCaptured,
    TurnTimed,
    UtteranceRecorded,
    VerdictReached,
)
from core.facts.consents import ConsentRecorded
from core.facts.standing import latest
from core.facts.transfers import MessageLeft, TransferFailed, TransferStarted
from core.links import Links
from core.privacy.facts import CardSpoken
from core.store.erasing import begin, forget_conversation
from tests.console.calls import keep, record, seat, written
from tests.console.conftest import Office
from tests.core.talk import SAMPLE
from tests.fakes.a_call import AT, ENDED, facts, logged, said, started
from voice_agent.console.call_names import Names
from voice_agent.console.call_sources import sources
from voice_agent.console.call_view import shares, talk, word_starts

pytestmark = pytest.mark.real_clock
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'`{{7*7}}</script>"
NAMES = Names("Marina", "Jane")


async def test_the_links_in_notices_and_crm_records_lead_here(office: Office):
    await keep(office, [*facts("CAc1"), ENDED])
    link = urlsplit(Links("https://agent.example").transcript("c1"))
    assert (await (await seat(office, "rep")).see(link.path)).status_code == 200


async def test_the_page_tells_all_that_is_known_without_a_script(office: Office):
    flip = Flip((("budget", "not_met"),), "nurture", "A budget below 5,000 would make it nurture.")
    verdict = latest(facts(), VerdictReached)
    assert verdict is not None
    await keep(office, [*facts("CAc1"), replace(verdict, flips=(flip,)), ENDED])
    record(office)
    page = await (await seat(office, "rep")).see("/console/calls/c1")
    assert page.status_code == 200
    for words in (
        "Jane Doe", "Acme", "Yes, Snowflake syncs to Salesforce.", "snowflake@2#1", "Qualified",
        "we have twenty people", "Do you have an office in Lima?", "other region",
        "Sam will answer about the Lima office.", "Gate blocked", "420 ms", "What would change",
        "A budget below 5,000",
        "Was this handoff useful?", "Recording: given", 'src="/console/calls/c1/audio?listen=',
    ):  # fmt: skip
        assert words in page.text, words
    assert '<span class="cite" title="snowflake@2#1">Snowflake' in page.text, "named by its title"
    assert '<a class="cite" href="/console/knowledge/articles/snowflake"' in page.text
    opened = (await (await seat(office, "rep")).see("/console/calls/c1/sources")).text
    assert "no passage snowflake@2#1 any more" in opened and "Passed the gate" in opened
    assert page.headers["content-security-policy"].startswith(
        "default-src 'none'; script-src 'self'"
    )


@pytest.mark.parametrize(("sure", "told"), [(True, ">existing"), (False, ">perhaps an existing")])
async def test_an_existing_customer_is_told_as_surely_as_it_is_known(
    office: Office, sure: bool, told: str
):
    found = CrmContactFound(
        "hubspot", "77", "Jane Doe", "Acme", "tom-beckett", (), sure, customer="stage is customer"
    )
    await keep(office, [*facts("CAc1"), found, ENDED])
    page = (await (await seat(office, "rep")).see("/console/calls/c1")).text
    assert f'title="stage is customer"{told} customer<' in page


async def test_a_recording_that_was_deleted_since_is_said_to_be_gone(office: Office):
    await keep(office)
    page = (await (await seat(office, "rep")).see("/console/calls/c1")).text
    assert "not there any more" in page and "<audio" not in page


async def test_a_call_is_also_found_by_its_sid_and_an_unknown_one_is_not(office: Office):
    await keep(office)
    rep = await seat(office, "rep")
    assert (await rep.see("/console/calls/CAc1")).headers["location"] == "/console/calls/c1"
    assert (await rep.see("/console/calls/nope")).status_code == 404


async def test_nothing_a_buyer_or_a_colleague_wrote_becomes_markup(office: Office):
    hostile = [
        started("CAc1", EVIL),
        said(1, "caller", EVIL, 1000),
        UtteranceRecorded(1, "agent", EVIL, 2000, 3000, True, (EVIL, "snowflake@1#1"), EVIL,
                          unheard=EVIL),  # fmt: skip
        SignalCaptured("s1", EVIL, EVIL, "positive", "stated", 0.9, EVIL, 1, 1000, 1500),
        SignalCaptured("s2", "name", EVIL, "positive", "stated", 0.9, EVIL, 1, 1000, 1500),
        QuestionDeferred("q'><b>", EVIL, 1, EVIL, EVIL),
        Flagged(EVIL, 1, 1000, EVIL),
        Noted("page", {"url": "javascript:alert(1)", "title": EVIL}),
        ENDED,
    ]  # fmt: skip
    await keep(office, hostile)
    rep = await seat(office, "rep")
    await rep.post("/console/calls/c1/comment", {"key": "0" * 32, "text": EVIL, "at": "0:01"})
    page = (await rep.see("/console/calls/c1")).text
    assert (
        "<script>alert" not in page
        and "<img src=x" not in page
        and "49" not in page.split("alert")[1][:40]
    )
    opened = (await rep.see("/console/calls/c1/sources")).text
    assert "<script>alert" not in opened and "<img src=x" not in opened and "alert" in opened
    assert 'href="javascript:' not in page and "<b>" not in page.split("questions/")[1][:30]
    data = page.split('id="call-data">')[1].split("</script>")[0]
    assert "<" not in data and "alert" in data  # it is there, as a string


async def test_a_conversation_in_writing_has_times_and_no_player(office: Office):
    for channel in ("chat", "email"):
        await keep(office, written(channel), name=channel)
        page = (await (await seat(office, "rep")).see(f"/console/calls/{channel}")).text
        assert 'id="player"' not in page and "<audio" not in page
        assert "Do you sync Snowflake?" in page and "Sofia Álvarez" in page or "Sofia" in page
        talk = page[page.index('class="talk') :]
        assert len(re.findall(r">Mon 3 Mar 2025[^<]*</time>", talk)) == 1, "then the hour suffices"


async def test_what_the_brief_says_of_a_chat_leads_to_the_line_it_was_written_in(office: Office):
    size = SignalCaptured(
        "s1", "employees", "40", "positive", "stated", 0.9, "forty people", 1, 4000, 4000
    )
    await keep(office, [*written()[:3], size, *written()[3:]])
    page = (await (await seat(office, "rep")).see("/console/calls/c1")).text
    (line,) = re.findall(r'id="line-(\d+)" data-n="\d+" data-from="4000"', page)
    signals = page[page.index('id="signals"') :]
    assert f'<a class="at" href="#line-{line}"' in signals


async def test_a_conversation_that_goes_on_and_one_that_was_erased_are_shown(office: Office):
    await keep(office, facts("CAc1")[:6])
    rep = await seat(office, "rep")
    page = await rep.see("/console/calls/c1")
    assert page.status_code == 200 and "going on" in page.text
    await keep(office, [*facts("CAc2"), Noted("handoff", {"x": 1}), Noted("crm", {}), ENDED],
               name="c2")  # fmt: skip
    await rep.post("/console/calls/c2/comment", {"key": "1" * 32, "text": "Jane is great"})
    row = await office.store.conversations.get("c2")
    assert row is not None and row.person_id

    def erase(c):
        begun = begin(c, row.person_id, AT)
        forget_conversation(c, begun, "c2", 0, AT)

    await office.store.write("t", erase)
    page = await rep.see("/console/calls/c2")
    assert page.status_code == 200
    assert "Jane" not in page.text and "Lima" not in page.text and "[erased]" in page.text


def test_lines_carry_their_flags_comments_waits_and_cuts():
    facts = [
        started(), said(1, "caller", "how much is it", 1000),
        TurnTimed(1, 950, 500, 100, 150, 150, 50, True),
        UtteranceRecorded(1, "agent", "It is twelve", 2850, 3500, True, unheard="hundred."),
        Flagged("price_talk", 1, 1200, "asked for a price"), Flagged("random_audit", 0, 0, ""),
        Noted("discarded_utterance", {"text": "mhm", "at_ms": 3100}),
        CardSpoken(1, "speech", 1000, 2000, ((1100, 1900),)),
        said(2, "caller", "sorry", 9000),
    ]  # fmt: skip
    shown = talk(logged(facts), (), NAMES)
    assert [n.who for n in shown.lines] == ["Jane", "Marina", "Jane"]
    assert [f.kind for f in shown.lines[0].flags] == ["price_talk"]
    assert [f.kind for f in shown.stray_flags] == ["random_audit"]
    assert shown.lines[1].timed is not None and shown.lines[1].unheard == "hundred."
    kinds = {p.kind: p for p in shown.pins}
    assert set(kinds) == {"flag", "barge-in", "backchannel", "silence", "redaction"}
    assert (kinds["redaction"].ms, kinds["redaction"].until_ms) == (1100, 1900)
    assert kinds["barge-in"].ms == 3500 and kinds["silence"].until_ms == 9000
    assert shown.waits == ((1900, 2850, 1),)
    assert [len(g) for g in shown.groups] == [1, 1, 1]
    assert sum(part["ms"] for part in shares(shown.lines[1].timed)) == 950


def test_what_happened_besides_talk_stands_between_the_lines():
    facts = [
        started(), said(1, "caller", "a person please", 1000), said(1, "agent", "Gladly.", 2000),
        TransferStarted("t1", "sofia", "warm", "asked for a person", 1, 3000),
        TransferFailed("t1", "sofia", "no-answer", 20_000),
        said(2, "agent", "Nobody picks up.", 20_500),
        MessageLeft("call me back", "RE1", 4000, 25_000), RecordingSaved("c.wav", 31_000),
    ]  # fmt: skip
    shown = talk(logged(facts), (), Names("Marina", "Jane", {"sofia": "Sofia"}))
    assert shown.lines[1].events == (
        "Put through to Sofia (warm): asked for a person", "Sofia was not reached: no answer",
    )  # fmt: skip
    assert shown.lines[2].events == ("Left a message after the beep: “call me back”",)
    gap = next(p for p in shown.pins if "put through" in p.label)
    assert (gap.kind, gap.ms, gap.until_ms) == ("unrecorded", 3000, 20_500)


def test_a_colleague_who_steps_in_is_told_once_and_so_is_that_they_gave_it_back():
    def taken(second: float, until: float) -> Logged:
        instant = (AT + timedelta(seconds=until)).isoformat()
        return Logged("c", 1, AT + timedelta(seconds=second), FloorTaken("sofia", instant))

    begun = [Logged("c", 1, AT, started()), Logged("c", 2, AT, said(1, "caller", "hi", 500))]
    lease = [taken(5, 300), taken(9, 304), taken(20, 20), taken(25, 25)]
    guided = Noted("guided", {"by": "sofia", "words": "ask for size", "at_ms": 2000})
    facts = [*begun, Logged("c", 3, AT, guided), *lease]
    (line,) = talk(facts, (), Names("Marina", "Jane", {"sofia": "Sofia"})).lines
    assert line.events == (
        "Sofia guided the agent: “ask for size”", "Sofia took over",
        "Sofia gave the conversation back to the agent",
    )  # fmt: skip


def test_what_consent_kept_out_of_the_recording_is_hatched():
    def consent(state: str, at_ms: int) -> ConsentRecorded:
        return ConsentRecorded("recording", state, "", at_ms)  # type: ignore[arg-type]

    facts = [
        started(), said(0, "agent", "hi", 100), consent("given", 3000), consent("given", 3500),
        consent("declined", 9000), consent("given", 12_000), consent("unknown", 20_000),
        RecordingSaved("c.wav", 31_000),
    ]  # fmt: skip
    hatched = [(p.ms, p.until_ms) for p in talk(logged(facts), (), NAMES).pins
               if p.kind == "unrecorded"]  # fmt: skip
    assert hatched == [(0, 3000), (9000, 12_000), (20_000, 31_000)]
    assert not [p for p in talk(logged(facts[:-1]), (), NAMES).pins if p.kind == "unrecorded"]


def test_words_without_times_of_their_own_lie_along_their_line():
    line = UtteranceRecorded(1, "caller", "one two three", 1000, 2300)
    assert word_starts(line) == (1000, 1400, 1800)
    exact = UtteranceRecorded(1, "caller", "one two", 1000, 2300, word_ms=(0, 900))
    assert word_starts(exact) == (1000, 1900)
    assert word_starts(UtteranceRecorded(1, "caller", "in writing", 5000, 5000)) == ()


def test_a_citation_opens_its_passage_with_who_approved_it(tmp_path: Path):
    found = sources(SAMPLE, AT, ["snowflake@1#1", "snowflake@9#1", "nope@1#1", "../x@1#1", EVIL])
    opened = found["snowflake@1#1"]
    assert opened.text and opened.title and opened.approved_by and opened.current
    assert found["snowflake@9#1"].text == "" and found["nope@1#1"].text == ""
    assert "../x@1#1" not in found and EVIL not in found


def test_a_passage_that_was_replaced_since_says_so(tmp_path: Path):
    folder = copytree(SAMPLE, tmp_path / "company")
    article = folder / "articles" / "snowflake.md"
    article.write_text(article.read_text().replace("version: 1", "version: 2"))
    history = folder / "history" / "snowflake"
    history.mkdir(parents=True)
    (history / "1.md").write_text((SAMPLE / "articles" / "snowflake.md").read_text())
    old = sources(folder, AT, ["snowflake@1#1"])["snowflake@1#1"]
    assert old.text and not old.current and old.live_version == 2


def test_an_earlier_start_than_the_log_is_no_trouble():
    entry = Logged("c", 1, AT - timedelta(days=1), ConversationStarted(
        "voice", "inbound", None, None, None, "t", "c", "k", False))  # fmt: skip
    assert talk([entry], (), NAMES).lines == ()


async def test_the_page_leads_back_to_its_queue_and_on_without_a_mark(office: Office):
    await keep(office)
    await keep(office, facts("CAc2")[:6], "c2")
    rep = await seat(office, "rep")
    page = (await rep.see("/console/calls/c1?queue=all&verdict=qualified&evil=1")).text
    assert 'href="/console/queues/all?verdict=qualified"' in page
    assert 'href="/console/queues/all/next?verdict=qualified&amp;after=c1"' in page
    alone = (await rep.see("/console/calls/c1?queue=evil")).text
    assert 'href="/console/queues"><span' in alone and "Skip to the next" not in alone
    assert "Reviewed, next" in alone
    assert "Reviewed, next" not in (await rep.see("/console/calls/c2")).text, "it goes on"
