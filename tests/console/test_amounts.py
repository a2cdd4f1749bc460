"""Numbers are read as people in any country write them, or not at all."""

import pytest

from voice_agent.console.amounts import number
from voice_agent.console.rules_form import _number


@pytest.mark.parametrize(
    ("written", "meant"),
    [("12,500.5", "12500.5"), ("12.500,5", "12500.5"), ("0,6", "0.6"), ("1\u00a0200", "1200"),
     ("-3", "-3"), ("12.3456", "12.3456"), ("1,2,3", None), ("1,23,456", None), ("1e5", None),
     ("1.000.00", None), ("", None)],
)  # fmt: skip
def test_signs_between_digits_are_told_apart_or_refused(written: str, meant: str | None):
    assert (None if (found := number(written)) is None else str(found)) == meant


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0,6", 0.6),
        ("1,5", 1.5),
        ("14,400", 14400),
        ("1.125", 1.125),
        ("80", 80),
        ("1,2,3", "1,2,3"),
    ],
)
def test_a_criterions_number_is_never_another_than_was_typed(typed: str, kept: object):
    assert _number(typed) == kept
