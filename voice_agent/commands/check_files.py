"""`voice-agent check` of files in `var`: what the database refused, what others can read."""

from collections.abc import Callable

from core.crm.records import Finding
from core.store.database import sqlite_file
from core.store.database_file import open_to_others
from voice_agent.call.spill import Spill
from voice_agent.config import Settings
from voice_agent.workflows.durable import system_url


def exposed(settings: Settings, found: Callable[[Finding], None]) -> None:
    """Database files from earlier versions, which every user of the machine could read."""
    for url in (settings.store_url, system_url(settings.store_url)):
        file = sqlite_file(url)
        for path in open_to_others(file) if file else ():
            found(Finding("warning", f"other users of this machine can read {path}, which holds "
                          f"personal data: chmod 600 {path}"))  # fmt: skip


def refused(settings: Settings, found: Callable[[Finding], None]) -> None:
    """Conversations with facts the database refused."""
    shelf = Spill(settings.var / "journal").refused
    for name in shelf.names():
        entries, _ = shelf.read(name)
        why = entries[0].why if entries else "no line can be read"
        found(Finding("warning", f"the database refused facts of {name} ({why}); they are in "
                      f"{shelf.folder}: see FactsWait in the runbook"))  # fmt: skip
