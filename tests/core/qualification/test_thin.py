"""A segment that a single answer qualifies is found, unless that is intended."""

import pytest

from core.qualification.thin import thin
from knowledge.profile import Condition, Criterion, Segment
from tests.core.qualification.test_verdict import COMPANY

WHAT = Criterion(name="use_case", label="What for", kind="choice", any_of=("roof",), ask=("What?",))
SITES = Criterion(name="sites", label="Sites", kind="number", at_least=3, ask=("How many?",))
WHEN = Criterion(name="timeline", label="When", kind="date", within_days=90, ask=("When?",))
MUST = SITES.model_copy(update={"required": True})
CHAIN = (Condition(criterion="sites", at_least=3),)
TRADE = (Condition(criterion="industry", any_of=("retail",)),)


@pytest.mark.parametrize(
    ("segment", "by"),
    [
        ({"criteria": (WHAT, SITES, WHEN)}, ["use_case"]),
        ({"criteria": (WHAT, SITES, WHEN), "judge_at": 0.3}, ["use_case"]),
        ({"criteria": (WHAT, SITES, WHEN), "judge_at": 0.5}, []),
        ({"criteria": (WHAT, SITES, WHEN), "judge_at": 0.0}, []),  # written, so meant
        ({"criteria": (WHAT, MUST, WHEN)}, ["sites"]),
        ({"criteria": (WHAT.model_copy(update={"required": True}), MUST)}, []),
        ({"criteria": (WHAT, SITES), "when": TRADE}, ["use_case"]),
        ({"criteria": (WHAT.model_copy(update={"required": True}), SITES), "when": CHAIN}, []),
    ],
)
def test_one_answer_that_is_enough_is_named(segment, by):
    made = Segment(id="all", label="All", **segment)
    company = COMPANY.model_copy(update={"segments": (made,)})
    assert [criterion.name for _, criterion in thin(company)] == by
