"""Twilio Media Streams as pure functions: text in, events out, text to send. No socket, no clock.

Source of the message shapes: Twilio's "Media Streams: WebSocket messages" reference. All numbers
arrive as strings. Unknown events are ignored; malformed ones raise `Malformed`, which the socket
counts and survives.
"""

import binascii
import json
import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import from_json

from voice_agent.audio.pcm import RATE_HZ
from voice_agent.errors import PeerError

MAX_MESSAGE_BYTES = 64 * 1024
"""A 20 ms frame is about 400 bytes; a minute of audio in one message is an attack or a bug."""

TIMESTAMP_S = 0.001
"""Tolerance of a timestamp, which is in whole milliseconds."""

_SID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Malformed(PeerError):
    """A message that violates the protocol."""

    code = "malformed-message"


@dataclass(frozen=True, slots=True)
class Connected:
    """The socket is open; nothing is known of the call yet."""


@dataclass(frozen=True, slots=True)
class Started:
    """The stream begins. `parameters` are those of our own TwiML."""

    stream_sid: str
    call_sid: str
    account_sid: str
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Media:
    """Caller audio: header-less µ-law, 8 kHz mono, any length. `at` in seconds since the start."""

    at: float
    payload: bytes

    @property
    def length_s(self) -> float:
        """Duration of the audio."""
        return len(self.payload) / RATE_HZ


@dataclass(frozen=True, slots=True)
class Dtmf:
    """A key pressed by the caller: one of 0-9 * # A-D."""

    digit: str


@dataclass(frozen=True, slots=True)
class Marked:
    """Everything sent before our mark of this name was played, or the buffer was cleared."""

    name: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The stream ended: hang-up, redirect or transfer."""


StreamEvent = Connected | Started | Media | Dtmf | Marked | Stopped


def parse(text: str | bytes, stream_sid: str = "") -> StreamEvent | None:
    """Parse one message; None when it is of an unknown kind.

    A message that names another stream than `stream_sid` is not for us.
    Raises: Malformed.
    """
    if not isinstance(text, str):
        raise Malformed("a binary message")
    if len(text) > MAX_MESSAGE_BYTES:
        raise Malformed(f"a message of {len(text)} characters")
    try:
        message = from_json(text)
    except ValueError as error:
        raise Malformed("not JSON") from error
    if not isinstance(message, dict):
        raise Malformed("not a JSON object")
    read = _READERS.get(message.get("event", "") if isinstance(message.get("event"), str) else "")
    if read is None:
        if not isinstance(message.get("event"), str):
            raise Malformed("no event")
        return None
    if stream_sid and message.get("streamSid", stream_sid) != stream_sid:
        raise Malformed("a message of another stream")
    return read(message)


def _section(message: dict[str, Any], name: str) -> dict[str, Any]:
    section = message.get(name)
    if not isinstance(section, dict):
        raise Malformed(f"{name} without its body")
    return section


def _text(section: dict[str, Any], name: str) -> str:
    value = section.get(name)
    if not isinstance(value, str) or not value:
        raise Malformed(f"no {name}")
    return value


def _sid(section: dict[str, Any], name: str) -> str:
    value = _text(section, name)
    if not _SID.fullmatch(value):
        raise Malformed(f"{name} is not a sid")
    return value


def _connected(message: dict[str, Any]) -> Connected:
    return Connected()


def _started(message: dict[str, Any]) -> Started:
    start = _section(message, "start")
    media_format = start.get("mediaFormat", {})
    if not isinstance(media_format, dict) or media_format.get("encoding") != "audio/x-mulaw":
        raise Malformed("mediaFormat is not audio/x-mulaw")
    if str(media_format.get("sampleRate")) != "8000" or str(media_format.get("channels")) != "1":
        raise Malformed("mediaFormat is not 8000 Hz mono")
    parameters = start.get("customParameters") or {}
    if not isinstance(parameters, dict):
        raise Malformed("customParameters is not an object")
    return Started(
        stream_sid=_sid(start if "streamSid" in start else message, "streamSid"),
        call_sid=_sid(start, "callSid"),
        account_sid=_sid(start, "accountSid"),
        parameters={str(k): str(v) for k, v in parameters.items()},
    )


def _media(message: dict[str, Any]) -> Media | None:
    media = _section(message, "media")
    if media.get("track", "inbound") != "inbound":
        return None
    try:
        at = int(media["timestamp"]) / 1000
        payload = binascii.a2b_base64(media["payload"], strict_mode=True)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise Malformed("media without timestamp or payload") from error
    if not 0 <= at < 1e6:
        raise Malformed("a timestamp out of range")
    return Media(at, payload)


def _dtmf(message: dict[str, Any]) -> Dtmf:
    digit = _text(_section(message, "dtmf"), "digit")
    if len(digit) != 1 or digit not in "0123456789*#ABCD":
        raise Malformed("not a key")
    return Dtmf(digit)


def _mark(message: dict[str, Any]) -> Marked:
    return Marked(_text(_section(message, "mark"), "name"))


def _stopped(message: dict[str, Any]) -> Stopped:
    return Stopped()


_READERS: dict[str, Callable[[dict[str, Any]], StreamEvent | None]] = {
    "connected": _connected,
    "start": _started,
    "media": _media,
    "dtmf": _dtmf,
    "mark": _mark,
    "stop": _stopped,
}


def joined(frames: Sequence[Media]) -> Media:
    """Consecutive frames joined into one."""
    return Media(frames[0].at, b"".join(frame.payload for frame in frames))


def media(stream_sid: str, payload: bytes) -> str:
    """A message that plays µ-law bytes after what is buffered."""
    chunk = b64encode(payload).decode("ascii")
    return f'{{"event":"media","streamSid":"{stream_sid}","media":{{"payload":"{chunk}"}}}}'


def mark(stream_sid: str, name: str) -> str:
    """A message that is echoed once everything before it has been played."""
    return json.dumps({"event": "mark", "streamSid": stream_sid, "mark": {"name": name}})


def clear(stream_sid: str) -> str:
    """A message that empties the far buffer; every pending mark comes back at once."""
    return f'{{"event":"clear","streamSid":"{stream_sid}"}}'
