"""Faults of a company folder do not hide each other: what is left is checked as it was meant."""

from pathlib import Path

import pytest

from knowledge.errors import CompanyInvalid, Problem
from knowledge.load import load
from tests.commands.test_new import DAY, ROOFER
from voice_agent.commands.check_folder import beside_faults, unread
from voice_agent.commands.new import begin

TRUE_TOO = ("title: Service manager", 'title: Service manager\n    phone: "303"')
"""A fault of another kind, that has to be told along with each."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    begin(tmp_path / "roofing", ROOFER, DAY)
    return tmp_path / "roofing"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def faults(folder: Path) -> list[Problem]:
    """All of them, with those of evals and golden questions."""
    with pytest.raises(CompanyInvalid) as caught:
        load(folder)
    return [*caught.value.problems, *beside_faults(folder, caught.value)]


@pytest.mark.parametrize(("old", "new", "key", "remedy"), [
    ("\nteam:", "\ntaem:", "taem", "Did you mean `team`?"),
    ("\nrouting:", "\nrouteing:", "routeing", "Did you mean `routing`?"),
    ("    email: alex@example.com\n", "", "team.0.email", "Add `email:`"),
    ("kind: choice", "kind: choise", "segments.0.criteria.1.kind", "Did you mean `choice`?"),
    ("        kind: number\n        req", "        req", "segments.1.criteria.1.kind",
     "Add `kind:`"),
    ("minutes: 30", "minutes: half an hour", "meeting_types.0.minutes", "digits"),
    ("  disclosure:", "  disclosure: # ", "voice.disclosure", "Fill it in"),
    ("label: Businesses\n", "label: #1\n", "segments.1.label", "needs quotes"),
    ("label: Businesses\n", "label: [Businesses]\n", "segments.1.label", "without brackets"),
    ("required: true", "required: yep", "segments.1.criteria.1.required", "`true` or `false`"),
    ('mon: [{from: "08:00", to: "17:00"}]', "mon: 8-17", "hours.week.mon", '[{from: "09:00",'),
    ('mon: [{from: "08:00", to: "17:00"}]', 'mon: [{from: "08:00", to: 17:00}]',
     "hours.week.mon.0.to", "Put it in quotes."),
    ('mon: [{from: "08:00", to: "17:00"}]', 'mon: [{to: "17:00"}]', "hours.week.mon.0.from",
     "Add `from:`"),
    ("any_of: [new project, replacement, maintenance]", "any_of: new project, repair",
     "segments.0.criteria.1.any_of", "[new project, repair]"),
    ('numbers: ["+13035550180"]', 'numbers: "+13035550180"', "numbers", '["+13035550180"]'),
    ("timezone: America/Denver", "timezone: Denver", "timezone", "`America/Denver`"),
    ("timezone: America/Denver", "timezone: America/Dever", "timezone", "`America/Denver`"),
])  # fmt: skip
def test_one_fault_of_the_profile_is_told_once_and_hides_no_other(
    folder: Path, old: str, new: str, key: str, remedy: str
):
    edit(folder / "company.yaml", old, new)
    edit(folder / "company.yaml", *TRUE_TOO)
    edit(folder / "evals" / "callers.yaml", "answer: services", "answer: servises")
    edit(folder / "articles" / "area.md", "owner: sam-south", "owner: sam-suoth")
    told = {p.key: p for p in faults(folder)}
    assert set(told) == {key, "team.1.phone", "owner", "conversations.0.turns.0.answer"}
    assert remedy in told[key].remedy
    assert (folder / "company.yaml").read_text().splitlines()[told["team.1.phone"].line - 1] == (
        '    phone: "303"'
    )


def test_without_a_profile_that_can_be_read_articles_and_evals_are_held_to_their_form(
    folder: Path,
):
    edit(folder / "company.yaml", "    email: alex@example.com", "   email: alex@example.com")
    edit(folder / "articles" / "area.md", "owner:", "onwer:")
    edit(folder / "evals" / "callers.yaml", "answer: services", "answr: services")
    (folder / "golden.yaml").write_bytes(b"answered: [] # \xe9\n")
    told = {p.file: p for p in faults(folder)}
    assert set(told) == {"company.yaml", "articles/area.md", "evals/callers.yaml", "golden.yaml"}
    assert told["articles/area.md"].remedy == "Did you mean `owner`?"
    assert told["golden.yaml"].found == "the byte 0xe9"


def test_an_article_that_cannot_be_read_takes_nothing_else_with_it(folder: Path):
    (folder / "articles" / "prices.md").write_text("")
    assert [p.file for p in faults(folder)] == ["articles/prices.md"]
    begin(folder.parent / "other", ROOFER, DAY)
    edit(folder.parent / "other" / "articles" / "prices.md", "review_by: ", "review_by: 31.12. ")
    assert [p.key for p in faults(folder.parent / "other")] == ["review_by"]


def test_an_empty_profile_names_each_key_it_lacks(folder: Path):
    (folder / "company.yaml").write_text("")
    assert {"name", "team", "routing"} <= {p.key for p in faults(folder)}


def test_a_wording_without_its_mark_is_not_read_out(folder: Path):
    edit(folder / "articles" / "area.md", "> asked:", "- asked:")
    (told,) = faults(folder)
    assert told.expected == "a `> spoken:` or `> asked:` line" and told.line


def test_evals_that_are_no_text_are_named_by_their_line(folder: Path):
    path = folder / "evals" / "callers.yaml"
    edit(folder / "company.yaml", "timezone: America/Denver", "timezone: Denver")
    path.write_bytes(b"# one\n# \xe9\n" + path.read_bytes())
    (told,) = [p for p in faults(folder) if p.file != "company.yaml"]
    assert (told.line, told.remedy) == (2, "Save the file as UTF-8.")


def test_a_document_among_the_articles_is_told_how_to_take_it_in(folder: Path):
    (folder / "articles" / "prices.docx").write_bytes(b"PK")
    (told,) = unread(folder)
    assert "voice-agent knowledge import" in told and "prices.docx" in told
    (folder / "articles").rename(folder / "texts")
    (told,) = unread(folder)
    assert told.startswith("articles/ is no folder")
