"""Where callers say they are, told apart from namesakes, and corrected by a named state."""

import re
from collections.abc import Sequence
from dataclasses import replace

from core.commands import ProvideSignal
from core.conversation.understanding.tells.roles import employer_places
from core.conversation.words.lexicon import Mention
from core.conversation.words.locations import location
from core.conversation.words.sites import told_of_work
from core.conversation.words.utterance import Utterance
from core.geography.gazetteer import town
from core.geography.namesakes import Near, full, meant
from knowledge.places import STATES

_BESIDE = frozenset(
    "no not oh sorry um uh well actually i mean meant it's its is that's the one in wait yes yeah"
    " we're we are i'm up over out down there town of and so it hang on hold said north south"
    " east west northern southern eastern western central upstate".split()
)
"""Words next to a place in a turn that only says where, or corrects it."""


def whereabouts(
    u: Utterance,
    mentions: Sequence[Mention],
    asked: list[tuple[int, int]],
    expecting: str | None,
    known: str | None,
    near: Near,
    *,
    premises: bool = False,
) -> list[ProvideSignal]:
    """At most one place; `known`: where they said they are; `near`: where they call from;
    `premises`: whether the work is at their premises."""
    only = _only_a_place(u, mentions) and (known is not None or _full(u, mentions))
    expecting = "location" if only else expecting
    roles = [_without_who(u, a, b) for a, b in employer_places(u, asked)]
    found = location(u.without(roles), mentions, asked, expecting, premises=premises)
    made = [_surer(replace(s, value=_stored(s, known, near)), known) for s in found]
    rivals = [u.text[m.start : m.end] for m in mentions if m.kind == "competitor"]
    return [s for s in made if s.span.quote.lower() not in rivals]


def _without_who(u: Utterance, start: int, end: int) -> tuple[int, int]:
    """What somebody does, which is where no place is: the data in "head of data at Acme in Oslo",
    and not the "i run" before it."""
    who = _DOES.match(u.text, start, end)
    return (who.end() if who else start), end


_DOES = re.compile(r"(?:i|i'm|i am|we) \w+ ")


def with_work(u: Utterance, signal: ProvideSignal, *, premises: bool) -> ProvideSignal:
    """A place whose evidence includes the words that make it the work's, if any do."""
    start, end = u.found(signal.span.quote)
    told = told_of_work(u.text, start, end, premises=premises)
    return signal if told is None else replace(signal, span=u.span(told, end))


def puts_right(u: Utterance, mentions: Sequence[Mention], value: str, known: str) -> bool:
    """Whether a place replaces the known one: the same town elsewhere, or all that is said."""
    return _head(value) == _head(known) or _only_a_place(u, mentions)


def _stored(signal: ProvideSignal, known: str | None, near: Near) -> str:
    """A place in stored form: a bare town with where it must lie, a bare state with the town."""
    if known and signal.value in STATES and (both := full(_head(known), signal.value)):
        return both
    bare = signal.value.lower() == signal.span.quote.lower()
    return meant(signal.value, near) if bare else signal.value


def _surer(signal: ProvideSignal, known: str | None) -> ProvideSignal:
    """Naming an assumed place in full settles it."""
    settles = signal.value == known and len(signal.span.quote.split()) > len(_head(known).split())
    return replace(signal, confidence=_SETTLED) if settles else signal


_SETTLED = 0.99


def _full(u: Utterance, mentions: Sequence[Mention]) -> bool:
    """Whether a place is named with what it lies in, or as part of it: "rockland maine"."""
    return any(
        m.kind == "place" and u.text[m.start : m.end].count(" ") > _head(m.name).count(" ")
        for m in mentions
    )


def _head(place: str) -> str:
    return place.partition(", ")[0]


def _only_a_place(u: Utterance, mentions: Sequence[Mention]) -> bool:
    """Whether a turn consists of a place and its introduction."""
    places = [(m.start, m.end) for m in mentions if m.kind == "place"]
    rest = re.findall(r"[\w']+", u.without(places).text)
    if not places:
        words = [w for w in rest if w not in _BESIDE]
        return bool(words) and town(" ".join(words)) is not None
    return all(word in _BESIDE for word in rest)
