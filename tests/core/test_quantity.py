"""Quantities as stored, and what is not one."""

import pytest

from core.quantity import bounds, stored


@pytest.mark.parametrize(
    ("low", "high"), [(200.0, 200.0), (50.0, 100.0), (500.0, None), (None, 50.0), (1.5, 2.25)]
)
def test_what_was_stored_is_read_again(low: float | None, high: float | None):
    assert bounds(stored(low, high)) == (low, high)


@pytest.mark.parametrize("value", ["", "many", "3.11.2", ".", "1.-2", "200-", "<", "+"])
def test_what_is_no_quantity_has_no_bounds(value: str):
    assert bounds(value) is None
