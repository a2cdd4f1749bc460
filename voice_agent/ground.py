"""`Ground`: what every part of a server is built on. It is made first and passed on."""

from contextlib import AsyncExitStack
from dataclasses import dataclass

from prometheus_client import CollectorRegistry

from core.clock import Clock
from core.store.store import Store
from knowledge.load import load
from voice_agent.audio.archive import Archive
from voice_agent.config import Settings
from voice_agent.database import make_folder, opened
from voice_agent.present import Present
from voice_agent.recordings import archive_of
from voice_agent.signing_key import signing_key


@dataclass(frozen=True, slots=True)
class Ground:
    """Settings, company, database, recordings, keys, metrics and clock."""

    settings: Settings
    present: Present
    store: Store
    archive: Archive
    secret_key: bytes
    registry: CollectorRegistry
    clock: Clock
    stack: AsyncExitStack
    """Closes what was opened, last first, when the server ends."""


async def ground_of(settings: Settings, clock: Clock, stack: AsyncExitStack) -> Ground:
    """The company loaded, folders made, the database migrated.

    Raises: ConfigError, CompanyInvalid, StoreFailed.
    """
    present = Present(load(settings.company))
    archive = archive_of(settings)
    make_folder(settings.var, "VAR")
    make_folder(archive.folder, "RECORDINGS")
    store = await stack.enter_async_context(opened(settings.store_url))
    secret_key = signing_key(settings.secret_key.get_secret_value(), settings.var)
    return Ground(settings, present, store, archive, secret_key, CollectorRegistry(), clock, stack)
