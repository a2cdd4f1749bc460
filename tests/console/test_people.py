"""People: known over all channels with their words; merged, unmerged, barred, forgotten."""

import html
import re
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.events import ConversationEnded, ConversationStarted, QuestionDeferred, SignalCaptured
from core.store import audit, do_not_call
from core.store.people_list import Known, people
from core.store.store import Store
from tests.console.conftest import Office
from tests.console.test_queues import NASTY, PROMISED
from tests.core.talk import sample
from tests.fakes.a_call import AT, ENDED, facts, signal, started
from voice_agent.audio.archive import Archive
from voice_agent.privacy.certificate import certificate, signer, verified
from voice_agent.privacy.export import Exporter
from voice_agent.workflows.erasure import Eraser

pytestmark = pytest.mark.real_clock


async def jane(store: Store, name: str = "c1", caller: str = "+14155550123") -> str:
    await store.log.append(name, AT, [*facts(f"CA{name}", caller), ENDED])
    await store.conversations.mark_wrapped(name, AT)
    found = await store.people.person_of(name)
    assert found is not None
    return found


@pytest.fixture
def whole(office: Office, tmp_path: Path) -> Office:
    """With forgetting and handing out."""
    archive = Archive(tmp_path)
    office.erase = Eraser(office.store, archive, lambda: office.at).erase
    office.export = Exporter(
        office.store, archive, lambda: sample().company, lambda: office.at, tmp_path
    ).export
    office.certify = lambda *found: certificate(*found, "tideline", signer(b"secret"))
    office.__post_init__()
    return office


async def test_a_person_is_listed_once_over_all_channels_and_found_by_words(both: Store):
    person = await jane(both)
    await both.log.append("again", AT + timedelta(days=1), [started("CA2"), ENDED])
    (known,) = (await both.query(people)).people
    assert (known.id, known.name, known.organisation) == (person, "Jane Doe", "Acme")
    assert known.conversations == 2 and known.last_at == AT + timedelta(days=1)
    assert [k.id for k in (await both.query(lambda c: people(c, "acme"))).people] == [person]
    assert (await both.query(lambda c: people(c, "nobody"))).people == ()


async def test_a_list_of_people_is_read_to_its_end_each_of_them_once(both: Store):
    """Also one whose later conversation is under another of their records."""
    for n in range(7):
        await both.log.append(
            f"c{n}", AT + timedelta(minutes=n), [*facts(f"C{n}", f"+1415555010{n}"), ENDED]
        )
    later = AT + timedelta(hours=1)
    await both.log.append("again", later, [started("C9", "+14155550100"), ENDED])
    await both.log.append("other", AT, [started("CX", "+14155550177"), ENDED])
    one, other = [await both.people.person_of(name) for name in ("c6", "other")]
    await both.people.merge(one, other, "same voice", "ann", later)
    for words in ("", "acme"):
        every = (await both.query(partial(people, words=words))).people
        seen, cursor = list[Known](), ""
        while cursor or not seen:
            page = await both.query(partial(people, words=words, limit=2, cursor=cursor))
            assert len(page.people) <= 2
            seen, cursor = [*seen, *page.people], page.next or ""
        assert seen == list(every) and len({known.id for known in seen}) == 7


async def test_a_search_of_people_keeps_its_words_from_page_to_page(
    office: Office,
):
    for n in range(61):
        await office.store.log.append(
            f"c{n}", AT + timedelta(minutes=n), [*facts(f"C{n}", f"+141555501{n:02}"), ENDED]
        )
    visitor = await office.browser("rep")
    page = (await visitor.see("/console/people?q=acme")).text
    onward = re.search(r'href="(/console/people\?[^"]*cursor=[^"]*)"', page)
    assert onward is not None and "q=acme" in onward[1]
    last = (await visitor.see(html.unescape(onward[1]))).text
    assert last.count("/console/people/") == 1 and "q=acme" in last and "Older" not in last
    assert (await visitor.see("/console/people?cursor=x")).status_code == 422


async def test_the_page_tells_everything_with_where_it_was_said(office: Office):
    person = await jane(office.store)
    visitor = await office.browser("rep")
    page = (await visitor.see(f"/console/people/{person}")).text
    for told in ("Jane Doe", "“two hundred not twenty”", "/console/calls/c1#t=25.0",
                 "do you have an office in lima", "may be called"):  # fmt: skip
        assert told in page
    assert "Jane Doe" in (await visitor.see("/console/people?q=acme")).text
    assert (await visitor.see("/console/people/none")).status_code == 404


async def test_of_what_was_written_the_page_tells_the_time_of_day(office: Office):
    begun = ConversationStarted("chat", "inbound", None, None, None, "tideline", "c", "k", False)
    named = replace(signal(1, "name", "Ana Ruiz", "Ana Ruiz"), start_ms=62_000)
    address = signal(2, "email", "ana@ruiz.example", "ana@ruiz.example")
    await office.store.log.append("w", AT, [begun, named, address, ENDED])
    person = await office.store.people.person_of("w")
    page = (await (await office.browser("rep")).see(f"/console/people/{person}")).text
    said = (AT + timedelta(seconds=62)).astimezone(ZoneInfo(sample().company.timezone))
    assert f", {said:%H:%M}</a>" in page and ", 1:02</a>" not in page


async def test_who_gave_no_name_is_called_by_the_company_and_values_read_as_people_write_them(
    office: Office,
):
    company = signal(1, "company", "Larkspur", "Larkspur")
    budget = signal(2, "budget", "60000", "sixty thousand")
    none = signal(3, "tech_stack", "Oracle", "no Oracle", polarity="negative")
    told = [company, budget, none]
    await office.store.log.append("y", AT, [started("CAy"), *told, ENDED])
    person = await office.store.people.person_of("y")
    page = (await (await office.browser("rep")).see(f"/console/people/{person}")).text
    assert "<h1><bdi>Larkspur</bdi></h1>" in page and "name unknown" in page
    assert "60,000" in page and "not Oracle" in page


async def test_who_gave_no_name_is_called_alike_wherever_they_are_shown(office: Office):
    at, asked = AT, QuestionDeferred("q1", "Do you ship to Mars?", 1, "ann", "nothing matches")
    for n, channel in enumerate(("voice", "chat")):
        caller = "+14155550123" if channel == "voice" else None
        begun = ConversationStarted(
            channel, "inbound", caller, None, None, "tideline", "c", "k", False
        )
        await office.store.log.append(f"n{n}", at, [begun, replace(asked, question_id=f"q{n}")])
    visitor = await office.browser("rep")
    for n, name in enumerate(("+1 415-555-0123", "Website visitor")):
        person = await office.store.people.person_of(f"n{n}")
        for path in (f"people/{person}", f"calls/n{n}"):
            page = (await visitor.see(f"/console/{path}")).text
            assert f"<title>{name} · " in page and f"{name}</" in page, path
        for path in ("people", "queues/all", "queues/questions"):
            assert name in (await visitor.see(f"/console/{path}")).text, path


@pytest.mark.parametrize(
    ("criterion", "value", "shown"),
    [("email", "pat@rivers.example", "pat@rivers.example"),
     ("phone", "+13035550145", "+1 303-555-0145")],
)  # fmt: skip
async def test_a_visitor_who_gave_an_address_or_number_is_called_by_it(
    office: Office, criterion: str, value: str, shown: str
):
    begun = ConversationStarted("chat", "inbound", None, None, None, "tideline", "c", "k", False)
    gave = SignalCaptured("s1", criterion, value, "positive", "stated", 0.9, value, 1, 0, 1)
    asked = QuestionDeferred("q1", "Do you ship to Mars?", 1, "ann", "nothing matches")
    await office.store.log.append("c1", AT, [begun, asked])
    await office.store.log.append("c1", AT, [gave])
    visitor = await office.browser("rep")
    for going_on in (True, False):
        for path in ("people", "queues/all", "queues/questions"):
            page = (await visitor.see(f"/console/{path}")).text
            assert shown in page and "Website visitor" not in page, (path, going_on)
        await office.store.log.append("c1", AT, [ConversationEnded("talked", "caller", 9)])


async def test_markup_in_names_is_text(office: Office):
    named = SignalCaptured("s9", "name", NASTY, "positive", "stated", 0.99, NASTY, 6, 0, 1)
    await office.store.log.append("x", AT, [*facts("CAx"), named, ENDED])
    person = await office.store.people.person_of("x")
    visitor = await office.browser("admin")
    for path in ("/console/people", f"/console/people?q={NASTY}", f"/console/people/{person}"):
        page = (await visitor.see(path)).text
        assert "<img src=x" not in page and "<script>alert" not in page


async def test_two_are_made_one_and_parted_again_by_managers(office: Office):
    kept = await jane(office.store)
    other = await jane(office.store, "c2", "+14155550999")
    rep, manager = await office.browser("rep"), await office.browser("manager")
    form = {"absorb": f"http://agent/console/people/{other}", "why": "same voice"}
    here = f"/console/people/{kept}"
    assert (await rep.post(f"{here}/merge", form)).status_code == 403
    assert (await manager.post(f"{here}/merge", form)).headers["location"] == here
    page = (await manager.see(here)).text
    assert "same voice" in page and "Separate them" in page
    assert (await manager.see(f"/console/people/{other}")).headers["location"] == here
    assert (await manager.post(f"{here}/merge", form)).status_code == 409
    assert (await manager.post(f"{here}/unmerge", {"person": other})).status_code == 303
    assert (await manager.see(f"/console/people/{other}")).status_code == 200
    acts = [line.act for line in await office.store.query(lambda c: audit.lines(c, limit=2))]
    assert acts == ["unmerge", "merge"]
    for bad, status in (({"absorb": "none", "why": "x"}, 404), ({"absorb": other}, 422)):
        assert (await manager.post(f"{here}/merge", bad)).status_code == status


async def test_anybody_bars_a_number_and_only_managers_free_it(office: Office):
    person = await jane(office.store)
    rep, manager = await office.browser("rep"), await office.browser("manager")
    here, number = f"/console/people/{person}", {"number": "+14155550123"}
    await rep.post(f"{here}/do-not-call", number)
    assert await office.store.query(lambda c: do_not_call.barred(c, number["number"]))
    assert (await rep.post(f"{here}/call-again", number)).status_code == 403
    assert "Take off the list" not in (await rep.see(here)).text
    await manager.post(f"{here}/call-again", number)
    assert not await office.store.query(lambda c: do_not_call.barred(c, number["number"]))
    assert (await rep.post(f"{here}/do-not-call", {"number": "x"})).status_code == 422


async def test_a_call_promised_to_who_must_not_be_called_is_cancelled_with_it(office: Office):
    person = await jane(office.store)
    await office.store.log.append("c1", AT, [PROMISED])
    (owed,) = await office.store.callbacks.listed()
    rep = await office.browser("rep")
    await rep.post(f"/console/people/{person}/do-not-call", {"number": owed["number"]})
    (row,) = await office.store.callbacks.listed()
    assert (row["status"], row["why"]) == ("cancelled", "do not call: console")
    assert office.changed == ["c1"], "the card that was sent of the call shows it"


async def test_forgetting_and_handing_out_are_for_admins_and_forgetting_has_to_be_meant(
    whole: Office,
):
    person = await jane(whole.store)
    manager, admin = await whole.browser("manager"), await whole.browser("admin")
    here = f"/console/people/{person}"
    assert (await manager.post(f"{here}/erase", {"sure": "forget"})).status_code == 403
    assert (await manager.see(f"{here}/export")).status_code == 403
    handed = await admin.see(f"{here}/export")
    assert f"person-{here.rpartition('/')[2]}.zip" in handed.headers["content-disposition"]
    assert handed.content[:2] == b"PK" and "attachment" in handed.headers["content-disposition"]
    assert (await admin.post(f"{here}/erase", {"sure": "yes"})).status_code == 422
    assert "an admin hands it out or forgets them here" in (await manager.see(here)).text
    done = await admin.post(f"{here}/erase", {"sure": " Forget "})
    assert done.headers["location"] == here
    assert "Jane" not in (await admin.see("/console/queues/all")).text
    gone = await admin.see(here)
    assert gone.status_code == 410 and "Nothing of it can come back" in gone.text
    assert "1 conversation of theirs, forgotten by admin" in gone.text and "Jane" not in gone.text
    assert (await admin.see("/console/people/nobody")).status_code == 404
    acts = [line.act for line in await whole.store.query(lambda c: audit.lines(c, limit=2))]
    assert acts == ["erase", "export person"]


async def test_that_somebody_was_forgotten_is_certified_for_admins(whole: Office):
    person = await jane(whole.store)
    manager, admin = await whole.browser("manager"), await whole.browser("admin")
    here = f"/console/people/{person}"
    assert (await admin.see(f"{here}/certificate")).status_code == 404
    await admin.post(f"{here}/erase", {"sure": "forget"})
    assert f'href="{here}/certificate"' in (await admin.see(here)).text
    assert "certificate" not in (await manager.see(here)).text
    assert (await manager.see(f"{here}/certificate")).status_code == 403
    had = await admin.see(f"{here}/certificate")
    assert "erasure-" in had.headers["content-disposition"]
    assert verified(had.json()) and had.json()["requested_by"] == "admin"


async def test_nothing_is_certified_before_it_is_done(whole: Office):
    await whole.store.log.append("c1", AT, facts("CAc1", "+14155550123"))  # the call goes on
    person = await whole.store.people.person_of("c1")
    admin = await whole.browser("admin")
    here = f"/console/people/{person}"
    await admin.post(f"{here}/erase", {"sure": "forget"})
    assert "can be had here once it is done" in (await admin.see(here)).text
    early = await admin.see(f"{here}/certificate")
    assert early.status_code == 409 and "come back when it is done" in early.text
