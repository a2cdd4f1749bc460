from datetime import UTC, datetime

import pytest

from core.policy.wish import promised
from tests.core.talk import MONDAY_NOON, SUNDAY, sample

EARLY = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
"""Nine in the morning in New York."""


@pytest.mark.parametrize(
    ("at", "wish", "said"),
    [
        (MONDAY_NOON, "", "today"),
        (MONDAY_NOON, "morning", "tomorrow morning"),
        (EARLY, "this morning", "this morning"),
        (MONDAY_NOON, "this afternoon", "this afternoon"),
        (MONDAY_NOON, "tomorrow morning at nine thirty", "tomorrow morning at nine thirty"),
        (MONDAY_NOON, "this week", "today"),
        (MONDAY_NOON, "next week", "on Monday, December 7"),
        (MONDAY_NOON, "friday at three", "on Friday at three"),
        (SUNDAY, "", "tomorrow"),
    ],
)
def test_a_wish_becomes_a_working_day_said_plainly(at, wish, said):
    assert promised(sample().company, at, wish).spoken == said
