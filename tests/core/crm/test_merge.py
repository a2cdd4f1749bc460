import pytest

from core.crm.merge import Change, Ours, change, note_lines
from core.crm.records import Record, Stored, digest


def contact(**fields: str) -> Record:
    return Record("contact", "p1", fields)


def merged(ours: str, theirs: str, *last: str, name: str = "role", older: bool = False) -> Change:
    stored = Stored("1", {name: theirs} if theirs else {})
    meant, *written = (
        [digest(value) for value in last] if len(last) > 1 else ["", *map(digest, last)]
    )
    before = {name: Ours(written[0] if written else "", meant)}
    return change(contact(**{name: ours}), stored, before, older=older)


def test_a_new_record_gets_everything():
    made = change(contact(role="CTO", email="a@b.com"), None, {})
    assert made.write == {"role": "CTO", "email": "a@b.com"} and not made.kept


@pytest.mark.parametrize(
    ("ours", "theirs", "last", "did", "told"),
    [
        ("CTO", "", (), "written", False),
        ("CTO", "CTO", (), "same", False),
        ("CTO", " cto ", (), "same", False),
        ("CTO", "Engineer", ("Engineer",), "written", False),
        ("CTO", "Engineer", (), "kept", True),
        ("CTO", "VP of Data", ("Engineer",), "kept", True),
        ("CTO", "VP of Data", ("CTO",), "kept", False),
        ("CTO", "", ("Engineer",), "kept", False),
        ("CTO", "Engineer", ("Analyst", "Engineer"), "written", False),
    ],
)
def test_only_what_is_empty_or_ours_is_written_over(
    ours: str, theirs: str, last: tuple[str, ...], did: str, told: bool
):
    made = merged(ours, theirs, *last)
    assert made.did["role"] == did
    assert bool(made.write) == (did == "written") and bool(made.kept) == told


def test_a_name_that_stands_is_not_changed_for_what_was_heard_later():
    assert not merged("Dough", "Doe", "Doe", name="last_name").write


def test_an_older_conversation_fills_gaps_and_changes_nothing():
    assert merged("Analyst", "CTO", "CTO", older=True).write == {}
    assert merged("Analyst", "", older=True).write == {"role": "Analyst"}


def test_a_note_tells_both_values():
    (line,) = note_lines(contact(role="CTO"), merged("CTO", "VP of Data"))
    assert "“VP of Data” and was left" in line and "“CTO”" in line


def test_what_a_person_put_right_is_written_over_what_was_ours_and_over_nothing_else():
    record = Record("contact", "p1", {"email": "j@a.com"}, corrected=frozenset(["email"]))
    ours = {"email": Ours(digest("k@a.com"))}
    assert change(record, Stored("1", {"email": "k@a.com"}), ours).write == {"email": "j@a.com"}
    assert not change(record, Stored("1", {"email": "x@a.com"}), ours).write
