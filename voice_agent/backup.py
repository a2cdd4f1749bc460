"""Backs up a running server into one file, and restores it on an empty machine.

A tar: the database, facts still waiting to be written to it, workflow state, recordings, the
signing key, the company folder, and a manifest with a SHA-256 of each file. It holds personal data
and a key, so only its owner may read it. SQLite is copied with its own online backup, PostgreSQL
with pg_dump and pg_restore.
"""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from core.store.database import normalise
from core.store.database_file import OWNER_ONLY
from voice_agent.audio.archive import UNFINISHED
from voice_agent.call.spill import JOURNAL
from voice_agent.errors import ConfigError

MANIFEST = "manifest.json"
FORMAT = 1
DATABASE, DUMP, WORKFLOWS = "database.sqlite", "database.dump", "workflows.sqlite"
KEY, RECORDINGS, COMPANY = "signing.key", "recordings", "company"
_CHUNK = 1 << 20


class BackupFailed(ConfigError):
    """A backup could not be made, read or restored; the message says what to do."""

    code = "backup-failed"


@dataclass(frozen=True, slots=True)
class Places:
    """Where a server keeps what is backed up. `url`: the database's."""

    var: Path
    url: str
    workflows_url: str
    recordings: Path
    company: Path


Progress = Callable[[str, int], None]
"""Called with the name and size of each member as it is saved or restored."""


def back_up(places: Places, target: Path, at: datetime, told: Progress) -> int:
    """Save everything to `target`; returns how many files. Raises: BackupFailed, OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        # Waiting facts first: those the database takes meanwhile are in both, and storing twice is
        # harmless. Then workflows: the sweep enqueues later work again; in the other order work
        # would count as done although its rows are missing.
        waiting = [*_waiting(places, Path(scratch))]
        databases = [*_workflows(places, Path(scratch)), _database(places, Path(scratch))]
        members = [*waiting, *databases, *_files(places)]
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as raw, tarfile.open(fileobj=raw, mode="w") as tar:
            added = [_add(tar, path, name, told) for name, path in members]
            listed = [one for one in added if one is not None]
            manifest = {"format": FORMAT, "made_at": at.isoformat(), "files": listed}
            body = json.dumps(manifest, indent=1).encode()
            info = tarfile.TarInfo(MANIFEST)
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
            raw.flush()
            os.fsync(raw.fileno())
    part.replace(target)
    return len(listed)


def restore(source: Path, places: Places, told: Progress, *, force: bool = False) -> str:
    """Restore a backup and return when it was made. Nothing changes unless all of it is intact.

    Raises: BackupFailed, OSError.
    """
    if not force and (why := _in_use(places)):
        raise BackupFailed(f"{why}; stop the server and add --force to replace what is there")
    places.var.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=places.var) as scratch:
        manifest = _unpack(source, Path(scratch), told)
        _put_back(Path(scratch), places)
    return str(manifest["made_at"])


# --- saving --------------------------------------------------------------------------------------


def _waiting(places: Places, scratch: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted((places.var / JOURNAL).rglob("*.jsonl")):
        name = f"{JOURNAL}/{path.relative_to(places.var / JOURNAL).as_posix()}"
        copy = scratch / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # the database has taken it
            shutil.copyfile(path, copy)
            yield name, copy


def _workflows(places: Places, scratch: Path) -> Iterator[tuple[str, Path]]:
    made = sa.make_url(places.workflows_url)
    if made.get_backend_name() == "sqlite" and made.database and Path(made.database).exists():
        yield WORKFLOWS, _copied(Path(made.database), scratch / WORKFLOWS)


def _database(places: Places, scratch: Path) -> tuple[str, Path]:
    made = normalise(places.url)
    if made.get_backend_name() == "sqlite":
        path = Path(made.database or "")
        if not path.is_file():
            raise BackupFailed(f"there is no database at {path}: is VOICE_AGENT_VAR right?")
        return DATABASE, _copied(path, scratch / DATABASE)
    dump = scratch / DUMP
    _postgres(made, "pg_dump", "--format=custom", "--no-owner", f"--file={dump}")
    return DUMP, dump


def _copied(path: Path, to: Path) -> Path:
    """A consistent copy of a SQLite database that is being written to."""
    with closing(sqlite3.connect(path)) as live, closing(sqlite3.connect(to)) as copy:
        live.backup(copy, pages=1000)
    return to


def _files(places: Places) -> Iterator[tuple[str, Path]]:
    key = places.var / KEY
    if key.is_file():
        yield KEY, key
    for name, folder in ((RECORDINGS, places.recordings), (COMPANY, places.company)):
        for path in sorted(folder.rglob("*")):
            if path.suffix in UNFINISHED or "__pycache__" in path.parts:
                continue
            if path.is_file() and not path.is_symlink():
                yield f"{name}/{path.relative_to(folder).as_posix()}", path


def _add(tar: tarfile.TarFile, path: Path, name: str, told: Progress) -> dict[str, object] | None:
    """Add one member at its present length: a recording may be growing. None: it is gone, as a
    recording whose person was forgotten meanwhile, or an article that was replaced."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return None
    with file:
        info = tar.gettarinfo(arcname=name, fileobj=file)
        info.uid = info.gid = 0
        info.uname = info.gname = ""
        told(name, info.size)
        counted = _Counted(file)
        tar.addfile(info, counted)
    return {"name": name, "size": info.size, "sha256": counted.digest.hexdigest()}


class _Counted(io.RawIOBase):
    """A file that hashes its bytes as they are read."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk


# --- putting back --------------------------------------------------------------------------------


def _in_use(places: Places) -> str:
    """What a restore would overwrite, in words; empty when nothing."""
    made = normalise(places.url)
    if made.get_backend_name() == "sqlite":
        return f"{made.database} exists" if Path(made.database or "").exists() else ""
    engine = sa.create_engine(made)
    try:
        with engine.connect() as connection:
            found = sa.inspect(connection).has_table("conversation")
    except sa.exc.OperationalError as error:
        raise BackupFailed(f"PostgreSQL cannot be reached: {error.orig}") from error
    finally:
        engine.dispose()
    return f"the database {made.database} holds conversations" if found else ""


def _unpack(source: Path, scratch: Path, told: Progress) -> dict[str, object]:
    try:
        with tarfile.open(source) as tar:
            for info in tar:
                told(info.name, info.size)
                tar.extract(info, scratch, filter="data")
        manifest: dict[str, object] = json.loads((scratch / MANIFEST).read_text())
    except (tarfile.TarError, FileNotFoundError, ValueError) as error:
        raise BackupFailed(f"{source} is no whole backup of ours: {error}") from error
    if manifest.get("format") != FORMAT:
        raise BackupFailed(f"{source} has format {manifest.get('format')}, {FORMAT} is expected")
    files = manifest["files"]
    assert isinstance(files, list)
    for told_of in files:
        path = scratch / told_of["name"]
        if not path.is_file() or _sha256(path) != told_of["sha256"]:
            raise BackupFailed(f"{source} is damaged: {told_of['name']} is not what was saved")
    return manifest


def _put_back(scratch: Path, places: Places) -> None:
    made = normalise(places.url)
    dumped = (scratch / DUMP).is_file()
    if dumped is (made.get_backend_name() == "sqlite"):
        kind = "PostgreSQL" if dumped else "SQLite"
        raise BackupFailed(f"the backup is of {kind}: set VOICE_AGENT_DATABASE_URL to one like it")
    if dumped:
        _postgres(
            made, "pg_restore", "--clean", "--if-exists", "--no-owner", "-1", str(scratch / DUMP)
        )
    else:
        _replace_sqlite(scratch / DATABASE, Path(made.database or ""))
        workflows = sa.make_url(places.workflows_url).database
        if (scratch / WORKFLOWS).is_file() and workflows:
            _replace_sqlite(scratch / WORKFLOWS, Path(workflows))
    if (scratch / KEY).is_file():
        os.chmod(scratch / KEY, 0o600)
        shutil.move(scratch / KEY, places.var / KEY)
    journal = places.var / JOURNAL
    shutil.rmtree(journal, ignore_errors=True)  # it belongs to the replaced database
    kept = ((RECORDINGS, places.recordings), (COMPANY, places.company), (JOURNAL, journal))
    for name, folder in kept:
        if (scratch / name).is_dir():
            _moved(scratch / name, folder)


def _moved(from_: Path, to: Path) -> None:
    """Move every file below one folder into another, by renaming on the same disk."""
    for path in sorted(from_.rglob("*")):
        there = to / path.relative_to(from_)
        if path.is_dir():
            there.mkdir(parents=True, exist_ok=True)
        else:
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, there)


def _replace_sqlite(copy: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    for stale in (f"{path}-wal", f"{path}-shm"):
        Path(stale).unlink(missing_ok=True)
    copy.chmod(OWNER_ONLY)
    shutil.move(copy, path)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _postgres(url: sa.URL, tool: str, *arguments: str) -> None:
    """Run one of PostgreSQL's tools on a database. Raises: BackupFailed."""
    program = shutil.which(tool)
    if program is None:
        raise BackupFailed(
            f"{tool} is not installed: install PostgreSQL's client tools, no older than its server"
        )
    with tempfile.NamedTemporaryFile("w") as password:  # arguments can be read by everybody here
        escaped = (url.password or "").replace("\\", "\\\\").replace(":", "\\:")
        password.write(f"*:*:*:*:{escaped}\n")
        password.flush()
        where = sa.URL.create(
            "postgresql", url.username, None, url.host, url.port, url.database,
            {**url.query, "passfile": password.name},
        ).render_as_string()  # fmt: skip
        done = subprocess.run(
            [program, *arguments, f"--dbname={where}"], capture_output=True, text=True, check=False
        )
    if done.returncode:
        told = " ".join(done.stderr.split())[-500:] or f"{tool} ended with {done.returncode}"
        older = "version mismatch" in told
        raise BackupFailed(f"{told}{f': install {tool} of that version' if older else ''}")
