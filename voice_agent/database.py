"""Opens the database and folders named in the settings; an error names the setting."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio.to_thread

from core.errors import SchemaNewer, StoreFailed
from core.store.store import Store
from voice_agent.errors import ConfigError


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    """The database, migrated, and closed on exit. Raises: ConfigError."""
    store = await anyio.to_thread.run_sync(open_store, url)
    try:
        yield store
    finally:
        await store.aclose()


TAKEN = "too many clients"
"""PostgreSQL's error when all its connections are in use."""


def open_store(url: str) -> Store:
    """The database, migrated. Raises: ConfigError with the setting."""
    try:
        return Store(url)
    except SchemaNewer as error:
        raise ConfigError(f"database: {error}") from error
    except (StoreFailed, OSError) as error:
        why = str(error).splitlines()[0]
        remedy = "is it running, and is VOICE_AGENT_DATABASE_URL right?"
        if TAKEN in str(error):
            remedy = "raise max_connections: a worker holds up to 12"
        raise ConfigError(f"database: {why}; {remedy}") from error


def make_folder(folder: Path, setting: str) -> None:
    """Make sure a folder exists and is writable. Raises: ConfigError with the setting."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise ConfigError(
            f"cannot write to {folder} ({error.strerror}); set VOICE_AGENT_{setting} to a folder "
            "this user may write to"
        ) from error
