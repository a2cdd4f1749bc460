"""A section edited in place: the value is right, and every other line is unchanged."""

import copy
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.rules.amend import CannotAmend, amended
from knowledge.rules.sections import (
    NotSections,
    plain,
    read_section,
    section,
    spans,
    with_sections,
)
from knowledge.yaml_text import QUICK
from tests.core.talk import OTHER, SAMPLE

PROFILES = [(folder / "company.yaml").read_text("utf-8") for folder in (SAMPLE, OTHER)]
SEGMENTS = """\
segments:
  # The large ones.
  - id: big
    label: Big   # as sales says it
    criteria:
      - {name: size, label: Size, kind: number, at_least: 10,
         ask: ["How big are you?"]}
      # Where the money is.
      - name: budget
        label: "Budget: yearly"
        kind: number
        at_least: 5
        ask:
          - "What is your budget, if you have one already?"

  # Everybody else.
  - id: small
    label: Small
    criteria: []
"""


def changed(text: str, change: Any, name: str = "segments") -> str:
    wanted = copy.deepcopy(plain(name, text))
    change(wanted)
    made = amended(text, name, wanted)
    assert plain(name, made) == wanted
    return made


def others(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went, and those that came."""
    old, new = before.splitlines(), after.splitlines()
    return [x for x in old if x not in new], [x for x in new if x not in old]


def test_a_changed_number_changes_one_line_and_keeps_its_comment():
    made = changed(SEGMENTS, lambda s: s[0].update(label="Large"))
    assert others(SEGMENTS, made) == (
        ["    label: Big   # as sales says it"], ["    label: Large   # as sales says it"]
    )  # fmt: skip


def test_a_quoted_text_stays_quoted():
    made = changed(SEGMENTS, lambda s: s[0]["criteria"][1].update(label="Money"))
    assert '        label: "Money"\n' in made


def test_removing_an_item_leaves_the_comment_of_the_next():
    made = changed(SEGMENTS, lambda s: s[0]["criteria"].pop(0))
    assert "# Where the money is." in made and "How big" not in made
    made = changed(SEGMENTS, lambda s: s[0]["criteria"].pop(1))
    assert "# Everybody else." in made


def test_an_item_that_moves_takes_its_lines_along():
    made = changed(SEGMENTS, lambda s: s.reverse())
    assert made.index("id: small") < made.index("id: big")
    assert "    label: Big   # as sales says it\n" in made


def test_new_keys_and_items_stand_where_they_belong():
    def change(s: Any) -> None:
        s[0] = {"id": "big", "label": "Big", "industries": ["a, b", "no"], **s[0]}
        s[1]["criteria"] = [{"name": "x", "label": "X", "kind": "text"}]
        s.append({"id": "new", "label": "New", "criteria": [{"name": "y", "ask": ["z" * 50]}]})

    made = changed(SEGMENTS, change)
    assert "sales says it\n    industries: ['a, b', 'no']\n    criteria:" in made
    assert "    criteria:\n      - name: x\n        label: X\n" in made


def test_all_items_gone_is_an_empty_list():
    assert changed(SEGMENTS, lambda s: s.clear()) == "segments: []\n"


def test_a_section_that_is_not_there_yet_is_written():
    assert amended("", "target_accounts", ["Acme"]) == "target_accounts: [Acme]\n"


def test_what_cannot_be_changed_in_place_is_said():
    with pytest.raises(CannotAmend):
        amended("{segments: [], a: &x 1, b: *x}", "segments", [1])


@pytest.mark.parametrize("profile", PROFILES)
def test_sections_put_back_as_they_were_change_nothing(profile: str):
    assert with_sections(profile, {n: section(profile, n) for n in spans(profile)}) == profile
    assert read_section("team", section(profile, "team")).problems == []


def test_a_comment_over_a_section_stays_when_the_section_before_is_replaced():
    text = "a: 1\n# About b.\nb: 2\n"
    assert with_sections(text, {"a": "a: 3"}) == "a: 3\n# About b.\nb: 2\n"
    assert with_sections(text, {"c": "c: 3"}) == "a: 1\n# About b.\nb: 2\n\nc: 3\n"


@pytest.mark.parametrize(
    "text",
    [
        "segments: [",
        "routing: []\n",
        "segments: &a [1, *a]\n",
        "segments: " + "[" * 5000 + "]" * 5000,
        "- 1\n",
        "segments: 1\nb: 2",
    ],
)
def test_text_that_is_not_this_section_is_refused_with_its_line(text: str):
    problems = read_section("segments", text).problems
    assert problems and problems[0].line >= 1


@pytest.mark.parametrize("text", ["{a: 1}", "a: [", "- a"])
def test_files_whose_sections_cannot_be_told_apart_are_refused(text: str):
    with pytest.raises(NotSections):
        spans(text)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_change_is_made_exactly_and_comments_at_the_margin_stay(data: st.DataObject):
    profile = data.draw(st.sampled_from(PROFILES))
    name = data.draw(st.sampled_from(["routing", "disqualifiers", "team"]))
    text = section(profile, name)
    wanted = plain(name, text)
    for _ in range(data.draw(st.integers(1, 4))):
        _change(data, wanted)
    made = with_sections(profile, {name: amended(text, name, wanted)})
    assert yaml.load(made, QUICK) == {**yaml.load(profile, QUICK), name: wanted}
    kept = [line for line in profile.splitlines() if line.startswith("#")]
    assert kept == [line for line in made.splitlines() if line.startswith("#")]


def _change(data: st.DataObject, items: list[dict[str, Any]]) -> None:
    words = st.sampled_from(
        ["no", "a, b", "x: y", "# z", "Ünïcode", "it's", 'say "hi"', "1", "l" * 50]
    )
    if not items:
        items.append({"id": data.draw(words)})
        return
    n = data.draw(st.integers(0, len(items) - 1))
    match data.draw(st.sampled_from(["text", "list", "drop", "add", "move", "key"])):
        case "text":
            items[n]["label"] = data.draw(words)
        case "list":
            items[n]["topics"] = data.draw(st.lists(words, max_size=3))
        case "drop":
            del items[n]
        case "add":
            items.insert(n, {"id": data.draw(words), "values": data.draw(st.lists(words))})
        case "move":
            items.insert(0, items.pop(n))
        case "key" if len(items[n]) > 1:
            del items[n][data.draw(st.sampled_from(sorted(items[n])))]
