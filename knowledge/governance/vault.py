"""The company folder's files: read as one snapshot, and changed all or not at all.

A change is first recorded in full (`.pending.json`), then carried out, then its record is deleted.
A process killed in between leaves either nothing or a recorded change, which the next command
finishes and every reader already sees as done. One writer at a time: the folder itself is locked.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from knowledge.errors import KnowledgeError
from knowledge.governance.trail import Trail, TrailEntry, lines_of, read_trail

if sys.platform != "win32":
    import fcntl

PROFILE = "company.yaml"
ARTICLES, DRAFTS, HISTORY = "articles", "drafts", "history"
TRAIL = "audit.jsonl"
GOLDEN = "golden.yaml"
PENDING = ".pending.json"


class VaultFailed(KnowledgeError):
    """The company folder cannot be read or written; the message names the file and the cause."""

    code = "vault-failed"


class NoText(VaultFailed):
    """A file is not UTF-8; `line` is the 1-based line of the first fault."""

    def __init__(self, path: str, content: bytes, start: int) -> None:
        self.line = content.count(b"\n", 0, start) + 1
        self.found = f"the byte 0x{content[start]:02x}"
        super().__init__(f"{path}: line {self.line} has {self.found}; save it as UTF-8")


@dataclass(frozen=True, slots=True)
class Change:
    """One action's changes to the folder; paths are relative to it."""

    entries: tuple[TrailEntry, ...]
    writes: Mapping[str, str] = field(default_factory=dict)
    removes: tuple[str, ...] = ()


class Disk:
    """File operations. Each is atomic or idempotent."""

    def write(self, path: Path, text: str) -> None:
        """Replace `path` by `text` atomically: a reader sees the old or the new text in full."""
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.new")
        with new.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            self.sync(file)
        self.rename(new, path)

    def rename(self, new: Path, path: Path) -> None:
        """Move `new` to `path`, replacing it."""
        new.replace(path)

    def append(self, path: Path, text: str) -> None:
        """Append `text`; a crash may leave a part of it."""
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
            self.sync(file)

    def sync(self, file: TextIO) -> None:
        """Flush the file to disk."""
        file.flush()
        os.fsync(file.fileno())

    def truncate(self, path: Path, size: int) -> None:
        """Cut the file to `size` bytes."""
        os.truncate(path, size)

    def remove(self, path: Path) -> None:
        """Remove the file if it exists."""
        path.unlink(missing_ok=True)


class Vault:
    """One company folder."""

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self.folder = folder
        self._disk = disk or Disk()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Lock the folder, after finishing what an interrupted command left."""
        with self._told(), _lock(self.folder, shared=False):
            if pending := _pending(self.folder):
                self._finish(pending)
            yield

    def commit(self, change: Change) -> None:
        """Carry out a change; only inside `writing`. Raises: VaultFailed."""
        pending = {
            "entries": [entry.line() for entry in change.entries],
            "writes": dict(change.writes),
            "removes": list(change.removes),
        }
        with self._told():
            self._disk.write(self.folder / PENDING, json.dumps(pending, ensure_ascii=False))
            self._finish(pending)

    def _finish(self, pending: dict[str, Any]) -> None:
        """Every step is idempotent: after a crash all of them run again."""
        self._append(pending["entries"])
        for name, text in pending["writes"].items():
            self._disk.write(self.folder / name, text)
        for name in pending["removes"]:
            self._disk.remove(self.folder / name)
        self._disk.remove(self.folder / PENDING)

    def _append(self, lines: list[str]) -> None:
        path = self.folder / TRAIL
        there = path.read_bytes() if path.exists() else b""
        whole, _, tail = there.rpartition(b"\n")
        if tail and any(line.encode().startswith(tail) for line in lines):
            self._disk.truncate(path, len(there) - len(tail))  # torn by a crash while appending
            tail, there = b"", whole + b"\n" if whole else b""
        known = set(lines_of(there.decode("utf-8", "replace")))
        new = [line for line in lines if line not in known]
        if new:
            self._disk.append(path, ("\n" if tail else "") + "\n".join(new) + "\n")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            where = error.filename or self.folder
            raise VaultFailed(f"{where}: {error.strerror or error}") from error

    # --- reading ---------------------------------------------------------------------------------

    def text(self, name: str) -> str | None:
        """The text of a file, None if it does not exist. Raises: VaultFailed."""
        with self._told():
            return _read(self.folder, _pending(self.folder), name)

    def trail(self) -> Trail:
        """The intact part of the audit trail; empty when the folder has none."""
        return read_trail(self.text(TRAIL) or "")

    def names(self, part: str) -> list[str]:
        """Ids of the articles with a file in `part` (`articles` or `drafts`), sorted."""
        with self._told():
            return _names(self.folder, _pending(self.folder), part)

    def versions(self, article: str) -> list[int]:
        """Versions of an article kept in history, oldest first."""
        with self._told():
            names = _names(self.folder, _pending(self.folder), f"{HISTORY}/{article}")
        return sorted(int(name) for name in names if name.isdecimal())


def profile_of(version: int) -> str:
    """Where a version of `company.yaml` is kept."""
    return f"{HISTORY}/{PROFILE}/{version}.yaml"


@contextmanager
def reading(folder: Path) -> Iterator[Vault]:
    """The folder under a shared lock; works on read-only folders too."""
    with _lock(folder, shared=True):
        yield Vault(folder)


@contextmanager
def _lock(folder: Path, *, shared: bool) -> Iterator[None]:
    """Lock the folder itself, so that no lock file is left behind.

    No lock on Windows. A reader goes without if the file system has no locks.
    """
    handle: int | None = None
    if sys.platform != "win32":
        try:
            handle = os.open(folder, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        except OSError:
            if not shared and folder.is_dir():
                raise
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _pending(folder: Path) -> dict[str, Any] | None:
    path = folder / PENDING
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (NotADirectoryError, ValueError, TypeError) as error:
        raise VaultFailed(f"{path}: {error}; remove the file if it is not ours") from error


def _read(folder: Path, pending: dict[str, Any] | None, name: str) -> str | None:
    """A file's text as it is once the pending change is done."""
    text: str | None = None
    if pending and name in pending["writes"]:
        return str(pending["writes"][name])
    if not (pending and name in pending["removes"]):
        try:
            text = (folder / name).read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            text = None
        except UnicodeDecodeError as error:
            raise NoText(f"{folder / name}", error.object, error.start) from error
    if pending and name == TRAIL:
        lines = lines_of(text or "")
        added = [line for line in pending["entries"] if line not in lines]
        if lines and any(line.startswith(lines[-1]) for line in added):
            lines.pop()
        text = "\n".join([*lines, *added])
    return text


def _names(folder: Path, pending: dict[str, Any] | None, part: str) -> list[str]:
    names = {path.stem for path in (folder / part).glob("*.md")}
    if pending:
        names |= {n.removeprefix(f"{part}/")[:-3] for n in _inside(pending["writes"], part)}
        names -= {n.removeprefix(f"{part}/")[:-3] for n in _inside(pending["removes"], part)}
    return sorted(names)


def _inside(names: Any, part: str) -> list[str]:
    return [n for n in names if n.startswith(f"{part}/") and "/" not in n[len(part) + 1 :]]
