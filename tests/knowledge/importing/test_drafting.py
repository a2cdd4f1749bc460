"""Importing writes drafts and nothing else; repeating it does nothing."""

from pathlib import Path

import pytest

from knowledge.article_file import parse_article
from knowledge.article_text import front_of
from knowledge.governance.lifecycle import Refused
from knowledge.governance.office import Office
from knowledge.governance.verify import verify
from knowledge.importing.drafting import Drafted
from knowledge.importing.reader import read
from knowledge.load import load
from tests.knowledge.lumo import desk, edit, write_company

PAGE = "# Shade\n\nThe shade is blue. It is round.\n\n## Can I wash it?\n\nYes, by hand.\n"


def bring(office: Office, text: str = PAGE, name: str = "shade.md") -> list[Drafted]:
    return office.take_in(read(text.encode(), name), "ada", "ben")


def outcomes(done: list[Drafted]) -> dict[str, str]:
    return {each.article: each.outcome for each in done}


def live(office: Office, article: str) -> None:
    office.submit(article, "ada")
    office.approve(article, "eva")
    office.publish(article, "ada")


def test_import_writes_valid_drafts_with_their_source_and_publishes_nothing(
    office: Office, folder: Path
):
    before = load(folder).knowledge_version
    assert outcomes(bring(office)) == {"shade": "new", "can-i-wash-it": "new"}
    text = (folder / "drafts" / "shade.md").read_text()
    file, problems = parse_article(text, "shade.md")
    assert file is not None and problems == []
    assert (file.article.owner, file.article.author) == ("ben", "ada")
    source = front_of(text)["source"]
    assert source["from"] == "shade.md#shade" and len(source["sha256"]) == 64
    assert source["imported_at"] == "2026-11-23T23:30:00+00:00"
    assert load(folder).knowledge_version == before
    assert [e.action for e in office.vault.trail().entries[-2:]] == ["imported", "imported"]
    assert verify(office.vault).faults == ()


def test_importer_is_an_author_and_cannot_approve(office: Office):
    bring(office)
    office.submit("shade", "ben")
    for who in ("ada", "ben"):
        with pytest.raises(Refused, match="someone else"):
            office.approve("shade", who)


@pytest.mark.parametrize("published", [False, True])
def test_same_words_again_change_nothing(office: Office, folder: Path, published: bool):
    bring(office)
    if published:
        live(office, "shade")
    files = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    again = PAGE.replace("The shade is blue.", "The shade is *blue*.")  # looks, not words
    assert set(outcomes(bring(office, again)).values()) == {"unchanged"}
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == files


def test_changed_words_are_the_next_version_of_what_is_live(office: Office, folder: Path):
    bring(office)
    edit(folder, "drafts/shade.md", "round.", "round.\n> spoken: It's blue.\n> asked: which colour")
    edit(folder, "drafts/shade.md", "owner: ben", "owner: eva\nsynonyms: [cover]")
    live(office, "shade")
    done = bring(office, PAGE.replace("blue", "green"))
    assert outcomes(done) == {"shade": "changed", "can-i-wash-it": "unchanged"}
    draft = (folder / "drafts" / "shade.md").read_text()
    front = front_of(draft)
    assert (front["version"], front["owner"], front["synonyms"]) == (2, "eva", ["cover"])
    assert "The shade is green." in draft and "> asked: which colour" in draft
    assert "# spoken before: It's blue." in draft and "> spoken" not in draft
    assert "blue. It is" in (folder / "articles" / "shade.md").read_text()


def test_changed_words_replace_a_draft_nobody_touched(office: Office, folder: Path):
    bring(office)
    assert outcomes(bring(office, PAGE.replace("blue", "green")))["shade"] == "changed"
    draft = (folder / "drafts" / "shade.md").read_text()
    assert "green" in draft and front_of(draft)["version"] == 1


def test_draft_that_was_edited_or_submitted_is_left_alone(office: Office, folder: Path):
    bring(office)
    edit(folder, "drafts/shade.md", "It is round.", "It is quite round.")
    assert outcomes(bring(office, PAGE.replace("blue", "green")))["shade"] == "edited"
    assert "quite round" in (folder / "drafts" / "shade.md").read_text()
    office.submit("can-i-wash-it", "ada")
    changed = bring(office, PAGE.replace("by hand", "never"))
    assert outcomes(changed)["can-i-wash-it"] == "edited"


def test_part_that_is_gone_from_its_document_is_told(office: Office):
    bring(office)
    rest = read(b"# Shade\n\nThe shade is blue.\n", "shade.md")
    assert office.gone("shade.md", rest) == ["can-i-wash-it"]


def test_article_of_the_same_name_from_elsewhere_is_not_touched(office: Office, folder: Path):
    done = bring(office, "# Lamp\n\nA lamp of another kind.\n", "other.md")
    assert outcomes(done) == {"other-lamp": "new"}
    assert "nine hours" in (folder / "articles" / "lamp.md").read_text()


def test_price_list_that_disagrees_with_what_is_live_is_found_by_lint_once_published(
    office: Office, folder: Path
):
    office.take_in(read(b"plan,price,per\nNova,$30,month\n", "p.csv"), "ada", "ada")
    front = front_of((folder / "drafts" / "nova.md").read_text())
    assert front["facts"] == {"nova.price_month": 30} and front["policy"] == "verbatim"
    live(office, "nova")
    assert "$30 a month" in (folder / "articles" / "nova.md").read_text()


def test_import_needs_a_trail_and_known_people(tmp_path: Path, office: Office):
    with pytest.raises(Refused, match="knowledge adopt"):
        bring(desk(write_company(tmp_path / "other")))
    with pytest.raises(Refused, match="no rep or steward"):
        office.take_in(read(PAGE.encode(), "a.md"), "ada", "nobody")
