"""When a noted value is the value that was said."""

from datetime import date

import pytest

from core.evaluation.match import matches

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("expected", "found", "polarity", "same"),
    [
        ("200", "200", "positive", True),
        ("200", "20", "positive", False),
        ("200-300", "200-300", "positive", True),
        ("200", "200-300", "positive", False),
        ("500+", "500+", "positive", True),
        ("CEO", "ceo", "positive", True),
        ("VP of data | head of data", "head of data", "positive", True),
        ("Snowflake", "Snowflake", "negative", False),
        ("none", "none", "neutral", True),
        ("none", "anything", "negative", True),
        ("none", "5000", "positive", False),
        ("any", "whatever", "negative", True),
        ("2027-03-31", "2027-03-31", "positive", True),
        ("2027-03-31", "2027-04-06", "positive", True),
        ("2027-03-31", "2027-05-31", "positive", False),
        ("2027-03-01..2027-03-31", "2027-03-15", "positive", True),
        ("2026-12-14", "2026-12-31", "positive", False),
        ("2027-03-31", "none", "negative", False),
        ("+16175550128", "+1 617-555-0128", "positive", True),
        ("Mary Ann O'Neil", "mary ann o'neil", "positive", True),
    ],
)
def test_values(expected, found, polarity, same):
    assert matches(expected, found, polarity, TODAY) is same
