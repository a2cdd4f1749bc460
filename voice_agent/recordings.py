"""Finds and serves a conversation's recording.

`archive_of` is the archive the settings name.
`open_recording` gives a recording's length and any range of it; `serve_recording` serves it.
"""

import re
from email.utils import formatdate

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from core.store.tables import ConversationRow
from voice_agent.audio.archive import Archive, Opened
from voice_agent.audio.sealed import KeyInvalid, KeyMissing, Keys
from voice_agent.config import Settings
from voice_agent.errors import ConfigError
from voice_agent.http import Refused

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def archive_of(settings: Settings) -> Archive:
    """The archive of recordings, with its keys. Raises: ConfigError."""
    try:
        keys = Keys.of(settings.recordings_key.get_secret_value())
    except KeyInvalid as error:
        raise ConfigError(f"VOICE_AGENT_RECORDINGS_KEY: {error}") from error
    return Archive(settings.recordings_folder, keys)


def unopened(archive: Archive) -> list[str]:
    """Why recordings cannot be opened with the configured keys, one line each."""
    found = []
    for name in archive.names():
        try:
            archive.open(name)
        except (KeyMissing, KeyInvalid) as error:
            found.append(str(error))
    return found


async def open_recording(row: ConversationRow, archive: Archive) -> Opened | None:
    """A conversation's WAV, even while it grows; None when there is none.

    The returned object's `read` blocks. Raises: KeyMissing, KeyInvalid, OSError.
    """
    for name in (row.id, row.call_sid):
        found = await to_thread.run_sync(archive.open, name) if name else None
        if found is not None:
            return found
    return None


async def serve_recording(request: Request, row: ConversationRow, archive: Archive) -> Response:
    """The response to a request for a conversation's recording. Raises: Refused, OSError."""
    try:
        found = await open_recording(row, archive)
    except (KeyMissing, KeyInvalid) as error:
        raise Refused(503, error.code, str(error)) from error
    if found is None:
        raise Refused(404, "no-recording", "this conversation has no recording")
    return ranged(request, found)


def ranged(request: Request, found: Opened) -> Response:
    """The WAV, or the single range requested (RFC 9110; several ranges: all of it)."""
    tag, modified = (
        f'"{found.length:x}-{found.changed:.6f}"',
        formatdate(found.changed, usegmt=True),
    )
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "ETag": tag,
        "Last-Modified": modified,
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    asked = request.headers.get("range", "")
    if request.headers.get("if-range", tag) not in (tag, modified):
        asked = ""
    first, last, status = 0, found.length - 1, 200
    if (span := RANGE.fullmatch(asked)) is not None and any(span.groups()):
        first, last = _span(span, found.length)
        if first > last:
            headers["Content-Range"] = f"bytes */{found.length}"
            return Response(status_code=416, headers=headers)
        headers["Content-Range"] = f"bytes {first}-{last}/{found.length}"
        status = 206
    headers["Content-Length"] = str(last - first + 1)
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type="audio/wav")
    blocks = found.blocks(first, last - first + 1)
    return StreamingResponse(blocks, status, headers, media_type="audio/wav")


def _span(asked: re.Match[str], length: int) -> tuple[int, int]:
    """First and last byte of a range; first > last when the range is not satisfiable."""
    begin, end = asked.groups()
    if not begin:  # a suffix: the last so many bytes
        return max(0, length - int(end)) if int(end) else length, length - 1
    return int(begin), min(int(end), length - 1) if end else length - 1
