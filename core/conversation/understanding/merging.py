"""Merges two readings of one turn: the embedded one stands, the model's refines it. Pure.

What a caller plainly says stands, whoever overlooks it: digits that code parsed with what they
count, a value spoken by name, a request for a person, an opt-out, a refusal to be recorded. What
the rules only guess gives way to a model that read the turn: a value found by likeness in words
from which the model chose another, a bare "one" or piece of which it says nothing, a question not
put as one, the first of several dates, and words in which it read a name. In the plays of
docs/measured.md, rules alone were wrong each time in these cases. A reading without any item says
nothing: a small model's looks the same.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from core.commands import (
    AskProduct,
    Command,
    CorrectSignal,
    Objection,
    ProvideContact,
    ProvideSignal,
    RequestHuman,
    Smalltalk,
    Unclear,
)
from core.conversation.understanding.asks.openers import opens
from core.conversation.words.counting import BARE
from core.conversation.words.named import MULTIPLE
from knowledge.entry import NO_PASSAGE

DOUBTED = 0.7
"""An embedded reading with less confidence than this yields to another choice of the model's."""
_NAME = 4
"""Words of which the name of a value has no more."""
NAMED = 0.9
"""Least confidence of the rules in a value spoken by its name."""
_PARSED = ("employees", "budget")
"""Criteria whose figures code finds by what is said around them."""
_OWN = (*_PARSED, "timeline")
"""Criteria whose figures have parsers of their own."""
Told = ProvideSignal | CorrectSignal
_MATTER = AskProduct | Told | ProvideContact | Objection | Unclear | Smalltalk
"""What is said about us or themselves, and what is not understood; all else is about the call."""


def merged(
    embedded: Sequence[Command], model: Sequence[Command], exact: frozenset[str]
) -> tuple[Command, ...]:
    """All that was understood, in spoken order. `exact`: criteria whose values code parses."""
    kept = [c for c in _questions(embedded, model) if not _guessed(c, model, exact)]
    for command in model:
        kept = _with(kept, command, exact)
    matter: list[Command] = [c for c in kept if not isinstance(c, Unclear | Smalltalk)]
    return tuple(sorted(matter or kept, key=lambda c: c.span.start_ms))


def _questions(embedded: Sequence[Command], model: Sequence[Command]) -> list[Command]:
    """The embedded commands with the questions as the model divides them.

    Where both find one question in the same words, the embedded text of it stands, with the passage
    that the model names. Words that the model read as something else, or as nothing although they
    are not put as a question, are none; nor is a question about the call, which rules answer.
    """
    acts = [c for c in embedded if not isinstance(c, _MATTER)]
    asked = [c for c in model if isinstance(c, AskProduct)]
    theirs = [c for c in asked if c.passage not in ("", NO_PASSAGE) or not _taken(c, acts)]
    others = [c for c in model if not isinstance(c, AskProduct)]
    ours = [c for c in embedded if isinstance(c, AskProduct)]
    kept: list[Command] = []
    same: list[AskProduct] = []
    for command in embedded:
        if not isinstance(command, AskProduct):
            kept.append(command)
            continue
        found = [c for c in theirs if _overlap(c, command)]
        if len(found) == 1 and sum(_overlap(found[0], c) for c in ours) == 1:
            same += found
            kept.append(replace(command, passage=found[0].passage))
        elif not found and not _taken(command, others) and (not model or _put_as_one(command)):
            kept.append(command)
    return [*kept, *(c for c in theirs if c not in same)]


def _guessed(command: Command, model: Sequence[Command], exact: frozenset[str]) -> bool:
    """Whether the rules' value is a bare figure or part of a name, of which the model that read the
    turn says nothing; or "who do I send it to" no request for a person, for a passage tells it."""
    if isinstance(command, RequestHuman):
        told = (c for c in model if isinstance(c, AskProduct) and c.passage not in ("", NO_PASSAGE))
        asked = any(isinstance(c, RequestHuman) for c in model)
        return not asked and any(_overlap(command, c) for c in told)
    if not isinstance(command, ProvideSignal) or not model:
        return False
    if any(isinstance(c, Told) and c.criterion == command.criterion for c in model):
        return False
    if command.criterion in exact and command.criterion not in _OWN:
        return command.confidence <= BARE
    names = [c for c in model if isinstance(c, ProvideContact) and c.field in ("name", "company")]
    return command.value.lower() in {word.lower() for c in names for word in c.value.split()}


def _put_as_one(question: AskProduct) -> bool:
    text = question.question.lower().strip()
    return text.endswith("?") or opens(text)


def _taken(question: AskProduct, others: Sequence[Command]) -> bool:
    """Whether at least half of a question's words were read as something else."""
    start, end = question.span.start_ms, question.span.end_ms
    taken = (min(end, c.span.end_ms) - max(start, c.span.start_ms) for c in others)
    return 2 * sum(t for t in taken if t > 0) >= end - start > 0


def _with(kept: list[Command], command: Command, exact: frozenset[str]) -> list[Command]:
    """The commands with one more added, changed by it, or unchanged."""
    match command:
        case ProvideSignal():
            return _signal(kept, command, exact)
        case ProvideContact(_, field):
            has = any(isinstance(c, ProvideContact) and c.field == field for c in kept)
            return kept if has else [*kept, command]
        case AskProduct():  # by `_questions`
            return kept
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
    if new.criterion in MULTIPLE:
        raw = [n for n in same if _only_quoted(kept[n], new)]
        return [*(c for n, c in enumerate(kept) if n not in raw), new]
    old = kept[same[0]]
    assert isinstance(old, Told)
    if new.criterion in exact and (new.criterion in _PARSED or _overlap(old, new)):
        return kept  # what code parsed stands; of other figures the model knows what they tell
    least = math.inf if new.criterion in exact else max(DOUBTED, new.confidence)
    weak = isinstance(old, ProvideSignal) and (old.implied or old.confidence < least)
    return [*kept[: same[0]], new, *kept[same[0] + 1 :]] if weak else kept


def _qualified(old: Told, new: ProvideSignal) -> Told:
    """The same value, denied or hedged as the model heard it."""
    if new.polarity == "negative" and old.polarity != "negative":
        return replace(old, polarity="negative", confidence=min(old.confidence, new.confidence))
    if new.confidence < old.confidence and new.confidence <= 0.5:
        return replace(old, confidence=new.confidence)
    return old


def _only_quoted(old: Command, new: ProvideSignal) -> bool:
    """Whether a value is just the words from which the model chose one, or only resembles them."""
    assert isinstance(old, Told)
    if not _overlap(old, new) or len(old.value.split()) > _NAME:
        return _overlap(old, new)
    alike = len(old.span.quote.split()) > _NAME or old.value.lower() == old.span.quote.lower()
    return alike and old.confidence < NAMED


def _overlap(one: Command, other: Command) -> bool:
    return one.span.start_ms < other.span.end_ms and other.span.start_ms < one.span.end_ms
