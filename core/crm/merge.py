"""What may be written where a person may have written, too. Pure.

A value is ours when nothing else stands there, or what we last wrote. Everything else somebody
put there, and it stays; what a conversation told instead goes into a note.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.crm.records import FIRST_STANDS, Record, Stored, digest, same

NOTHING = digest("")
"""What we last wrote into a field that we took out."""
Did = Literal["written", "same", "kept", "left"]
"""What became of a field: written, already so, a person's and kept, or not taken by the system."""


@dataclass(frozen=True, slots=True)
class Ours:
    """Digests of what we wrote into a field, and of what we were about to write when we last
    heard of it; empty: nothing."""

    last: str = ""
    meant: str = ""

    def has(self, value: str) -> bool:
        """Whether a value is one of ours."""
        return digest(value) in (self.last, self.meant)


@dataclass(frozen=True, slots=True)
class Kept:
    """A field a person filled with something else than the conversation told."""

    field: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be written into one record, and what is not."""

    write: Mapping[str, str]
    kept: tuple[Kept, ...] = ()
    """With something new of ours, which a note is to tell."""
    did: Mapping[str, Did] = field(default_factory=dict)


def change(
    record: Record, stored: Stored | None, known: Mapping[str, Ours], *, older: bool = False
) -> Change:
    """What of a record is written over what the system has of it.

    `older`: of a conversation after which another one has written, and fills only what is empty.
    """
    if stored is None:
        told = {name: ours for name, ours in record.fields.items() if ours}
        return Change(told, (), dict.fromkeys(told, "written"))
    write: dict[str, str] = {}
    kept: list[Kept] = []
    did: dict[str, Did] = {}
    for name, ours in record.fields.items():
        theirs, before = stored.fields.get(name, ""), known.get(name, Ours())
        did[name] = _did(record, name, ours, theirs, before, older)
        if did[name] == "written":
            write[name] = ours
        elif did[name] == "kept" and ours and digest(ours) != before.last and theirs:
            kept.append(Kept(name, ours, theirs))
    return Change(write, tuple(kept), did)


def _did(record: Record, name: str, ours: str, theirs: str, before: Ours, older: bool) -> Did:
    if same(ours, theirs):
        return "same"
    if not theirs:
        return "kept" if before.last not in ("", NOTHING) else "written"  # ours was taken away
    if not before.has(theirs):
        return "kept"
    first = name in FIRST_STANDS.get(record.kind, ()) and name not in record.corrected
    return "same" if older or first else "written"


def note_lines(record: Record, change: Change) -> list[str]:
    """What a note says of the fields that were kept."""
    title = {"account": "Company", "contact": "Contact"}.get(record.kind, record.kind.capitalize())
    return [
        f"{title}, {k.field.replace('_', ' ')}: the record says “{_short(k.theirs)}” and was left; "
        f"the conversation says “{_short(k.ours)}”."
        for k in change.kept
    ]


def _short(value: str) -> str:
    return value if len(value) <= 200 else value[:199] + "…"
