from dataclasses import replace
from datetime import date

import pytest

from core.events import SignalCaptured
from core.qualification.verdict import Case, verdict, worth_asking
from knowledge.profile import Criterion, Segment
from tests.core.talk import sample

COMPANY = sample().company
TODAY = date(2026, 11, 30)


def signal(criterion, value, n=1, **more):
    made = SignalCaptured(f"s{n}", criterion, value, "positive", "stated", 0.9, value, 1, 0, 100)
    return replace(made, **more)


def judge(*signals, **case):
    return verdict(Case(COMPANY, signals, TODAY, **case), "v1")


FIT = (
    signal("employees", "200", 1),
    signal("use_case", "reverse ETL", 2),
    signal("tech_stack", "Snowflake", 3),
)


def test_nothing_known_is_insufficient_and_names_what_is_missing():
    reached = judge()
    assert reached.result == "insufficient" and reached.segment is None
    assert "employees" in reached.missing


def test_a_fit_is_qualified_with_reasons_and_evidence():
    reached = judge(*FIT)
    assert (reached.result, reached.segment) == ("qualified", "mid-market")
    met = {c.name: c for c in reached.criteria if c.state == "met"}
    assert met["employees"].signals == ("s1",) and met["tech_stack"].signals == ("s3",)


def test_the_segment_follows_the_size():
    assert judge(signal("employees", "5000")).segment == "enterprise"
    assert judge(signal("employees", "12")).segment == "startup"
    assert judge(signal("employees", "50-500")).segment is None


def test_a_technology_we_cannot_serve_counts_against():
    reached = judge(FIT[0], FIT[1], signal("tech_stack", "Oracle", 3))
    assert next(c for c in reached.criteria if c.name == "tech_stack").state == "not_met"


@pytest.mark.parametrize(
    ("day", "state"), [("2026-12-04", "not_met"), ("2026-12-20", "met"), ("2027-09-01", "not_met")]
)
def test_a_date_may_be_too_soon_as_well_as_too_late(day, state):
    when = Criterion(name="timeline", label="When", kind="date", after_days=8, within_days=90)
    made = Segment(id="all", label="All", criteria=(when,))
    company = COMPANY.model_copy(update={"segments": (made,)})
    reached = verdict(Case(company, (signal("timeline", day),), TODAY), "v1")
    assert [c.state for c in reached.criteria] == [state]
    assert "wanted no sooner than 8 and within 90" in reached.criteria[0].reason


def test_an_unsure_signal_decides_nothing():
    unsure = signal("use_case", "reverse ETL", 2, confidence=0.2)
    assert judge(FIT[0], unsure).result == "insufficient"


def test_disqualification_needs_a_stated_signal():
    stated = signal("disqualifier", "student", 4, polarity="negative")
    assert judge(*FIT, stated).result == "disqualified"
    assert judge(*FIT, replace(stated, basis="implied")).result == "qualified"


def test_a_place_we_do_not_sell_to_disqualifies_by_its_value():
    assert judge(*FIT, signal("location", "Russia", 4)).result == "disqualified"


def test_a_target_account_is_never_turned_away_by_rules():
    out = signal("disqualifier", "student", 4, polarity="negative")
    assert judge(signal("company", "northwind health", 5), out).result == "needs_human"


def test_a_request_for_a_person_is_its_own_verdict():
    assert judge(*FIT, wants_human=True).result == "needs_human"


def test_a_timeline_too_far_away_is_not_met():
    reached = judge(*FIT, signal("timeline", "2028-01-01", 4))
    assert next(c for c in reached.criteria if c.name == "timeline").state == "not_met"


def test_asking_stops_when_nothing_can_change_the_result():
    out = signal("disqualifier", "student", 4, polarity="negative")
    assert not worth_asking(Case(COMPANY, (*FIT, out), TODAY))
    assert "use_case" in worth_asking(Case(COMPANY, FIT[:1], TODAY))
    tiny = (signal("employees", "12", 1), signal("tech_stack", "Oracle", 2))
    assert not worth_asking(Case(COMPANY, tiny, TODAY))


def test_a_caller_who_told_enough_is_judged_without_the_rest():
    told = (FIT[0], FIT[2], signal("timeline", "2026-12-31", 4), signal("role", "CTO", 5))
    reached = judge(*told)
    assert reached.result == "qualified" and "use_case" in reached.missing


def test_too_little_is_not_judged_and_says_how_much_is_known():
    reached = judge(FIT[0], FIT[2])
    assert reached.result == "insufficient" and "%" in reached.reasons[0]


def test_a_technology_we_cannot_serve_outweighs_all_else():
    rest = (signal("timeline", "2026-12-31", 4), signal("role", "CTO", 5))
    reached = judge(FIT[0], FIT[1], signal("tech_stack", "Oracle", 3), *rest)
    assert reached.result == "nurture" and "Oracle" in reached.reasons[0]


def test_the_verdict_is_a_pure_function():
    assert judge(*FIT) == judge(*FIT)
