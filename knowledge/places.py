"""Countries and their regions, as territories write them: `US-CA` lies in `United States`."""

from functools import cache
from importlib.resources import files

STATES = {
    "Alabama": "AL", "Alaska": "AK", "Arizona": "AZ", "Arkansas": "AR", "California": "CA",
    "Colorado": "CO", "Connecticut": "CT", "Delaware": "DE", "Florida": "FL", "Georgia": "GA",
    "Hawaii": "HI", "Idaho": "ID", "Illinois": "IL", "Indiana": "IN", "Iowa": "IA", "Kansas": "KS",
    "Kentucky": "KY", "Louisiana": "LA", "Maine": "ME", "Maryland": "MD", "Massachusetts": "MA",
    "Michigan": "MI", "Minnesota": "MN", "Mississippi": "MS", "Missouri": "MO", "Montana": "MT",
    "Nebraska": "NE", "Nevada": "NV", "New Hampshire": "NH", "New Jersey": "NJ",
    "New Mexico": "NM", "New York": "NY", "North Carolina": "NC", "North Dakota": "ND",
    "Ohio": "OH", "Oklahoma": "OK", "Oregon": "OR", "Pennsylvania": "PA", "Rhode Island": "RI",
    "South Carolina": "SC", "South Dakota": "SD", "Tennessee": "TN", "Texas": "TX", "Utah": "UT",
    "Vermont": "VT", "Virginia": "VA", "Washington": "WA", "Washington D.C.": "DC",
    "West Virginia": "WV", "Wisconsin": "WI", "Wyoming": "WY",
}  # fmt: skip
_ALSO = {
    "usa": "US", "us": "US", "america": "US", "the states": "US", "uk": "GB", "england": "GB",
    "great britain": "GB", "united kingdom": "GB", "scotland": "GB", "wales": "GB",
    "south korea": "KR", "korea": "KR", "czechia": "CZ", "holland": "NL", "russia": "RU",
}  # fmt: skip


def _table(name: str) -> list[list[str]]:
    text = (files("tzdata.zoneinfo") / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and line[0] != "#"]


@cache
def countries() -> dict[str, str]:
    """ISO codes by country name, from the time zone database's own table."""
    return {name: code for code, name in _table("iso3166.tab")}


@cache
def zone_cities() -> dict[str, str]:
    """ISO country codes by the city that a time zone is named after."""
    rows = [row for row in _table("zone.tab") if row[2].count("/") == 1]
    return {row[2].split("/")[1].replace("_", " "): row[0] for row in rows}


@cache
def _countries() -> dict[str, str]:
    """ISO codes by lower-case country name, including other common names."""
    return {name.split(" (")[0].lower(): code for name, code in countries().items()} | _ALSO


def country_code(place: str) -> str | None:
    """ISO code of a country by name or code, or of the country a region code lies in."""
    head = place.split("-")[0]
    named = _countries().get(place.lower())
    return named or (head if len(head) == 2 and head.isupper() else None)


def covers(outer: str, inner: str) -> bool:
    """Whether `inner` equals or lies in `outer`. Unknown places cover only themselves."""
    outer, inner = _coded(outer), _coded(inner)
    if outer.lower() == inner.lower():
        return True
    code = country_code(outer)
    whole_country = "-" not in outer
    return code is not None and whole_country and code == country_code(inner)


@cache
def _state_codes() -> dict[str, str]:
    return {name.lower(): f"US-{code}" for name, code in STATES.items()}


def _coded(place: str) -> str:
    """A US state by its code, so that `Utah` and `US-UT` are equal."""
    return _state_codes().get(place.lower(), place)
