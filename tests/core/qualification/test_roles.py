import pytest

from core.qualification.roles import judge_role
from knowledge.roles import rank
from tests.core.talk import sample

WANTED = {s.id: c.any_of for s in sample().company.segments for c in s.criteria if c.name == "role"}


def test_a_role_has_a_level_and_a_field():
    assert rank("director of operations").level == 3
    assert rank("director of operations").fields == {"operations"}
    assert rank("CTO").level == 5 and rank("nurse").level == 0


@pytest.mark.parametrize(
    ("segment", "role", "state"),
    [
        ("mid-market", "director of operations", True),
        ("mid-market", "operations manager", True),
        ("mid-market", "head of data", True),
        ("mid-market", "CFO", True),
        ("mid-market", "director", None),
        ("mid-market", "manager", None),
        ("mid-market", "nurse", False),
        ("enterprise", "VP of marketing", True),
        ("enterprise", "operations manager", False),
        ("enterprise", "director of nursing", None),
        ("enterprise", "software engineer", False),
    ],
)
def test_a_title_nobody_listed_is_judged_by_its_rank(segment, role, state):
    judged, reason = judge_role(role, WANTED[segment])
    assert judged is state
    assert role.split()[0].lower() in reason.lower()
