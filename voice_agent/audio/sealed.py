"""Recordings encrypted at rest: samples are sealed during the call, a quarter second at a time.

Each file has its own key, wrapped in its header by the operator's key, so rotating that rewrites 80
bytes and no audio. Each chunk is AES-256-GCM under a fresh nonce, with its number as associated
data: chunks can be read and rewritten anywhere, and none can be moved. A process killed at any
point leaves whole chunks and at most one torn; a torn or altered chunk reads as silence, never as
noise.
"""

import base64
import binascii
import hashlib
import logging
import os
import secrets
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.audio.wav import (
    WIDENING,
    frame_bytes,
    interleaved,
    put_in_place,
    widened,
    write_all,
)
from voice_agent.errors import VoiceAgentError

log = logging.getLogger(__name__)
MAGIC = {2: b"VOICESEALED1", 3: b"VOICESEALED3"}
"""The magic bytes of a file, by its number of lanes."""
START = 12
"""Bytes that identify a sealed recording, and its lanes."""
CHUNK_FRAMES = 2048
_NONCE, _TAG, _KEY = 12, 16, 32
_HEAD = struct.Struct(f">12s8s{_NONCE}s{_KEY + _TAG}s")  # magic, key id, nonce, sealed file key


class KeyMissing(VoiceAgentError):
    """A recording is sealed with a key that is not configured; the message has the key's id."""

    code = "recording-key-missing"


class KeyInvalid(VoiceAgentError):
    """The configured text is not a key."""

    code = "recording-key-invalid"


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The operator's keys: new recordings are sealed with the first; any of them opens."""

    keys: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, text: str) -> "Keys":
        """Keys from their setting: base64 of 32 bytes each, comma-separated. Raises: KeyInvalid."""
        found = []
        for n, word in enumerate(filter(None, (part.strip() for part in text.split(","))), start=1):
            try:
                key = base64.b64decode(
                    word.encode("ascii", "replace"), altchars=b"-_", validate=True
                )
            except binascii.Error:
                key = b""
            if len(key) != _KEY:
                raise KeyInvalid(
                    f"key {n} is not 32 bytes in base64; make one with: voice-agent recordings key"
                )
            found.append(key)
        return cls(tuple(found))

    def __bool__(self) -> bool:
        return bool(self.keys)

    @property
    def current(self) -> bytes:
        """The key that seals new recordings."""
        return self.keys[0]

    def named(self, name: bytes) -> bytes:
        """The key with an id. Raises: KeyMissing."""
        for key in self.keys:
            if key_id(key) == name:
                return key
        raise KeyMissing(
            f"a recording is sealed with key {name.hex()}, which is not set; "
            "add it to VOICE_AGENT_RECORDINGS_KEY after the current one"
        )


def new_key() -> str:
    """A new key, in the form of the setting."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_KEY)).decode()


def key_id(key: bytes) -> bytes:
    """Identifies a key without revealing it: 8 bytes."""
    return hashlib.sha256(b"voice-agent recordings key\0" + key).digest()[:8]


def is_sealed(start: bytes) -> bool:
    """Whether a file that begins like this is a sealed recording."""
    return start[:START] in MAGIC.values()


def chunk_bytes(lanes: int) -> int:
    """Bytes of samples in a whole chunk."""
    return CHUNK_FRAMES * frame_bytes(lanes)


class SealedFile:
    """A sealed recording open for reading and rewriting. Blocking. Raises: OSError, KeyMissing."""

    def __init__(self, file: int, cipher: AESGCM, lanes: int) -> None:
        self._file = file
        self._cipher = cipher
        self.lanes = lanes
        self._frame = frame_bytes(lanes)
        self._chunk = chunk_bytes(lanes)
        self._sealed = _NONCE + self._chunk + _TAG

    @classmethod
    def create(cls, path: Path, keys: Keys, lanes: int = 2) -> "SealedFile":
        """A new file, readable only by its owner."""
        data_key = secrets.token_bytes(_KEY)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            write_all(file, _head(keys.current, data_key, lanes), 0)
        except OSError:
            os.close(file)
            raise
        return cls(file, AESGCM(data_key), lanes)

    @classmethod
    def open(cls, path: Path, keys: Keys, *, writing: bool = False) -> "SealedFile":
        """An existing file. Raises: KeyMissing; KeyInvalid when its header is damaged."""
        file = os.open(path, os.O_RDWR if writing else os.O_RDONLY)
        try:
            lanes, data_key = _unwrapped(os.pread(file, _HEAD.size, 0), keys)
            return cls(file, AESGCM(data_key), lanes)
        except BaseException:
            os.close(file)
            raise

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    @property
    def frames(self) -> int:
        """Whole frames in the file."""
        whole, rest = divmod(os.fstat(self._file).st_size - _HEAD.size, self._sealed)
        return whole * CHUNK_FRAMES + max(0, rest - _NONCE - _TAG) // self._frame

    @property
    def inode(self) -> int:
        """Distinguishes the file from one that replaced it."""
        return os.fstat(self._file).st_ino

    def take_the_place_of(self, path: Path, made: Path) -> None:
        """Move this file, written beside another, into that one's place. Raises: OSError."""
        put_in_place(self._file, made, path)

    def put(self, n: int, data: bytes) -> None:
        """Seal chunk `n`; all but the last have `CHUNK_FRAMES` frames."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._cipher.encrypt(nonce, data, _bound(n))
        write_all(self._file, nonce + sealed, self._at(n))

    def get(self, n: int) -> bytes | None:
        """The samples of chunk `n`, empty beyond the end; None when it is torn or altered."""
        raw = os.pread(self._file, self._sealed, self._at(n))
        if not raw:
            return b""
        try:
            return self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], _bound(n))
        except (InvalidTag, ValueError):
            return None

    def read(self, first: int, count: int) -> bytes:
        """`count` bytes of samples from byte `first`, fewer at the end."""
        out = bytearray()
        n, skip = divmod(first, self._chunk)
        size = self.frames * self._frame
        count = max(0, min(count, size - first))
        while len(out) < count:
            have = self.get(n)
            if have is None:
                log.error("a chunk of a recording is damaged and reads as silence")
                have = bytes(min(self._chunk, size - n * self._chunk))
            out += have[skip:]
            n, skip = n + 1, 0
        return bytes(out[:count])

    def silence(self, lane: int, first: int, last: int) -> None:
        """Silence frames `first` up to `last` of a lane, as far as they are in the file."""
        last = min(last, self.frames)
        for n in range(first // CHUNK_FRAMES, -(-last // CHUNK_FRAMES) if last > first else 0):
            have, base = self.get(n), n * CHUNK_FRAMES
            if have is None:  # torn in the middle of silencing: none of it is kept
                self.put(n, bytes(min(self._chunk, (self.frames - base) * self._frame)))
                continue
            frames = np.frombuffer(bytearray(have), "<i2").reshape(-1, self.lanes)
            frames[max(0, first - base) : max(0, last - base), lane] = 0
            self.put(n, frames.tobytes())

    def repair(self) -> int:
        """Cut off the unfinished end that a killed process left; returns whole frames."""
        frames = self.frames
        if frames and self.get((frames - 1) // CHUNK_FRAMES) is None:
            frames = (frames - 1) // CHUNK_FRAMES * CHUNK_FRAMES
        rest = frames % CHUNK_FRAMES * self._frame
        size = self._at(frames // CHUNK_FRAMES) + (_NONCE + rest + _TAG if rest else 0)
        os.truncate(self._file, size)
        return frames

    def _at(self, n: int) -> int:
        return _HEAD.size + n * self._sealed


class SealedWriter:
    """A growing sealed recording, with the methods of `WavWriter`.

    The last, unfinished quarter second is in memory until `close`.
    """

    def __init__(self, path: Path, keys: Keys, lanes: int = 2) -> None:
        self.path = path
        self.lanes = lanes
        self.frames = 0
        self._keys = keys
        self._file = SealedFile.create(path, keys, lanes)
        self._tail = bytearray()
        self._chunks = 0
        self._closed = False

    @property
    def duration_ms(self) -> int:
        return round(self.frames * 1000 / RATE_HZ)

    def write(self, *lanes: Pcm) -> None:
        """Append one block of every lane. Raises: ValueError (lengths differ), OSError."""
        self._tail += interleaved(*lanes)
        self._put_whole()
        self.frames += len(lanes[0])

    def widen(self) -> None:
        """Add a third lane, silent so far. Raises: OSError, and then there is none."""
        made = self.path.with_suffix(WIDENING)
        wide = SealedFile.create(made, self._keys, self.lanes + 1)
        try:
            for n in range(self._chunks):
                whole = self._file.get(n) or bytes(chunk_bytes(self.lanes))
                wide.put(n, widened(whole, self.lanes))
            wide.take_the_place_of(self.path, made)
        except OSError:
            wide.close()
            made.unlink(missing_ok=True)
            raise
        self._file.close()
        self._tail = bytearray(widened(bytes(self._tail), self.lanes))
        self._file, self.lanes = wide, wide.lanes

    def silence(self, lane: int, first: int, last: int) -> None:
        """Silence frames `first` up to `last` of a lane. Raises: OSError."""
        base = self._chunks * CHUNK_FRAMES
        self._file.silence(lane, first, min(last, base))
        frames = np.frombuffer(self._tail, "<i2").reshape(-1, self.lanes)
        frames[max(0, first - base) : max(0, last - base), lane] = 0

    def close(self) -> None:
        """Write the rest and close the file. Idempotent."""
        if self._closed:
            return
        self._closed = True
        try:
            self._put_whole()  # those a full disk refused before
            if self._tail:
                self._file.put(self._chunks, bytes(self._tail))
        finally:
            self._file.close()

    def _put_whole(self) -> None:
        chunk = chunk_bytes(self.lanes)
        while len(self._tail) >= chunk:
            self._file.put(self._chunks, bytes(self._tail[:chunk]))
            del self._tail[:chunk]
            self._chunks += 1


def rewrap(path: Path, keys: Keys) -> bool:
    """Wrap a sealed file's key in the current key; False if it already is. Raises: KeyMissing."""
    file = os.open(path, os.O_RDWR)
    try:
        head = os.pread(file, _HEAD.size, 0)
        lanes, data_key = _unwrapped(head, keys)
        if _HEAD.unpack(head)[1] == key_id(keys.current):
            return False
        os.pwrite(file, _head(keys.current, data_key, lanes), 0)  # one sector: atomic
        os.fsync(file)
    finally:
        os.close(file)
    return True


def _head(key: bytes, data_key: bytes, lanes: int) -> bytes:
    nonce, magic = secrets.token_bytes(_NONCE), MAGIC[lanes]
    return _HEAD.pack(magic, key_id(key), nonce, AESGCM(key).encrypt(nonce, data_key, magic))


def _unwrapped(head: bytes, keys: Keys) -> tuple[int, bytes]:
    """The file's lanes and its own key. Raises: KeyMissing, KeyInvalid."""
    if len(head) < _HEAD.size:
        raise KeyInvalid("the head of a sealed recording is cut off")
    magic, name, nonce, sealed = _HEAD.unpack(head)
    lanes = next((n for n, start in MAGIC.items() if start == magic), 2)
    try:
        return lanes, AESGCM(keys.named(name)).decrypt(nonce, sealed, magic)
    except InvalidTag as error:
        raise KeyInvalid("the head of a sealed recording is damaged") from error


def _bound(n: int) -> bytes:
    return n.to_bytes(8, "big")


def spans_in_frames(spans_ms: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in milliseconds as frames of a recording."""
    return [(max(0, a) * RATE_HZ // 1000, max(0, b) * RATE_HZ // 1000) for a, b in spans_ms]
