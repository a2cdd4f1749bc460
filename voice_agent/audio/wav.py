"""WAV files: writes a call's lanes during the call, and reads any WAV as 8 kHz samples.

The writer appends samples first and then patches both sizes in the header with one small write, so
the header never claims more samples than the file holds: a process killed at any point leaves a
file every player opens. `repair` recovers the samples of an unfinished last write.

A call has two lanes, and a third once a colleague has spoken in it: then the file is rewritten
beside itself and swapped in atomically.
"""

import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from voice_agent.audio import g711
from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.errors import VoiceAgentError

_SIZES_AT = 4  # first byte of the RIFF size; the data size ends the header
_HEAD, _LONG_HEAD = 44, 68
_MAX_DATA = 0xFFFFFFFF - _LONG_HEAD
_FRONT = 0x7  # loudspeakers left, right and centre
_PCM_GUID = bytes.fromhex("0100000000001000800000aa00389b71")
_PIECE_FRAMES = 10 * RATE_HZ
WIDENING = ".widening"
"""Suffix of a file in the making that has a third lane."""

PCM, FLOAT, ALAW, MULAW, EXTENSIBLE = 1, 3, 6, 7, 0xFFFE


class WavInvalid(VoiceAgentError):
    """Not a WAV file we can read; the message says what is wrong."""

    code = "wav-invalid"


def head_bytes(lanes: int) -> int:
    """Bytes of the header."""
    return _HEAD if lanes < 3 else _LONG_HEAD


def frame_bytes(lanes: int) -> int:
    """Bytes of one sample of every lane."""
    return 2 * lanes


def header(data_bytes: int, rate_hz: int, channels: int = 2) -> bytes:
    """The header of 16-bit samples.

    With three channels it assigns loudspeakers: otherwise players take the third for a subwoofer
    and leave it out of their stereo mix.
    """
    frame = 2 * channels
    kind, size, more = PCM, 16, b""
    if channels > 2:
        kind, size, more = EXTENSIBLE, 40, struct.pack("<HHI16s", 22, 16, _FRONT, _PCM_GUID)
    return struct.pack(
        "<4sI4s4sIHHIIHH", b"RIFF", head_bytes(channels) - 8 + data_bytes, b"WAVE", b"fmt ", size,
        kind, channels, rate_hz, rate_hz * frame, frame, 16,
    ) + more + struct.pack("<4sI", b"data", data_bytes)  # fmt: skip


class WavWriter:
    """A growing 16-bit file at 8 kHz: caller (0), agent (1), and a colleague (2) once `widen`ed.

    Blocking; call it from a thread. Raises OSError as the disk does; what was written before stays
    valid. Files are readable only by their owner.
    """

    def __init__(self, path: Path, lanes: int = 2) -> None:
        self.path = path
        self.lanes = lanes
        self.frames = 0
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        self._closed = False
        try:
            write_all(self._file, header(0, RATE_HZ, lanes), 0)
        except OSError:
            self.close()
            raise

    @property
    def duration_ms(self) -> int:
        return round(self.frames * 1000 / RATE_HZ)

    def write(self, *lanes: Pcm) -> None:
        """Append one block of every lane. Raises: ValueError (lengths differ), OSError."""
        self._append(interleaved(*lanes))

    def widen(self) -> None:
        """Add a third lane, silent so far. Raises: OSError, and then there is none."""
        made = self.path.with_suffix(WIDENING)
        wide = WavWriter(made, self.lanes + 1)
        try:
            have = self.frames * frame_bytes(self.lanes)
            step = _PIECE_FRAMES * frame_bytes(self.lanes)
            for at in range(0, have, step):
                piece = os.pread(self._file, min(step, have - at), head_bytes(self.lanes) + at)
                wide._append(widened(piece, self.lanes))
            put_in_place(wide._file, made, self.path)
        except OSError:
            wide.close()
            made.unlink(missing_ok=True)
            raise
        os.close(self._file)
        self._file, self.lanes = wide._file, wide.lanes

    def silence(self, lane: int, first: int, last: int) -> None:
        """Silence frames `first` up to `last` of a lane. Raises: OSError."""
        _silence(self._file, self.lanes, lane, first, min(last, self.frames))

    def close(self) -> None:
        """Close the file. Idempotent."""
        if not self._closed:
            self._closed = True
            os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _append(self, data: bytes) -> None:
        have = self.frames * frame_bytes(self.lanes)
        if have + len(data) > _MAX_DATA:
            raise OSError(27, "a WAV file ends at 4 GiB", str(self.path))
        write_all(self._file, data, head_bytes(self.lanes) + have)
        sizes = header(have + len(data), RATE_HZ, self.lanes)[_SIZES_AT:]
        write_all(self._file, sizes, _SIZES_AT)
        self.frames += len(data) // frame_bytes(self.lanes)


def interleaved(*lanes: Pcm) -> bytes:
    """All lanes interleaved as a file's frames. Raises: ValueError (lengths differ)."""
    if len({len(lane) for lane in lanes}) != 1:
        raise ValueError(f"lanes differ: {' and '.join(str(len(lane)) for lane in lanes)} samples")
    block = np.empty((len(lanes[0]), len(lanes)), "<i2")
    for n, lane in enumerate(lanes):
        block[:, n] = lane
    return block.tobytes()


def widened(data: bytes, lanes: int) -> bytes:
    """Frames of `lanes` lanes with a silent one added."""
    frames = np.frombuffer(data, "<i2").reshape(-1, lanes)
    return np.hstack((frames, np.zeros((len(frames), 1), "<i2"))).tobytes()


def put_in_place(file: int, made: Path, path: Path) -> None:
    """Move a finished file into another's place, atomically. Raises: OSError."""
    os.fsync(file)  # else a power cut could leave neither
    made.replace(path)


def silence(path: Path, lane: int, spans: Sequence[tuple[int, int]]) -> None:
    """Silence spans of frames in one lane of a recording.

    Raises: WavInvalid, OSError.
    """
    file = os.open(path, os.O_RDWR)
    try:
        lanes = lanes_in(os.pread(file, _LONG_HEAD, 0))
        whole = (os.fstat(file).st_size - head_bytes(lanes)) // frame_bytes(lanes)
        for first, last in spans:
            _silence(file, lanes, lane, first, min(last, whole))
    finally:
        os.close(file)


def _silence(file: int, lanes: int, lane: int, first: int, last: int) -> None:
    if last <= first:
        return
    at, count = head_bytes(lanes) + first * frame_bytes(lanes), last - first
    frames = np.frombuffer(bytearray(os.pread(file, count * frame_bytes(lanes), at)), "<i2")
    frames = frames.reshape(-1, lanes)
    frames[:, lane] = 0
    write_all(file, frames.tobytes(), at)


def lanes_in(start: bytes) -> int:
    """The number of lanes in a file of `WavWriter`, from its first bytes. Raises: WavInvalid."""
    lanes = int.from_bytes(start[22:24], "little")
    head = head_bytes(lanes)
    if len(start) < head or start[:4] != b"RIFF" or start[head - 8 : head - 4] != b"data":
        raise WavInvalid("no header of a recording of ours")
    return lanes


def repair(path: Path) -> int:
    """Make a recording's header count every whole frame on disk; returns milliseconds.

    Raises: WavInvalid when it is not a file of `WavWriter`.
    """
    with path.open("r+b") as file:
        start = file.read(_LONG_HEAD)
        lanes = lanes_in(start)
        rate_hz = int(struct.unpack_from("<I", start, 24)[0])
        head, frame = head_bytes(lanes), frame_bytes(lanes)
        frames = (file.seek(0, os.SEEK_END) - head) // frame
        file.truncate(head + frames * frame)
        file.seek(0)
        file.write(header(frames * frame, rate_hz, lanes))
    return round(frames * 1000 / rate_hz)


@dataclass(frozen=True, slots=True)
class Wav:
    """Samples as float32 in -1..1, shape (channels, n)."""

    samples: NDArray[np.float32]
    rate_hz: int

    def lanes(self, rate_hz: int = RATE_HZ) -> list[Pcm]:
        """Each channel separately, resampled: int16, shape (n,)."""
        return [_to_pcm(lane, self.rate_hz, rate_hz) for lane in self.samples]

    def mono(self, rate_hz: int = RATE_HZ) -> Pcm:
        """All channels mixed into one, resampled: int16, shape (n,)."""
        return _to_pcm(self.samples.mean(axis=0), self.rate_hz, rate_hz)


def read(path: Path) -> Wav:
    """Read a PCM (8, 16, 24, 32 bit), float (32, 64), µ-law or A-law file.

    A data size beyond the end of the file (streamed or truncated) means up to its end.
    Raises: WavInvalid, OSError.
    """
    raw = path.read_bytes()
    if raw[:4] != b"RIFF" or raw[8:12] != b"WAVE":
        raise WavInvalid(f"{path}: not a RIFF/WAVE file")
    form: bytes | None = None
    at = 12
    while at + 8 <= len(raw):
        name, size = raw[at : at + 4], int(struct.unpack_from("<I", raw, at + 4)[0])
        body = raw[at + 8 : at + 8 + size]
        if name == b"fmt ":
            form = body
        if name == b"data":
            if form is None or len(form) < 16:
                raise WavInvalid(f"{path}: data before a whole fmt chunk")
            return _samples(path, form, body)
        at += 8 + size + size % 2
    raise WavInvalid(f"{path}: no data chunk")


def read_mono(path: Path) -> Pcm:
    """A WAV file as int16 mono at 8 kHz, whatever its rate, width and channels."""
    return read(path).mono()


def write_mono(path: Path, pcm: Pcm, rate_hz: int = RATE_HZ) -> None:
    """Write 16-bit mono samples to a file."""
    data = pcm.astype("<i2").tobytes()
    path.write_bytes(header(len(data), rate_hz, channels=1) + data)


def _samples(path: Path, form: bytes, data: bytes) -> Wav:
    kind, channels, rate_hz, _, frame, bits = struct.unpack_from("<HHIIHH", form)
    if kind == EXTENSIBLE and len(form) >= 26:
        kind = int(struct.unpack_from("<H", form, 24)[0])
    if not 1 <= channels <= 32 or not 1000 <= rate_hz <= 768_000 or frame % max(1, channels):
        raise WavInvalid(f"{path}: {channels} channels at {rate_hz} Hz in frames of {frame} bytes")
    if frame != channels * ((bits + 7) // 8):
        raise WavInvalid(f"{path}: frames of {frame} bytes do not hold {channels} x {bits} bits")
    flat = _decode(kind, bits, data[: len(data) // frame * frame])
    if flat is None:
        raise WavInvalid(f"{path}: format {kind} with {bits} bits is not supported")
    return Wav(np.ascontiguousarray(flat.reshape(-1, channels).T, np.float32), rate_hz)


def _decode(kind: int, bits: int, data: bytes) -> NDArray[np.float64] | None:
    wide: NDArray[np.float64]
    match kind, bits:
        case (1, 8):
            wide = (np.frombuffer(data, np.uint8).astype(np.float64) - 128) / 128
        case (1, 16):
            wide = np.frombuffer(data, "<i2").astype(np.float64) / 2**15
        case (1, 24):
            upper = np.zeros((len(data) // 3, 4), np.uint8)  # upper bytes: keeps the sign
            upper[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
            wide = upper.reshape(-1).view("<i4").astype(np.float64) / 2**31
        case (1, 32):
            wide = np.frombuffer(data, "<i4").astype(np.float64) / 2**31
        case (3, 32):
            wide = np.nan_to_num(np.frombuffer(data, "<f4")).astype(np.float64)
        case (3, 64):
            wide = np.nan_to_num(np.frombuffer(data, "<f8")).astype(np.float64)
        case (6, 8):
            wide = _alaw(data).astype(np.float64) / 2**15
        case (7, 8):
            wide = g711.decode(data).astype(np.float64) / 2**15
        case _:
            return None
    return wide


def _alaw(data: bytes) -> Pcm:
    """Samples of A-law bytes by the definition in ITU-T G.711."""
    code = np.frombuffer(data, np.uint8).astype(np.int32) ^ 0x55
    chord, step = (code >> 4) & 7, (code & 0x0F) << 4
    magnitude = np.where(chord == 0, step + 8, (step + 0x108) << np.maximum(chord - 1, 0))
    samples: Pcm = np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)
    return samples


def _to_pcm(lane: NDArray[np.float32], from_hz: int, to_hz: int) -> Pcm:
    if from_hz != to_hz and len(lane):
        import soxr

        lane = soxr.resample(lane, from_hz, to_hz)
    samples: Pcm = np.clip(np.rint(lane * 32768.0), -32768, 32767).astype(np.int16)
    return samples


def write_all(file: int, data: bytes, at: int) -> None:
    """Write all of `data` at byte `at`. Raises: OSError (a full disk takes part, then refuses)."""
    view = memoryview(data)
    while view:
        done = os.pwrite(file, view, at)
        view, at = view[done:], at + done
