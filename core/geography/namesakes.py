"""Resolves several places of one name, and whether the choice was stated or guessed. Pure.

A town is written `Salem, Massachusetts` where its name alone would, or could, mean another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import log10

from core.geography.area_codes import state_of_area
from core.geography.gazetteer import KNOWN_ABROAD, SMALLEST, Town, bearers
from core.geography.places import (
    CITIES,
    COUNTRIES,
    COUNTRY_NAMES,
    country_of,
    place_named,
    wider_of,
)
from knowledge.places import STATES

_SAME_COUNTRY, _SAME_STATE, _SERVED, _HOME, _FAME = 1.0, 1.0, 1.2, 0.3, 0.8
"""Weights in powers of ten of a town's population: the country and the state of the caller's
number, a served state, the company's own country, its fame."""
_FEW = 20
"""Serving more states than this tells nothing."""
SURE = 1.0
"""Lead in powers of ten from which a bare name surely means this town."""


_FAR_LARGER = 100
"""A town this many times larger is meant, wherever the speaker is, unless theirs is near them."""


@dataclass(frozen=True, slots=True)
class Near:
    """Evidence for which town a caller means: their number, and the company's location."""

    state: str = ""
    country: str = ""
    home: str = ""
    served: frozenset[str] = frozenset()

    @classmethod
    def company(cls, numbers: Sequence[str], territories: Iterable[str]) -> "Near":
        """The company's evidence: where its numbers are, and the states it serves."""
        named = {STATES.get(place_named(t) or "", "") for t in territories}
        return cls(
            home=COUNTRIES.get(country_of(next(iter(numbers), None)) or "", ""),
            served=frozenset(named - {""} if len(named) <= _FEW else ()),
        )

    def calling(self, number: str | None) -> "Near":
        """The same, for a caller with this number."""
        state = (state_of_area(number) or "") if number else ""
        return replace(self, state=state, country=COUNTRIES.get(country_of(number) or "", ""))

    def weight(self, town: Town) -> float:
        """The weight of a town's evidence, without its fame."""
        return (
            log10(max(town.inhabitants, 1))
            + _SAME_COUNTRY * (town.country == self.country)
            + _HOME * (town.country == self.home)
            + _SAME_STATE * (bool(town.state) and town.state == self.state)
            + _SERVED * (town.state in self.served)
        )


def meant(name: str, near: Near) -> str:
    """The place a bare name means, with its state or country unless that is certain."""
    every = bearers(name)
    if (town := _of_a_states_name(name, near)) is not None:
        return f"{name}, {wider_of(town)}"
    known = name not in CITIES or any(wider_of(t) == CITIES[name] for t in every)
    if name in STATES or name in COUNTRIES or not every or not known:
        return name
    least = every[0].inhabitants / _FAR_LARGER
    towns = [t for t in every if t.inhabitants >= least or _around(t, near)]
    if near.country in ("", near.home) and any(t.state in near.served for t in towns):
        towns = [t for t in towns if t.country == near.home]
    best = max(towns, key=lambda t: near.weight(t) + _FAME * (wider_of(t) == CITIES.get(name)))
    wider = wider_of(best)
    if near.country not in ("", best.country) and _small(best):
        return f"{name}, {COUNTRY_NAMES[near.country]}"  # a place near them that the data lacks
    second = max((near.weight(t) for t in towns if t != best), default=0.0)
    sure = near.weight(best) - second >= SURE and wider == _alone(name)
    return name if sure else f"{name}, {wider}"


def _of_a_states_name(name: str, near: Near) -> Town | None:
    """The town near a caller named like a state other than theirs: Delaware, Ohio."""
    code = STATES.get(name)
    if code is None or code == near.state or code in near.served:
        return None
    return next((t for t in bearers(name) if _around(t, near)), None)


def _around(town: Town, near: Near) -> bool:
    """Whether a town of some size lies in the caller's own state, or one that is served."""
    own = town.state != "" and (town.state == near.state or town.state in near.served)
    return own and town.inhabitants >= SMALLEST


def _small(town: Town) -> bool:
    """Whether a town is hardly known abroad."""
    return town.inhabitants < KNOWN_ABROAD and town.name not in CITIES


def full(name: str, wider: str) -> str | None:
    """A town with its stated state or country; None if there is none there."""
    if not any(wider in (wider_of(t), COUNTRY_NAMES.get(t.country)) for t in bearers(name)):
        return None
    return name if wider == _alone(name) else f"{name}, {wider}"


def in_full(place: str, quote: str) -> bool:
    """Whether a place was said as stored, rather than its state or country being guessed."""
    head, _, wider = place.partition(", ")
    return not wider or len(_named(head, quote)) > len(head.split())


def _named(head: str, quote: str) -> list[str]:
    """The words from a place's name on, where others stand before it: "the site's in Salem"."""
    words = quote.lower().split()
    first = head.lower().split()[0]
    return words[next((n for n, w in enumerate(words) if w.startswith(first)), 0) :]


def said_of(place: str, quote: str) -> str:
    """A place as repeated to the buyer: without a country that was only assumed."""
    head, _, wider = place.partition(", ")
    return head if wider in COUNTRIES and not in_full(place, quote) else place


def _alone(name: str) -> str | None:
    """The state or country a bare name is assumed to lie in."""
    towns = bearers(name)
    return CITIES.get(name) or (wider_of(towns[0]) if towns else None)
