"""What kinds of buyers and criteria depend on: each fault named by key and remedy."""

import pytest

from knowledge.errors import CompanyInvalid
from knowledge.load import load
from tests.knowledge.lumo import PROFILE, write_company

CRITERIA = """
    criteria:
      - {name: sites, label: Sites, kind: number, at_least: 1, ask: ["How many?"]}
      - {name: own, label: Owner, kind: yes_no, ask: ["Do you own it?"]}
      - {name: note, label: Note, kind: text, ask: ["What else?"]}
"""
OWN = PROFILE[PROFILE.index("  - id: all") : PROFILE.index("routing:")]


def with_segments(folder, text: str):
    """The small company, with these kinds of buyers before its own."""
    write_company(folder)
    file = folder / "company.yaml"
    file.write_text(file.read_text().replace(OWN, text + OWN))
    return load(folder).company


def kind(name: str, more: str = "") -> str:
    return f"  - id: {name}\n    label: {name}\n{more}    {CRITERIA.strip()}\n"


def test_a_wider_segment_may_take_those_whom_narrower_ones_leave(tmp_path):
    chain = kind("chain", "    when: [{criterion: sites, at_least: 3}]\n")
    small = kind("small", "    employees_at_most: 50\n")
    made = with_segments(tmp_path, chain + small)
    assert [s.id for s in made.segments] == ["chain", "small", "all"]


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        (kind("rest"), "segments.1",
         "Put the narrower segment first"),
        (kind("a", "    when: [{criterion: rofs, at_least: 3}]\n"), "segments.0.when.0.criterion",
         "Name a criterion"),
        (kind("a", "    when: [{criterion: site, at_least: 3}]\n"), "segments.0.when.0.criterion",
         "Did you mean `sites`?"),
        (kind("a", "    when: [{criterion: sites}]\n"), "segments.0.when.0", "Give `at_least`"),
        (kind("a", "    when: [{criterion: own}]\n"), "segments.0.when.0", 'any_of: ["yes"]'),
        (kind("a", "    when: [{criterion: note, any_of: [x]}]\n"), "segments.0.when.0",
         "depend on a number"),
        (kind("a", "    when: [{criterion: industry, any_of: [moonshine]}]\n"),
         "segments.0.when.0.any_of.0", "vocabulary"),
    ],
)  # fmt: skip
def test_a_condition_that_cannot_hold_is_named(tmp_path, text, key, said):
    with pytest.raises(CompanyInvalid) as caught:
        with_segments(tmp_path, text)
    found = [p for p in caught.value.problems if p.key == key]
    assert found and said in f"{found[0].expected} {found[0].remedy}"


def test_what_meets_a_yes_or_no_is_one_of_the_two(tmp_path):
    own = kind("a").replace("kind: yes_no,", 'kind: yes_no, any_of: ["yes", maybe],')
    with pytest.raises(CompanyInvalid) as caught:
        with_segments(tmp_path, own)
    (found,) = [p for p in caught.value.problems if p.key == "segments.0.criteria.1.any_of.1"]
    assert "either answer is fine" in found.remedy
