"""Hours, absences, languages and meeting types: each fault named by line, key and remedy."""

from pathlib import Path

import pytest

from knowledge.edited import with_sections
from knowledge.errors import CompanyInvalid, Problem
from knowledge.load import Loaded

REP = (
    "team:\n"
    "  - id: ann\n    name: Ann Lee\n    email: ann@tideline.example\n"
    "    territories: [United States]\n    timezone: America/New_York\n"
)
MEETING = "meeting_types:\n  - {id: intro, label: Intro, minutes: 30, horizon_days: 14}\n"


def problems(loaded: Loaded, tmp_path: Path, text: str) -> list[Problem]:
    file = tmp_path / "edited.yaml"
    file.write_text(text)
    with pytest.raises(CompanyInvalid) as caught:
        with_sections(loaded, file)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("added", "line", "key", "remedy"),
    [
        ('    hours: {week: {mon: [{from: "17:00", to: "09:00"}]}}\n', 7,
         "team.0.hours.week.mon.0.to", "Swap the times"),
        ('    hours: {week: {mon: [{from: "09:00", to: "12:00"}, {from: "11:00", to: "15:00"}]}}\n',
         7, "team.0.hours.week.mon.1.from", "without overlap"),
        ('    hours: {week: {mon: [{from: "17:00", to: "24:00"}, {from: "09:00", to: "12:00"}]}}\n',
         7, "team.0.hours.week.mon.1.from", "in order"),
        ('    hours: {week: {mon: [{from: "17:00", to: "00:00"}]}}\n', 7,
         "team.0.hours.week.mon.0.to", "Correct the value."),
        ('    hours: {week: {mon: [{from: "24:00", to: "24:00"}]}}\n', 7,
         "team.0.hours.week.mon.0.from", "24-hour"),
        ("    hours: {week: {mon: [{from: 09:00, to: 17:00}]}}\n", 7,
         "team.0.hours.week.mon.0.to", "in quotes"),
        ('    hours: {week: {mon: [{from: "09:00", to: "17:00Z"}]}}\n', 7,
         "team.0.hours.week.mon.0.to", "in quotes"),
        ("    hours: {week: {}, holiday_country: XX}\n", 7, "team.0.hours.holiday_country",
         "ISO country code"),
        ("    hours: {week: {}, holiday_region: MA}\n", 7, "team.0.hours.holiday_region",
         "holiday_country"),
        ("    hours: {weak: {}}\n", 7, "team.0.hours.weak", "Did you mean `week`?"),
        ("    away: [{from: 2026-12-24, to: 2026-12-20}]\n", 7, "team.0.away.0.to",
         "Swap the days"),
        ("    away: [{from: soon, to: 2026-12-20}]\n", 7, "team.0.away.0.from", "2026-01-31"),
        ("    calendar: gogle\n", 7, "team.0.calendar", "Did you mean `google`?"),
        ("    calendar: 'google:'\n", 7, "team.0.calendar", "Did you mean `google`?"),
        ("    calendar: microsoft:ann\n", 7, "team.0.calendar", "Did you mean `microsoft`?"),
        ("    calendar: her own\n", 7, "team.0.calendar", "the agent keeps one"),
        ("    languages: [english]\n", 7, "team.0.languages.0", "Use `en`."),
        ("    languages: [enn]\n", 7, "team.0.languages.0", "Did you mean `en`?"),
    ],
)  # fmt: skip
def test_a_fault_of_a_rep_is_named(tideline, tmp_path, added, line, key, remedy):
    found = {p.key: p for p in problems(tideline, tmp_path, REP + added)}
    assert key in found, sorted(found)
    assert found[key].line == line and remedy in found[key].remedy


@pytest.mark.parametrize(
    ("change", "key", "remedy"),
    [
        ("minutes: 20", "meeting_types.0.minutes", "quarters of an hour"),
        ("minutes: 0", "meeting_types.0.minutes", ""),
        ("minutes: 30, notice_minutes: 20160", "meeting_types.0.notice_minutes", "horizon_days"),
        ("minutes: 30, fast_notice_minutes: 300", "meeting_types.0.fast_notice_minutes", "Lower"),
        ("minutes: 30, buffer_minutes: 500", "meeting_types.0.buffer_minutes", ""),
        ("minutes: 30, segments: [tiny]", "meeting_types.0.segments.0", "segment"),
    ],
)
def test_a_fault_of_a_meeting_type_is_named(tideline, tmp_path, change, key, remedy):
    text = MEETING.replace("minutes: 30", change)
    (problem,) = problems(tideline, tmp_path, text)
    assert problem.key == key and problem.line == 2 and remedy in problem.remedy


def test_two_meeting_types_of_one_id_and_one_longer_than_any_shift_are_named(tideline, tmp_path):
    twice = MEETING + "  - {id: intro, label: Again, minutes: 30}\n"
    (problem,) = problems(tideline, tmp_path, twice)
    assert problem.key == "meeting_types.1.id" and problem.line == 3
    short = REP + '    hours: {week: {mon: [{from: "09:00", to: "09:30"}]}}\n'
    routing = "routing:\n  - {id: all, reps: [ann], action: book}\n"
    long = short + routing + "default_owner: ann\nescalations: []\n"
    long += MEETING.replace("minutes: 30", "minutes: 60")
    keys = {p.key for p in problems(tideline, tmp_path, long)}
    assert "meeting_types.0.minutes" in keys
