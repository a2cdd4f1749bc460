"""The recording rule of a call: the strictest of the caller's place and ours. Pure."""

import phonenumbers

from core.facts.consents import ConsentRule
from core.geography.area_codes import state_of_area
from core.geography.places import territories
from knowledge.jurisdictions import Jurisdiction, Mode, jurisdictions, strictest
from knowledge.profile import Company

UNKNOWN = "unknown"


def rule_of(
    company: Company, caller: str | None, called: str | None = None, said: str | None = None
) -> ConsentRule:
    """How a call may be recorded. `said`: the place they named, which counts besides their
    number's.

    Numbers are ported and places misheard, so every known place counts, and the company's own.
    """
    table = jurisdictions() | company.consent.places
    ours = _of_number(called, table) or _of_number(next(iter(company.numbers), None), table)
    theirs = {_of_number(caller, table), *((_named(said, table),) if said else ())}
    places = [p for p in (*sorted(theirs - {None}, key=str), ours) if p]
    if None in theirs and not theirs - {None}:
        places.insert(0, UNKNOWN)
    modes: set[Mode] = {company.consent.recording}
    sources = []
    for place in dict.fromkeys(places):
        modes.add(table[place].recording if place in table else _unknown(company, table))
        source = table[place].source if place in table else "place unknown: the strictest rule"
        sources.append(f"{place}: {source}")
    return ConsentRule(strictest(modes), tuple(dict.fromkeys(places)), tuple(sources))


def _unknown(company: Company, table: dict[str, Jurisdiction]) -> Mode:
    return company.consent.unknown or strictest({row.recording for row in table.values()})


def _of_number(number: str | None, table: dict[str, Jurisdiction]) -> str | None:
    """The place a number in E.164 was issued for; None when withheld or not geographic."""
    if not number:
        return None
    if state := state_of_area(number):
        return f"US-{state}"
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return None
    return region if region in table else None


def _named(place: str, table: dict[str, Jurisdiction]) -> str | None:
    """The narrowest entry of the table that contains a named place."""
    return next((code for code in territories(place) if code in table), None)
