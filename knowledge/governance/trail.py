"""The audit trail: one JSON line per action, each chained to the previous one by its hash. Pure.

Changing, dropping or inserting a line breaks the chain at that line. Lines cut from the very end
are not visible in the file alone: record the last hash elsewhere (a commit does), or pass it to
`audit --verify --head`.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Literal, get_args

Action = Literal[
    "adopted", "created", "imported", "rolled-back", "submitted", "approved", "rejected",
    "published", "published-override", "published-emergency", "retired", "restored",
    "rules-found", "rules-published",
]  # fmt: skip
PUBLISHING: frozenset[Action] = frozenset(
    ("adopted", "published", "published-override", "published-emergency")
)
"""Actions after which a version is live."""
WRITING: frozenset[Action] = frozenset(
    ("created", "imported", "rolled-back", "submitted", "restored")
)
"""Actions that make someone an author of a version."""
RULES: frozenset[Action] = frozenset(("rules-found", "rules-published"))
"""Actions that keep a version of `company.yaml`: as it was found, and as it was published."""
START = "0" * 64
"""The hash before the first line."""


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One person's action on one version of an article, or of the company's rules."""

    seq: int
    """1-based position in the trail."""
    at: str
    """UTC instant, ISO 8601 with offset."""
    actor: str
    """Id of a rep or steward."""
    action: Action
    article: str
    version: int
    content: str
    """SHA-256 of the version's content at that time."""
    note: str
    prev: str
    """Hash of the previous line."""
    hash: str = ""

    def line(self) -> str:
        """The entry as written to the file, without its line end."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def digest(self) -> str:
        """The hash this entry must have."""
        content = {name: value for name, value in asdict(self).items() if name != "hash"}
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Break:
    """The first line of a trail that was altered, and how that shows."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Trail:
    """The intact, chained lines, and where the chain breaks if it does."""

    entries: tuple[TrailEntry, ...] = ()
    broken: Break | None = None

    @property
    def head(self) -> str:
        """Hash of the last line."""
        return self.entries[-1].hash if self.entries else START

    def of(self, article: str) -> tuple[TrailEntry, ...]:
        """The entries of one article, oldest first."""
        return tuple(e for e in self.entries if e.article == article)

    def follow(
        self,
        at: datetime,
        actor: str,
        action: Action,
        article: str,
        version: int,
        content: str,
        note: str = "",
    ) -> TrailEntry:
        """The next entry."""
        seq = len(self.entries) + 1
        stamp = at.isoformat(timespec="milliseconds")
        entry = TrailEntry(seq, stamp, actor, action, article, version, content, note, self.head)
        return seal(entry)

    def then(self, entry: TrailEntry) -> "Trail":
        """The trail with one more entry."""
        return Trail((*self.entries, entry), self.broken)


def seal(entry: TrailEntry) -> TrailEntry:
    """The entry with its hash."""
    values = asdict(entry) | {"hash": entry.digest()}
    return TrailEntry(**values)


def read_trail(text: str) -> Trail:
    """The intact part of the trail in `text`."""
    entries: list[TrailEntry] = []
    prev = START
    for number, line in enumerate(lines_of(text), start=1):
        entry = _entry(line)
        reason = entry if isinstance(entry, str) else _fault(entry, number, prev)
        if reason or isinstance(entry, str):
            return Trail(tuple(entries), Break(number, reason or "unreadable"))
        entries.append(entry)
        prev = entry.hash
    return Trail(tuple(entries))


def lines_of(text: str) -> list[str]:
    """The lines of a trail's text; only a line feed ends a line, whatever a note contains."""
    whole = text.replace("\r\n", "\n").removesuffix("\n")
    return whole.split("\n") if text else []


_TYPES = {
    field.name: int if field.name in ("seq", "version") else str for field in fields(TrailEntry)
}


def _entry(line: str) -> TrailEntry | str:
    """The entry on a line, or why it is invalid."""
    try:
        values = json.loads(line)
    except ValueError:
        return "not a JSON object"
    if not isinstance(values, dict) or set(values) != set(_TYPES):
        return f"not an object with the keys {', '.join(_TYPES)}"
    for name, kind in _TYPES.items():
        if type(values[name]) is not kind:
            return f"`{name}` is not {'a number' if kind is int else 'text'}"
    if values["action"] not in get_args(Action):
        return f"unknown action {values['action']!r}"
    return TrailEntry(**values)


def _fault(entry: TrailEntry, number: int, prev: str) -> str:
    if entry.seq != number:
        return f"`seq` is {entry.seq}: a line is missing or was put in"
    if entry.prev != prev:
        return "`prev` is not the hash of the line before: a line was changed, dropped or put in"
    if entry.hash != entry.digest():
        return "its content does not match its hash: it was changed"
    return ""


def last_live(entries: Iterable[TrailEntry]) -> TrailEntry | None:
    """The action that made the current version live; None if nothing is live."""
    live: TrailEntry | None = None
    for entry in entries:
        if entry.action in PUBLISHING:
            live = entry
        elif entry.action == "retired":
            live = None
    return live


def published(entries: Iterable[TrailEntry]) -> dict[int, TrailEntry]:
    """Every version that was ever live, with the action that published it."""
    return {e.version: e for e in entries if e.action in PUBLISHING}


def authors(entries: Sequence[TrailEntry], version: int) -> set[str]:
    """Everyone who helped to write a version."""
    return {e.actor for e in entries if e.version == version and e.action in WRITING}
