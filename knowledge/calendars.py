"""Where a rep's calendar is kept, from `calendar` in `company.yaml`."""

import re
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

Kind = Literal["here", "caldav", "google", "microsoft"]
FORMS = "an https address (CalDAV), google, microsoft, or either of these with :address"
_ADDRESS = re.compile(r"[^@\s:]+@[^@\s:]+\.[^@\s:]+")


class Place(NamedTuple):
    """The calendar system, and the address used there; empty: the rep's own."""

    kind: Kind
    address: str


def place_of(calendar: str | None) -> Place | None:
    """A calendar's location; None if it is not recognised."""
    told = (calendar or "").strip()
    name, colon, address = told.partition(":")
    known: dict[str, Kind] = {"google": "google", "microsoft": "microsoft"}
    if name in known and (bool(address) == bool(colon)):
        whole = not address or _ADDRESS.fullmatch(address)
        return Place(known[name], address) if whole else None
    if urlsplit(told).scheme in ("http", "https"):
        return Place("caldav", told)
    return Place("here", "") if not told or _ADDRESS.fullmatch(told) else None
