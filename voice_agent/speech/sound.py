"""The samples in a speech service's response: raw, or a WAV file whose header gives their rate.

Services asked for raw samples may still send a WAV file, or raw samples at their voice's own rate;
what the response itself says, if anything, is what counts.
"""

import re
import struct

import numpy as np

from voice_agent.audio.pcm import Pcm
from voice_agent.errors import SpeechFailed

LONGEST_HEAD = 4096
"""A longer header is invalid."""
_OTHERS = {b"ID3": "MP3", b"\xff\xfb": "MP3", b"\xff\xf3": "MP3", b"OggS": "Ogg", b"fLaC": "FLAC",
           b"\xff\xf1": "AAC", b"\x1aE\xdf\xa3": "WebM", b"{": "JSON", b"<": "HTML"}  # fmt: skip


class Unplayable(SpeechFailed):
    """The response is not audio we can play; the message says what it is."""


class Samples:
    """One response. Pure: bytes in, int16 mono out, wherever packets are split.

    `rate_hz` is valid once `feed` has returned samples.
    """

    def __init__(self, rate_hz: int, kind: str = "") -> None:
        """`kind`: the response's content type."""
        told = re.search(r"rate=(\d{4,6})", kind)
        self.rate_hz = int(told[1]) if told else rate_hz
        self._lanes = 1
        self._left: int | None = None
        """Bytes of samples still to come, if a header said so."""
        self._rest = b""
        self._begun = False

    def feed(self, data: bytes) -> Pcm:
        """The samples these bytes complete; perhaps none. Raises: Unplayable."""
        self._rest += data
        if not self._begun and not self._headed():
            return np.zeros(0, np.int16)
        frame = 2 * self._lanes
        whole = len(self._rest) // frame * frame
        if self._left is not None:
            whole = min(whole, self._left // frame * frame)
            self._left -= whole
        taken, self._rest = self._rest[:whole], self._rest[whole:]
        samples: Pcm = np.frombuffer(taken, "<i2").astype(np.int16, copy=False)
        return samples[:: self._lanes]

    def _headed(self) -> bool:
        """Whether the format is known by now; strips the header, if any."""
        start = self._rest
        if len(start) < 12 and (not start or b"RIFF".startswith(start[:4])):
            return False
        if not start.startswith(b"RIFF"):
            for magic, name in _OTHERS.items():
                if start.startswith(magic) and (len(magic) > 1 or name in ("JSON", "HTML")):
                    raise Unplayable(f"{name} instead of samples")
            self._begun = True
            return True
        self._begun = self._unwrapped(start)
        return self._begun

    def _unwrapped(self, start: bytes) -> bool:
        at = 12
        while at + 8 <= len(start):
            name, size = start[at : at + 4], int(struct.unpack_from("<I", start, at + 4)[0])
            if name == b"data":
                self._rest = start[at + 8 :]
                endless = size in (0, 0xFFFFFFFF) or size > 0x7FFFFF00
                self._left = None if endless else size
                return True
            if name == b"fmt " and at + 24 <= len(start):
                kind, self._lanes, self.rate_hz, _, _, bits = struct.unpack_from(
                    "<HHIIHH", start, at + 8
                )
                if kind not in (1, 0xFFFE) or bits != 16 or not self._lanes:
                    raise Unplayable(f"WAV of format {kind} with {bits} bits")
                if not 4000 <= self.rate_hz <= 192_000:
                    raise Unplayable(f"WAV at {self.rate_hz} Hz")
            at += 8 + size + size % 2
        if len(start) > LONGEST_HEAD:
            raise Unplayable("a WAV file without samples")
        return False
