"""`settle`: who a conversation is with, and what is known about them.

Only a conversation's own facts write here: whatever commits them also settles, in the same
transaction, what they show about identity. An identifier's row is unique, so of two conversations
that introduce it at once the second finds the first one's person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa

from core.events import Fact
from core.identity import joined
from core.identity.decide import Decision, Holder, Known, assigned, decide
from core.identity.identifiers import JOINS, TELLING, Identifier, answers, identifiers
from core.store.codec import decode
from core.store.inserting import insert, storable
from core.store.joining import join, joined_by_rule, kept_apart, part, pointers
from core.store.people_tables import IdentifierRow, PersonRow, SightingRow
from core.store.tables import ConversationRow, FactRow

_conversation = ConversationRow.__table__
_fact = FactRow.__table__
_identifier = IdentifierRow.__table__
_person = PersonRow.__table__
_sighting = SightingRow.__table__

FOUND_BY = ("email", "cookie", "phone")
"""Identifiers by which persons are found; the others only tell them apart."""


def settle(c: sa.Connection, conversation_id: str, at: datetime) -> str:
    """Record what a conversation's facts show about identity, and merge persons accordingly.

    Returns the person's id. Idempotent for the same facts.
    """
    facts = facts_of(c, [conversation_id], TELLING)[conversation_id]
    changed = _note(c, conversation_id, identifiers(facts), at)
    own, fresh = _own(c, conversation_id, at)
    if not changed and not answers(facts):
        return own
    looked = _looked(c, conversation_id, facts)
    target = assigned(looked.decision, looked.seen)
    if fresh and target is None:
        return own
    top = joined.root(own, pointers(c, [own]))
    if target != top and joined_by_rule(c, own):
        part(c, own, at)
    if target is not None and target != joined.root(own, pointers(c, [own])):
        join(c, target, own, looked.decision.why, at)
    if isinstance(looked.decision, Known):
        for absorbed in looked.decision.absorbs:
            join(c, looked.decision.person, absorbed, looked.decision.why, at)
    return own


@dataclass(frozen=True, slots=True)
class Looked:
    """What a conversation shows about identity, and who that is."""

    decision: Decision
    seen: tuple[Identifier, ...]


def look(c: sa.Connection, conversation_id: str) -> Looked:
    """Who a conversation is with, by the current facts of it and of others."""
    return _looked(c, conversation_id, facts_of(c, [conversation_id], TELLING)[conversation_id])


def _looked(c: sa.Connection, conversation_id: str, facts: Sequence[Fact]) -> Looked:
    seen, said = identifiers(facts), answers(facts)
    tree = pointers(c, said)
    answered = {joined.root(p, tree): yes for p, yes in said.items()}
    return Looked(decide(seen, _holders(c, seen, conversation_id), answered), seen)


def facts_of(
    c: sa.Connection, conversations: Sequence[str], kinds: Sequence[type]
) -> dict[str, list[Fact]]:
    """Each conversation's facts of these kinds, in order."""
    found: dict[str, list[Fact]] = {name: [] for name in conversations}
    query = (
        sa.select(_fact.c.conversation_id, _fact.c.kind, _fact.c.payload)
        .where(_fact.c.conversation_id.in_(conversations))
        .where(_fact.c.kind.in_([k.__name__ for k in kinds]))
        .order_by(_fact.c.conversation_id, _fact.c.seq)
    )
    for conversation_id, kind, payload in c.execute(query):
        found[conversation_id].append(decode(kind, payload))
    return found


def person_of(c: sa.Connection, conversation_id: str) -> str | None:
    """A conversation's person, resolved through merges; None when nothing is known."""
    own = c.execute(
        sa.select(_conversation.c.person_id).where(_conversation.c.id == conversation_id)
    ).scalar()
    return None if own is None else joined.root(own, pointers(c, [own]))


def whose(c: sa.Connection, conversation_id: str, at: datetime) -> str:
    """A conversation's person, created now if the conversation predates persons."""
    found = person_of(c, conversation_id)
    if found is None:
        settle(c, conversation_id, at)
        found = person_of(c, conversation_id)
    assert found is not None, "a settled conversation has a person"
    return found


def everybody(c: sa.Connection, person: str) -> frozenset[str]:
    """All persons who resolve to this one."""
    return joined.members(person, pointers(c, [person]))


def _note(c: sa.Connection, conversation_id: str, seen: Sequence[Identifier], at: datetime) -> bool:
    """Update the conversation's sightings; True if they changed.

    Waits for a concurrent first insert of the same identifier.
    """
    plain = {(i.kind, storable(i.value)): i for i in seen}
    doors = [
        {"kind": kind, "value": value, "first_seen_at": at}
        for kind, value in sorted(plain)
        if kind in FOUND_BY
    ]
    if doors:
        c.execute(insert(c, _identifier).values(doors).on_conflict_do_nothing())
    mine = _sighting.c.conversation_id == conversation_id
    before = c.execute(
        sa.select(_sighting.c.kind, _sighting.c.value, _sighting.c.how, _sighting.c.confidence)
        .where(mine)
    ).all()  # fmt: skip
    old = {(kind, value): (how, confidence) for kind, value, how, confidence in before}
    for (kind, value), known in old.items():
        one = plain.get((kind, value))
        if one is None or (one.how, one.confidence) != known:
            c.execute(
                sa.delete(_sighting)
                .where(mine, _sighting.c.kind == kind, _sighting.c.value == value)
            )  # fmt: skip
    fresh = [
        {"conversation_id": conversation_id, "kind": kind, "value": value, "how": i.how,
         "confidence": i.confidence, "at": at}
        for (kind, value), i in plain.items()
        if old.get((kind, value)) != (i.how, i.confidence)
    ]  # fmt: skip
    if fresh:
        c.execute(sa.insert(_sighting), fresh)
    if gone := [key for key in old if key not in plain]:
        drop_unseen(c, gone)
    return bool(fresh) or len(old) != len(plain)


def drop_unseen(c: sa.Connection, keys: Sequence[tuple[str, str]]) -> None:
    """Delete those of these identifiers, by kind and value, that are seen nowhere any more."""
    if not keys:
        return
    seen = sa.exists().where(
        _sighting.c.kind == _identifier.c.kind, _sighting.c.value == _identifier.c.value
    )
    these = sa.tuple_(_identifier.c.kind, _identifier.c.value).in_(keys)
    c.execute(sa.delete(_identifier).where(these, ~seen))


def _own(c: sa.Connection, conversation_id: str, at: datetime) -> tuple[str, bool]:
    """The conversation's own person, and whether it was created now."""
    same = _conversation.c.id == conversation_id
    own = c.execute(sa.select(_conversation.c.person_id).where(same)).scalar()
    if own is not None:
        return str(own), False
    made = uuid4().hex
    c.execute(sa.insert(_person).values(id=made, created_at=at))
    c.execute(sa.update(_conversation).where(same).values(person_id=made))
    return made, True


def _holders(c: sa.Connection, seen: Sequence[Identifier], besides: str) -> list[Holder]:
    """Other persons known by an identifier that this one shows, longest known first."""
    keys = [i.key for i in seen if i.kind in FOUND_BY]
    if not keys:
        return []
    by_key = (
        sa.select(_conversation.c.person_id, _sighting.c.kind, _sighting.c.value)
        .join(_conversation, _conversation.c.id == _sighting.c.conversation_id)
        .where(sa.tuple_(_sighting.c.kind, _sighting.c.value).in_(keys))
        .where(_conversation.c.id != besides, _conversation.c.person_id.is_not(None))
        .where(sa.or_(_sighting.c.kind != "email", _sighting.c.confidence >= JOINS))
        .order_by(_sighting.c.at)
    )
    rows = c.execute(by_key).all()
    if not rows:
        return []
    own = c.execute(
        sa.select(_conversation.c.person_id).where(_conversation.c.id == besides)
    ).scalar()
    tree = pointers(c, {person for person, _, _ in rows} | ({own} if own else set()))
    held: dict[str, set[tuple[str, str]]] = {}
    for person, kind, value in rows:
        held.setdefault(joined.root(person, tree), set()).add((kind, value))
    return _described(c, held, tree, str(own or ""), besides)


def _described(
    c: sa.Connection,
    held: dict[str, set[tuple[str, str]]],
    tree: dict[str, str],
    own: str,
    besides: str,
) -> list[Holder]:
    """The holders with their addresses and names, without those this one was separated from."""
    everyone = {p: joined.members(p, tree) for p in held}
    apart = kept_apart(c, {*(p for all_ in everyone.values() for p in all_), own})
    who = {p: top for top, all_ in everyone.items() for p in all_}
    known = (
        sa.select(_conversation.c.person_id, _sighting.c.kind, _sighting.c.value)
        .join(_conversation, _conversation.c.id == _sighting.c.conversation_id)
        .where(_conversation.c.person_id.in_(who), _conversation.c.id != besides)
        .where(_sighting.c.kind.in_(("email", "name")))
        .where(sa.or_(_sighting.c.kind == "name", _sighting.c.confidence >= JOINS))
        .order_by(_sighting.c.at)
    )
    said: dict[tuple[str, str], dict[str, None]] = {}
    for person, kind, value in c.execute(known):
        said.setdefault((who[person], kind), {})[value] = None
    mine = joined.members(own, tree) if own else frozenset()
    parted = {b for a, b in apart if a in mine}
    return [
        Holder(
            top, frozenset(keys), frozenset(said.get((top, "email"), ())),
            tuple(said.get((top, "name"), ())),
            frozenset(joined.root(b, tree) for a, b in apart if a in everyone[top]),
        )
        for top, keys in held.items()
        if not (parted & everyone[top]) or top == joined.root(own, tree)
    ]  # fmt: skip
