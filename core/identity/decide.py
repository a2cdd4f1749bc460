"""Who a conversation is with, by what it shows and what is known about others. Pure.

An address decides by itself. A number or a browser decides only while a single person is known by
it and nothing said contradicts them: a switchboard has many people behind it. A name tells the
people behind one number apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.identity.identifiers import JOINS, Identifier
from core.identity.names import same_name

LINES = ("cookie", "phone")
"""Identifiers that people sometimes share, most personal first."""
OURS = ("device", "caller_id")
"""How a line is known that was observed rather than stated: nobody can claim it in words."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A person known by an identifier that this conversation shows as well."""

    person: str
    keys: frozenset[tuple[str, str]]
    """The shared identifiers, by kind and value."""
    emails: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    apart: frozenset[str] = frozenset()
    """Persons this one was manually separated from: rules never merge them again."""


@dataclass(frozen=True, slots=True)
class Known:
    """This person. `sure`: what is known about them may be said to whoever is there."""

    person: str
    sure: bool
    why: str
    absorbs: tuple[str, ...] = ()
    """Persons who turn out to be the same."""


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """One of these; a question would settle it."""

    candidates: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class New:
    """Nobody we know."""

    why: str


Decision = Known | Ambiguous | New


def decide(
    seen: Sequence[Identifier],
    holders: Sequence[Holder],
    answered: Mapping[str, bool] | None = None,
) -> Decision:
    """Who is there. `answered`: whether they confirmed the identities they were asked about."""
    said = answered or {}
    left = [h for h in holders if said.get(h.person) is not False]
    if (asked := next((h for h in left if said.get(h.person)), None)) is not None:
        return Known(asked.person, True, "they said so")
    if (owner := _by_address(seen, left)) is not None:
        return owner
    found: Decision = New("seen for the first time")
    for line in (i for kind in LINES for i in seen if i.kind == kind):
        known_by_it = [h for h in holders if line.key in h.keys]
        others = [h for h in known_by_it if h in left]
        decision = _by_line(line, seen, others, shared=len(known_by_it) > 1)
        if isinstance(decision, Known):
            return decision
        found = decision if known_by_it and not isinstance(found, Ambiguous) else found
    return found


def assigned(decision: Decision, seen: Sequence[Identifier]) -> str | None:
    """The person to assign the conversation to for now; None: a person of its own.

    A number by which only one person is known is theirs until something contradicts it; with a new
    address it could be anybody behind that number.
    """
    match decision:
        case Known(person):
            return person
        case Ambiguous((only,)) if not _addresses(seen):
            return only
        case _:
            return None


def _by_address(seen: Sequence[Identifier], holders: Sequence[Holder]) -> Known | None:
    """The person of an address, and anyone known only by the line it now comes from."""
    for one in seen:
        owner = next((h for h in holders if one.key in h.keys), None)
        if one.kind != "email" or one.confidence < JOINS or owner is None:
            continue
        line = [i for i in seen if i.how in OURS and i.key in owner.keys]
        same = tuple(h.person for h in holders if _only_a_line(h, owner, seen, holders))
        why = f"the address {one.value}" + (f" and the {line[0].kind}" if line else "")
        return Known(owner.person, one.how == "verified" or bool(line), why, same)
    return None


def _only_a_line(
    holder: Holder, owner: Holder, seen: Sequence[Identifier], holders: Sequence[Holder]
) -> bool:
    """Whether somebody is known by this line and nothing more specific."""
    if holder.person == owner.person or holder.emails or owner.person in holder.apart:
        return False
    others = [h for h in holders if h.person not in (holder.person, owner.person)]
    if any(holder.keys & h.keys for h in others):
        return False
    known = (*owner.names, *(i.value for i in seen if i.kind == "name"))
    return not holder.names or any(same_name(a, b) for a in holder.names for b in known)


def _by_line(
    line: Identifier, seen: Sequence[Identifier], holders: Sequence[Holder], *, shared: bool
) -> Decision:
    """By a browser or a number, as far as what was said allows."""
    name = next((i.value for i in seen if i.kind == "name"), None)
    emails = _addresses(seen)
    agreeing = [h for h in holders if not _contradicts(h, name, emails)]
    named = tuple(h.person for h in agreeing if h.names)
    if name is not None and len(named) == 1:
        return Known(named[0], line.how in OURS, f"the {line.kind} and the name {name}")
    if not agreeing:
        return New("somebody else on a known line")
    if len(named) > 1 or shared:
        if not named or emails:
            return New("a shared line names nobody")
        return Ambiguous(named, "several people share this line")
    if line.kind == "cookie":
        return Known(agreeing[0].person, True, "the same browser")
    if named:
        return Ambiguous(named, "the number alone")
    return Known(agreeing[0].person, False, "the number")


def _addresses(seen: Sequence[Identifier]) -> set[str]:
    return {i.value for i in seen if i.kind == "email" and i.confidence >= JOINS}


def _contradicts(holder: Holder, name: str | None, emails: set[str]) -> bool:
    """Whether what was said contradicts this person."""
    if emails and holder.emails and not emails & holder.emails:
        return True
    return bool(name and holder.names and not any(same_name(name, n) for n in holder.names))
