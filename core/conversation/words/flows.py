"""Which way data flows between the systems named in a text. Pure.

A system is left (`<`), entered (`>`) or what the data is in (`@`); an empty mark is no direction.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

_FILLED = r"\s+(?:(?:the|our|all|every|my|their|different|various|other) )*$"
_TOWARDS = re.compile(rf"\b(?:into|to|onto|for){_FILLED}")
_KEPT = re.compile(
    rf"\b(?:keep|keeping|update|updating|feed|feeding|enrich|fill|sync|syncing){_FILLED}"
)
_WITH = re.compile(r" (?:data |records )?(?:with|and)\b")
"""After a system that is kept in step with another, in whichever direction."""
_IN = re.compile(r"\b(?:in|inside|on|within)\s+(?:(?:the|our|all|every|my|their) )*$")
_FROM = re.compile(
    r"\b(?:from|out of|off|of)\s+(?:(?:the|our|all|every|my|their|various|other|\w+) ){0,2}$"
)
_ONLY_TO = re.compile(rf"\s*(?:in)?to{_FILLED}")
_LOOK_BACK = 32
"""Characters before a system in which its direction stands."""


@dataclass(frozen=True, slots=True)
class Place:
    """A system in a text, by its kind, and what data does there."""

    kind: str
    start: int
    end: int
    flow: str = ""


def flows(text: str, places: Sequence[Place], moves: bool) -> list[Place]:
    """The systems in order, each with its direction.

    Data that `moves` into one system, or that goes from one straight "to" another, leaves the other
    named ones.
    """
    found: list[Place] = []
    strong: set[str] = set()
    for place in sorted(places, key=lambda p: p.start):
        before = text[max(0, place.start - _LOOK_BACK) : place.start]
        if _TOWARDS.search(before):
            strong.add(place.kind)
        moves = moves or bool(found and _ONLY_TO.fullmatch(text[found[-1].end : place.start]))
        found.append(replace(place, flow=_flow(before, text[place.end :])))
    return _completed(found, strong) if moves else found


def _flow(before: str, after: str) -> str:
    """The direction of a system, by the preposition that is nearest before its name."""
    if _TOWARDS.search(before) or (_KEPT.search(before) and not _WITH.match(after)):
        return ">"
    return "@" if _IN.search(before) else "<" if _FROM.search(before) else ""


def _completed(found: Sequence[Place], strong: set[str]) -> list[Place]:
    """Directions of moving data: "sync postgres to intercom" leaves Postgres, whose own verb says
    only that it is kept in step."""
    into = {p.kind for p in found if p.flow == ">"}
    if strong and into != strong and {p.kind for p in found} != strong:
        into = strong
    if not into and len({p.kind for p in found}) > 1:
        into = {p.kind for p in found[1:] if p.flow == "@"}
    if not into:
        return list(found)
    return [replace(p, flow=">" if p.kind in into else "<") for p in found]
