"""`Waveforms`: peaks for drawing recordings, made after a call and again when one changed."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from anyio import to_thread
from numpy.typing import NDArray

from core.clock import Clock
from core.store import reviews
from core.store.review_tables import PeaksRow
from core.store.store import Store
from core.store.tables import ConversationRow
from voice_agent.audio.archive import Archive, Opened
from voice_agent.audio.pcm import RATE_HZ
from voice_agent.audio.peaks import LEVELS, peaks_of
from voice_agent.audio.sealed import KeyInvalid, KeyMissing
from voice_agent.recordings import open_recording

log = logging.getLogger(__name__)
PIECE = 10 * RATE_HZ
"""Samples of a lane read at a time."""


@dataclass(frozen=True, slots=True)
class Waveforms:
    """Makes and keeps peaks. Everything raises StoreFailed."""

    store: Store
    archive: Archive
    clock: Clock

    async def draw(self, conversation_id: str) -> None:
        """Have a conversation's peaks ready; an unreadable recording is drawn once it is
        readable."""
        row = await self.store.conversations.get(conversation_id)
        if row is None:
            return
        try:
            found = await open_recording(row, self.archive)
            if found is not None:
                await self.of(row, found)
        except (KeyMissing, KeyInvalid, OSError) as error:
            log.warning("a recording is not drawn: %s", error, extra={"call_id": conversation_id})

    async def of(self, row: ConversationRow, found: Opened) -> PeaksRow:
        """A recording's peaks, computed unless the stored ones are still valid. Raises: OSError."""
        kept = await self.store.query(lambda c: reviews.peaks(c, row.id))
        if kept is not None and kept.frames == found.frames and kept.levels == list(LEVELS):
            if kept.changed >= found.changed:
                return kept
        made = await to_thread.run_sync(_made, row.id, found, self.clock())
        await self.store.write(f"peaks:{row.id}", lambda c: reviews.keep_peaks(c, made))
        return made


def samples(found: Opened, first: int, last: int) -> Iterator[NDArray[np.int16]]:
    """Samples of a range in blocks, shape (n, lanes). Raises: OSError."""
    for begin in range(first, last, PIECE):
        yield found.samples(begin, min(begin + PIECE, last))


def _made(conversation_id: str, found: Opened, at: datetime) -> PeaksRow:
    made = peaks_of(samples(found, 0, found.frames), found.lanes)
    return PeaksRow(
        conversation_id=conversation_id, frames=made.frames, levels=list(LEVELS), data=made.data,
        changed=found.changed, at=at,
    )  # fmt: skip
