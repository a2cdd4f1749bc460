"""Media Streams messages from Twilio's side: written in its exact format, parsed strictly.

Source: Twilio's "Media Streams: WebSocket messages" reference. All numbers are strings.
"""

import binascii
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Ids:
    """The three ids of one stream."""

    account_sid: str
    call_sid: str
    stream_sid: str


@dataclass(frozen=True, slots=True)
class PlayMedia:
    payload: bytes


@dataclass(frozen=True, slots=True)
class SetMark:
    name: str


@dataclass(frozen=True, slots=True)
class Clear:
    """Empty the buffer."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A message that Twilio would refuse, and why."""

    why: str


ServerMessage = PlayMedia | SetMark | Clear | Violation


class Writer:
    """Numbers and formats the messages of one stream."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._sequence = 0
        self._chunk = 0

    def connected(self) -> str:
        return json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"})

    def start(self, parameters: Mapping[str, str]) -> str:
        body = {
            "streamSid": self._ids.stream_sid,
            "accountSid": self._ids.account_sid,
            "callSid": self._ids.call_sid,
            "tracks": ["inbound"],
            "customParameters": dict(parameters),
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        }
        return self._message("start", body)

    def media(self, payload: bytes, timestamp_ms: int) -> str:
        self._sequence += 1
        self._chunk += 1
        data = b64encode(payload).decode("ascii")
        return (
            f'{{"event":"media","sequenceNumber":"{self._sequence}","media":{{"track":"inbound",'
            f'"chunk":"{self._chunk}","timestamp":"{timestamp_ms}","payload":"{data}"}},'
            f'"streamSid":"{self._ids.stream_sid}"}}'
        )

    def dtmf(self, digit: str) -> str:
        return self._message("dtmf", {"track": "inbound_track", "digit": digit})

    def mark(self, name: str) -> str:
        return self._message("mark", {"name": name})

    def stop(self) -> str:
        ids = {"accountSid": self._ids.account_sid, "callSid": self._ids.call_sid}
        return self._message("stop", ids)

    def _message(self, event: str, body: Mapping[str, Any]) -> str:
        self._sequence += 1
        return json.dumps(
            {
                "event": event,
                "sequenceNumber": str(self._sequence),
                event: body,
                "streamSid": self._ids.stream_sid,
            }
        )


def read(text: str | bytes, stream_sid: str) -> ServerMessage:
    """The server's message; `Violation` if Twilio would drop it or the stream."""
    if not isinstance(text, str):
        return Violation("a binary message")
    try:
        message = json.loads(text)
    except ValueError:
        return Violation("not JSON")
    if not isinstance(message, dict):
        return Violation("not a JSON object")
    if message.get("streamSid") != stream_sid:
        return Violation(f"streamSid is {message.get('streamSid')!r}")
    match message:
        case {"event": "media", "media": {"payload": str(payload)}}:
            try:
                return PlayMedia(binascii.a2b_base64(payload, strict_mode=True))
            except ValueError:
                return Violation("payload is not base64")
        case {"event": "mark", "mark": {"name": str(name)}} if name:
            return SetMark(name)
        case {"event": "clear"}:
            return Clear()
    return Violation(f"event {message.get('event')!r} without its body")
