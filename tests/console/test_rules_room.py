"""Criteria and routing in the console: a manager edits and previews, an administrator publishes."""

import re
import shutil
from collections.abc import Sequence
from html import unescape
from pathlib import Path

import pytest

from core.store.store import Store
from knowledge.load import load
from tests.console.calls import keep, seat
from tests.console.conftest import Office
from tests.core.talk import SAMPLE
from tests.fakes.browser import Visitor
from tests.knowledge.lumo import NOW, adopted, edit

pytestmark = pytest.mark.real_clock
ROOM = "/console/criteria"
AT_LEAST = "segments.0.criteria.0.at_least"


@pytest.fixture
async def office(store: Store, tmp_path: Path) -> Office:
    made = Office(store, folder=tmp_path, company=adopted(tmp_path / "lumo"), at=NOW)
    await made.hire("rep", "rep", "ada")
    await made.hire("manager", "manager", "ada")
    await made.hire("admin", "admin", "ben")
    await made.hire("nobody", "admin")
    return made


async def form_of(browser: Visitor, page: str = ROOM) -> list[tuple[str, str]]:
    """What a browser would send of the page's form, untouched, without its buttons."""
    text = (await browser.see(page)).text
    found = []
    pattern = r"<input([^>]*)>|<textarea([^>]*)>(.*?)</textarea>|<select([^>]*)>(.*?)</select>"
    for given, area, inner, select, options in re.findall(pattern, text, re.DOTALL):
        attributes = dict(re.findall(r'([a-z-]+)="([^"]*)"', given or area or select))
        ticked = 'type="checkbox"' not in given or " checked" in given
        chosen = re.search(r'value="([^"]*)" selected', options)
        value = inner if area else chosen[1] if chosen else attributes.get("value", "")
        if "name" in attributes and ticked and attributes["name"] not in ("csrf", "act"):
            found.append((attributes["name"], unescape(value)))
    return found


async def save(
    browser: Visitor, changed: dict[str, str], act: str = "save", page: str = ROOM
) -> str:
    """Fill the form in and press a button; where that leads."""
    pairs = [(n, changed.pop(n, v)) for n, v in await form_of(browser, page)]
    answer = await browser.post(page, together([*pairs, *changed.items(), ("act", act)]))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def together(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    return {name: [v for n, v in pairs if n == name] for name, _ in pairs}


async def seen(browser: Visitor, page: str = ROOM) -> str:
    return dict(await form_of(browser, page))["seen"]


def profile(office: Office) -> str:
    return (office.company / "company.yaml").read_text("utf-8")


async def test_a_manager_drafts_an_administrator_publishes_and_brings_back(office: Office):
    manager, admin = await seat(office, "manager"), await seat(office, "admin")
    before = profile(office)
    assert (await save(manager, {AT_LEAST: "80"}, "preview")).endswith("/preview")
    assert profile(office) == before
    page = (await manager.see(f"{ROOM}/preview")).text
    assert "at_least: 80" in page and "An administrator puts this in force" in page
    given = {"seen": await seen(manager), "why": "smaller deals lose money"}
    assert (await manager.post(f"{ROOM}/publish", given)).status_code == 403
    assert (await admin.post(f"{ROOM}/publish", given)).status_code == 303
    assert load(office.company).company.segments[0].criteria[0].at_least == 80
    history = (await manager.see(f"{ROOM}/history")).text
    assert "smaller deals lose money" in history and "Version 2" in history
    back = {"seen": await seen(admin, f"{ROOM}/history/1"), "why": "lost too many"}
    assert (await manager.post(f"{ROOM}/history/1", back)).status_code == 403
    assert (await admin.post(f"{ROOM}/history/1", back)).status_code == 303
    assert profile(office) == before
    audit = (await admin.see("/console/audit")).text
    assert "rules publish" in audit and "rules roll back" in audit and "lost too many" in audit


async def test_saving_an_untouched_form_changes_nothing(office: Office):
    manager = await seat(office, "manager")
    for page in (ROOM, f"{ROOM}/routing"):
        await save(manager, {}, page=page)
    assert not (office.company / "drafts/company.yaml").exists()


async def test_items_are_added_moved_and_removed(office: Office):
    manager, routing = await seat(office, "manager"), f"{ROOM}/routing"
    assert (await save(manager, {}, "add:segments.0.criteria")).endswith("#segments.0.criteria.1")
    where = await save(manager, {}, "add:routing", routing)
    assert where.endswith("#routing.0"), "before the rule that takes every other lead"
    await save(manager, {"routing.0.verdicts": "qualified", "routing.0.reps": "ben"}, page=routing)
    page = (await manager.see(routing)).text
    assert "qualified → callback with Ben B" in unescape(page)
    await save(manager, {}, "down:routing.0", routing)
    page = (await manager.see(routing)).text
    assert "always firing first" in page and "to mend" in page
    await save(manager, {}, "remove:routing.1", routing)
    await save(manager, {}, "remove:segments.0.criteria.1")
    assert not (office.company / "drafts/company.yaml").exists(), "all is as in force again"


async def test_faults_stand_at_their_field_and_hold_publication_up(office: Office):
    manager, admin = await seat(office, "manager"), await seat(office, "admin")
    await save(manager, {AT_LEAST: "<b>many</b>", "segments.0.criteria.0.topics": "lamp"})
    page = (await manager.see(ROOM)).text
    assert 'aria-invalid="true"' in page and "segments.0.criteria.0.at_least" in page
    assert "<b>many" not in page
    given = {"seen": await seen(admin), "why": "x"}
    refused = await admin.post(f"{ROOM}/publish", given)
    assert refused.status_code == 422 and "company.yaml:" in refused.text
    preview = (await manager.see(f"{ROOM}/preview")).text
    assert "to mend before this can be published" in preview and "Publish</button>" not in preview


async def test_text_is_checked_at_line_and_key_and_kept_while_it_is_wrong(office: Office):
    manager, page = await seat(office, "manager"), f"{ROOM}/text/segments"
    given = {"seen": await seen(manager, page), "text": "segments:\r\n  - id: all\r\n   label: x"}
    wrong = await manager.post(page, given)
    assert wrong.status_code == 422 and "line 3" in wrong.text and "label: x" in wrong.text
    assert not (office.company / "drafts/company.yaml").exists()
    text = dict(await form_of(manager, page))["text"].replace("kind: number", "kind: numbr")
    await manager.post(page, {"seen": given["seen"], "text": "# Ours.\n" + text})
    shown = (await manager.see(page)).text
    assert "line 5" in shown and "criteria.0.kind" in shown and "Did you mean `number`?" in shown
    other = (await manager.see(f"{ROOM}/text/voice")).status_code
    assert other == 404, "what waits for a restart is not changed here"


async def test_two_editors_do_not_overwrite_each_other(office: Office):
    manager, admin = await seat(office, "manager"), await seat(office, "admin")
    late = await form_of(admin)
    await save(manager, {AT_LEAST: "80"})
    for page, fields in (
        (ROOM, [*late, ("act", "save")]),
        (f"{ROOM}/discard", late),
        (f"{ROOM}/publish", [*late, ("why", "x")]),
        (f"{ROOM}/text/segments", [*late, ("text", "segments: []")]),
    ):
        answer = await admin.post(page, together(fields))
        assert answer.status_code == 409 and "meanwhile" in answer.text
    given = dict(await form_of(manager))
    await manager.post(f"{ROOM}/discard", {"seen": given["seen"]})
    assert not (office.company / "drafts/company.yaml").exists()


@pytest.mark.parametrize(
    "field",
    ["team.0.email", "segments.0.nonsense", "segments.9.label", "segments.0.criteria", "voice.x",
     "segments.__class__", "routing.0.reps.0.x", "segments.0.criteria.0.name.x"],
)  # fmt: skip
async def test_fields_that_are_none_change_nothing(office: Office, field: str):
    manager = await seat(office, "manager")
    page = ROOM if field.startswith(("segments", "voice")) else f"{ROOM}/routing"
    answer = await manager.post(page, {"seen": await seen(manager), field: "x", "act": "save"})
    assert answer.status_code in (303, 422)
    assert not (office.company / "drafts/company.yaml").exists()


@pytest.mark.parametrize("act", ["remove:segments.7", "add:voice", "up:x", "explode:segments.0"])
async def test_acts_that_make_no_sense_are_refused(office: Office, act: str):
    manager = await seat(office, "manager")
    answer = await manager.post(ROOM, {"seen": await seen(manager), "act": act})
    assert answer.status_code == 422


async def test_who_stands_for_nobody_may_look_and_not_change(office: Office):
    admin = await seat(office, "nobody")
    assert "Accounts" in (await admin.see(ROOM)).text
    answer = await admin.post(ROOM, {"seen": await seen(admin), AT_LEAST: "80", "act": "save"})
    assert answer.status_code == 403 and "Accounts" in answer.text
    rep = await seat(office, "rep")
    assert (await rep.see(ROOM)).status_code == 403


async def test_a_folder_changed_by_hand_says_so(office: Office):
    manager, admin = await seat(office, "manager"), await seat(office, "admin")
    await save(manager, {AT_LEAST: "80"})
    edit(office.company, "company.yaml", "label: Anyone", "label: Everyone")
    page = (await admin.see(f"{ROOM}/preview")).text
    assert "changed in company.yaml since" in page and "Publish</button>" not in page


async def test_preview_shows_what_would_come_out_otherwise(store: Store, tmp_path: Path):
    company = Path(shutil.copytree(SAMPLE, tmp_path / "company"))
    office = Office(store, folder=tmp_path, company=company)
    await office.hire("boss", "admin", "will-harmon")
    await keep(office)
    boss = await seat(office, "boss")
    where = await save(boss, {"segments.1.criteria.0.at_least": "900"}, "preview")
    page = unescape((await boss.see(where)).text)
    assert "of 1</strong> conversations would come out otherwise" in page
    assert "employees: met → not met" in page and "/console/calls/" in page
    assert "begun on the <a" in page, "without a trail nothing is published, and it says how"
