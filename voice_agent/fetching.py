"""`Fetching`: fetches speech models into the models folder, each file held to its pin.

A file without a pin is fetched only on request: it is then trusted as it comes and pinned, so that
every later fetch, here or elsewhere, gets the same bytes or fails.
"""

import fcntl
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from voice_agent.adapters.hub import Hub, Listed, Progress, sha256_of
from voice_agent.errors import ConfigError
from voice_agent.model_pins import Pin, read_pins, write_pins
from voice_agent.models import FETCH, Model

Came = Literal["there", "fetched", "pinned"]
SPARE = 200 << 20
"""Bytes of free disk a fetch leaves."""
Tell = Callable[[str, int], Progress]
"""Called with a file's name and size as it begins; returns the callback for its progress."""


@dataclass(frozen=True, slots=True)
class File:
    """The outcome for one file. `pinned`: it was trusted as it came, and is now pinned."""

    model: Model
    pin: Pin
    came: Came


@dataclass(slots=True)
class Fetching:
    """Fetches into `folder`, checked against the pins in `lock`; `trust`: pin unpinned files."""

    hub: Hub
    folder: Path
    lock: Path
    trust: bool
    tell: Tell
    files: list[File] = field(default_factory=list)

    def fetch(self, models: Sequence[Model]) -> list[File]:
        """Fetch whatever of these models is missing. Raises: ConfigError, HubFailed, OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with _alone(self.folder):
            pins = read_pins(self.lock)
            for model in models:
                self._model(model, pins)
        return self.files

    def _model(self, model: Model, pins: dict[tuple[str, str], Pin]) -> None:
        own = _own(pins, model)
        known = [*own.values()]
        if missing := [name for name in model.needs if name not in own]:
            if not self.trust:
                raise ConfigError(
                    f"{self.lock} has no pin for {', '.join(missing)} of {model.name}: "
                    f"`{FETCH} --lock` trusts what the hub has now, and pins it"
                )
            known = self._trusted(model, pins)
        self._room(model, known)
        for pin in known:
            self._file(model, pin)

    def _trusted(self, model: Model, pins: dict[tuple[str, str], Pin]) -> list[Pin]:
        """Fetch a model as the hub has it now, and pin it."""
        revision, listed = self.hub.listing(model.repo)
        wanted = [one for one in listed if model.wants(one.path)]
        there = {model.place(one.path).name for one in wanted}
        if missing := [name for name in model.needs if name not in there]:
            raise ConfigError(f"{model.repo} has no {', '.join(missing)}: is {model.name} right?")
        made = []
        for one in wanted:
            place = model.place(one.path)
            if not (one.sha256 and _same(place, one.size, one.sha256)):
                sha256 = self._get(model.repo, revision, one, place)
            else:
                sha256 = one.sha256
            pin = Pin(model.repo, revision, one.path, one.size, sha256)
            pins[(pin.repo, pin.file)] = pin
            made.append(pin)
            self.files.append(File(model, pin, "pinned"))
        write_pins(self.lock, pins.values())
        return made

    def _file(self, model: Model, pin: Pin) -> None:
        if any(one.pin == pin for one in self.files):
            return
        came: Came = "there"
        place = model.place(pin.file)
        if not _same(place, pin.size, pin.sha256):
            listed = Listed(pin.file, pin.size, pin.sha256)
            self._get(pin.repo, pin.revision, listed, place)
            came = "fetched"
        self.files.append(File(model, pin, came))

    def _get(self, repo: str, revision: str, listed: Listed, place: Path) -> str:
        progress = self.tell(place.name, listed.size)
        return self.hub.fetch(repo, revision, listed, place, progress)

    def _room(self, model: Model, pins: Sequence[Pin]) -> None:
        """Check the disk for what is still to come. Raises: ConfigError when space is too
        little."""
        wanted = sum(p.size for p in pins if not model.place(p.file).exists())
        if wanted and shutil.disk_usage(self.folder).free < wanted + SPARE:
            raise ConfigError(
                f"{model.name} needs {wanted >> 20} MB in {self.folder}, which the disk has not got"
            )


def _own(pins: dict[tuple[str, str], Pin], model: Model) -> dict[str, Pin]:
    """A model's pins, by local file name."""
    return {
        model.place(pin.file).name: pin
        for (repo, file), pin in pins.items()
        if repo == model.repo and model.wants(file)
    }


def wrong(models: Sequence[Model], lock: Path) -> list[str]:
    """Files that are missing, unpinned or not as pinned. Raises: ConfigError."""
    pins = read_pins(lock)
    found = [f"{model.name}: {name} is missing" for model in models for name in model.missing]
    for model in models:
        own = _own(pins, model)
        for name in model.needs:
            if name not in own:
                found.append(f"{model.name}: {name} has no pin in {lock}")
        for name, pin in own.items():
            place = model.folder / name
            if place.exists() and not _same(place, pin.size, pin.sha256):
                found.append(f"{model.name}: {place} is not as it is pinned")
    return found


def _same(place: Path, size: int, sha256: str) -> bool:
    there = place.is_file()
    if not there or place.stat().st_size != size:
        return False
    return sha256_of(place) == sha256


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock. Raises: ConfigError when another fetch is running."""
    with (folder / ".fetching").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConfigError(f"another fetch into {folder} is going on") from error
        yield
