"""The frames between the transcriber and its decoding processes, over a local socket pair.

A frame is kind (1 byte), utterance number (4), payload length (4), payload; little-endian.
To the worker: OPEN (cepstral mean as text), PCM (int16 8 kHz), SETTLE (ticket, 4 bytes), DROP.
From the worker: READY, PARTIAL (hypothesis), SETTLED (ticket, hypothesis), FAILED (ticket), DROPPED
(cepstral mean, for the same caller's next utterance).
"""

import json
import struct
from collections.abc import Iterator

from voice_agent.speech.ports import HeardWord, Hypothesis

OPEN, PCM, SETTLE, DROP = 1, 2, 3, 4
READY, PARTIAL, SETTLED, FAILED, DROPPED = 11, 12, 13, 14, 15

_HEADER = struct.Struct("<BII")
_TICKET = struct.Struct("<I")


def frame(kind: int, utterance: int = 0, payload: bytes = b"") -> bytes:
    """One frame as bytes."""
    return _HEADER.pack(kind, utterance, len(payload)) + payload


class Frames:
    """Splits a byte stream into frames."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Yield (kind, utterance, payload) of each frame completed."""
        self._rest += data
        at = 0
        while len(self._rest) - at >= _HEADER.size:
            kind, utterance, length = _HEADER.unpack_from(self._rest, at)
            end = at + _HEADER.size + length
            if len(self._rest) < end:
                break
            yield kind, utterance, bytes(self._rest[at + _HEADER.size : end])
            at = end
        del self._rest[:at]


def with_ticket(ticket: int, payload: bytes = b"") -> bytes:
    """A payload prefixed with the number of its `settle`."""
    return _TICKET.pack(ticket) + payload


def split_ticket(payload: bytes) -> tuple[int, bytes]:
    """Inverse of `with_ticket`."""
    return _TICKET.unpack_from(payload)[0], payload[_TICKET.size :]


def pack_hypothesis(hypothesis: Hypothesis) -> bytes:
    """A hypothesis as JSON: [upto_s, confidence, unended, [[word, start_s, end_s, confidence]]]."""
    words = [[w.text, w.start_s, w.end_s, w.confidence] for w in hypothesis.words]
    told = [hypothesis.upto_s, hypothesis.confidence, hypothesis.unended, words]
    return json.dumps(told).encode()


def unpack_hypothesis(payload: bytes) -> Hypothesis:
    """Inverse of `pack_hypothesis`."""
    upto_s, confidence, unended, rows = json.loads(payload)
    words = tuple(HeardWord(*row) for row in rows)
    return Hypothesis(" ".join(w.text for w in words), words, confidence, upto_s, unended)
