"""Remarks on rules, and errors in rules, each with its remedy."""

from pathlib import Path

import pytest

from core.routing.lint import lint
from knowledge.edited import with_sections
from knowledge.errors import CompanyInvalid
from knowledge.profile import Local, RoutingRule
from tests.core.talk import OTHER, sample

COMPANY = sample().company


def kinds(**changes) -> set[tuple[str, str]]:
    return {(r.kind, r.about) for r in lint(COMPANY.model_copy(update=changes))}


def test_the_shipped_companies_have_nothing_to_remark():
    assert lint(COMPANY) == [] and lint(sample(OTHER).company) == []


def test_criteria_for_places_nobody_serves_or_sells_to_are_remarked():
    enterprise, *others = COMPANY.segments
    budget = next(c for c in enterprise.criteria if c.name == "budget")
    made = budget.model_copy(
        update={"local": (Local(territories=("Cuba", "Peru", "Germany", "Europe"), at_least=1),)}
    )
    criteria = tuple(made if c is budget else c for c in enterprise.criteria)
    changed = enterprise.model_copy(update={"criteria": criteria})
    found = lint(COMPANY.model_copy(update={"segments": (changed, *others)}))
    assert [(r.kind, r.about, r.note.split(",")[0]) for r in found] == [
        ("local-disqualified", "enterprise", "has a criterion for Cuba"),
        ("local-unserved", "enterprise", "has a criterion for Peru"),
    ]  # fmt: skip


def test_a_territory_that_no_place_lies_in_is_remarked_with_the_nearest():
    first, *others = COMPANY.team
    lost = first.model_copy(update={"territories": ("Utahh", "DACH", "US-UT", "Utah", "US-DC")})
    found = lint(COMPANY.model_copy(update={"team": (lost, *others)}))
    notes = [r.note for r in found if r.kind == "territory-unknown"]
    assert [note.split(" ")[0] for note in notes] == ["Utahh", "DACH"]
    assert "Did you mean `Utah`?" in notes[0]


def test_a_rep_whom_no_rule_names_and_places_no_rule_reaches_are_remarked():
    rules = tuple(
        r for r in COMPANY.routing if len(r.reps) < len(COMPANY.team) and r.reps != ("kenji-mori",)
    )
    assert ("rep-unreached", "kenji-mori") in kinds(routing=rules)
    narrowed = tuple(
        r.model_copy(update={"territories": r.territories[:1]}) if r.id.startswith("europe") else r
        for r in COMPANY.routing if len(r.reps) < len(COMPANY.team)
    )  # fmt: skip
    assert ("territory-unreached", "tom-beckett") in kinds(routing=narrowed)


def test_a_segment_only_the_last_rule_takes_is_remarked():
    rules = (
        RoutingRule(id="big", segments=("enterprise",), reps=("sofia-alvarez",), action="book"),
        RoutingRule(id="rest", reps=("maya-lindqvist",), action="callback"),
    )
    found = kinds(routing=rules)
    assert ("segment-unrouted", "startup") in found
    assert ("segment-unrouted", "enterprise") not in found


def test_a_rule_nobody_of_which_can_serve_is_remarked():
    rules = (
        RoutingRule(id="odd", segments=("startup",), reps=("sofia-alvarez",), action="book"),
        RoutingRule(id="ja", languages=("ja",), reps=("maya-lindqvist",), action="book"),
        *COMPANY.routing,
    )
    found = kinds(routing=rules)
    assert {("rule-without-rep", "odd"), ("rule-without-language", "ja")} <= found


def edited(tmp_path: Path, text: str):
    file = tmp_path / "new.yaml"
    file.write_text(text)
    return with_sections(sample(), file)


def test_an_edited_section_replaces_its_own(tmp_path: Path):
    company = edited(tmp_path, "routing:\n  - {id: all, reps: [priya-nair], action: callback}\n")
    assert [rule.id for rule in company.routing] == ["all"] and company.team == COMPANY.team


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("routing:\n  - {id: all, reps: [nobody], action: callback}\n", 2, "nobody"),
        ("routing:\n  - {id: all, reps: [priya-nair], action: dance}\n", 2, "dance"),
        ("routing:\n  - {id: a, reps: [priya-nair], action: book}\n"
         "  - {id: b, reps: [tom-beckett], action: book}\n", 3, "a"),
        ("routing:\n  - {id: a, languages: [spanish], reps: [priya-nair], action: book}\n", 2,
         "es"),
        ("just words", 1, ""),
        ("routing: [", 1, ""),
    ],
)  # fmt: skip
def test_a_faulty_edit_names_file_line_and_what_was_found(tmp_path, text, line, what):
    with pytest.raises(CompanyInvalid) as failure:
        edited(tmp_path, text)
    problem = failure.value.problems[0]
    assert problem.file.endswith("new.yaml") and problem.line == line
    assert what in str(problem)
