"""Golden questions hold back a version that makes them worse."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.errors import CompanyInvalid
from knowledge.golden import ask_all, read_golden
from knowledge.governance.gate import Blocked
from knowledge.governance.lifecycle import Refused
from knowledge.governance.office import Office
from knowledge.load import load
from tests.knowledge.lumo import BULB, put_live, revise

GOLDEN = """
answered:
  - {ask: "How long does the garden lamp run?", article: lamp}
  - {ask: "Can I replace the bulb?", article: bulb}
unanswerable:
  - "Can I rent a lamp?"
"""


@pytest.fixture(autouse=True)
def golden(folder: Path) -> None:
    (folder / "golden.yaml").write_text(GOLDEN)


def approved(office: Office, old: str, new: str) -> None:
    revise(office, "lamp", old, new)
    office.approve("lamp", "ben")


def blocked(office: Office, article: str = "lamp") -> Blocked:
    with pytest.raises(Blocked) as caught:
        office.publish(article, "ada")
    return caught.value


def test_golden_questions_are_right_of_what_is_live(office: Office, folder: Path):
    results = ask_all(load(folder), read_golden(GOLDEN), date(2026, 11, 24))
    assert [(r.wanted, r.got) for r in results] == [
        ("lamp", "lamp"),
        ("bulb", "bulb"),
        (None, None),
    ]
    assert all(r.right for r in results)


def test_harmless_change_passes(office: Office):
    put_live(office, "lamp", "nine hours", "ten hours")
    assert office.record("lamp").live_version == 2


def test_question_that_loses_its_answer_blocks_and_names_the_question(office: Office):
    approved(
        office, "The garden lamp runs for nine hours.\n> asked: how long does the garden lamp run",
        "It glows in blue.\n> asked: which colour",
    )  # fmt: skip
    error = blocked(office)
    assert [r.ask for r in error.gate.worse] == ["How long does the garden lamp run?"]
    assert "should be answered by lamp, is not answered" in str(error)
    assert "--override" in str(error)
    assert office.record("lamp").live_version == 1
    assert office.vault.trail().entries[-1].action == "approved"


def test_question_that_nothing_should_answer_blocks_when_answered(office: Office):
    approved(office, "> asked: how long", "> asked: can i rent a lamp\n> asked: how long")
    (worse,) = blocked(office).gate.worse
    assert (worse.wanted, worse.got) == (None, "lamp")


def test_question_answered_by_another_article_blocks(office: Office):
    text = BULB.replace("id: bulb", "id: all-bulbs").replace("by hand", "with ease")
    office.create("all-bulbs", "ada", lambda _: text)
    office.submit("all-bulbs", "ada")
    office.approve("all-bulbs", "ben")
    (worse,) = blocked(office, "all-bulbs").gate.worse
    assert (worse.wanted, worse.got) == ("bulb", "all-bulbs")


def test_override_needs_a_reason_and_is_in_the_trail(office: Office):
    approved(office, "> asked: how long", "> asked: can i rent a lamp\n> asked: how long")
    with pytest.raises(Blocked):
        office.publish("lamp", "ada", "  ")
    office.publish("lamp", "ada", "renting begins today")
    entry = office.vault.trail().entries[-1]
    assert entry.action == "published-override"
    assert entry.note == "renting begins today (made worse: Can I rent a lamp?)"


def test_override_where_nothing_gets_worse_is_a_plain_publication(office: Office):
    approved(office, "nine", "ten")
    office.publish("lamp", "ada", "to be sure")
    assert office.vault.trail().entries[-1].action == "published"


def test_override_does_not_replace_an_approval(office: Office):
    revise(office, "lamp", "nine", "ten")
    with pytest.raises(Refused, match="not approved"):
        office.publish("lamp", "ada", "urgent")


def test_retiring_is_not_held_back_and_tells_what_is_lost(office: Office):
    done = office.retire("lamp", "ada", "no longer made")
    assert done.gate is not None and [r.wanted for r in done.gate.worse] == ["lamp"]


def test_version_of_a_later_day_is_asked_as_of_that_day(office: Office):
    approved(office, "valid_from: 2026-01-01", "valid_from: 2027-01-01")
    done = office.publish("lamp", "ada")
    assert done.gate is not None and done.gate.worse == () and done.gate.wrong == ()


def test_version_that_would_not_load_is_not_published(office: Office, folder: Path):
    approved(office, "topics: [lamps]", "topics: [lamps]\nrelated: [bulb]")
    (folder / "articles" / "bulb.md").unlink()
    with pytest.raises(CompanyInvalid, match="id of an article"):
        office.publish("lamp", "ada")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("answered: [{ask: hm}]", "this key"),
        ("answerd: []", "Did you mean `answered`"),
        ("answered: {", "a closing `}`"),
        ("unanswerable: [1]", "text"),
    ],
)
def test_faulty_golden_file_is_told_with_its_line(text: str, told: str):
    with pytest.raises(CompanyInvalid, match=told):
        read_golden(text)


def test_folder_without_golden_questions_can_publish(office: Office, folder: Path):
    (folder / "golden.yaml").unlink()
    put_live(office, "lamp", "nine", "ten")
    assert office.record("lamp").live_version == 2
