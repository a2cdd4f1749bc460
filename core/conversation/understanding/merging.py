"""Merges two readings of one turn: the embedded one stands, the model's refines it. Pure.

Digits and dates parsed by code win. The model may add what the rules missed, and deny or doubt what
they assumed; nothing removes a request for a person, an opt-out or a refusal to be recorded.
"""

from collections.abc import Sequence
from dataclasses import replace

from core.commands import (
    AskProduct,
    Command,
    CorrectSignal,
    ProvideContact,
    ProvideSignal,
    Smalltalk,
    Unclear,
)
from core.conversation.words.named import MULTIPLE

DOUBTED = 0.7
"""An embedded reading with less confidence than this yields to another choice of the model's."""
Told = ProvideSignal | CorrectSignal


def merged(
    embedded: Sequence[Command], model: Sequence[Command], exact: frozenset[str]
) -> tuple[Command, ...]:
    """All that was understood, in spoken order. `exact`: criteria whose values code parses."""
    kept: list[Command] = list(embedded)
    for command in model:
        kept = _with(kept, command, exact)
    matter: list[Command] = [c for c in kept if not isinstance(c, Unclear | Smalltalk)]
    return tuple(sorted(matter or kept, key=lambda c: c.span.start_ms))


def _with(kept: list[Command], command: Command, exact: frozenset[str]) -> list[Command]:
    """The commands with one more added, changed by it, or unchanged."""
    match command:
        case ProvideSignal():
            return _signal(kept, command, exact)
        case ProvideContact(_, field):
            has = any(isinstance(c, ProvideContact) and c.field == field for c in kept)
            return kept if has else [*kept, command]
        case AskProduct():
            for n, same in enumerate(kept):
                if isinstance(same, AskProduct) and _overlap(same, command):
                    told = replace(same, passage=same.passage or command.passage)
                    return [*kept[:n], told, *kept[n + 1 :]]
            return [*kept, command]
        case _:  # one request per turn, whoever read it
            return kept if any(type(c) is type(command) for c in kept) else [*kept, command]


def _signal(kept: list[Command], new: ProvideSignal, exact: frozenset[str]) -> list[Command]:
    same = [n for n, c in enumerate(kept) if isinstance(c, Told) and c.criterion == new.criterion]
    if not same:
        return [*kept, new]
    for n in same:
        old = kept[n]
        assert isinstance(old, Told)
        if old.value.lower() == new.value.lower():
            return [*kept[:n], _qualified(old, new), *kept[n + 1 :]]
    if new.criterion in exact:
        return kept  # what code parsed stands
    if new.criterion in MULTIPLE:
        return [*kept, new]
    old = kept[same[0]]
    assert isinstance(old, Told)
    weak = isinstance(old, ProvideSignal) and (old.implied or old.confidence < DOUBTED)
    return [*kept[: same[0]], new, *kept[same[0] + 1 :]] if weak else kept


def _qualified(old: Told, new: ProvideSignal) -> Told:
    """The same value, denied or hedged as the model heard it."""
    if new.polarity == "negative" and old.polarity != "negative":
        return replace(old, polarity="negative", confidence=min(old.confidence, new.confidence))
    if new.confidence < old.confidence and new.confidence <= 0.5:
        return replace(old, confidence=new.confidence)
    return old


def _overlap(one: Command, other: Command) -> bool:
    return one.span.start_ms < other.span.end_ms and other.span.start_ms < one.span.end_ms
