"""Roles of people by their titles, listed or not."""

import pytest

from knowledge.roles import GROUPS, belongs


@pytest.mark.parametrize(
    ("role", "groups"),
    [
        ("CFO", {"executives", "finance"}),
        ("CTO", {"executives", "engineers", "engineering"}),
        ("VP of marketing", {"executives", "marketing"}),
        ("data engineer", {"engineers", "data"}),
        ("enterprise architect", {"engineers"}),
        ("financial controller", {"finance"}),
        ("procurement manager", {"procurement"}),
        ("head of data", {"data"}),
        ("decision maker", set()),
        ("", set()),
    ],
)
def test_a_title_belongs_to_kinds_of_people(role, groups):
    assert {g for g in GROUPS if belongs(role, g)} == groups


def test_a_title_can_be_named_itself():
    assert belongs("lab manager", "Lab manager") and not belongs("lab manager", "lab technician")
