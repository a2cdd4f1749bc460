"""The console alone behind a real port: without engines, so that it starts at once."""

import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import uvicorn
from anyio.from_thread import BlockingPortal, start_blocking_portal

from core.store.store import Store
from tests.console.calls import keep
from tests.console.conftest import PASSWORD, ROLES, Office
from tests.core.talk import SAMPLE
from tests.fakes import stores
from tests.knowledge.lumo import adopted

T = TypeVar("T")


@dataclass
class ConsoleSite:
    """A running console."""

    office: Office
    url: str
    portal: BlockingPortal

    def run(self, work: Callable[..., Awaitable[T]], *given: object) -> T:
        """Run work on its store, on its own event loop."""
        return self.portal.call(work, *given)


@contextmanager
def console_site(
    folder: Path, company: Path = SAMPLE, before: Callable[[Office], Awaitable[None]] | None = None
) -> Iterator[ConsoleSite]:
    """A console with its own store, and an account of each role.

    `before`: puts more into the store before the console starts.
    """
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"

    async def opened() -> Office:
        store = Store(stores.sqlite(folder / "console.db"))
        office = Office(store, public_url="", folder=folder / "recordings", company=company)
        office.folder.mkdir()
        for role in ROLES:
            await office.hire(role, role, "sofia-alvarez" if role == "rep" else None)
        if before is not None:
            await before(office)
        return office

    with start_blocking_portal() as portal:
        office = portal.call(opened)
        server = uvicorn.Server(uvicorn.Config(office.app, log_level="error", lifespan="off"))
        serving = portal.start_task_soon(server.serve, [listening])
        try:
            yield ConsoleSite(office, url, portal)
        finally:
            server.should_exit = True
            serving.result(10)
            portal.call(office.store.aclose)


@contextmanager
def lumo_site(folder: Path) -> Iterator[ConsoleSite]:
    """The console of a small company with a writable folder, calls and an admin."""
    with console_site(folder, adopted(folder / "lumo")) as up:
        up.run(up.office.hire, "boss", "admin", "ben")
        up.run(keep, up.office)
        yield up


def sign_in(page: object, url: str, name: str = "rep") -> None:
    """Sign a page in."""
    page.goto(f"{url}/console/sign-in")  # type: ignore[attr-defined]
    page.get_by_label("Name").fill(name)  # type: ignore[attr-defined]
    page.get_by_label("Password").fill(PASSWORD)  # type: ignore[attr-defined]
    with page.expect_navigation():  # type: ignore[attr-defined]
        page.keyboard.press("Enter")  # type: ignore[attr-defined]
