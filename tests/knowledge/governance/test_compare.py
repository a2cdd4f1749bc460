"""The differences between two versions, readable at a glance."""

from knowledge.governance.compare import compare
from tests.knowledge.lumo import LAMP


def test_same_versions_do_not_differ_and_lifecycle_is_no_difference():
    assert compare(LAMP, LAMP) == []
    assert compare(LAMP, LAMP.replace("status: published", "status: draft")) == []


def test_changed_words_are_marked_within_their_passage():
    assert compare(LAMP, LAMP.replace("nine hours", "ten hours")) == [
        "~ passage 1",
        "  ~ The garden lamp runs for [-nine-]{+ten+} hours.",
    ]


def test_keys_facts_and_wordings_are_told_one_by_one():
    old = LAMP.replace("owner: ada", "owner: ada\nfacts: {lamp.hours: 9, lamp.watts: 4}")
    new = old.replace("lamp.hours: 9", "lamp.hours: 10").replace(
        "topics: [lamps]", "topics: [a, b]"
    )
    new = new.replace("> asked: how long does", "> asked: for how long does")
    assert compare(old, new) == [
        "~ topics: lamps → a, b",
        "~ facts.lamp.hours: 9 → 10",
        "~ passage 1",
        "  - > asked: how long does the garden lamp run",
        "  + > asked: for how long does the garden lamp run",
    ]


def test_passage_put_in_before_another_is_not_a_change_of_that():
    new = LAMP.replace("The garden lamp runs", "It glows in blue light.\n\nThe garden lamp runs")
    assert compare(LAMP, new) == ["+ passage 1", "  + It glows in blue light."]
    assert compare(new, LAMP) == ["- passage 1", "  - It glows in blue light."]


def test_moved_and_changed_passage_is_followed():
    old = LAMP + "\nIt comes in three colours and two sizes.\n"
    new = LAMP.replace(
        "The garden lamp", "It comes in four colours and two sizes.\n\nThe garden lamp"
    )
    assert compare(old, new) == [
        "~ passage 1 (was 2)",
        "  ~ It comes in [-three-]{+four+} colours and two sizes.",
    ]
