"""Places said with their state or country: "Warwick RI", "rockland maine"."""

import re
from collections.abc import Sequence

from core.conversation.words.lexicon import Mention
from core.conversation.words.utterance import Utterance
from core.geography.gazetteer import bearers
from core.geography.namesakes import full
from core.geography.places import COUNTRIES, SAID_PLACES, STATE_NAMES
from knowledge.places import STATES

_SHORT = {
    "mass": "MA", "conn": "CT", "calif": "CA", "cali": "CA", "fla": "FL", "penn": "PA",
    "tex": "TX", "mich": "MI", "minn": "MN", "wisc": "WI", "ariz": "AZ", "colo": "CO",
    "okla": "OK", "tenn": "TN", "ala": "AL", "wash": "WA", "ill": "IL", "ind": "IN",
}  # fmt: skip
"""Short names of states as said or written after a town."""
_WORDS = frozenset("de hi id in la me oh ok or".split())
"""State codes that mean something else in lower case."""
_REGION = re.compile(
    r"\b(?:(?:north|south|east|west|central)(?:ern)?|upstate|downstate|mid)[ -]"
    rf"(?P<state>{'|'.join(_SHORT)})\b"
)
"""Part of a state by its short name: "western mass"."""
_ACROSS = re.compile(r"\b(?:in|across|throughout|around|near|from|and|,) (?P<code>[A-Z]{2})\b")
"""A state by its upper-case code where a place stands: "stores across MA and CT"."""
_MOST_WORDS = 3


def with_wider(u: Utterance, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions, with each town and the state or country right after it merged."""
    places = {m.start: m for m in mentions if m.kind == "place"}
    found = [*_towns(u, places), *_parts(u)]
    found += [m for m in _codes(u) if not _touched(m, found)]
    rest = [m for m in mentions if m.kind not in _LESS or not _touched(m, found)]
    return sorted([*rest, *found], key=lambda m: m.start) if found else list(mentions)


_LESS = ("place", "industry")
"""Kinds of names that a full place excludes: "Worcester County" is no county."""


def _touched(m: Mention, others: Sequence[Mention]) -> bool:
    return any(m.start < o.end and o.start < m.end for o in others)


def _towns(u: Utterance, places: dict[int, Mention]) -> list[Mention]:
    found: list[Mention] = []
    i = 0
    while i < len(u.tokens):
        used = min(_MOST_WORDS, len(u.tokens) - i)
        while used and not (place := _town(u, i, used, places)):
            used -= 1
        if used and place:
            found.append(place)
        i += max(used, 1)
    return found


def _town(u: Utterance, i: int, used: int, places: dict[int, Mention]) -> Mention | None:
    start, end = u.tokens[i].start, u.tokens[i + used - 1].end
    if any(s in u.text[start:end] for s in ",.;?!") or not bearers(u.text[start:end]):
        return None
    name = SAID_PLACES.get(u.text[start:end]) or u.text[start:end].title()
    if (wider := _wider(u, end, places)) is None:
        return Mention(name, "place", start, end) if name.endswith(" County") else None
    place = full(name, wider[0])
    return Mention(place, "place", start, wider[1]) if place else None


def _wider(u: Utterance, end: int, places: dict[int, Mention]) -> tuple[str, int] | None:
    """The state or country named right after an offset, and where its name ends."""
    gap = _GAP.match(u.text, end)
    if gap is None:
        return None
    at, said = gap.end(), u.said.text
    if (m := places.get(at)) and (m.name in STATES or m.name in COUNTRIES):
        return m.name, m.end
    if (short := _ABBREVIATED.match(u.text, at)) is not None:
        word = short["word"].replace(" ", "")
        code = _SHORT.get(word, word.upper())
        plain = word not in _WORDS or said[at : short.end()].isupper()
        if code in STATE_NAMES and (plain or "," in gap.group()):
            return STATE_NAMES[code], short.end()
    return None


_GAP = re.compile(r",? (?:\(|in )?|\(")
_ABBREVIATED = re.compile(rf"(?P<word>{'|'.join(_SHORT)}|[a-z] ?[a-z])\b(?!')")


def _parts(u: Utterance) -> list[Mention]:
    return [
        Mention(STATE_NAMES[_SHORT[m["state"]]], "place", *m.span())
        for m in _REGION.finditer(u.text)
    ]


def _codes(u: Utterance) -> list[Mention]:
    said = u.said.text
    if said == said.upper():
        return []
    return [
        Mention(STATE_NAMES[m["code"]], "place", *m.span("code"))
        for m in _ACROSS.finditer(said)
        if m["code"] in STATE_NAMES
    ]
