"""What may be written to fields that people also edit. Pure.

A field is ours if it is empty or holds what we last wrote. Any other value was entered by somebody
and stays; what a conversation said instead goes into a note.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.crm.records import FIRST_STANDS, Record, Stored, digest, same

NOTHING = digest("")
"""Our last write to a field that we emptied."""
Did = Literal["written", "same", "kept", "left"]
"""A field's outcome: written, already equal, kept for a person's edit, or left by the system."""


@dataclass(frozen=True, slots=True)
class Ours:
    """Digests of what we wrote to a field, and of our last pending write to it; empty: nothing."""

    last: str = ""
    meant: str = ""

    def has(self, value: str) -> bool:
        """Whether a value is ours."""
        return digest(value) in (self.last, self.meant)


@dataclass(frozen=True, slots=True)
class Kept:
    """A field that a person filled with something other than what the conversation said."""

    field: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Change:
    """What will be written to one record, and what will not."""

    write: Mapping[str, str]
    kept: tuple[Kept, ...] = ()
    """Fields with new information of ours, for a note."""
    did: Mapping[str, Did] = field(default_factory=dict)


def change(
    record: Record, stored: Stored | None, known: Mapping[str, Ours], *, older: bool = False
) -> Change:
    """Which of a record's fields to write over the system's.

    `older`: the conversation is older than the last one written, so it only fills empty fields.
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
        return "kept" if before.last not in ("", NOTHING) else "written"  # somebody deleted ours
    if not before.has(theirs):
        return "kept"
    first = name in FIRST_STANDS.get(record.kind, ()) and name not in record.corrected
    return "same" if older or first else "written"


def note_lines(record: Record, change: Change) -> list[str]:
    """A note's lines on the fields that were kept."""
    title = {"account": "Company", "contact": "Contact"}.get(record.kind, record.kind.capitalize())
    return [
        f"{title}, {k.field.replace('_', ' ')}: the record says “{_short(k.theirs)}” and was left; "
        f"the conversation says “{_short(k.ours)}”."
        for k in change.kept
    ]


def _short(value: str) -> str:
    return value if len(value) <= 200 else value[:199] + "…"
