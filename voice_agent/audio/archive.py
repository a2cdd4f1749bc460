"""`Archive`: all recordings of a server. Nothing else opens, writes or deletes one.

Every file is served as the same WAV, of two lanes or three, whether it is sealed or plain on disk,
and even while it grows. Everything here blocks: call it from a thread.
"""

import errno
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voice_agent.audio import sealed, wav
from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.audio.sealed import Keys, SealedFile, SealedWriter
from voice_agent.audio.wav import WIDENING, WavInvalid, WavWriter, frame_bytes, head_bytes

BLOCK = 64 * 1024
"""Bytes read at a time."""
LONGEST_HEAD = head_bytes(3)
SEALING = ".sealing"
UNFINISHED = (SEALING, WIDENING)
"""Suffixes of files that are about to replace a recording, or were abandoned."""
GROWING_S = 120.0
"""A plain file written to this recently may belong to an ongoing call: it is sealed later."""


class LaneWriter(Protocol):
    """A recording growing on disk: caller lane 0, agent lane 1, a colleague lane 2 if `widen`ed."""

    @property
    def lanes(self) -> int:
        """The number of lanes."""

    @property
    def duration_ms(self) -> int:
        """Duration in milliseconds."""

    def write(self, *lanes: Pcm) -> None:
        """Append one block of every lane. Raises: ValueError (lengths differ), OSError."""

    def widen(self) -> None:
        """Add a third lane, silent so far. Raises: OSError, and then there is none."""

    def silence(self, lane: int, first: int, last: int) -> None:
        """Silence frames `first` up to `last` of a lane. Raises: OSError."""

    def close(self) -> None:
        """Close the file. Idempotent."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A recording, read as the WAV it is served as."""

    frames: int
    """Samples of each lane."""
    lanes: int
    changed: float
    """When the file was last written to, seconds since 1970."""
    _samples: Callable[[int, int], bytes]

    @property
    def length(self) -> int:
        """Bytes of the WAV, including its header."""
        return head_bytes(self.lanes) + self.frames * frame_bytes(self.lanes)

    @property
    def duration_ms(self) -> int:
        """Duration in milliseconds."""
        return self.frames * 1000 // RATE_HZ

    def read(self, first: int, count: int) -> bytes:
        """`count` bytes of the WAV from byte `first`, fewer at its end. Raises: OSError."""
        count = max(0, min(count, self.length - first))
        before = head_bytes(self.lanes)
        head = wav.header(self.length - before, RATE_HZ, self.lanes)[first : first + count]
        rest = count - len(head)
        return head + self._samples(max(0, first - before), rest) if rest else head

    def samples(self, first: int, last: int) -> NDArray[np.int16]:
        """Samples of a range, shape (n, lanes). Raises: OSError."""
        frame = frame_bytes(self.lanes)
        data = self._samples(first * frame, (min(last, self.frames) - first) * frame)
        return np.frombuffer(data[: len(data) // frame * frame], "<i2").reshape(-1, self.lanes)

    def blocks(self, first: int = 0, count: int | None = None) -> Iterator[bytes]:
        """The WAV's bytes in the same range, a block at a time."""
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
        """The path of a recording, existing or not; never outside the folder."""
        return self.folder / f"{Path(name).name.removesuffix('.wav')}.wav"

    def names(self) -> list[str]:
        """All recordings."""
        return sorted(path.stem for path in self.folder.glob("*.wav"))

    def writer(self, path: Path, lanes: int = 2) -> LaneWriter:
        """A writer for a new recording. Raises: OSError."""
        return SealedWriter(path, self.keys, lanes) if self.keys else WavWriter(path, lanes)

    def open(self, name: str) -> Opened | None:
        """A recording to read; None when there is none. Raises: as `repair`."""
        path = self.path(name)
        try:
            with path.open("rb") as file:
                found, start = os.fstat(file.fileno()), file.read(LONGEST_HEAD)
            if sealed.is_sealed(start):
                with _held(SealedFile.open(path, self.keys)) as held:
                    read = _unsealed(path, self.keys, held.inode)
                    return Opened(held.frames, held.lanes, found.st_mtime, read)
        except FileNotFoundError:
            return None
        try:
            lanes = wav.lanes_in(start)
        except WavInvalid:  # just created: nothing is in it yet
            lanes = 2
        frames = max(0, found.st_size - head_bytes(lanes)) // frame_bytes(lanes)
        return Opened(frames, lanes, found.st_mtime, _plain(path, found.st_ino, lanes))

    def repair(self, name: str) -> int:
        """Repair what a killed server left; returns milliseconds, 0 when there is no recording.

        Raises: KeyMissing, KeyInvalid, WavInvalid, OSError.
        """
        path = self.path(name)
        self._widening(name).unlink(missing_ok=True)  # it was not in place yet
        if not path.exists():
            return 0
        if not _sealed(path):
            return wav.repair(path)
        with _held(SealedFile.open(path, self.keys, writing=True)) as file:
            return round(file.repair() * 1000 / RATE_HZ)

    def silence(self, name: str, lane: int, spans_ms: Sequence[tuple[int, int]]) -> None:
        """Silence these spans of one lane on disk. Raises: as `repair`."""
        path, spans = self.path(name), sealed.spans_in_frames(spans_ms)
        if not spans or not path.exists():
            return
        if not _sealed(path):
            return wav.silence(path, lane, spans)
        with _held(SealedFile.open(path, self.keys, writing=True)) as file:
            for first, last in spans:
                file.silence(lane, first, last)

    def delete(self, name: str) -> bool:
        """Delete a recording; returns whether there was one. Raises: OSError."""
        try:
            self._widening(name).unlink(missing_ok=True)
            self.path(name).unlink()
        except FileNotFoundError:
            return False
        return True

    def rekey(self, name: str, now: float) -> bool:
        """Put a recording under the current key, sealing a plain one; False when it already is, or
        is still growing at `now` (seconds since 1970). May be repeated at any time.

        Raises: as `repair`.
        """
        path = self.path(name)
        if _sealed(path):
            return sealed.rewrap(path, self.keys)
        if now - path.stat().st_mtime < GROWING_S:
            return False
        handle, made = tempfile.mkstemp(dir=self.folder, suffix=SEALING)
        os.close(handle)
        try:
            _seal(path, Path(made), self.keys)
            Path(made).replace(path)
        finally:
            Path(made).unlink(missing_ok=True)
        return True

    def _widening(self, name: str) -> Path:
        """The unfinished widened copy that a killed server may have left."""
        return self.path(name).with_suffix(WIDENING)


class _held:
    """Closes a sealed file on exit."""

    def __init__(self, file: SealedFile) -> None:
        self._file = file

    def __enter__(self) -> SealedFile:
        return self._file

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _sealed(path: Path) -> bool:
    with path.open("rb") as file:
        return sealed.is_sealed(file.read(sealed.START))


def _plain(path: Path, inode: int, lanes: int) -> Callable[[int, int], bytes]:
    def read(first: int, count: int) -> bytes:
        with path.open("rb") as file:
            _same(os.fstat(file.fileno()).st_ino, inode)
            file.seek(head_bytes(lanes) + first)
            return file.read(count)

    return read


def _unsealed(path: Path, keys: Keys, inode: int) -> Callable[[int, int], bytes]:
    def read(first: int, count: int) -> bytes:
        with _held(SealedFile.open(path, keys)) as file:
            _same(file.inode, inode)
            return file.read(first, count)

    return read


def _same(inode: int, opened: int) -> None:
    """Raises: OSError when another file, laid out differently, has replaced this one."""
    if inode != opened:
        raise OSError(errno.ESTALE, "the recording was rewritten while it was read; open it again")


def _seal(plain: Path, into: Path, keys: Keys) -> None:
    with plain.open("rb") as file:
        lanes, status = wav.lanes_in(file.read(LONGEST_HEAD)), os.fstat(file.fileno())
    read = _plain(plain, status.st_ino, lanes)
    size = (status.st_size - head_bytes(lanes)) // frame_bytes(lanes) * frame_bytes(lanes)
    chunk = sealed.chunk_bytes(lanes)
    made = SealedFile.create(into, keys, lanes)
    try:
        for n, first in enumerate(range(0, size, chunk)):
            made.put(n, read(first, min(chunk, size - first)))
    finally:
        made.close()
