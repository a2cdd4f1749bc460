"""Where a conversation's recording lies."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import anyio

from core.events import RecordingSaved
from core.standing import latest
from core.store.tables import ConversationRow
from core.store.unit_of_work import Store


async def recording_of(store: Store, row: ConversationRow, folder: Path) -> Path | None:
    """The WAV of a conversation, None when there is none. Raises: StoreFailed."""
    facts = [entry.fact for entry in await store.log.read(row.id)]
    saved = latest(facts, RecordingSaved)
    names = [unquote(urlsplit(saved.url).path)] if saved else []
    names += [f"{name}.wav" for name in (row.id, row.call_sid) if name]
    for name in names:
        path = folder / Path(name).name  # the name alone: nothing outside the folder
        if await anyio.Path(path).is_file():
            return path
    return None
