"""Mistakes in authored files are reported with file, line, key and expectation."""

import pytest

from core.evaluation.load import EvalsInvalid, load_evals
from tests.core.evaluation.authored import evals
from tests.core.talk import ROOT, SAMPLE, sample

PRINT = ROOT / "tests" / "companies" / "kestrel"

WHOLE = """
when: 2026-11-30 12:00
from: withheld
conversations:
  - id: one
    turns: [{caller: "Hi", answer: [snowflake | bigquery]}]
    answers: {employees: {say: "two hundred", means: 200}, callback: "yes"}
    expect: {signals: {timeline: 2027-03-31, employees: 200}, agreed: yes, route: {rep: none}}
"""


def test_a_file_is_read_with_its_defaults_and_plain_scalars(tmp_path):
    (one,) = evals(tmp_path, one=WHOLE).conversations
    assert one.number is None and one.when is not None
    assert one.when.isoformat() == "2026-11-30T17:00:00+00:00", "noon in Boston"
    assert one.expect.signals == {"timeline": ("2027-03-31",), "employees": ("200",)}
    assert one.answers["callback"].say == "yes" and one.answers["employees"].means == ("200",)
    assert one.expect.agreed == "yes" and one.expect.route and one.expect.route.reps == ("none",)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("snowflake |", "snowflak |", "one.yaml:6 conversations.0.turns.0.answer: expected an"
         " article of this company, found `snowflak`. Did you mean `snowflake`?"),
        ("caller:", "callr:", "Did you mean `caller`?"),
        ("employees: {", "employes: {", "one.yaml:7 conversations.0.answers.employes"),
        ("{rep: none}", "{rep: maya}", "a rep of this company, found `maya`"),
        ("when: 2026-11-30 12:00", "", "expected a time of the call, found nothing"),
        ("when: 2026-11-30 12:00", "when: noon", "one.yaml:2 when"),
        ("{signals:", "{segment: huge, signals:", "a segment of this company, found `huge`"),
        ('[{caller: "Hi"', '[{caller: "Hi', "expected a closing quote"),
        ("id: one", "ID: one", "found `ID`. Did you mean `id`?"),
        ("when: 2026-11-30 12:00", "when: 2126-11-30 12:00", "before the articles' `review_by`"),
        (WHOLE, "- a list", "expected a mapping"),
        (WHOLE, "", "expected this key, found nothing"),
        ("[{caller", "[]  # [{caller", "one.yaml:6 conversations.0.turns: expected"),
        ("withheld", "617-555", "one.yaml:3 from: expected a number such as"),
        ("id: one", "id: one\n    escalation: danger", "found `escalation`. Remove it; the"
         " keys here are about, answers, channel"),
        ("{rep: none}", "{rep: none, if: x}", "the keys here are action, rep."),
        ("callback:", "weather:", "timeline, transfer, use_case."),
        ('say: "two hundred", ', "", "answers.employees.say: expected this key"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_remedy(tmp_path, before, after, told):
    with pytest.raises(EvalsInvalid) as raised:
        evals(tmp_path, one=WHOLE.replace(before, after))
    assert told in str(raised.value)


def test_every_mistake_of_all_files_is_told_at_once(tmp_path):
    with pytest.raises(EvalsInvalid) as raised:
        evals(tmp_path, one=WHOLE, two=WHOLE, targets="text: {verdit: 0.9}")
    told = str(raised.value)
    assert "2 problems" in told and "an id used once" in told and "`verdict`" in told


def test_a_list_is_not_called_empty_because_of_a_fault_in_it(tmp_path):
    with pytest.raises(EvalsInvalid) as raised:
        evals(tmp_path, one=WHOLE.replace("answer:", "answr:"))
    (only,) = raised.value.problems
    assert only.key == "conversations.0.turns.0.answr"


def test_a_file_that_is_no_text_is_told(tmp_path):
    (tmp_path / "one.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(EvalsInvalid, match="Save the file as UTF-8"):
        load_evals(tmp_path, sample())


def test_a_folder_without_conversations_says_how_to_write_one(tmp_path):
    with pytest.raises(EvalsInvalid, match="docs/evaluate.md"):
        evals(tmp_path)


def test_the_samples_own_conversations_are_in_order():
    loaded = load_evals(SAMPLE / "evals", sample())
    ids = [c.id for c in loaded.conversations]
    assert len(ids) == len(set(ids)) >= 150
    assert loaded.targets.text.signal_f1


def test_a_number_without_quotes_is_a_number_still(tmp_path):
    (one,) = evals(tmp_path, one=WHOLE.replace("withheld", "+16175550188")).conversations
    assert one.number == "+16175550188"


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("use_case: revers ETL", "Did you mean `reverse ETL`?"),
        ("use_case: reverse ETL | digging", "expected one of audience sync"),
        ("timeline: next monday", "expected a day or a span of days, found `next monday`"),
        ("timeline: 2027-03-31..soon", "a day or a span"),
        ("location: Ohoi", "expected a place, found `Ohoi`"),
        ("employees: lots", "expected a figure in the criterion's unit, found `lots`"),
        ("industry: helthcare", "Did you mean `healthcare`?"),
    ],
)
def test_a_value_its_criterion_could_never_have_is_told_where_it_stands(tmp_path, label, told):
    for text in (
        WHOLE.replace("{timeline: 2027-03-31, employees: 200}", f"{{{label}}}"),
        WHOLE.replace("agreed: yes", f"agreed: yes, allow: {{{label}}}"),
        WHOLE.replace("means: 200", f"signals: {{{label}}}"),
    ):
        with pytest.raises(EvalsInvalid) as raised:
            evals(tmp_path, one=text)
        assert told in str(raised.value) and "one.yaml:" in str(raised.value)


@pytest.mark.parametrize(
    "label",
    ["employees: 500+ | 200-300", "location: Vidalia | US-GA", "location: US-OH", "role: buyer",
     "timeline: none", "industry: real estate", "tech_stack: Excel", "name: Any Body"],
)  # fmt: skip
def test_a_value_that_may_be_understood_is_no_mistake(tmp_path, label):
    text = WHOLE.replace("{timeline: 2027-03-31, employees: 200}", f"{{{label}}}")
    assert evals(tmp_path, one=text).conversations


def test_what_may_be_noted_of_anybody_may_be_allowed_of_any_company(tmp_path):
    allowed = 'conversations: [{id: a, turns: [{caller: "Hi"}], expect: {allow: {industry: any}}}]'
    (tmp_path / "one.yaml").write_text(f"when: 2026-11-30 12:00\nfrom: withheld\n{allowed}\n")
    assert load_evals(tmp_path, sample(PRINT)).conversations
    (tmp_path / "one.yaml").write_text(
        f"when: 2026-11-30 12:00\nfrom: withheld\n{allowed.replace('allow:', 'signals:')}\n"
    )
    with pytest.raises(EvalsInvalid, match="found `industry`"):
        load_evals(tmp_path, sample(PRINT))
