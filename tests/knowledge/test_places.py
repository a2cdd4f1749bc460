"""Regions belong to their countries, however the two are named."""

import pytest

from knowledge.places import country_code, covers


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ("United States", "US-CA"),
        ("US", "US-TX"),
        ("Germany", "germany"),
        ("Utah", "US-UT"),
        ("us-ut", "Utah"),
        ("US", "utah"),
        ("United Kingdom", "UK"),
        ("Atlantis", "atlantis"),
    ],
)
def test_country_covers_itself_and_its_regions(outer: str, inner: str):
    assert covers(outer, inner)


@pytest.mark.parametrize(("outer", "inner"), [("US-CA", "United States"), ("Germany", "France")])
def test_region_does_not_cover_its_country_nor_a_country_another(outer: str, inner: str):
    assert not covers(outer, inner)


def test_code_of_a_place_is_its_country():
    assert country_code("US-NY") == country_code("United States") == "US"
    assert country_code("Narnia") is None
