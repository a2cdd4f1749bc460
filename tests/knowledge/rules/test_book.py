"""Rules drafted, published, kept by version and restored; two editors do not collide."""

from pathlib import Path

import pytest

from knowledge.errors import CompanyInvalid
from knowledge.governance.lifecycle import Refused
from knowledge.governance.vault import Vault
from knowledge.governance.verify import verify
from knowledge.load import load
from knowledge.rules.book import RuleBook, difference
from knowledge.rules.draft import DRAFT
from knowledge.rules.sections import NotSections, section
from tests.knowledge.lumo import NOW, QuickDisk, adopted, edit, write_company

EIGHTY = "at_least: 10,", "at_least: 80,"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return adopted(tmp_path / "lumo")


def book(folder: Path) -> RuleBook:
    return RuleBook(folder, NOW, Vault(folder, QuickDisk()))


def drafted(folder: Path, name: str = "segments", change: tuple[str, str] = EIGHTY) -> RuleBook:
    made = book(folder)
    standing = made.standing()
    text = section(standing.proposed, name)
    assert change[0] in text
    made.save("ada", {name: text.replace(*change)}, standing.seen)
    return made


def profile(folder: Path) -> str:
    return (folder / "company.yaml").read_text("utf-8")


def test_a_draft_changes_nothing_until_it_is_published(folder: Path):
    before = load(folder)
    rules = drafted(folder)
    assert load(folder) == before
    standing = rules.standing()
    assert standing.draft is not None and standing.draft.by == ("ada",)
    done = rules.publish("ben", "smaller deals lose money", standing.seen)
    after = load(folder)
    assert (done.version, done.before, done.after) == (
        2, before.criteria_version, after.criteria_version
    )  # fmt: skip
    assert after.company.segments[0].criteria[0].at_least == 80
    assert rules.standing().draft is None and not (folder / DRAFT).exists()


def test_every_version_is_kept_with_who_and_why(folder: Path):
    rules = drafted(folder)
    before = profile(folder)
    rules.publish("ben", "smaller deals lose money", rules.standing().seen)
    edit(folder, "company.yaml", "Lumo makes lamps.", "Lumo makes light.")
    drafted(folder, "routing", ("action: callback", "action: book"))
    rules.publish("ben", "book at once", rules.standing().seen)
    told = [(e.version, e.actor, e.action, e.note) for e in rules.versions()]
    assert [version for version, *_ in told] == [4, 3, 2, 1]
    assert told[0][1:] == ("ben", "rules-published", "book at once")
    assert told[1][2] == "rules-found" and "by hand" in told[1][3]
    assert rules.text_of(1) == before
    changed = [line for line in difference(rules.text_of(3), rules.text_of(4)) if line[0] in "+-"]
    assert [line[:1] for line in changed] == ["-", "+"]
    found = verify(rules.vault)
    assert found.faults == () and found.kept == 2 + 4
    (folder / "history/company.yaml/2.yaml").write_text("id: other\n", "utf-8")
    assert "2.yaml" in verify(rules.vault).faults[0]


def test_rules_are_brought_back_and_what_else_changed_stays(folder: Path):
    rules = drafted(folder)
    rules.publish("ben", "try it", rules.standing().seen)
    edit(folder, "company.yaml", "Lumo makes lamps.", "Lumo makes light.")
    rules.bring_back("eva", 1, "deals were lost", rules.standing().seen)
    company = load(folder).company
    assert company.segments[0].criteria[0].at_least == 10
    assert company.tagline == "Lumo makes light."
    assert "back to version 1: deals were lost" in rules.versions()[0].note
    with pytest.raises(Refused, match="already"):
        rules.bring_back("eva", 1, "again", rules.standing().seen)


def test_two_editors_do_not_overwrite_each_other(folder: Path):
    rules = book(folder)
    seen = rules.standing().seen
    drafted(folder)
    text = section(rules.standing().profile, "segments")
    for late in (
        lambda: rules.save("ben", {"segments": text}, seen),
        lambda: rules.discard("ben", seen),
        lambda: rules.publish("ben", "why", seen),
    ):
        with pytest.raises(Refused, match="meanwhile"):
            late()


def test_a_section_edited_by_hand_since_holds_the_draft_up(folder: Path):
    rules = drafted(folder)
    edit(folder, "company.yaml", "label: Anyone", "label: Everyone")
    with pytest.raises(Refused, match="segments changed in company.yaml since"):
        rules.publish("ben", "why", rules.standing().seen)
    rules.discard("ben", rules.standing().seen)
    assert rules.standing().draft is None


def test_another_part_edited_by_hand_since_does_not(folder: Path):
    rules = drafted(folder)
    edit(folder, "company.yaml", "Lumo makes lamps.", "Lumo makes light.")
    rules.publish("ben", "why", rules.standing().seen)
    assert "Lumo makes light." in profile(folder) and "at_least: 80" in profile(folder)


def test_faults_are_named_and_nothing_is_published(folder: Path):
    rules = drafted(folder, "routing", ("reps: [ada]", "reps: [adda]"))
    before = profile(folder)
    with pytest.raises(CompanyInvalid, match=r"company\.yaml:\d+ routing\.0\.reps\.0"):
        rules.publish("ben", "why", rules.standing().seen)
    assert profile(folder) == before and rules.versions() == []


def test_a_draft_that_is_as_in_force_again_is_none(folder: Path):
    rules = drafted(folder)
    drafted(folder, change=EIGHTY[::-1])
    assert rules.standing().draft is None and not (folder / DRAFT).exists()


def test_who_wrote_a_change_does_not_publish_it_where_the_company_wants_two(folder: Path):
    edit(
        folder,
        "company.yaml",
        "default_owner: ada",
        "review: {rules_by_two: true}\ndefault_owner: ada",
    )
    rules = drafted(folder)
    with pytest.raises(Refused, match="rules_by_two"):
        rules.publish("ada", "why", rules.standing().seen)
    assert rules.publish("ben", "why", rules.standing().seen).version == 2


@pytest.mark.parametrize(
    ("name", "text"),
    [("voice", "voice: {}"), ("segments", "segments: ["), ("segments", "segments: 1\nvoice: 2"),
     ("segments", "segments: [" + "a, " * 200_000 + "]")],
)  # fmt: skip
def test_what_is_no_section_of_rules_is_not_saved(folder: Path, name: str, text: str):
    rules = book(folder)
    with pytest.raises(NotSections):
        rules.save("ada", {name: text}, rules.standing().seen)
    assert not (folder / DRAFT).exists()


def test_nobody_of_the_company_and_no_reason_are_refused(folder: Path):
    rules = drafted(folder)
    with pytest.raises(Refused, match="no rep or steward"):
        rules.publish("mallory", "why", rules.standing().seen)
    with pytest.raises(Refused, match="say why"):
        rules.publish("ben", "  ", rules.standing().seen)
    with pytest.raises(Refused, match="no version 9"):
        rules.bring_back("ben", 9, "why", rules.standing().seen)


def test_a_folder_without_a_trail_says_how_to_begin_one(tmp_path: Path):
    folder = write_company(tmp_path / "lumo")
    rules = drafted(folder)
    with pytest.raises(Refused, match="knowledge adopt"):
        rules.publish("ben", "why", rules.standing().seen)
