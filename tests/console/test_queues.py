"""Queues: what waits, filtered by the URL, marked and exported; nothing said there can run."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.events import (
    CallbackRequested,
    ConversationStarted,
    Fact,
    Flagged,
    Noted,
    RouteChosen,
    SignalCaptured,
)
from core.store import accounts, audit, queues
from core.store.owed import owed_questions
from core.store.paging import BadCursor
from core.store.queues import QueueFilters, Viewer, decode_cursor, next_of, page
from core.store.store import Store
from core.store.unanswered import unanswered
from tests.console.calls import seat
from tests.console.conftest import Office
from tests.core.talk import sample
from tests.fakes.a_call import AT, ENDED, facts, said
from voice_agent.audio.archive import Archive
from voice_agent.console.csv_lines import line_of
from voice_agent.workflows.erasure import Eraser

pytestmark = pytest.mark.real_clock
ANYBODY = Viewer("admin", None, AT)
HOUR = timedelta(hours=1)


async def call(
    store: Store, name: str, more: Sequence[Fact] = (), *, at: datetime = AT, over: bool = True,
    without: tuple[type, ...] = (), **heading: Any,
) -> None:  # fmt: skip
    plain = [f for f in facts(f"CA{name}") if not isinstance(f, (Flagged, *without))]
    begun = [replace(f, **heading) if isinstance(f, ConversationStarted) else f for f in plain]
    await store.log.append(name, at, [*begun, *more, *([ENDED] if over else [])])


async def shown(store: Store, wanted: QueueFilters, viewer: Viewer = ANYBODY) -> list[str]:
    found = await store.query(lambda c: page(c, wanted, viewer))
    return [line.card.conversation_id for line in found.lines]


async def test_each_queue_holds_what_waits_there(both: Store):
    flag = Flagged("frustrated", 1, 5_000, "this is ridiculous")
    await call(both, "plain", without=(RouteChosen,))
    await call(both, "flagged", [flag], without=(RouteChosen,))
    await call(both, "live", over=False, without=(RouteChosen,))
    wanted = CallbackRequested(5, "call me", "at ten", "sam", "2025-03-04T15:00:00+00:00")
    await call(both, "later", [wanted], without=(RouteChosen,))
    await call(both, "broken", [Noted("crm", {"status": "failed"})], without=(RouteChosen,))
    await call(both, "sams")
    for queue, names in {
        "flagged": ["flagged"], "live": ["live"], "sync": ["broken"],
        "handoffs": ["sams"], "pilot": [],
    }.items():  # fmt: skip
        assert await shown(both, QueueFilters(queue)) == names, queue
    assert await shown(both, QueueFilters("handoffs"), Viewer("kim", "kim", AT)) == []
    assert await shown(both, QueueFilters("handoffs"), Viewer("sam", "sam", AT)) == ["sams"]
    pilot = await shown(both, QueueFilters("pilot"), Viewer("sam", "sam", AT, True))
    assert set(pilot) == {"plain", "flagged", "later", "broken", "sams"}


KEPT: list[tuple[QueueFilters, list[str]]] = [
    (QueueFilters(channel="chat"), ["b"]), (QueueFilters(called="+18005550100"), ["b", "a"]),
    (QueueFilters(segment="mid-market"), ["b", "a"]), (QueueFilters(verdict="disqualified"), []),
    (QueueFilters(criterion="employees:met"), ["b", "a"]),
    (QueueFilters(criterion="employees:unknown"), []),
    (QueueFilters(criterion="budget"), ["b", "a"]), (QueueFilters(flag="competitor"), ["b"]),
    (QueueFilters(rep="sam"), ["b", "a"]), (QueueFilters(rep="kim"), []),
    (QueueFilters(after_hours=True), ["a"]), (QueueFilters(after_hours=False), ["b"]),
    (QueueFilters(reviewed=True), []), (QueueFilters(reviewed=False), ["b", "a"]),
    (QueueFilters(abstained=True), ["b", "a"]), (QueueFilters(slower_ms=600), ["b", "a"]),
    (QueueFilters(slower_ms=700), []), (QueueFilters(since=AT + timedelta(minutes=1)), ["b"]),
    (QueueFilters(until=AT + timedelta(minutes=1)), ["a"]), (QueueFilters(words="zapier"), ["b"]),
    (QueueFilters(words="snowflake", flag="competitor", channel="chat"), ["b"]),
    (QueueFilters(outcome="callback_promised"), ["b", "a"]), (QueueFilters(assignee="kim"), []),
]  # fmt: skip


async def test_each_filter_keeps_what_it_says(both: Store):
    await call(both, "a")
    more = [Flagged("competitor", 6, 1, "x"), said(6, "caller", "what about zapier", 30_000)]
    await call(both, "b", more, at=AT + timedelta(hours=1), channel="chat", after_hours=False)
    for wanted, names in KEPT:
        assert await shown(both, wanted) == names, wanted


three = partial(page, wanted=QueueFilters(), viewer=ANYBODY, limit=3)


async def test_pages_follow_each_other_without_gaps_also_while_calls_come_in(both: Store):
    for n in range(7):
        await call(both, f"c{n}", at=AT + timedelta(minutes=n // 2))
    seen: list[str] = []
    cursor = ""
    while True:
        found = await both.query(
            lambda c, at=cursor: page(c, QueueFilters(), ANYBODY, limit=3, cursor=at)
        )  # type: ignore[misc]
        seen += [line.card.conversation_id for line in found.lines]
        await call(both, f"new{len(seen)}", at=AT + timedelta(hours=len(seen)))
        if found.next is None:
            break
        cursor = found.next
    assert seen == [f"c{n}" for n in range(6, -1, -1)]
    assert await both.query(lambda c: next_of(c, QueueFilters(), ANYBODY, "c4")) == "c3"
    assert await both.query(lambda c: next_of(c, QueueFilters(), ANYBODY, "c0")) is None
    assert await both.query(lambda c: next_of(c, QueueFilters(), ANYBODY, "none")) is None


async def test_words_are_found_newest_first_among_the_latest_and_beyond(
    both: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(queues, "READ_FIRST", 2)
    asked = said(6, "caller", "what about zapier", 30_000)
    for n in range(8):
        await call(both, f"c{n}", [asked] if n in (0, 1, 4, 7) else [], at=AT + n // 2 * HOUR)
    wanted, seen, cursor = QueueFilters(words="zapier", channel="voice"), [], ""
    for _ in range(3):
        found = await both.query(
            lambda c, at=cursor: page(c, wanted, ANYBODY, limit=2, cursor=at)  # type: ignore[misc]
        )
        seen.append([line.card.conversation_id for line in found.lines])
        cursor = found.next or ""
        if not cursor:
            break
    assert seen == [["c7", "c4"], ["c1", "c0"]]
    assert await shown(both, replace(wanted, channel="chat")) == []
    assert await both.query(lambda c: next_of(c, wanted, ANYBODY, "c4")) == "c1"
    assert await both.query(lambda c: next_of(c, wanted, ANYBODY, "c0")) is None


@pytest.mark.parametrize(
    "cursor",
    ["x", "é", "MjAyNS0wMy0wMyA1", "MjAyNS0wMy0wM1QwMDowMDowMFogLTE=",
     "MjAyNS0wMy0wM1QwMDowMDowMFogOTk5OTk5OTk5OTk5OTk5OTk5OTk=", "OyBEUk9QIFRBQkxFIGNhcmQ="],
)  # fmt: skip
async def test_a_forged_cursor_is_refused(office: Office, cursor: str):
    with pytest.raises(BadCursor):
        decode_cursor(cursor)
    visitor = await office.browser("rep")
    answer = await visitor.see("/console/queues/all", params={"cursor": cursor})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "query", ["channel=fax", "verdict=maybe", "slower=-1", "slower=1e9", "since=yesterday",
              "until=99999-01-01", "reviewed=perhaps", "after_hours=1"],
)  # fmt: skip
async def test_a_filter_that_makes_no_sense_is_refused(office: Office, query: str):
    visitor = await office.browser("rep")
    answer = await visitor.see(f"/console/queues/all?{query}")
    assert (
        answer.status_code == 422 and 'href="/console/queues/all">Clear the filters' in answer.text
    )


NASTY = '<img src=x onerror=alert(1)>"><script>alert(2)</script>{{7*7}}'


async def test_what_a_buyer_says_is_shown_and_never_run(office: Office):
    name = SignalCaptured("s2", "name", NASTY, "positive", "stated", 0.9, NASTY, 2, 0, 1)
    firm = SignalCaptured("s3", "company", NASTY, "positive", "stated", 0.9, NASTY, 2, 0, 1)
    more = [name, firm, said(6, "caller", f"nasty words {NASTY}", 30_000),
            Flagged(NASTY, 1, 1, NASTY), Flagged("frustrated", 1, 1, NASTY)]  # fmt: skip
    await call(office.store, "x", more, caller=NASTY)
    visitor = await office.browser("manager")
    for path in ("/console/queues/flagged", "/console/queues/all?q=nasty",
                 f"/console/queues/all?q={NASTY}&rep={NASTY}",
                 "/console/queues/questions"):  # fmt: skip
        page = await visitor.see(path)
        assert page.status_code == 200
        assert "<img src=x" not in page.text and "<script>alert" not in page.text
        assert "49" not in page.text.split("<main")[1].replace("1490", "")
    assert "&lt;img" in (await visitor.see("/console/queues/flagged")).text


async def test_marking_is_audited_and_leads_back_only_into_the_console(office: Office):
    for name in ("a", "b"):
        await call(office.store, name, [Flagged("competitor", 1, 1, "x")])
    visitor = await office.browser("rep")
    form: dict[str, Any] = {"act": "reviewed", "id": ["a", "b", "none"]}
    for back, goes in (
        ("/console/queues/flagged?flag=x",) * 2,
        ("https://evil.example", "/console"),
    ):
        answer = await visitor.post("/console/queues/act", {**form, "back": back})
        assert re.sub(r"[?&]done=.*", "", answer.headers["location"]) == goes
    assert await shown(office.store, QueueFilters("flagged")) == []
    lines = await office.store.query(lambda c: audit.lines(c, act="reviewed"))
    assert [(line.account, line.target) for line in lines] == [
        ("rep", "conversation:b"), ("rep", "conversation:a")
    ]  # fmt: skip
    await visitor.post("/console/queues/act", {"act": "assign", "id": "a", "to": "manager"})
    assert await shown(office.store, QueueFilters(assignee="manager")) == ["a"]
    for bad in ({"act": "assign", "id": "a", "to": "nobody"}, {"act": "delete", "id": "a"}):
        assert (await visitor.post("/console/queues/act", bad)).status_code == 422


async def test_an_export_is_for_managers_is_audited_and_holds_no_formula(office: Office):
    name = SignalCaptured("s2", "name", '=HYPERLINK("x")', "positive", "stated", 0.9, "", 2, 0, 1)
    await call(office.store, "a", [name])
    rep, manager = await office.browser("rep"), await office.browser("manager")
    assert (await rep.see("/console/queues/all/export.csv")).status_code == 403
    answer = await manager.see("/console/queues/all/export.csv?verdict=qualified")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (row["Name"], row["From"]) == ('\'=HYPERLINK("x")', "'+14155550123")
    assert (row["Rep"], row["Deferred a question"], row["Flags"]) == ("sam", "yes", "")
    assert "attachment" in answer.headers["content-disposition"]
    (line,) = await office.store.query(lambda c: audit.lines(c, act="export"))
    assert (line.account, line.target, line.detail) == (
        "manager",
        "queue:all",
        {"filters": ["verdict"]},
    )


async def test_an_export_says_what_the_queue_says_in_the_readers_time(office: Office):
    await call(office.store, "a", [Flagged("price_talk", 2, 0, "how much")])
    manager = await seat(office, "manager")
    answer = await manager.see("/console/queues/all/export.csv")
    assert answer.content.startswith("\ufeff".encode()), "Excel reads accents only with it"
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    zone = sample().company.timezone
    began = AT.astimezone(ZoneInfo(zone))
    assert row[f"Began ({zone})"] == f"{began:%Y-%m-%d %H:%M:%S}"
    assert (row["Channel"], row["Verdict"], row["Segment"]) == ("phone", "Qualified", "Mid-market")
    assert row["Flags"] == "price" and row["Seconds"].isdigit()


def test_every_cell_a_spreadsheet_would_run_is_quoted():
    for cell in ("=1+1", "+1", "-1", "@x", "\tx", "\rx"):
        assert line_of([cell]).lstrip('"').startswith("'")
    assert line_of(["a,b", 'say "x"', -5, None, True]) == '"a,b","say ""x""",-5,,yes\r\n'


async def test_views_are_kept_per_account_and_shared_by_managers_alone(office: Office):
    rep, manager = await office.browser("rep"), await office.browser("manager")
    form = {
        "queue": "all",
        "name": "<b>Mine</b>",
        "query": "?verdict=qualified&evil=1",
        "shared": "yes",
    }
    answer = await rep.post("/console/views", form)
    assert answer.headers["location"] == "/console/queues/all?verdict=qualified"
    assert "&lt;b&gt;Mine&lt;/b&gt;" in (await rep.see("/console/queues/all")).text
    assert "Mine" not in (await manager.see("/console/queues/all")).text, "a rep shares nothing"
    await manager.post("/console/views", {**form, "name": "Team"})
    page = (await rep.see("/console/queues/all")).text
    assert "Team" in page
    view_id = (
        (await manager.see("/console/queues/all")).text.split("/console/views/")[1].split("/")[0]
    )
    await rep.post(f"/console/views/{view_id}/delete", {"back": "/console/queues/all"})
    assert "Team" in (await rep.see("/console/queues/all")).text, "it is not theirs"
    await manager.post(f"/console/views/{view_id}/delete", {"back": "/console/queues/all"})
    assert "Team" not in (await rep.see("/console/queues/all")).text


async def test_next_goes_through_a_queue_and_back_to_it_at_its_end(office: Office):
    await call(office.store, "a", at=AT)
    await call(office.store, "b", at=AT + timedelta(minutes=1))
    visitor = await office.browser("rep")
    first = await visitor.see("/console/queues/all/next?after=b&verdict=qualified")
    assert first.headers["location"] == "/console/calls/a?queue=all&verdict=qualified"
    last = await visitor.see("/console/queues/all/next?after=a&verdict=qualified")
    assert last.headers["location"] == "/console/queues/all?verdict=qualified"


PROMISED = CallbackRequested(
    5, "call me", "at ten", "sofia-alvarez", "2025-03-04T15:00:00+00:00",
    "2025-03-04T16:00:00+00:00", "America/New_York",
)  # fmt: skip


async def test_promised_calls_are_taken_and_settled_once(office: Office):
    await call(office.store, "later", [PROMISED], without=(RouteChosen,))
    visitor = await office.browser("rep")
    page = (await visitor.see("/console/queues/callbacks")).text
    assert "Jane Doe" in page and "I take it" in page
    assert "“at ten”, agreed Mon 3 Mar" in page, "“tomorrow” says nothing without its day"
    office.at = datetime(2025, 3, 4, 15, 30, tzinfo=UTC)
    visitor = await office.browser("rep")
    assert '">now</span>' in (await visitor.see("/console/queues/callbacks")).text
    (row,) = await office.store.callbacks.listed()
    back = {"back": "/console/queues/callbacks"}
    for act, status in (("claim", "claimed"), ("kept", "kept")):
        answer = await visitor.post(f"/console/callbacks/{row['id']}/{act}", back)
        assert answer.headers["location"].startswith(back["back"])
        assert (await office.store.callbacks.listed())[0]["status"] == status
    assert office.changed == ["later", "later"], "the cards that were sent of it show it"
    assert (await visitor.post(f"/console/callbacks/{row['id']}/broken", back)).status_code == 409
    assert (await visitor.post("/console/callbacks/none/kept", back)).status_code == 404
    acts = [line.act for line in await office.store.query(audit.lines)]
    assert acts[:2] == ["callback kept", "callback claim"], "and what was refused is not audited"
    assert "Sofia Alvarez owes nobody" in (await visitor.see("/console/queues/callbacks")).text
    assert "No call is owed" in (await visitor.see("/console/queues/callbacks?owner=all")).text


async def test_colleagues_are_shown_by_their_names_not_their_accounts(office: Office):
    await call(office.store, "c9")
    name = "tom@example.com"
    tom = await office.hire(name, "rep", "tom-beckett")
    await office.store.write(
        "t", lambda c: accounts.set_role(c, tom, "rep", "tom-beckett", "Tom Beckett")
    )
    visitor = await office.browser(name)
    for act in ("assign", "reviewed"):
        marked = {"id": "c9", "back": "/console", "to": name, "act": act}
        assert (await visitor.post("/console/queues/act", marked)).status_code == 303
    page = (await visitor.see("/console/queues/all")).text
    for told in ("assigned to Tom Beckett<", "reviewed by Tom Beckett<",
                 f'<option value="{name}">Tom Beckett<'):  # fmt: skip
        assert told in page
    assert "Reviewed by Tom Beckett," in (await visitor.see("/console/calls/c9")).text


async def test_of_two_who_take_a_promised_call_the_first_has_it(office: Office):
    await call(office.store, "later", [PROMISED], without=(RouteChosen,))
    await office.hire("tom", "rep", "tom-beckett")
    await office.hire("maya", "rep", "maya-lindqvist")
    (row,) = await office.store.callbacks.listed()
    claim = f"/console/callbacks/{row['id']}/claim"
    for name, status in (("tom", 303), ("maya", 409), ("tom", 303)):
        answer = await (await office.browser(name)).post(claim, {"back": "/console"})
        assert answer.status_code == status
        assert ("Tom Beckett has it." in answer.text) == (status == 409)
    assert (await office.store.callbacks.listed())[0]["claimed_by"] == "tom-beckett"


async def test_a_promised_call_is_given_back_by_who_took_it_or_by_a_manager(office: Office):
    await call(office.store, "later", [PROMISED], without=(RouteChosen,))
    for name, role, rep in (("tom", "rep", "tom-beckett"), ("maya", "rep", "maya-lindqvist"),
                            ("lead", "manager", "priya-nair")):  # fmt: skip
        await office.hire(name, role, rep)
    tom, maya, lead = [await office.browser(name) for name in ("tom", "maya", "lead")]
    (row,) = await office.store.callbacks.listed()
    path, back = f"/console/callbacks/{row['id']}", {"back": "/console"}
    everybodys = "/console/queues/callbacks?owner=all"
    assert "Nobody has that call" in (await tom.post(f"{path}/released", back)).text
    for giver in (tom, lead):
        assert (await tom.post(f"{path}/claim", back)).status_code == 303
        assert "Give it back" in (await giver.see(everybodys)).text
        assert "Give it back" not in (await maya.see(everybodys)).text
        assert "Tom Beckett has it." in (await maya.post(f"{path}/released", back)).text
        assert (await giver.post(f"{path}/released", back)).status_code == 303
        (row,) = await office.store.callbacks.listed()
        assert (row["claimed_by"], row["status"]) == ("", "promised")
    assert "I take it" in (await maya.see(everybodys)).text


async def test_who_stands_for_nobody_of_the_team_is_told_so_before_taking_a_call(office: Office):
    await call(office.store, "later", [PROMISED], without=(RouteChosen,))
    await office.hire("first", "admin")
    admin = await office.browser("first")
    page = (await admin.see("/console/queues/callbacks")).text
    assert "Calls are taken by people of the company" in page and "I take it" not in page
    (row,) = await office.store.callbacks.listed()
    refused = await admin.post(f"/console/callbacks/{row['id']}/claim", {"back": "/console"})
    assert refused.status_code == 403 and "who of the team you are" in refused.text


async def test_a_call_given_back_stays_so_whatever_is_told_of_its_lead(office: Office):
    await call(office.store, "later", [PROMISED], without=(RouteChosen,))
    await office.hire("tom", "rep", "tom-beckett")
    tom = await office.browser("tom")
    await tom.post("/console/calls/later/claim")
    (row,) = await office.store.callbacks.listed()
    assert row["claimed_by"] == "tom-beckett", "who takes the lead makes the call"
    await tom.post(f"/console/callbacks/{row['id']}/released", {"back": "/console"})
    named = SignalCaptured("s99", "name", "Jane Roe", "positive", "stated", 0.9, "Roe", 5, 0, 1)
    await office.store.log.append("later", AT, [named])
    (row,) = await office.store.callbacks.listed()
    assert (row["name"], row["claimed_by"]) == ("Jane Roe", "")


async def test_a_manager_sees_the_calls_that_others_owe_and_everybodys_stay_everybodys(
    office: Office,
):
    await office.hire("lead", "manager", "maya-lindqvist")
    await office.hire("peer", "rep", "maya-lindqvist")
    await call(office.store, "sofias", [PROMISED], without=(RouteChosen,))
    lead, peer = await office.browser("lead"), await office.browser("peer")
    counted = 'Promised calls</span> <span class="count">'
    page = (await lead.see("/console/queues/callbacks")).text
    assert "Jane Doe" in page and counted in page
    page = (await peer.see("/console/queues/callbacks")).text
    assert "Maya Lindqvist owes nobody a call" in page and counted not in page
    page = (await peer.see("/console/queues/callbacks?owner=all")).text
    back = 'name="back" value="/console/queues/callbacks?owner=all"'
    assert "Jane Doe" in page and back in page


@pytest.mark.parametrize(("act", "told"), [("kept", "called"), ("cancelled", "not needed")])
async def test_what_was_said_of_a_promised_call_can_be_taken_back(
    office: Office, act: str, told: str
):
    await call(office.store, "later", [PROMISED], without=(RouteChosen,))
    visitor = await office.browser("rep")
    (row,) = await office.store.callbacks.listed()
    path = f"/console/callbacks/{row['id']}"
    assert (await visitor.post(f"{path}/reopened", {})).status_code == 409
    done = await visitor.post(f"{path}/{act}", {"back": "/console/queues/callbacks"})
    page = (await visitor.see(done.headers["location"])).text
    assert f"Jane Doe</bdi>: {told}." in page and "Take it back" in page
    assert "Take back" in (await visitor.see("/console/queues/callbacks?over=yes")).text
    back = {"back": "/console/queues/callbacks?over=yes"}
    assert (await visitor.post(f"{path}/reopened", back)).headers["location"] == back["back"]
    assert (await office.store.callbacks.listed())[0]["status"] == "promised"
    assert "I take it" in (await visitor.see("/console/queues/callbacks")).text
    assert "Take it back" not in (await visitor.see(done.headers["location"])).text


async def test_open_questions_are_listed_with_who_owes_them(office: Office):
    await call(office.store, "a")
    visitor = await office.browser("rep")
    page = (await visitor.see("/console/queues/questions")).text
    assert "Do you have an office in Lima?" in page and "Jane Doe" in page
    assert "office in Lima" not in (await visitor.see("/console/queues/questions?owner=kim")).text
    assert (await visitor.see("/console/queues/questions?cursor=x")).status_code == 422
    assert (await visitor.see("/console/queues/nowhere")).status_code == 404


async def test_before_the_first_call_a_queue_says_so_and_what_is_left_to_do(office: Office):
    manager, rep = await office.browser("manager"), await office.browser("rep")
    left = "What is left to set up"
    page = (await manager.see("/console/queues/flagged")).text
    assert "Nobody has called or written yet" in page and left in page
    assert 'href="/chat"' in page, "a first conversation is one click away"
    assert left not in (await rep.see("/console/queues/flagged")).text
    await call(office.store, "first")
    page = (await manager.see("/console/queues/sync")).text
    assert "Nothing waits here" in page and left not in page


async def test_nothing_of_who_was_forgotten_waits_for_a_person(both: Store, tmp_path: Path):
    flag = Flagged("frustrated", 1, 5_000, "this is ridiculous")
    for name in ("gone", "stays"):
        await call(both, name, [flag], caller=f"+1415555{len(name):04}")
        await both.conversations.mark_wrapped(name, AT)
    person = await both.people.person_of("gone")
    assert person is not None
    await Eraser(both, Archive(tmp_path), lambda: AT).erase(person, "ann")
    sam = Viewer("sam", "sam", AT, True)
    for queue in ("flagged", "handoffs", "pilot"):
        assert await shown(both, QueueFilters(queue), sam) == ["stays"], queue
    counts = await both.query(lambda c: queues.counts(c, sam))
    assert {counts[q] for q in ("flagged", "handoffs", "pilot", "questions")} == {1}
    owed = await both.query(owed_questions)
    assert [question.conversation_id for question in owed] == ["stays"]
    gaps = await both.query(unanswered(sample().company))
    assert [gap.conversation for gap in gaps] == ["stays"]
    assert set(await shown(both, QueueFilters("all"))) == {"gone", "stays"}
