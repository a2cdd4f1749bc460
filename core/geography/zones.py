"""Callers' time zones, by a named place or by number, and the spoken names of zones."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import timezone as number_zones

from core.geography.gazetteer import bearers, town
from core.geography.places import CITIES, KEPT, country_of, territories, wider_of
from knowledge.places import STATES, country_code

_STATE_ZONES = {
    "America/New_York": "CT DC DE FL GA IN KY ME MD MA MI NH NJ NY NC OH PA RI SC VT VA WV",
    "America/Chicago": "AL AR IL IA KS LA MN MS MO NE ND OK SD TN TX WI",
    "America/Denver": "CO ID MT NM UT WY",
    "America/Phoenix": "AZ",
    "America/Los_Angeles": "CA NV OR WA",
    "America/Anchorage": "AK",
    "Pacific/Honolulu": "HI",
}
"""The zone of most people in a state; states with two zones are not certain."""
_SPLIT = frozenset("FL IN KY MI TN TX KS NE ND SD ID OR".split())
_MAINLAND = frozenset("ES PT CN NZ EC".split())
"""Countries that almost entirely keep the first zone in the database."""
_NAMES = {
    "America/New_York": "Eastern", "America/Toronto": "Eastern", "America/Chicago": "Central",
    "America/Denver": "Mountain", "America/Phoenix": "Arizona time",
    "America/Los_Angeles": "Pacific", "America/Vancouver": "Pacific",
    "America/Anchorage": "Alaska time", "Pacific/Honolulu": "Hawaii time",
    "Europe/London": "UK time", "Asia/Kolkata": "India time", "Asia/Tokyo": "Japan time",
    "UTC": "UTC",
}  # fmt: skip


_TOLD = {
    "eastern|et|est|edt": "America/New_York", "central|ct|cst|cdt": "America/Chicago",
    "mountain|mt|mst|mdt": "America/Denver", "pacific|pt|pst|pdt": "America/Los_Angeles",
    "uk|gmt|bst": "Europe/London", "cet|cest": "Europe/Berlin", "utc": "UTC",
    "sgt": "Asia/Singapore", "jst": "Asia/Tokyo", "aest|aedt": "Australia/Sydney",
}  # fmt: skip
_SHORT_NAMES = "est|edt|cst|cdt|mst|mdt|pst|pdt|gmt|bst|utc|cet|cest|sgt|jst|aest|aedt"
_ZONED = re.compile(
    rf"(?:\b\d{{1,2}}(?::\d\d)? ?(?:am|pm|a\.m\.|p\.m\.)?|\bnoon|\bo'?clock),? \(?"
    rf"(?P<after>{'|'.join(_TOLD)})\b(?! ?[+-] ?\d)"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?: thirty| fifteen)? "
    r"(?P<hour>eastern|central|mountain|pacific)\b(?=$|[,.;?!]| (?:on|if|please|works?|is|then)\b)"
    r"|(?:morning|afternoon|evening|day)s?,? \(?"
    r"(?P<part>eastern|central|mountain|pacific|[ecmp]t)\b"
    r"|^\W*(?P<whole>eastern|central|mountain|pacific)\W*$"
    rf"|(?<![\w.])(?P<alone>{_SHORT_NAMES})\b(?! ?[+-] ?\d|\.)"
    r"|\b(?P<place>[a-z]+(?: [a-z]+)?) time\b"
    r"|\b\d{1,2}(?::\d\d)? ?(?:am|pm),? (?P<city>[a-z]+(?: [a-z]+)?)\b"
    r"|\b(?:gmt|utc) ?(?P<sign>[+-]) ?0?(?P<hours>\d{1,2})(?::?(?P<half>30))?\b(?!:)"
)
_KINDS = ("after", "hour", "part", "whole", "alone", "place", "city")
_HALVES = {"+5": "Asia/Kolkata", "+9": "Australia/Darwin", "+3": "Asia/Tehran"}
"""Zones by their offset plus a half hour."""
_FIXED = re.compile(r"Etc/GMT(?P<turned>[+-])(?P<hours>\d+)")


@dataclass(frozen=True, slots=True)
class CallerZone:
    """A caller's time zone. `sure`: a named place leaves no other; numbers can move."""

    name: str
    sure: bool

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.name)


def caller_zone(
    place: str | None, number: str | None, *, guessed: bool = False
) -> CallerZone | None:
    """A caller's zone, by a place they named, else by their number; None when unknown.

    `guessed`: which place of that name they mean was not stated; such a place is never abroad.
    """
    by_number = zone_of_number(number)
    if place and (zone := zone_of_place(place)):
        abroad = guessed and by_number and country_of(number) not in territories(place)
        if not abroad:
            return CallerZone(zone, STATES.get(place) not in _SPLIT)
    return CallerZone(by_number, False) if by_number else None


def zone_told(words: str) -> str | None:
    """The zone named with a time or by itself: "10am Eastern", "pst", "Berlin time"."""
    for match in _ZONED.finditer(words.lower()):
        if match["sign"]:
            if fixed := _offset(match["sign"], int(match["hours"]), bool(match["half"])):
                return fixed
            continue
        told = next(match[kind] for kind in _KINDS if match[kind])
        for name in (told, *told.split()):
            zone = next((z for names, z in _TOLD.items() if name in names.split("|")), None)
            named = match["place"] or match["city"]
            if zone := zone or (_cities().get(name) if named else None):
                return zone
    return None


def _offset(sign: str, hours: int, half: bool) -> str | None:
    """The zone with a fixed offset; the database inverts the signs of these."""
    if half:
        return _HALVES.get(f"{sign}{hours}")
    if hours == 0:
        return "UTC"
    return f"Etc/GMT{'-' if sign == '+' else '+'}{hours}" if hours <= _FARTHEST[sign] else None


_FARTHEST = {"+": 14, "-": 12}


def zone_of_place(place: str) -> str | None:
    """The zone of most of a place; None for a country with several times."""
    head, _, wider = place.rpartition(", ")
    if head:
        own = (t.zone for t in bearers(head) if wider_of(t) == wider)
        return next(own, None) or zone_of_place(wider)
    for named in (place, CITIES.get(place, place)):
        if code := STATES.get(named):
            return next(z for z, states in _STATE_ZONES.items() if code in states.split())
        if zone := _cities().get(named.lower()):
            return zone
    code = country_code(CITIES.get(place, place)) or ""
    if not code and (found := town(place)):
        return found.zone
    zones = _countries().get(code, ())
    return zones[0] if zones and (code in _MAINLAND or _alike(zones)) else None


@lru_cache(maxsize=KEPT)
def zone_of_number(number: str | None) -> str | None:
    """The zone of an E.164 number; None when withheld, unknown, or shared by several times."""
    if number is None:
        return None
    try:
        found = number_zones.time_zones_for_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return None
    zones = tuple(name for name in found if name != "Etc/Unknown")
    if not zones or not _alike(zones):
        return None
    return _canonical(next((z for z in zones if z in _NAMES), zones[0]))


def zone_name(zone: str) -> str:
    """A zone's name after a time: "Eastern", "UK time", "Berlin time", "GMT+8"."""
    if fixed := _FIXED.fullmatch(zone):
        return f"GMT{'-' if fixed['turned'] == '+' else '+'}{fixed['hours']}"
    return _NAMES.get(_canonical(zone)) or f"{zone.rsplit('/', 1)[-1].replace('_', ' ')} time"


def same_time(one: ZoneInfo, other: ZoneInfo, at: datetime) -> bool:
    """Whether two zones show the same time at an instant."""
    return at.astimezone(one).utcoffset() == at.astimezone(other).utcoffset()


def shared_gap(own: ZoneInfo, other: ZoneInfo, at: datetime) -> int | None:
    """Whole hours by which `other` is ahead, if that is easily said; None otherwise."""
    there, here = at.astimezone(other).utcoffset(), at.astimezone(own).utcoffset()
    assert there is not None and here is not None, "zones have offsets"
    minutes = round((there - here).total_seconds() / 60)
    return minutes // 60 if minutes % 60 == 0 and abs(minutes) <= 5 * 60 else None


def _alike(zones: tuple[str, ...]) -> bool:
    """Whether zones show the same time both in winter and in summer."""
    noons = [datetime(2026, month, 1, 12, tzinfo=UTC) for month in (1, 7)]
    return len({tuple(n.astimezone(ZoneInfo(z)).utcoffset() for n in noons) for z in zones}) == 1


def _canonical(zone: str) -> str:
    return {"Asia/Calcutta": "Asia/Kolkata", "US/Eastern": "America/New_York"}.get(zone, zone)


@cache
def _countries() -> dict[str, tuple[str, ...]]:
    """Zones of each country by ISO code, from the time zone database's own table."""
    found: dict[str, list[str]] = {}
    for codes, zone in _rows():
        for code in codes.split(","):
            found.setdefault(code, []).append(zone)
    return {code: tuple(zones) for code, zones in found.items()}


@cache
def _cities() -> dict[str, str]:
    """Zones named after a city, by the city in lower case."""
    return {zone.rsplit("/", 1)[-1].replace("_", " ").lower(): zone for _, zone in _rows()}


def _rows() -> list[tuple[str, str]]:
    table = (files("tzdata.zoneinfo") / "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and line[0] != "#"]
    return [(row[0], row[2]) for row in rows]
