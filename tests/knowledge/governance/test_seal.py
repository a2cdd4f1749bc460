"""What is live is what was approved, else the folder does not load."""

from pathlib import Path

import pytest

from knowledge.errors import CompanyInvalid, KnowledgeError
from knowledge.governance.lifecycle import Refused
from knowledge.governance.office import Office
from knowledge.governance.verify import verify
from knowledge.load import load
from tests.knowledge.lumo import LAMP, edit, put_live


def faults(folder: Path) -> str:
    with pytest.raises(CompanyInvalid) as caught:
        load(folder)
    return str(caught.value)


def test_published_text_changed_by_hand_is_named_with_its_remedy(office: Office, folder: Path):
    edit(folder, "articles/lamp.md", "nine hours", "ninety hours")
    told = faults(folder)
    assert "articles/lamp.md" in told and "text changed since" in told
    assert "knowledge restore lamp" in told


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("nine hours.\n", "nine hours.   \n"),
        ("topics: [lamps]\nowner: ada\n", "owner: ada\ntopics: [lamps]\n"),
        ("\n", "\r\n"),
    ],
)
def test_blanks_line_ends_and_order_of_keys_are_no_change(
    office: Office, folder: Path, old: str, new: str
):
    path = folder / "articles" / "lamp.md"
    path.write_bytes(path.read_text().replace(old, new).encode())
    assert len(load(folder).articles) == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("policy", "policy"), ("review_by: 2030-01-01", "review_by: 2031-01-01"),
        ("version: 1", "version: 2"), ("> asked: how long", "> asked: how very long"),
    ],
)  # fmt: skip
def test_every_other_edit_is_a_change(office: Office, folder: Path, old: str, new: str):
    if old == "policy":
        old, new = "topics: [lamps]", "topics: [lamps]\npolicy: verbatim"
    edit(folder, "articles/lamp.md", old, new)
    assert "changed since" in faults(folder)


def test_restore_puts_the_approved_text_back_and_keeps_the_edit_as_a_draft(
    office: Office, folder: Path
):
    edit(folder, "articles/lamp.md", "nine hours", "ninety hours")
    office.restore("lamp", "ada")
    assert "nine hours" in (folder / "articles" / "lamp.md").read_text()
    draft = (folder / "drafts" / "lamp.md").read_text()
    assert "ninety hours" in draft and "version: 2" in draft and "status: draft" in draft
    assert len(load(folder).articles) == 2
    with pytest.raises(Refused, match="nothing to restore"):
        office.restore("lamp", "ada")


def test_restore_keeps_even_a_file_that_is_no_article_any_more(office: Office, folder: Path):
    (folder / "articles" / "lamp.md").write_text("All our lamps are free.\n")
    office.restore("lamp", "ada")
    assert "All our lamps are free." in (folder / "drafts" / "lamp.md").read_text()
    assert len(load(folder).articles) == 2


def test_deleted_article_is_missed_and_can_be_put_back(office: Office, folder: Path):
    (folder / "articles" / "lamp.md").unlink()
    assert "expected version 1, published 2026-11-23, found no published article" in faults(folder)
    office.restore("lamp", "ada")
    assert len(load(folder).articles) == 2 and not (folder / "drafts" / "lamp.md").exists()


def test_article_put_among_the_published_by_hand_is_not_loaded(office: Office, folder: Path):
    (folder / "articles" / "shade.md").write_text(LAMP.replace("id: lamp", "id: shade"))
    assert "nobody approved" in faults(folder)


def test_retired_article_cannot_be_revived_by_hand(office: Office, folder: Path):
    office.retire("lamp", "ada", "no longer made")
    assert len(load(folder).articles) == 2
    edit(folder, "articles/lamp.md", "status: retired", "status: published")
    assert "nobody approved" in faults(folder)


def test_earlier_version_put_back_by_hand_is_noticed(office: Office, folder: Path):
    put_live(office, "lamp", "nine", "ten")
    (folder / "articles" / "lamp.md").write_text((folder / "history/lamp/1.md").read_text())
    assert "expected version 2 as approved" in faults(folder)


def test_broken_trail_is_an_error_at_load_and_stops_every_act(office: Office, folder: Path):
    edit(folder, "audit.jsonl", '"actor": "eva"', '"actor": "ben"')
    assert "audit.jsonl:1" in faults(folder)
    with pytest.raises(Refused, match="version control"):
        office.retire("lamp", "ada", "why not")


def test_kept_version_that_was_changed_is_found_by_verify(office: Office, folder: Path):
    put_live(office, "lamp", "nine", "ten")
    edit(folder, "history/lamp/1.md", "nine", "four")
    (folder / "history" / "bulb" / "1.md").unlink()
    told = verify(office.vault).faults
    assert len(told) == 2
    assert "bulb/1.md: is missing" in told[0] and "lamp/1.md: is not what" in told[1]


def test_cut_off_lines_are_found_when_a_later_hash_is_known(office: Office, folder: Path):
    head = verify(office.vault).head
    path = folder / "audit.jsonl"
    path.write_text(path.read_text().splitlines(keepends=True)[0])
    assert verify(office.vault).faults == ()
    assert "cut off" in verify(office.vault, head).faults[0]


def test_file_that_is_no_article_any_more_is_told_by_every_act(office: Office, folder: Path):
    (folder / "articles" / "lamp.md").write_text("All our lamps are free.\n")
    (folder / "drafts").mkdir()
    (folder / "drafts" / "bulb.md").write_text("---\nid: [bulb\n---\nText.\n")
    acts = (
        lambda: office.retire("lamp", "ada", "gone"),
        lambda: office.create("lamp", "ada", lambda record: record.live or ""),
        lambda: office.submit("bulb", "ada"),
    )
    for act in acts:
        with pytest.raises(KnowledgeError, match="`---` lines|write `id: bulb`"):
            act()
    assert verify(office.vault).lines == 2


def test_reason_with_an_odd_line_separator_does_not_break_the_trail(office: Office, folder: Path):
    office.retire("lamp", "ada", "gone\u2028for good\x85")
    office.retire("bulb", "ada", "too")
    assert verify(office.vault).faults == () and verify(office.vault).lines == 4
    assert len(load(folder).articles) == 2
