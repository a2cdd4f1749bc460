"""A conversation's recording for those who may hear it: by byte range, its peaks, and clips.

The file itself is never public. Listening is audited once, by the id given to the page, however
many ranges are fetched.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from core.store import audit, reviews
from core.store.audit import Audited
from core.store.review_tables import ListenRow, PeaksRow
from core.store.store import Store
from core.store.tables import ConversationRow
from voice_agent.audio.archive import Archive, Opened
from voice_agent.audio.pcm import RATE_HZ
from voice_agent.audio.peaks import LEVELS, scale
from voice_agent.audio.sealed import KeyInvalid, KeyMissing
from voice_agent.audio.wav import frame_bytes, head_bytes, header
from voice_agent.console.doors import Door, Room, Visit
from voice_agent.http import Refused
from voice_agent.recordings import open_recording, ranged
from voice_agent.waveforms import Waveforms, samples

LISTEN_ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
LONGEST_CLIP_S = 600.0
LANES = {"both": None, "caller": 0, "agent": 1, "rep": 2}
"""`both`: all lanes there are."""


@dataclass(frozen=True, slots=True)
class CallAudio:
    """The routes to recordings. `archive` stores them."""

    store: Store
    archive: Archive
    waveforms: Waveforms

    def room(self) -> Room:
        """The routes under a call's page."""
        mine = "/console/calls/{id}"
        return Room((
            Door(f"{mine}/audio", self.audio, methods=("GET", "HEAD")),
            Door(f"{mine}/peaks", self.peaks_door),
            Door(f"{mine}/clip", self.clip),
        ))  # fmt: skip

    async def audio(self, visit: Visit) -> Response:
        """The recording or a range of it. Raises: Refused, StoreFailed."""
        row = await conversation(self.store, visit.path["id"])
        listen = visit.query.get("listen", "")
        if not LISTEN_ID.fullmatch(listen):
            raise Refused(422, "no-listen", "Open the call's page to listen to it.")
        found = await self.opened(row)
        await self.heard(
            ListenRow(id=listen, conversation_id=row.id, by=visit.account.name, at=visit.at),
            visit.did("play", f"conversation:{row.id}"),
        )
        return ranged(visit.request, found)

    async def heard(self, row: ListenRow, line: Audited) -> None:
        """Audit the start of listening. Raises: StoreFailed."""
        if not await self.store.query(lambda c: reviews.goes_on(c, row)):
            await self.store.write(f"listen:{row.id}", partial(_begin, row=row, line=line))

    async def peaks_door(self, visit: Visit) -> Response:
        """One scale of the peaks as bytes, lane after lane."""
        row = await conversation(self.store, visit.path["id"])
        return await self.peaks(visit.request, row)

    async def peaks(self, request: Request, row: ConversationRow) -> Response:
        """One scale of a recording's peaks. Raises: Refused, StoreFailed."""
        level = request.query_params.get("level", "")
        if level not in map(str, LEVELS):
            levels = ", ".join(map(str, LEVELS))
            raise Refused(422, "bad-level", f"The level is one of {levels} peaks a second.")
        kept = await self.made(row)
        body = scale(kept.frames, kept.data, int(level))
        headers = {"Cache-Control": "private, no-cache"}
        return Response(body, media_type="application/octet-stream", headers=headers)

    async def made(self, row: ConversationRow) -> PeaksRow:
        """A recording's peaks. Raises: Refused, StoreFailed."""
        return await self.waveforms.of(row, await self.opened(row))

    async def clip(self, visit: Visit) -> Response:
        """A part of the recording as a WAV. Raises: Refused, StoreFailed."""
        row = await conversation(self.store, visit.path["id"])
        first, last = _span(visit.query.get("from", ""), visit.query.get("to", ""))
        lane = visit.query.get("lane", "both")
        if lane not in LANES:
            raise Refused(422, "bad-lane", "The lane is both, caller, agent or rep.")
        found = await self.opened(row)
        if (LANES[lane] or 0) >= found.lanes:
            raise Refused(422, "bad-lane", "No colleague spoke in this call.")
        last = min(last, found.frames)
        if first >= last:
            raise Refused(416, "beyond-the-end", "The recording ends before that.")
        told = visit.did("download", f"conversation:{row.id}", from_s=first / RATE_HZ,
                         to_s=last / RATE_HZ, lane=lane)  # fmt: skip
        await self.store.write("console", lambda c: audit.record(c, told))
        name = f"{row.id}-{first / RATE_HZ:.1f}-{last / RATE_HZ:.1f}s.wav"
        channels = found.lanes if LANES[lane] is None else 1
        length = head_bytes(channels) + (last - first) * frame_bytes(channels)
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Length": str(length),
        }
        return StreamingResponse(
            _clip(found, first, last, LANES[lane]), headers=headers, media_type="audio/wav"
        )

    async def there(self, row: ConversationRow) -> bool:
        """Whether a conversation has a recording that can be opened. Raises: StoreFailed."""
        try:
            return await open_recording(row, self.archive) is not None
        except (KeyMissing, KeyInvalid, OSError):
            return False

    async def opened(self, row: ConversationRow) -> Opened:
        """The recording. Raises: Refused when there is none, StoreFailed."""
        try:
            found = await open_recording(row, self.archive)
        except (KeyMissing, KeyInvalid) as error:
            raise Refused(503, error.code, str(error)) from error
        if found is None:
            raise Refused(404, "no-recording", "This conversation has no recording.")
        return found


async def conversation(store: Store, name: str) -> ConversationRow:
    """A conversation by its id or its call's. Raises: Refused, StoreFailed."""
    row = await store.conversations.get(name) or await store.conversations.by_call_sid(name)
    if row is None:
        raise Refused(404, "unknown-call", "There is no such conversation.")
    return row


def _clip(found: Opened, first: int, last: int, lane: int | None) -> Iterator[bytes]:
    channels = found.lanes if lane is None else 1
    yield header((last - first) * frame_bytes(channels), RATE_HZ, channels)
    for block in samples(found, first, last):
        yield (block if lane is None else np.ascontiguousarray(block[:, lane])).tobytes()


def _span(begin: str, end: str) -> tuple[int, int]:
    """A range in seconds as frames. Raises: Refused."""
    try:
        first, last = float(begin), float(end)
    except ValueError as error:
        raise Refused(422, "bad-span", "Say from and to in seconds.") from error
    if not 0 <= first < last < 1e6:
        raise Refused(422, "bad-span", "A clip begins before it ends.")
    if last - first > LONGEST_CLIP_S:
        raise Refused(422, "long-clip", f"A clip is at most {LONGEST_CLIP_S:.0f} s long.")
    return round(first * RATE_HZ), round(last * RATE_HZ)


def _begin(c: sa.Connection, row: ListenRow, line: Audited) -> None:
    if reviews.listening(c, row):
        audit.record(c, line)
