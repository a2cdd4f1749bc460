"""What an answer could change, and the smallest changes that flip a verdict."""

from datetime import date
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from core.events import CriterionResult, SignalCaptured
from core.qualification.hypotheses import flips, powers
from core.qualification.verdict import Case, verdict
from core.qualification.weighing import Line, weigh
from knowledge.profile import Criterion, Segment
from tests.core.talk import sample

COMPANY = sample().company
TODAY = date(2026, 11, 30)
states = st.sampled_from(["met", "not_met", "unknown"])
line = st.builds(
    lambda weight, required, state, partly: (weight, required, state, partly and state == "met"),
    st.sampled_from([0.0, 1.0, 2.0, 3.0]), st.booleans(), states, st.booleans(),
)  # fmt: skip


def segment_of(rows, qualify_at: float) -> tuple[Segment, list[Line]]:
    criteria = tuple(
        Criterion(name=f"c{n}", label=f"C{n}", kind="text", required=required, weight=weight)
        for n, (weight, required, _, _) in enumerate(rows)
    )
    segment = Segment(id="s", label="S", qualify_at=qualify_at, criteria=criteria)
    lines = [
        Line(c, CriterionResult(c.name, state, "", partly=partly))
        for c, (_, _, state, partly) in zip(criteria, rows, strict=True)
    ]
    return segment, lines


@settings(max_examples=80, derandomize=True, deadline=None)
@given(st.lists(line, min_size=1, max_size=5), st.sampled_from([0.0, 0.4, 0.6, 1.0]))
def test_the_power_of_an_answer_is_how_often_it_decides(rows, qualify_at):
    segment, lines = segment_of(rows, qualify_at)
    unknown = [n for n, e in enumerate(lines) if e.result.state == "unknown"]
    for at in unknown:
        others = [n for n in unknown if n != at]
        decided = total = 0
        for supposed in product(("met", "not_met"), repeat=len(others)):
            given_states = dict(zip(others, supposed, strict=True))
            results = {
                weigh(segment, [
                    e.supposed({**given_states, at: state}[n]) if n in (*others, at) else e
                    for n, e in enumerate(lines)
                ])[0] == "qualified"
                for state in ("met", "not_met")
            }  # fmt: skip
            decided, total = decided + (len(results) > 1), total + 1
        assert abs(powers(segment, lines)[lines[at].name] - decided / total) < 1e-9


@settings(max_examples=80, derandomize=True, deadline=None)
@given(st.lists(line, min_size=1, max_size=5), st.sampled_from([0.4, 0.6]))
def test_every_flip_gives_the_result_it_names_and_none_is_smaller(rows, qualify_at):
    segment, lines = segment_of(rows, qualify_at)
    result = weigh(segment, lines)[0]
    found = flips(segment, lines, result)
    for flip in found:
        wanted = dict(flip.criteria)
        supposed = [e.supposed(wanted[e.name]) if e.name in wanted else e for e in lines]
        assert weigh(segment, supposed)[0] == flip.result != result
    if any(len(flip.criteria) == 2 for flip in found):
        for n, state in product(range(len(lines)), ("met", "not_met")):
            one = [e.supposed(state) if m == n else e for m, e in enumerate(lines)]
            assert weigh(segment, one)[0] == result


def signal(criterion: str, value: str, n: int) -> SignalCaptured:
    return SignalCaptured(f"s{n}", criterion, value, "positive", "stated", 0.9, value, n, 0, 1)


def judged(*pairs: tuple[str, str]):
    signals = [signal(criterion, value, n) for n, (criterion, value) in enumerate(pairs)]
    return verdict(Case(COMPANY, signals, TODAY), "v1")


def test_a_tool_that_works_through_another_fits_partly_and_says_through_what():
    reached = judged(("employees", "40"), ("tech_stack", "MySQL"))
    warehouse = next(c for c in reached.criteria if c.name == "tech_stack")
    assert warehouse.state == "met" and warehouse.partly
    assert "Tideline Connect" in warehouse.reason


def test_a_tool_that_does_not_work_is_no_fit_unless_another_does():
    assert judged(("employees", "40"), ("tech_stack", "Oracle")).result == "nurture"
    both = judged(("employees", "40"), ("tech_stack", "Oracle"), ("tech_stack", "Snowflake"))
    assert next(c for c in both.criteria if c.name == "tech_stack").state == "met"


def test_a_scenario_that_is_served_in_part_says_what_is_missing():
    reached = judged(("employees", "2000"), ("use_case", "real-time personalization"))
    purpose = next(c for c in reached.criteria if c.name == "use_case")
    assert purpose.partly and "Enterprise" in purpose.reason


def test_a_disqualification_names_what_it_hangs_on():
    reached = judged(("employees", "200"), ("location", "Havana"))
    assert reached.result == "disqualified"
    assert [flip.criteria for flip in reached.flips] == [(("disqualifier", "not_met"),)]


def test_an_open_segment_says_what_each_would_lead_to():
    reached = judged(("use_case", "reverse ETL"), ("tech_stack", "Snowflake"),
                     ("timeline", "2027-01-10"))  # fmt: skip
    assert reached.segment is None
    assert any(f.criteria[0][0] == "segment:startup" for f in reached.flips)
