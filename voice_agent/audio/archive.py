"""`Archive`: all recordings of a server. Nothing else opens, writes or deletes one.

Every file serves as the same WAV, of two lanes or three, whether it lies sealed or plain on the
disk, and while it still grows. Everything here blocks: call it from a thread.
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
"""Bytes read at once."""
LONGEST_HEAD = head_bytes(3)
SEALING = ".sealing"
UNFINISHED = (SEALING, WIDENING)
"""Suffixes of files that are about to take a recording's place, or never will."""
GROWING_S = 120.0
"""A plain file written to this lately may belong to a call that goes on: it is sealed later."""


class LaneWriter(Protocol):
    """A recording growing on disk: caller lane 0, agent lane 1, a colleague lane 2 if `widen`ed."""

    @property
    def lanes(self) -> int:
        """How many lanes it has."""

    @property
    def duration_ms(self) -> int:
        """How long it is."""

    def write(self, *lanes: Pcm) -> None:
        """Append one stretch of every lane. Raises: ValueError (lengths differ), OSError."""

    def widen(self) -> None:
        """Give it a third lane, silent so far. Raises: OSError, and then it has none."""

    def silence(self, lane: int, first: int, last: int) -> None:
        """Frames `first` up to `last` of a lane become silence. Raises: OSError."""

    def close(self) -> None:
        """Give the file back. Idempotent."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A recording as the WAV it serves as."""

    frames: int
    """Samples of each lane."""
    lanes: int
    changed: float
    """When the file was last written to, seconds since 1970."""
    _samples: Callable[[int, int], bytes]

    @property
    def length(self) -> int:
        """Bytes of the WAV, its header included."""
        return head_bytes(self.lanes) + self.frames * frame_bytes(self.lanes)

    @property
    def duration_ms(self) -> int:
        """How long it is."""
        return self.frames * 1000 // RATE_HZ

    def read(self, first: int, count: int) -> bytes:
        """`count` bytes of the WAV from byte `first` on, fewer at its end. Raises: OSError."""
        count = max(0, min(count, self.length - first))
        before = head_bytes(self.lanes)
        head = wav.header(self.length - before, RATE_HZ, self.lanes)[first : first + count]
        rest = count - len(head)
        return head + self._samples(max(0, first - before), rest) if rest else head

    def samples(self, first: int, last: int) -> NDArray[np.int16]:
        """Samples from one to another, shape (n, lanes). Raises: OSError."""
        frame = frame_bytes(self.lanes)
        data = self._samples(first * frame, (min(last, self.frames) - first) * frame)
        return np.frombuffer(data[: len(data) // frame * frame], "<i2").reshape(-1, self.lanes)

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

    def writer(self, path: Path, lanes: int = 2) -> LaneWriter:
        """A new recording. Raises: OSError."""
        return SealedWriter(path, self.keys, lanes) if self.keys else WavWriter(path, lanes)

    def open(self, name: str) -> Opened | None:
        """A recording to read; None where there is none. Raises: as `repair`."""
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
        except WavInvalid:  # made this very moment: nothing of it is there yet
            lanes = 2
        frames = max(0, found.st_size - head_bytes(lanes)) // frame_bytes(lanes)
        return Opened(frames, lanes, found.st_mtime, _plain(path, found.st_ino, lanes))

    def repair(self, name: str) -> int:
        """Make whole what a killed server left; milliseconds, 0 where there is no recording.

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
            self._widening(name).unlink(missing_ok=True)
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
        handle, made = tempfile.mkstemp(dir=self.folder, suffix=SEALING)
        os.close(handle)
        try:
            _seal(path, Path(made), self.keys)
            Path(made).replace(path)
        finally:
            Path(made).unlink(missing_ok=True)
        return True

    def _widening(self, name: str) -> Path:
        """What a killed server left of a file that got its third lane."""
        return self.path(name).with_suffix(WIDENING)


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
    """Raises: OSError when another file has taken this one's place: its bytes lie elsewhere."""
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
