"""Which messages of an exported ticket or chat were written by the buyer. Pure.

Zendesk has `comments` with author ids, Intercom `conversation_parts` with author types, Freshdesk
`conversations`, and HubSpot incoming and outgoing messages.
"""

from collections.abc import Iterator, Mapping
from typing import Any

_LISTS = ("comments", "conversation_parts", "conversations", "notes", "messages", "thread",
          "transcript")  # fmt: skip
_BODIES = ("plain_body", "body_text", "text", "body", "html_body", "content", "message", "msg")
_AUTHORS = ("author", "from", "sender", "role", "speaker", "author_type", "sender_type", "actor")
_THEIRS = frozenset(
    "user lead contact customer visitor end-user enduser requester guest buyer caller".split()
)
_OURS = frozenset(
    "admin bot agent operator staff system team teammate rep assistant support trigger".split()
)


def messages_of(row: Mapping[str, Any]) -> list[str]:
    """The buyer's messages, in order; all messages if authors are not given."""
    found = [(_theirs(one, row), _text(one)) for one in _messages(row)]
    sure = any(theirs is not None for theirs, _ in found)
    return [text for theirs, text in found if text and (theirs or (theirs is None and not sure))]


def _messages(row: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if isinstance(first := row.get("source"), Mapping) and "body" in first:
        yield first
    for name in _LISTS:
        inner = row.get(name)
        if isinstance(inner, Mapping):  # Intercom has a list of this name inside
            inner = inner.get(name)
        if isinstance(inner, list):
            for one in inner:
                if isinstance(one, Mapping):
                    note = one.get("helpdesk_note", one)
                    yield note if isinstance(note, Mapping) else one


def _text(one: Mapping[str, Any]) -> str:
    return next((one[n] for n in _BODIES if isinstance(one.get(n), str) and one[n].strip()), "")


def _theirs(one: Mapping[str, Any], row: Mapping[str, Any]) -> bool | None:
    """Whether the buyer wrote it; None if unknown."""
    if one.get("public") is False or one.get("private") is True:
        return False
    if isinstance(one.get("incoming"), bool):
        return bool(one["incoming"])
    if isinstance(way := one.get("direction"), str):
        return way.upper() in ("INCOMING", "INBOUND", "IN")
    for name in _AUTHORS:
        author = one.get(name)
        kinds = author.values() if isinstance(author, Mapping) else [author]
        words = {str(kind).lower() for kind in kinds}
        if words & _THEIRS:
            return True
        if words & _OURS:
            return False
    if one.get("author_id") is not None and row.get("requester_id") is not None:
        return bool(one["author_id"] == row["requester_id"])
    return None
