"""What is stored to run a call again, as lines: dataclasses packed as `[name, …]`.

A pack holds lines of several vocabularies in chronological order: the engine's are here, the turn
machine has its own. A reader skips unknown names.
"""

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, cast, get_args

from core import commands, events
from core.scheduling import tools
from core.scheduling.board import Board
from core.store.codec import KINDS
from core.store.shape import Unreadable, build, plain
from core.talk import Placed, Sentence, UserSaid

Named = tuple[str, Mapping[str, object]]
"""A value of a union whose members look alike: its class name, and its fields."""

MOST_PACKED = 2_000_000
"""Most bytes that a pack may expand to; we write no larger ones."""


@dataclass(frozen=True, slots=True)
class Began:
    """A session of the call began; `again`: its caller is back from a failed transfer."""

    at: datetime
    zone: str
    waits: bool
    placed: Placed | None
    again: str | None = None
    transfers: bool = False
    remote: tuple[str, ...] = ()
    """What a model took part in: `reads`, `words`, `meaning`."""


@dataclass(frozen=True, slots=True)
class Said:
    """A turn of the caller as passed to the engine."""

    said: UserSaid


@dataclass(frozen=True, slots=True)
class TurnTaken:
    """The plan of a turn became the state."""

    turn: int
    reading: tuple[Named, ...] = ()
    """Commands read by a model, which the plan is based on."""


@dataclass(frozen=True, slots=True)
class Worded:
    """The complete reply to a turn as spoken."""

    turn: int
    texts: tuple[str, ...]
    citations: tuple[str, ...]
    action: str | None = None


@dataclass(frozen=True, slots=True)
class LineHeard:
    """How much of a sentence was heard: all of it, or a prefix."""

    turn: int
    sentence: Sentence
    text: str
    complete: bool
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The last turn taken had not ended after all, and was rolled back."""


@dataclass(frozen=True, slots=True)
class TeamSeen:
    """The team's availability was read."""

    board: Board


@dataclass(frozen=True, slots=True)
class LookedUp:
    """An identity lookup: its facts, without possible persons."""

    facts: tuple[Named, ...]
    told: tuple[str, ...] = ()
    """Citations they were given earlier."""
    guesses: int = 0
    """The number of possible persons; nothing else about those is stored here."""


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """The receipt of a turn's tool; `n` sentences had been said before."""

    tool: str
    receipt: Named
    at: datetime
    n: int


@dataclass(frozen=True, slots=True)
class ReadLate:
    """A model's reading of a turn that came after the reply was planned."""

    turn: int
    reading: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Whispered:
    """A colleague's guidance was received."""

    words: str


@dataclass(frozen=True, slots=True)
class Blanked:
    """A card was given."""


@dataclass(frozen=True, slots=True)
class BrokenOff:
    """A component failed."""

    turn: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CameBack:
    """A person could not be reached, while the caller stayed on our stream."""

    rep: str
    turn: int


@dataclass(frozen=True, slots=True)
class BegunAnew:
    """Everything before was a machine's greeting."""


@dataclass(frozen=True, slots=True)
class NoMore:
    """The rest of the call was too long to store."""


Line = (
    Began | Said | TurnTaken | Worded | LineHeard | TakenBack | TeamSeen | LookedUp | CarriedOut
    | ReadLate | Whispered | Blanked | BrokenOff | CameBack | BegunAnew | NoMore
)  # fmt: skip


def kinds(*classes: type[Any]) -> Mapping[str, type[Any]]:
    """A vocabulary by line name."""
    return {cls.__name__: cls for cls in classes}


_COMMANDS = kinds(*get_args(commands.Command))
_RECEIPTS = kinds(*get_args(tools.Receipt))


def named(value: object) -> Named:
    """A command or a receipt in its stored form."""
    return type(value).__name__, {f.name: plain(getattr(value, f.name)) for f in fields(value)}  # type: ignore[arg-type]


def commands_of(reading: Iterable[Named]) -> tuple[commands.Command, ...]:
    """The stored commands. Raises: Unreadable."""
    return tuple(cast(commands.Command, _of(_COMMANDS, one)) for one in reading)


def facts_of(kept: Iterable[Named]) -> tuple[events.Fact, ...]:
    """The stored facts. Raises: Unreadable."""
    return tuple(cast(events.Fact, _of(KINDS, one)) for one in kept)


def receipt_of(kept: Named) -> tools.Receipt:
    """The stored receipt. Raises: Unreadable."""
    return cast(tools.Receipt, _of(_RECEIPTS, kept))


def _of(known: Mapping[str, type[Any]], kept: Named) -> object:
    name, values = kept
    if name not in known:
        raise Unreadable(f"unknown: {name}")
    return build(known[name], values)


def packed(lines: Iterable[object]) -> str:
    """Lines as one text. Raises ValueError for what JSON cannot represent."""
    rows = [
        [type(line).__name__, *(plain(getattr(line, f.name)) for f in fields(line))]  # type: ignore[arg-type]
        for line in lines
    ]
    text = json.dumps(rows, separators=(",", ":"), ensure_ascii=False)
    return base64.b85encode(zlib.compress(text.encode(), 9)).decode()


def unpacked(pack: str, known: Mapping[str, type[Any]]) -> list[Any]:
    """The lines of a vocabulary in a pack. Raises: Unreadable."""
    if not pack:
        return []
    try:
        reader = zlib.decompressobj()
        text = reader.decompress(base64.b85decode(pack), MOST_PACKED)
        rows = json.loads(text)
    except (ValueError, zlib.error) as error:
        raise Unreadable(f"not a pack: {error}") from error
    found = []
    for name, *values in rows:
        if (cls := known.get(name)) is not None:
            names = [f.name for f in fields(cls)]
            found.append(build(cls, dict(zip(names, values, strict=False))))
    return found
