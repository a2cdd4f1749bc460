"""The lock file of fetched models: repository, revision, size and SHA-256 of every file."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from voice_agent.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Pin:
    """One file as it has to be."""

    repo: str
    revision: str
    """A commit: a branch may move."""
    file: str
    size: int
    sha256: str


def read_pins(path: Path) -> dict[tuple[str, str], Pin]:
    """A lock file's pins by repository and file; empty without a file. Raises: ConfigError."""
    if not path.exists():
        return {}
    try:
        rows: list[Mapping[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["files"]
        pins = [Pin(**row) for row in rows]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ConfigError(f"{path} is no lock file of models: {error}") from error
    for pin in pins:
        if not _sound(pin):
            raise ConfigError(f"{path}: {pin.repo} {pin.file} has no commit, size or SHA-256")
    return {(pin.repo, pin.file): pin for pin in pins}


def write_pins(path: Path, pins: Iterable[Pin]) -> None:
    """Write a lock file atomically."""
    rows = [asdict(pin) for pin in sorted(pins, key=lambda p: (p.repo, p.file))]
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps({"files": rows}, indent=2) + "\n", encoding="utf-8")
    new.replace(path)


def _sound(pin: Pin) -> bool:
    hexes = all(c in "0123456789abcdef" for c in pin.sha256 + pin.revision)
    return hexes and len(pin.sha256) == 64 and len(pin.revision) == 40 and pin.size >= 0
