"""A person with calls, recordings and CRM records in a database and a folder."""

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from core.projections.document import document
from core.store.store import Store
from tests.fakes.a_call import AT, ENDED, facts, signal
from tests.fakes.records import records as crm_records
from voice_agent.audio.archive import Archive

WORDS = ("Jane", "Acme", "Lima", "two hundred", "+14155550123", "jane@acme.com", "sync snowflake")


async def a_call(store: Store, archive: Archive, name: str = "c1", at: datetime = AT) -> str:
    """A finished call with its records and recording; returns the id of its person."""
    mail = signal(9, "email", "jane@acme.com", "jane at acme", confidence=0.99)
    await store.log.append_once(name, at, [*facts(f"CA-{name}"), mail, ENDED], "all")
    logged = await store.log.read(name)
    await crm_records(store, lambda: at).write(document(name, logged))
    await store.conversations.mark_wrapped(name, at)
    recorded(archive, name)
    found = await store.people.person_of(name)
    assert found is not None
    return found


def recorded(archive: Archive, name: str) -> None:
    """One second of voice."""
    archive.folder.mkdir(exist_ok=True)
    writer = archive.writer(archive.path(name))
    writer.write(np.full(8000, 7, np.int16), np.full(8000, 9, np.int16))
    writer.close()


def found_in(folder: Path, words: tuple[str, ...] = WORDS) -> list[tuple[str, str]]:
    """Which words occur in which files of a folder, as raw bytes."""
    return [
        (path.name, word)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for word in words
        if word.lower().encode() in path.read_bytes().lower()
    ]


def days(count: float) -> timedelta:
    return timedelta(days=count)
