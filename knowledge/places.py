"""Countries and their regions, as territories name them: `US-CA` lies in `United States`."""

from functools import cache
from importlib.resources import files

_ALSO = {
    "usa": "US", "us": "US", "america": "US", "the states": "US", "uk": "GB", "england": "GB",
    "great britain": "GB", "united kingdom": "GB", "scotland": "GB", "wales": "GB",
    "south korea": "KR", "korea": "KR", "czechia": "CZ", "holland": "NL", "russia": "RU",
}  # fmt: skip


@cache
def _countries() -> dict[str, str]:
    """Lower-case country name to ISO code, from the time-zone database's own table."""
    table = (files("tzdata.zoneinfo") / "iso3166.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and line[0] != "#"]
    return {name.split(" (")[0].lower(): code for code, name in rows} | _ALSO


def country_code(place: str) -> str | None:
    """ISO code of a country by name or code, or of the country a region code lies in."""
    head = place.split("-")[0]
    named = _countries().get(place.lower())
    return named or (head if len(head) == 2 and head.isupper() else None)


def covers(outer: str, inner: str) -> bool:
    """Whether `inner` is `outer` or a part of it. Unknown places cover only themselves."""
    if outer.lower() == inner.lower():
        return True
    code = country_code(outer)
    whole_country = "-" not in outer
    return code is not None and whole_country and code == country_code(inner)
