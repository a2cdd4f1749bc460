"""`Archive`: all recordings of a server. Nothing else opens, writes or deletes one.

Every file serves as the same two-lane WAV, whether it lies sealed or plain on the disk, and while
it still grows. Everything here blocks: call it from a thread.
"""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from voice_agent.audio import sealed, wav
from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.audio.sealed import Keys, SealedFile, SealedWriter
from voice_agent.audio.wav import FRAME_BYTES, HEADER_BYTES, TwoLaneWriter

BLOCK = 64 * 1024
"""Bytes read at once."""
GROWING_S = 120.0
"""A plain file written to this lately may belong to a call that goes on: it is sealed later."""


class LaneWriter(Protocol):
    """A recording growing on disk: caller lane 0, agent lane 1."""

    @property
    def duration_ms(self) -> int:
        """How long it is."""

    def write(self, caller: Pcm, agent: Pcm) -> None:
        """Append one stretch of both lanes. Raises: ValueError (lengths differ), OSError."""

    def silence(self, lane: int, first: int, last: int) -> None:
        """Frames `first` up to `last` of a lane become silence. Raises: OSError."""

    def close(self) -> None:
        """Give the file back. Idempotent."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A recording as the WAV it serves as."""

    length: int
    """Bytes of the WAV, its 44-byte header included."""
    changed: float
    """When the file was last written to, seconds since 1970."""
    _samples: Callable[[int, int], bytes]

    @property
    def duration_ms(self) -> int:
        """How long it is."""
        return (self.length - HEADER_BYTES) // FRAME_BYTES * 1000 // RATE_HZ

    def read(self, first: int, count: int) -> bytes:
        """`count` bytes of the WAV from byte `first` on, fewer at its end. Raises: OSError."""
        count = max(0, min(count, self.length - first))
        head = wav.header(self.length - HEADER_BYTES, RATE_HZ)[first : first + count]
        rest = count - len(head)
        return head + self._samples(max(0, first - HEADER_BYTES), rest) if rest else head

    def blocks(self, first: int = 0, count: int | None = None) -> Iterator[bytes]:
        """The same, a block at a time."""
        left = self.length - first if count is None else min(count, self.length - first)
        while left > 0 and (block := self.read(first, min(left, BLOCK))):
            yield block
            first, left = first + len(block), left - len(block)


@dataclass(frozen=True, slots=True)
class Archive:
    """The recordings in a folder; with keys, new ones are sealed. Names are conversation ids."""

    folder: Path
    keys: Keys = Keys()

    def path(self, name: str) -> Path:
        """Where a recording lies, or would; never outside the folder."""
        return self.folder / f"{Path(name).name.removesuffix('.wav')}.wav"

    def names(self) -> list[str]:
        """Every recording there is."""
        return sorted(path.stem for path in self.folder.glob("*.wav"))

    def writer(self, path: Path) -> LaneWriter:
        """A new recording. Raises: OSError."""
        return SealedWriter(path, self.keys) if self.keys else TwoLaneWriter(path)

    def open(self, name: str) -> Opened | None:
        """A recording to read; None where there is none. Raises: as `repair`."""
        path = self.path(name)
        try:
            found = path.stat()
            if not _sealed(path):
                data = max(0, found.st_size - HEADER_BYTES) // FRAME_BYTES * FRAME_BYTES
                return Opened(HEADER_BYTES + data, found.st_mtime, _plain(path))
            with _held(SealedFile.open(path, self.keys)) as file:
                data = file.frames * FRAME_BYTES
        except FileNotFoundError:
            return None
        return Opened(HEADER_BYTES + data, found.st_mtime, _unsealed(path, self.keys))

    def repair(self, name: str) -> int:
        """Make whole what a killed server left; milliseconds, 0 where there is no recording.

        Raises: KeyMissing, KeyInvalid, WavInvalid, OSError.
        """
        path = self.path(name)
        if not path.exists():
            return 0
        if not _sealed(path):
            return wav.repair(path)
        with _held(SealedFile.open(path, self.keys, writing=True)) as file:
            return round(file.repair() * 1000 / RATE_HZ)

    def silence(self, name: str, lane: int, spans_ms: Sequence[tuple[int, int]]) -> None:
        """These stretches of one lane become silence on the disk. Raises: as `repair`."""
        path, spans = self.path(name), sealed.spans_in_frames(spans_ms)
        if not spans or not path.exists():
            return
        if not _sealed(path):
            return wav.silence(path, lane, spans)
        with _held(SealedFile.open(path, self.keys, writing=True)) as file:
            for first, last in spans:
                file.silence(lane, first, last)

    def delete(self, name: str) -> bool:
        """Delete a recording; whether there was one. Raises: OSError."""
        try:
            self.path(name).unlink()
        except FileNotFoundError:
            return False
        return True

    def rekey(self, name: str, now: float) -> bool:
        """Put a recording under the current key, sealing it if it lies plain; False when it is
        already, or still growing at `now` (seconds since 1970). May be run again at any time.

        Raises: as `repair`.
        """
        path = self.path(name)
        if _sealed(path):
            return sealed.rewrap(path, self.keys)
        if now - path.stat().st_mtime < GROWING_S:
            return False
        handle, made = tempfile.mkstemp(dir=self.folder, suffix=".sealing")
        os.close(handle)
        try:
            _seal(path, Path(made), self.keys)
            Path(made).replace(path)
        finally:
            Path(made).unlink(missing_ok=True)
        return True


class _held:
    """Closes a sealed file at the end."""

    def __init__(self, file: SealedFile) -> None:
        self._file = file

    def __enter__(self) -> SealedFile:
        return self._file

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _sealed(path: Path) -> bool:
    with path.open("rb") as file:
        return sealed.is_sealed(file.read(len(sealed.MAGIC)))


def _plain(path: Path) -> Callable[[int, int], bytes]:
    def read(first: int, count: int) -> bytes:
        with path.open("rb") as file:
            file.seek(HEADER_BYTES + first)
            return file.read(count)

    return read


def _unsealed(path: Path, keys: Keys) -> Callable[[int, int], bytes]:
    def read(first: int, count: int) -> bytes:
        with _held(SealedFile.open(path, keys)) as file:
            return file.read(first, count)

    return read


def _seal(plain: Path, into: Path, keys: Keys) -> None:
    size = plain.stat().st_size - HEADER_BYTES
    read = _plain(plain)
    file = SealedFile.create(into, keys)
    try:
        for n, first in enumerate(range(0, size // FRAME_BYTES * FRAME_BYTES, sealed.CHUNK)):
            file.put(n, read(first, min(sealed.CHUNK, size // FRAME_BYTES * FRAME_BYTES - first)))
    finally:
        file.close()
