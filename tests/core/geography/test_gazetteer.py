"""Towns are found by any of their names, and plain words are not towns."""

import gzip

import pytest

from core.geography import gazetteer
from core.geography.gazetteer import town
from core.geography.places import place_named, place_of, territories
from core.geography.zones import zone_of_place


@pytest.mark.parametrize(
    ("said", "country", "state"),
    [
        ("Giessen", "DE", ""),
        ("cologne", "DE", ""),
        ("Zürich", "CH", ""),
        ("zurich", "CH", ""),
        ("st louis", "US", "MO"),
        ("Chapel Hill", "US", "NC"),
        ("ghent", "BE", ""),
    ],
)
def test_a_town_is_found_however_it_is_written(said: str, country: str, state: str):
    found = town(said)
    assert found is not None and (found.country, found.state) == (country, state)


@pytest.mark.parametrize(
    "word", ["data", "sales", "march", "mobile", "reading", "ok", "", "snowflake"]
)
def test_plain_words_are_no_towns(word: str):
    assert town(word) is None


def test_a_town_lies_in_its_state_and_country():
    assert {"North Carolina", "US-NC", "United States"} <= set(territories("Chapel Hill"))
    assert {"Germany", "Europe"} <= set(territories("Heidelberg"))
    assert territories("Nowhere at all") == ("Nowhere at all",)


def test_a_town_keeps_its_own_time():
    assert zone_of_place("El Cajon") == "America/Los_Angeles"
    assert zone_of_place("Heidelberg") == "Europe/Berlin"


def test_the_shipped_towns_are_those_of_the_installed_geonames():
    shipped = gzip.decompress(gazetteer.SHIPPED.read_bytes()).decode().splitlines()
    assert shipped == gazetteer.made(), "stale; run: python -m core.geography.gazetteer"


def test_the_capital_is_no_part_of_the_state_of_washington():
    assert place_named("Washington DC") == place_named("US-DC") == place_of("+12025550142")
    assert "US-WA" not in territories("Washington D.C.")
    assert zone_of_place("Washington D.C.") == "America/New_York"
    assert zone_of_place("Washington") == "America/Los_Angeles"
