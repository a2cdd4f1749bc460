"""draft → in review → approved → published → retired: who may do what, and what stays behind."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from knowledge.article_text import front_of
from knowledge.errors import CompanyInvalid
from knowledge.governance import lifecycle
from knowledge.governance.lifecycle import Refused
from knowledge.governance.office import Office
from knowledge.governance.verify import verify
from knowledge.load import load
from tests.knowledge.lumo import LAMP, desk, edit, put_live, revise


def spoken(folder: Path, day: date = date(2026, 11, 24)) -> dict[str, str]:
    return {a.id: a.passages[0].text for a in load(folder).articles if a.usable_on(day)}


def last(office: Office) -> str:
    return office.vault.trail().entries[-1].action


def test_version_goes_its_whole_way(office: Office, folder: Path):
    revise(office, "lamp", "nine hours", "ten hours")
    assert "nine" in spoken(folder)["lamp"]
    office.approve("lamp", "ben")
    assert "nine" in spoken(folder)["lamp"]
    done = office.publish("lamp", "eva")
    assert done.version == 2 and "ten hours" in spoken(folder)["lamp"]
    assert not (folder / "drafts" / "lamp.md").exists()
    article = next(a for a in load(folder).articles if a.id == "lamp")
    assert (article.version, article.author, article.approved_by) == (2, "ada", "ben")
    actions = [e.action for e in office.vault.trail().of("lamp")]
    assert actions == ["adopted", "created", "submitted", "approved", "published"]
    assert "nine" in (folder / "history" / "lamp" / "1.md").read_text()
    assert "ten" in (folder / "history" / "lamp" / "2.md").read_text()


def test_new_article_is_not_spoken_before_it_is_published(office: Office, folder: Path):
    office.create("shade", "ada", lambda _: LAMP.replace("id: lamp", "id: shade"))
    for act in (
        lambda: office.submit("shade", "ada"),
        lambda: office.approve("shade", "eva"),
    ):
        act()
        assert set(spoken(folder)) == {"lamp", "bulb"}
    office.publish("shade", "ada")
    assert set(spoken(folder)) == {"lamp", "bulb", "shade"}


@pytest.mark.parametrize("who", ["ada"])
def test_author_cannot_approve(office: Office, who: str):
    revise(office, "lamp", "nine", "ten")
    with pytest.raises(Refused, match="someone else"):
        office.approve("lamp", who)
    assert last(office) == "submitted"


def test_whoever_submits_anothers_draft_is_an_author_of_it_too(office: Office, folder: Path):
    office.create("lamp", "ada", lambda record: record.live or "")
    office.submit("lamp", "ben")
    for who in ("ada", "ben"):
        with pytest.raises(Refused, match="someone else"):
            office.approve("lamp", who)
    office.approve("lamp", "eva")


def test_author_named_in_the_file_cannot_approve_whoever_submitted_it(office: Office, folder: Path):
    office.create("lamp", "ada", lambda record: record.live or "")
    edit(folder, "drafts/lamp.md", "author: ada", "author: eva")
    office.submit("lamp", "ada")
    with pytest.raises(Refused, match="someone else"):
        office.approve("lamp", "eva")


def test_stranger_can_do_nothing(office: Office):
    with pytest.raises(Refused, match="Did you mean `ada`") as caught:
        office.create("lamp", "adda", lambda record: record.live or "")
    assert "no rep or steward" in str(caught.value)


def test_edit_after_submission_has_to_be_submitted_again(office: Office, folder: Path):
    revise(office, "lamp", "nine", "ten")
    edit(folder, "drafts/lamp.md", "ten hours", "twelve hours")
    with pytest.raises(Refused, match="edited after it was submitted; submit it again"):
        office.approve("lamp", "ben")


def test_edit_after_approval_voids_it(office: Office, folder: Path):
    revise(office, "lamp", "nine", "ten")
    office.approve("lamp", "ben")
    edit(folder, "drafts/lamp.md", "ten hours", "twelve hours")
    with pytest.raises(Refused, match="edited after it was approved"):
        office.publish("lamp", "ada")
    office.submit("lamp", "ada")
    with pytest.raises(Refused, match="in review, not approved"):
        office.publish("lamp", "ada")


@pytest.mark.parametrize("key", ["status: approved", "status: published"])
def test_status_written_by_hand_approves_nothing(office: Office, folder: Path, key: str):
    revise(office, "lamp", "nine", "ten")
    edit(folder, "drafts/lamp.md", "status: in_review", f"{key}\napproved_by: ben")
    with pytest.raises(Refused, match="in review, not approved"):
        office.publish("lamp", "ada")


def test_rejection_needs_a_reason_and_makes_a_draft_again(office: Office, folder: Path):
    revise(office, "lamp", "nine", "ten")
    with pytest.raises(Refused, match="--reason"):
        office.reject("lamp", "ben", " ")
    office.reject("lamp", "ben", "it is eleven")
    assert lifecycle.stage(office.record("lamp")) == "draft"
    assert office.vault.trail().entries[-1].note == "it is eleven"
    with pytest.raises(Refused):
        office.approve("lamp", "eva")


def test_approval_can_be_withdrawn_before_publishing(office: Office):
    revise(office, "lamp", "nine", "ten")
    office.approve("lamp", "ben")
    office.reject("lamp", "eva", "legal has to see it")
    with pytest.raises(Refused, match="a draft, not approved"):
        office.publish("lamp", "ada")


def test_draft_with_faults_cannot_be_submitted(office: Office, folder: Path):
    office.create("lamp", "ada", lambda record: record.live or "")
    edit(folder, "drafts/lamp.md", "owner: ada", "owner: nobody")
    with pytest.raises(CompanyInvalid, match="expected the id of a rep or steward"):
        office.submit("lamp", "ada")
    assert last(office) == "created"


def test_draft_of_another_article_under_this_name_is_refused(office: Office, folder: Path):
    office.create("lamp", "ada", lambda record: record.live or "")
    edit(folder, "drafts/lamp.md", "id: lamp", "id: bulb")
    with pytest.raises(Refused, match="write `id: lamp`"):
        office.submit("lamp", "ada")


def test_draft_written_by_hand_can_be_submitted(office: Office, folder: Path):
    (folder / "drafts").mkdir(exist_ok=True)
    (folder / "drafts" / "shade.md").write_text(LAMP.replace("id: lamp", "id: shade"))
    office.submit("shade", "eva")
    assert front_of((folder / "drafts" / "shade.md").read_text())["author"] == "eva"


def test_second_draft_and_second_submission_are_refused(office: Office):
    revise(office, "lamp", "nine", "ten")
    with pytest.raises(Refused, match="already has a draft"):
        office.create("lamp", "ben", lambda record: record.live or "")
    with pytest.raises(Refused, match="already in review"):
        office.submit("lamp", "ben")


def test_expired_version_is_not_published(office: Office):
    revise(office, "lamp", "review_by: 2030-01-01", "review_by: 2026-11-23")
    office.approve("lamp", "ben")
    with pytest.raises(Refused, match="review was due 2026-11-23"):
        office.publish("lamp", "ada")  # in Berlin it is the 24th already


def test_retired_article_is_spoken_no_more_and_can_come_back(office: Office, folder: Path):
    office.retire("lamp", "ada", "no longer made")
    assert "lamp" not in spoken(folder)
    with pytest.raises(Refused, match="not published"):
        office.retire("lamp", "ada", "again")
    put_live(office, "lamp", "nine", "ten")
    assert "ten" in spoken(folder)["lamp"]


def test_rollback_is_a_new_version_that_needs_approval(office: Office, folder: Path):
    put_live(office, "lamp", "nine", "ten")
    office.roll_back("lamp", "ada", 1)
    assert "ten" in spoken(folder)["lamp"]
    with pytest.raises(Refused, match="someone else"):
        office.approve("lamp", "ada")
    office.approve("lamp", "eva")
    assert office.publish("lamp", "ada").version == 3
    assert "nine" in spoken(folder)["lamp"]


def test_emergency_rollback_is_live_at_once_and_in_the_trail(office: Office, folder: Path):
    put_live(office, "lamp", "nine", "ten")
    with pytest.raises(Refused, match="ben approved version 1"):
        office.roll_back("lamp", "ben", 1, "wrong hours")
    office.roll_back("lamp", "ada", 1, "wrong hours")
    entry = office.vault.trail().entries[-1]
    assert (entry.action, entry.note) == (
        "published-emergency", "words of version 1; wrong hours",
    )  # fmt: skip
    assert "nine" in spoken(folder)["lamp"] and verify(office.vault).faults == ()


def test_emergency_rollback_leaves_a_draft_in_work_which_is_then_too_old(office: Office):
    put_live(office, "lamp", "nine", "ten")
    revise(office, "lamp", "ten", "eleven")
    office.approve("lamp", "ben")
    assert office.roll_back("lamp", "ada", 1, "wrong hours").version == 4
    with pytest.raises(Refused, match="write `version: 5`"):
        office.publish("lamp", "ada")


@pytest.mark.parametrize(("to", "why"), [(2, "is the one that is live"), (7, "it has 1, 2")])
def test_rollback_to_what_is_live_or_never_was_is_refused(office: Office, to: int, why: str):
    put_live(office, "lamp", "nine", "ten")
    with pytest.raises(Refused, match=why):
        office.roll_back("lamp", "ada", to)


def test_version_published_ahead_of_its_day_leaves_the_old_one_in_force(
    office: Office, folder: Path
):
    put_live(office, "lamp", "valid_from: 2026-01-01", "valid_from: 2027-02-01")
    put_live(office, "bulb", "by hand", "by anyone")
    before, first = date(2027, 1, 31), date(2027, 2, 1)
    loaded = load(folder)
    for day, version in ((date(2026, 11, 24), 1), (before, 1), (first, 2)):
        usable = [a for a in loaded.articles if a.id == "lamp" and a.usable_on(day)]
        assert [a.version for a in usable] == [version]


def test_versions_published_ahead_take_over_one_after_the_other(office: Office, folder: Path):
    put_live(office, "lamp", "valid_from: 2026-01-01", "valid_from: 2027-02-01")
    put_live(office, "lamp", "valid_from: 2027-02-01", "valid_from: 2027-03-01")
    loaded = load(folder)
    day, seen = date(2027, 1, 1), []
    while day < date(2027, 4, 1):
        (only,) = [a.version for a in loaded.articles if a.id == "lamp" and a.usable_on(day)]
        seen.append(only)
        day += timedelta(days=1)
    assert seen == [1] * 31 + [2] * 28 + [3] * 31


@pytest.mark.parametrize("article", ["../x", "A", "lamp.md", ""])
def test_id_that_is_no_id_is_refused(office: Office, article: str):
    with pytest.raises(Refused, match="no article id"):
        office.create(article, "ada", lambda _: LAMP)


def test_unknown_article_is_met_with_the_nearest(office: Office):
    with pytest.raises(Refused, match="Did you mean `lamp`"):
        office.submit("lamb", "ada")


# --- hand-written folders ------------------------------------------------------------------------


def test_folder_without_a_trail_loads_and_is_told_to_adopt(folder: Path):
    assert len(load(folder).articles) == 2
    with pytest.raises(Refused, match="knowledge adopt"):
        desk(folder).submit("lamp", "ada")


def test_adoption_keeps_what_is_live_and_makes_drafts_of_the_rest(folder: Path):
    shade = LAMP.replace("id: lamp", "id: shade").replace("status: published", "status: approved")
    (folder / "articles" / "any-name.md").write_text(shade)
    (folder / "articles" / "bulb.md").rename(folder / "articles" / "the-bulb.md")
    office = desk(folder)
    office.adopt("eva")
    assert spoken(folder).keys() == {"lamp", "bulb"}
    assert {p.name for p in (folder / "articles").iterdir()} == {"lamp.md", "bulb.md"}
    assert (folder / "drafts" / "shade.md").exists()
    assert verify(office.vault).faults == () and verify(office.vault).kept == 2
    office.submit("shade", "ada")
    with pytest.raises(Refused, match="already"):
        office.adopt("eva")


def test_adoption_that_would_overwrite_a_file_is_refused(folder: Path):
    shade = LAMP.replace("id: lamp", "id: shade").replace("status: published", "status: draft")
    (folder / "articles" / "any-name.md").write_text(shade)
    (folder / "drafts").mkdir()
    (folder / "drafts" / "shade.md").write_text("mine")
    with pytest.raises(Refused, match="exists; rename it"):
        desk(folder).adopt("eva")
    assert (folder / "drafts" / "shade.md").read_text() == "mine"


def test_faulty_folder_is_not_adopted(folder: Path):
    edit(folder, "articles/lamp.md", "approved_by: ben", "approved_by: ada")
    with pytest.raises(CompanyInvalid, match="someone other than the owner"):
        desk(folder).adopt("eva")
    assert not (folder / "audit.jsonl").exists()
