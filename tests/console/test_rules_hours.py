"""Hours in the console: weeks as lines, closed days, absences; of the company and each person."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from core.presence import closed_days, is_open
from core.store.store import Store
from knowledge.load import load
from knowledge.rules.renewing import with_rules
from knowledge.rules.sections import sections_of
from tests.console.calls import seat
from tests.console.conftest import Office
from tests.console.test_rules_room import profile, save, seen
from tests.core.talk import SAMPLE, sample
from tests.knowledge.lumo import NOW, adopted, edit
from voice_agent.console.rules_hours import filled_hours, shown
from voice_agent.http import Refused

pytestmark = pytest.mark.real_clock
ROOM = "/console/criteria"
HOURS = f"{ROOM}/hours"


@pytest.fixture
async def office(store: Store, tmp_path: Path) -> Office:
    made = Office(store, folder=tmp_path, company=adopted(tmp_path / "lumo"), at=NOW)
    await made.hire("manager", "manager", "ada")
    await made.hire("admin", "admin", "ben")
    return made


def typed(data: dict[str, object], **changed: str) -> dict[str, object]:
    """What comes of the form with some fields filled in otherwise."""
    form = {
        f.path: f.value
        for one in shown(data, "UTC", {}, "")
        for f in (*one.days, *one.rest, *((one.own,) if one.own else ()))
    }
    return filled_hours(data, form | {name.replace("__", "."): v for name, v in changed.items()})


@pytest.mark.parametrize(("line", "spans"), [
    ("8-17", [("08:00", "17:00")]), ("08:30 – 17:15", [("08:30", "17:15")]),
    ("9am-5pm", [("09:00", "17:00")]), ("9:30 a.m. to 12 p.m.", [("09:30", "12:00")]),
    ("08:00-12:00, 13:00-17:00", [("08:00", "12:00"), ("13:00", "17:00")]),
    ("12am-12pm", [("00:00", "12:00")]),
    ("1-5pm", [("13:00", "17:00")]), ("9-5pm", [("09:00", "17:00")]),
    ("12-5pm", [("12:00", "17:00")]), ("10-12pm", [("10:00", "12:00")]),
    ("8-11am", [("08:00", "11:00")]), ("13-5pm", [("13:00", "17:00")]),
    ("0-24", [("00:00", "24:00")]), ("12pm-12am", [("12:00", "24:00")]),
    ("midnight-2, 17:00 - Midnight", [("00:00", "02:00"), ("17:00", "24:00")]),
    ("22:00-02:00", [("22:00", "02:00")]),
])  # fmt: skip
def test_a_day_is_read_as_people_write_it(line: str, spans: list[tuple[str, str]]):
    made = typed({"hours": {"week": {}}}, hours__week__tue=line)
    assert made["hours"] == {"week": {"tue": [{"from": a, "to": b} for a, b in spans]}}


def test_a_day_open_until_midnight_is_shown_so_and_stays_as_it_is():
    data = {"hours": {"week": {"fri": [{"from": "17:00", "to": "24:00"}]}}}
    (company,) = shown(data, "UTC", {}, "")
    assert company.summary == "Fri 17:00-midnight" == f"Fri {company.days[4].value}"
    assert typed(data) == data


@pytest.mark.parametrize("line", ["nine to five", "8", "8-17; 18-20", "<b>8-17</b>"])
def test_a_day_that_cannot_be_read_stays_as_it_was_typed(line: str):
    assert typed({"hours": {"week": {}}}, hours__week__tue=line)["hours"]["week"]["tue"] == line  # type: ignore[index]


@pytest.mark.parametrize("line", ["", "closed", "  Closed "])
def test_a_day_without_hours_is_closed(line: str):
    before = {"hours": {"week": {"mon": [{"from": "09:00", "to": "17:00"}]}}}
    assert typed(before, hours__week__mon=line)["hours"] == {"week": {}}


def test_closed_days_in_a_row_are_one_line_and_a_line_may_be_many_days():
    before = {"hours": {"week": {}, "closed_on": [date(2026, 12, d) for d in (24, 30, 31)]}}
    (company,) = shown(before, "UTC", {}, "")
    assert company.rest[0].value == "2026-12-24\n2026-12-30 to 2026-12-31"
    made = typed(before, hours__closed_on="2026-12-24 to 2026-12-26\nsometime\n2027-02-30")
    days = [date(2026, 12, d) for d in (24, 25, 26)]
    assert made["hours"]["closed_on"] == [*days, "sometime", "2027-02-30"]  # type: ignore[index]
    assert "closed_on" not in typed(before, hours__closed_on=" ")["hours"]  # type: ignore[operator]
    assert typed(before) == before


def test_a_span_of_more_days_than_anybody_is_closed_is_no_list_of_days():
    made = typed({"hours": {"week": {}}}, hours__closed_on="2020-01-01 to 2030-01-01")
    assert made["hours"]["closed_on"] == ["2020-01-01 to 2030-01-01"]  # type: ignore[index]


def test_somebody_gets_hours_of_their_own_and_gives_them_up():
    company = {"week": {"mon": [{"from": "09:00", "to": "17:00"}]}, "holiday_country": "DE"}
    data = {"hours": company, "team": [{"id": "ada", "name": "Ada"}]}
    whose = shown(data, "Europe/Berlin", {}, "")[1]
    assert whose.summary == "as the company" and whose.own and whose.own.value == "no"
    assert typed(data) == data
    own = typed(data, team__0__own="yes", team__0__week__mon="10-16")
    week = {"mon": [{"from": "10:00", "to": "16:00"}]}
    assert own["team"] == [
        {"id": "ada", "name": "Ada", "hours": {"week": week, "holiday_country": "DE"}}
    ]
    assert shown(own, "UTC", {}, "")[1].summary == "Mon 10:00-16:00"
    assert typed(own, team__0__own="no")["team"] == data["team"]


def test_absences_are_lines_with_why():
    data = {"hours": {"week": {}}, "team": [{"id": "ada"}]}
    made = typed(data, team__0__away="2026-12-24 to 2027-01-02 skiing\n2027-03-01\nlater")
    assert made["team"][0]["away"] == [  # type: ignore[index]
        {"from": date(2026, 12, 24), "to": date(2027, 1, 2), "why": "skiing"},
        {"from": date(2027, 3, 1), "to": date(2027, 3, 1)}, "later",
    ]  # fmt: skip
    assert typed(made) == made


def test_an_absence_that_cannot_be_read_is_shown_and_can_be_taken_out():
    data = {"hours": {"week": {}}, "team": [{"id": "ada", "away": ["later"]}]}
    found = {"team.0.away.0": ["Expected a mapping."]}
    away = shown(data, "UTC", found, "")[1].rest[-1]
    assert away.value == "later" and "the days first" in away.problems[0]
    assert typed(data) == data
    assert typed(data, team__0__away="")["team"] == [{"id": "ada"}]


def test_what_cannot_be_read_is_complained_of_in_the_words_of_the_form():
    data = {"hours": {"week": {"mon": "nine to five"}, "closed_on": ["2026-12-26 to 2026-12-24"]}}
    found = {"hours.week.mon": ["Expected a list."], "hours.closed_on.0": ["Expected a date."]}
    (company,) = shown(data, "UTC", found, "")
    assert company.days[0].problems == (
        "This cannot be read. Write 08:00-12:00, 13:00-17:00.",
    )  # fmt: skip
    assert "the first before the last" in company.rest[0].problems[0]


def test_a_country_may_be_written_small():
    made = typed({"hours": {"week": {}}}, hours__holiday_country="us", hours__holiday_region="MA")
    assert made["hours"] == {"week": {}, "holiday_country": "US", "holiday_region": "MA"}


def test_a_field_that_is_none_is_refused():
    with pytest.raises(Refused):
        filled_hours({"hours": {"week": {}}}, {"hours.week.someday": "8-9"})
    with pytest.raises(Refused):
        filled_hours({"hours": {"week": {}}}, {"team.7.own": "yes"})


def test_the_sample_is_left_as_it_is_by_an_untouched_form():
    data = sections_of((SAMPLE / "company.yaml").read_text("utf-8"))
    made = typed(data)
    assert made == {name: data[name] for name in ("hours", "team")}


async def test_a_manager_changes_hours_and_an_administrator_puts_them_in_force(office: Office):
    manager, admin = await seat(office, "manager"), await seat(office, "admin")
    before, running = profile(office), load(office.company).company
    await save(manager, {}, page=HOURS)
    assert not (office.company / "drafts/company.yaml").exists(), "nothing was changed"
    await save(manager, {
        "hours.week.mon": "10-12, 13-18", "hours.week.sun": "20-midnight",
        "hours.closed_on": "2026-11-30",
        "team.0.away": "2026-12-01 to 2026-12-03 at a fair",
    }, page=HOURS)  # fmt: skip
    page = (await manager.see(HOURS)).text
    assert 'value="10:00-12:00, 13:00-18:00"' in page and 'value="20:00-midnight"' in page
    assert profile(office) == before
    preview = (await manager.see(f"{ROOM}/preview")).text
    assert "closed_on" in preview and "Nobody is judged by other criteria" in preview
    given = {"seen": await seen(admin, HOURS), "why": "new hours"}
    assert (await admin.post(f"{ROOM}/publish", given)).status_code == 303
    used = with_rules(running, load(office.company).company)
    monday = datetime(2026, 12, 7, 11, 30, tzinfo=UTC)  # 12:30 in Berlin
    assert is_open(running, monday) and not is_open(used, monday)
    assert is_open(used, monday + timedelta(hours=5, minutes=-10)), "until six"
    last = datetime(2026, 12, 6, 22, 59, 59, tzinfo=UTC)
    assert is_open(used, last) and not is_open(used, last + timedelta(seconds=1)), "until midnight"
    assert used.team[0].away[0].why == "at a fair"
    back = {"seen": await seen(admin, f"{ROOM}/history/1"), "why": "as before"}
    await admin.post(f"{ROOM}/history/1", back)
    assert profile(office) == before


async def test_faults_stand_at_their_day_and_hold_publication_up(office: Office):
    manager, admin = await seat(office, "manager"), await seat(office, "admin")
    wrong = {"hours.week.mon": "nine to five", "hours.week.tue": "17-9",
             "hours.holiday_country": "Atlantis"}  # fmt: skip
    await save(manager, wrong, page=HOURS)
    page = (await manager.see(HOURS)).text
    assert 'value="nine to five"' in page
    for field in ("week.mon", "holiday_country"):
        assert f'id="fault-hours.{field}"' in page, field
    given = {"seen": await seen(admin, HOURS), "why": "x"}
    assert (await admin.post(f"{ROOM}/publish", given)).status_code in (409, 422)
    await save(manager, {"hours.week.mon": "9-17", "hours.holiday_country": ""}, page=HOURS)
    assert 'id="fault-hours.week.tue"' in (await manager.see(HOURS)).text


async def test_a_change_over_what_somebody_else_changed_is_refused(office: Office):
    manager, admin = await seat(office, "manager"), await seat(office, "admin")
    mine = await seen(manager, HOURS)
    await save(admin, {"hours.week.sat": "9-12"}, page=HOURS)
    late = await manager.post(HOURS, {"seen": mine, "hours.week.mon": "1-2", "hours.closed_on": ""})
    assert late.status_code == 409 and "meanwhile" in late.text


async def test_hours_without_a_section_begin_one(office: Office):
    edit(
        office.company, "company.yaml", 'hours: {week: {mon: [{from: "09:00", to: "17:00"}]}}\n', ""
    )
    manager = await seat(office, "manager")
    await save(manager, {}, page=HOURS)
    assert not (office.company / "drafts/company.yaml").exists(), "nothing was changed"
    await save(manager, {"hours.week.fri": "8-14"}, page=HOURS)
    assert "fri" in (office.company / "drafts/company.yaml").read_text("utf-8")


def test_days_to_come_on_which_it_is_closed_are_told_with_their_holiday():
    company = sample().company
    found = dict(closed_days(company, datetime(2026, 11, 27, 12, tzinfo=UTC)))
    assert found[date(2026, 12, 25)] == "Christmas Day"
    assert date(2026, 12, 26) not in found, "a Saturday is closed anyway"
    assert found[date(2026, 12, 24)] == ""
