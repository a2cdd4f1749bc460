"""A company folder is read as a whole, and all its faults are reported at once."""

import shutil
from pathlib import Path

import pytest

from knowledge.errors import CompanyInvalid, Problem
from knowledge.load import Loaded, load
from tests.knowledge.conftest import CORVANE, TIDELINE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(CORVANE, tmp_path / "company")
    return tmp_path / "company"


def edit(path: Path, old: str, new: str) -> int:
    """Replace `old` by `new` once; returns the line it stood on."""
    text = path.read_text()
    assert text.count(old) >= 1, old
    path.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def problems(folder: Path) -> list[Problem]:
    with pytest.raises(CompanyInvalid) as caught:
        load(folder)
    return list(caught.value.problems)


def test_sample_company_loads_with_enough_of_everything(tideline: Loaded):
    assert len(tideline.articles) >= 40
    assert len(tideline.company.team) == 6
    assert len(tideline.company.segments) == 3
    assert {a.type for a in tideline.articles} == {
        "capability", "limitation", "price", "use_case", "objection", "integration",
        "comparison", "policy",
    }  # fmt: skip


def test_second_company_loads_from_its_folder(corvane: Loaded):
    assert corvane.company.name == "Corvane"
    assert len(corvane.articles) >= 40


def test_passages_carry_spoken_form_and_citation(tideline: Loaded):
    sso = next(a for a in tideline.articles if a.id == "sso")
    first = sso.passages[0]
    assert first.citation == "sso@1#1"
    assert first.spoken.startswith("Yes, we support") and first.text != first.spoken
    assert "do you support sso" in first.asked


def test_versions_follow_what_they_are_versions_of(folder: Path):
    before = load(folder)
    edit(folder / "articles" / "cx4.md", "fifty-two decibels", "fifty decibels")
    words = load(folder)
    edit(folder / "company.yaml", "within_days: 270", "within_days: 200")
    criteria = load(folder)
    assert words.knowledge_version != before.knowledge_version
    assert words.criteria_version == before.criteria_version
    assert criteria.criteria_version != before.criteria_version
    assert criteria.knowledge_version == words.knowledge_version


def test_missing_profile_names_the_folder_and_the_remedy(tmp_path: Path):
    (problem,) = problems(tmp_path)
    assert problem.file == "company.yaml"
    assert "voice-agent new" in problem.remedy
    (tmp_path / "company.yml").write_text("id: roofer\n")
    (problem,) = problems(tmp_path)
    assert problem.found == "company.yml" and problem.remedy.startswith("Rename it")


def test_broken_yaml_names_the_line(folder: Path):
    line = edit(folder / "company.yaml", "hours:\n  week:", "hours:\n week: [\n  x:")
    found = problems(folder)
    assert any(p.expected == "a closing `]`" and p.line == line + 1 for p in found)


def test_mistyped_key_is_met_with_the_right_one(folder: Path):
    line = edit(
        folder / "company.yaml", "timezone: Europe/Berlin\n\n", "timezon: Europe/Berlin\n\n"
    )
    found = problems(folder)
    typo = next(p for p in found if p.key == "timezon")
    assert typo.line == line
    assert typo.remedy == "Did you mean `timezone`?"
    assert found == [typo], "what it stands for is not told as missing besides"


FAULTS = [
    ("website: https://corvane.example", "website: www.corvane.example", "website"),
    ("Europe/Paris", "Europe/Pari", "team.1.timezone"),
    ("anke.brandt@corvane.example", "anke.brandt at corvane", "team.0.email"),
    ('"+496990009151"', '"069 9000"', "team.0.phone"),
    ("segments: [hospital]", "segments: [hospitl]", "team.0.segments.0"),
    ("default_owner: luc-moreau", "default_owner: luc-moro", "default_owner"),
    ("reps: [anke-brandt]", "reps: [anke-brand]", "routing.4.reps.0"),
    ("Austria, Switzerland], reps", "Peru], reps", "routing.4.territories.1"),
    ("holiday_region: HE", "holiday_region: ZZ", "hours.holiday_region"),
    ('{from: "13:00", to: "17:30"}', '{from: "11:00", to: "17:30"}', "hours.week.mon.1.from"),
    ('{from: "08:30", to: "14:00"}', '{from: "08:30", to: "08:00"}', "hours.week.fri.0.to"),
    ("the AI assistant", "the assistant", "voice.disclosure"),
    ("{owner} will", "{ownr} will", "voice.deferral.0"),
    ("any_of: [blood separation,", "any_of: [blod separation,", "segments.0.criteria.1.any_of.0"),
    ("thermo: Thermo Fisher", "thermo: Thermo Fischer", "vocabulary.synonyms.thermo"),
    ("topics: [delivery]", "topics: [deliveri]", "segments.0.criteria.2.topics.0"),
    ("industries: [hospital]\n", "value: 5\n", "segments.1"),
    ("at_least: 4000", "weight: 1", "segments.0.criteria.3.weight"),
    ("counts: [centrifuge,", "counts: [bench centrifuge,", "segments.1.criteria.2.counts.0"),
    ("tender, segments: [hospital]", "tender, segments: [hospitl]", "playbook.0.segments.0"),
    ("gmp, topics: [compliance]", "gmp, topics: [complience]", "playbook.2.topics.0"),
    ("note, signals: {use_case: []}", "note, signals: {usecase: []}", "playbook.1.signals.usecase"),
    ("note, signals: {use_case: []}", "note, signals: {use_case: [blod]}",
     "playbook.1.signals.use_case.0"),
    ("id: gmp, topics: [compliance]", "id: note, topics: [compliance]", "playbook.2.id"),
    ("id: gmp, topics: [compliance]", "id: gmp", "playbook.2"),
    ("Speak of ten years", "Speak " + "and speak " * 12 + "of ten years", "playbook.3.say"),
    ("owner: anke-brandt, say", "owner: nobody, say", "escalations.0.owner"),
    ("action: callback}", "action: calback}", "routing.7.action"),
    ("default_owner: luc-moreau",
     "default_owner: luc-moreau\nsystems: {enrichment: {intent: {topics: {freezing: Polari}}}}",
     "systems.enrichment.intent.topics.freezing"),
    ("action: callback}", "action: callback, intent: [Polari]}", "routing.7.intent.0"),
    ("at_least: 4000", "at_least: 4000\n        local: [{territories: [Narnia], at_least: 1}]",
     "segments.0.criteria.3.local.0.territories.0"),
    ("at_least: 4000", "at_least: 4000\n        local: [{territories: [Spain], at_least: 4000}]",
     "segments.0.criteria.3.local.0"),
    ("at_least: 4000", "at_least: 4000\n        local: [{territories: [Spain], within_days: 9}]",
     "segments.0.criteria.3.local.0.within_days"),
    ("at_least: 4000", "at_least: 4000\n        local: [{territories: [Spain], at_least: 9},"
     " {territories: [Spain, Peru], weight: 9}]", "segments.0.criteria.3.local.1.territories.0"),
    ("signal: location", "signal: intent", "disqualifiers.5.signal"),
    ("corvane: K", "corvane: Q", "vocabulary.pronunciations.corvane"),
    ("default_owner: luc-moreau",
     "default_owner: luc-moreau\ncrm: {customers: {hubspot: {values: []}}}",
     "crm.customers.hubspot.values"),
    ("default_owner: luc-moreau",
     "default_owner: luc-moreau\ncrm: {customers: {salesforce: {field: Account.Type}}}",
     "crm.customers.salesforce.field"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key"), FAULTS, ids=[key for _, _, key in FAULTS])
def test_fault_in_the_profile_is_named_by_line_and_key(folder: Path, old: str, new: str, key: str):
    line = edit(folder / "company.yaml", old, new)
    found = problems(folder)
    hit = next((p for p in found if p.key == key), None)
    assert hit is not None, [str(p) for p in found]
    assert hit.expected and hit.found and hit.remedy
    text = (folder / "company.yaml").read_text().splitlines()
    assert key == "segments.1" or abs(hit.line - line) <= 2, (hit.line, line, text[line - 1])


def test_rule_behind_one_that_always_fires_is_unreachable(folder: Path):
    edit(
        folder / "company.yaml",
        "  - {id: hospitals,",
        "  - {id: all, reps: [luc-moreau], action: callback}\n  - {id: hospitals,",
    )  # noqa: E501
    found = problems(folder)
    assert {p.key for p in found if "always firing first" in p.found} >= {"routing.5", "routing.6"}


def test_leads_without_any_rule_are_a_problem(folder: Path):
    edit(folder / "company.yaml", "  - {id: rest, reps: [luc-moreau], action: callback}\n", "")
    assert any(p.key == "routing" for p in problems(folder))


ARTICLE_FAULTS = [
    ("owner: heike-vogt", "owner: heike-voigt", "owner", "Did you mean `heike-vogt`?"),
    ("approved_by: luc-moreau", "approved_by: heike-vogt", "approved_by", "someone else"),
    ("approved_by: luc-moreau\n", "", "status", "approved_by"),
    ("review_by: 20", "review_by: 19", "review_by", "review date"),
    ("policy: paraphrase", "policy: parafrase", "policy", "Did you mean `paraphrase`?"),
    ("type: capability", "typ: capability", "typ", "Did you mean"),
    ("synonyms: [CX4", "related: [polris]\nsynonyms: [CX4", "related.0", "Did you mean `polaris`?"),
    ("The CX4 is", "> said: hello\nThe CX4 is", "passage 1", "spoken"),
    ("id: cx4", "id: cx8", "id", "another id"),
]


@pytest.mark.parametrize(
    ("old", "new", "key", "remedy"), ARTICLE_FAULTS, ids=[f[2] + str(n) for n, f in enumerate(ARTICLE_FAULTS)]  # noqa: E501
)  # fmt: skip
def test_fault_in_an_article_is_named(folder: Path, old: str, new: str, key: str, remedy: str):
    edit(folder / "articles" / "cx4.md", old, new)
    found = problems(folder)
    hit = next((p for p in found if p.key == key), None)
    assert hit is not None, [str(p) for p in found]
    assert hit.file.startswith("articles/cx") and hit.line > 0
    assert remedy in hit.remedy


def test_article_without_passages_or_front_matter_is_named(folder: Path):
    cx4, cx8 = folder / "articles" / "cx4.md", folder / "articles" / "cx8.md"
    cx4.write_text(cx4.read_text().split("---\nThe")[0] + "---\n")
    cx8.write_text("Just words.\n")
    found = {p.file: p for p in problems(folder)}
    assert found["articles/cx4.md"].found == "none"
    assert "front matter" in found["articles/cx8.md"].expected


def test_a_file_that_is_no_text_is_named_by_its_line(folder: Path):
    article, profile = folder / "articles" / "cx4.md", folder / "company.yaml"
    line = edit(article, "policy: paraphrase", "policy: paraphr\u00e4se")
    article.write_bytes(article.read_text().encode("latin-1", "replace"))
    profile.write_bytes(profile.read_text().encode("utf-16"))
    told = {p.file: p for p in problems(folder)}
    assert (told["articles/cx4.md"].line, told["articles/cx4.md"].found) == (line, "the byte 0xe4")
    assert (told["company.yaml"].line, told["company.yaml"].expected) == (1, "UTF-8 text")


def test_windows_line_ends_and_marks_do_no_harm(folder: Path):
    before = load(folder)
    for path in (folder / "company.yaml", *(folder / "articles").glob("*.md")):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(folder) == before


def test_an_article_that_is_empty_unclosed_or_a_link_to_none_is_named(folder: Path):
    articles = folder / "articles"
    (articles / "cx4.md").write_text("")
    edit(articles / "cx8.md", "\n---\n", "\n")
    (articles / "gone.md").symlink_to(folder / "nowhere.md")
    told = {p.file: p for p in problems(folder)}
    assert told["articles/cx4.md"].found == "an empty file"
    assert "between the keys and the text" in told["articles/cx8.md"].remedy
    assert told["articles/gone.md"].found == "a link to none"


VALUES = [
    ('"+496990009142"', "+496990009142", "numbers.0", "in quotes"),
    ("at_least: 4000", "at_least: 4,000 m", "segments.0.criteria.3.at_least", "without commas"),
    ("holiday_region: HE", "closed_on: [24.12.2026]", "hours.closed_on.0", "2026-01-31"),
    ('{from: "08:30", to: "14:00"}', '{from: 8am, to: "14:00"}',
     "hours.week.fri.0.from", "24-hour"),
    ("    fri:", "    friday:", "hours.week.friday", "one of these"),
    ("segments: [hospital]", "segments: hospital", "team.0.segments", "[hospital]"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key", "remedy"), VALUES, ids=[v[2] for v in VALUES])
def test_a_value_of_the_wrong_kind_is_met_with_how_to_write_it(
    folder: Path, old: str, new: str, key: str, remedy: str
):
    edit(folder / "company.yaml", old, new)
    told = {p.key: p for p in problems(folder)}
    assert key in told, sorted(told)
    assert remedy in told[key].remedy
    assert len(told) == 1, "a wrong value is told once, and nothing follows from it"


def test_a_rep_without_a_zone_is_in_the_company_s(folder: Path):
    edit(folder / "company.yaml", "    timezone: Europe/Paris\n", "")
    company = load(folder).company
    assert company.team[1].timezone == company.timezone != "Europe/Paris"
    assert company.team[2].timezone == "Europe/Copenhagen"


def test_an_id_that_is_no_short_name_is_met_with_one(folder: Path):
    edit(folder / "articles" / "cx4.md", "id: cx4", "id: CX 4 (new)")
    told = next(p for p in problems(folder) if p.key == "id")
    assert told.remedy == "Write `cx-4-new`, say."


def test_all_problems_are_reported_at_once_and_readably(folder: Path):
    edit(folder / "company.yaml", "Europe/Paris", "Europe/Pari")
    edit(folder / "company.yaml", "default_owner: luc-moreau", "default_owner: nobody")
    edit(folder / "articles" / "ivdr.md", "owner: heike-vogt", "owner: who")
    with pytest.raises(CompanyInvalid) as caught:
        load(folder)
    message = str(caught.value)
    assert message.startswith("3 problems:")
    assert "articles/ivdr.md:8 owner: expected the id of a rep or steward, found who." in message


def test_audience_nobody_belongs_to_is_named_with_the_nearest_one(tmp_path: Path):
    folder = tmp_path / "company"
    shutil.copytree(TIDELINE, folder)
    article = folder / "articles" / "scim.md"
    article.write_text(article.read_text().replace("audience: [all]", "audience: [enterprize]"))
    with pytest.raises(CompanyInvalid) as caught:
        load(folder)
    assert [str(p.key) for p in caught.value.problems] == ["audience.0"]
    assert "Did you mean `enterprise`?" in str(caught.value)


@pytest.mark.parametrize("name", ["executives", "engineers", "finance", "lab manager"])
def test_an_article_may_be_for_a_role_or_a_group_of_them(folder: Path, name: str):
    path = folder / "articles" / "noise.md"
    edit(path, "audience: [all]", f"audience: [{name}]")
    load(folder)
