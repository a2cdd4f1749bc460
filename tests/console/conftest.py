"""A console with its own store, and an account of each role."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette

from core.ports import StructuredModel
from core.store import accounts
from core.store.mail_tables import MailOutRow
from core.store.store import Store
from tests.core.talk import SAMPLE, engine, sample
from tests.fakes.a_call import AT
from tests.fakes.browser import Visitor
from tests.fakes.notified import Notified
from voice_agent.audio.archive import Archive
from voice_agent.console.live_chats import ChatFloor
from voice_agent.console.mail import MailDesk
from voice_agent.console.oidc.provider import Provider
from voice_agent.console.passwords import Passwords
from voice_agent.console.people import Certify, Erase, Export
from voice_agent.console.routes import ConsoleServices, console
from voice_agent.console.setup import Connections
from voice_agent.handoffs import Handoffs

PASSWORD = "correct-horse-battery"
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Takes a thousandth of the time; otherwise the same."""
HASH = HASHER.hash(PASSWORD)
ROLES = ("rep", "manager", "admin")


@dataclass
class Answers:
    """The mails to buyers, with the answer as their whole text."""

    async def answer(self, *letter: str) -> MailOutRow | None:
        conversation, question, to, _, _, answer, _ = letter
        if "@" not in to:
            return None
        return MailOutRow(
            id=f"{conversation}/{question}", conversation_id=conversation, kind="answer",
            recipient=to, text=answer, letter={}, created_at=AT,
        )  # fmt: skip


@dataclass
class Office:
    """A console, its clock, and a browser for each account."""

    store: Store
    public_url: str = ""
    folder: Path = Path("/nowhere")
    """Holds recordings; `company` is the company folder."""
    company: Path = SAMPLE
    at: datetime = AT
    app: Starlette = field(init=False)
    answers: Answers = field(default_factory=Answers)
    told: Notified = field(default_factory=Notified)
    changed: list[str] = field(default_factory=list)
    """Conversations whose delivered notices had to be updated."""
    again: list[str] = field(default_factory=list)
    """Requests to write to the CRM again."""

    erase: Erase | None = None
    export: Export | None = None
    certify: Certify | None = None
    floor: ChatFloor | None = None
    provider: Provider | None = None
    connections: Connections | None = None
    suggests: StructuredModel | None = None
    desk: MailDesk | None = None

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        """Build the console from what this office has."""
        self.app = Starlette(routes=[*console(self.services())])

    def services(self) -> ConsoleServices:
        return ConsoleServices(
            store=self.store, company=lambda: sample(self.company), clock=lambda: self.at,
            secret=b"secret", public_url=self.public_url, folder=self.company,
            archive=self.archive, engine=lambda: engine(self.company), answers=self.answers,
            notify=self.told, crm_retry=self._retry, erase=self.erase, export=self.export,
            certify=self.certify, floor=self.floor, provider=self.provider,
            connections=self.connections, suggests=self.suggests, passwords=Passwords(HASHER),
            desk=self.desk, handoffs=Handoffs(self.store, self._changed),
        )  # fmt: skip

    async def _changed(self, conversation_id: str, change: str) -> None:
        self.changed.append(conversation_id)

    async def _retry(self, key: str, after_s: float = 0.0) -> None:
        self.again.append(key)

    @property
    def archive(self) -> Archive:
        return Archive(self.folder)

    async def hire(self, name: str, role: str, rep: str | None = None) -> str:
        row = accounts.new_account(name, role, self.at, rep=rep, password=HASH)
        await self.store.write("t", lambda c: accounts.add(c, row))
        return row.id

    async def browser(self, name: str = "") -> Visitor:
        """A browser of its own, signed in if named."""
        visitor = Visitor(self.app, self.public_url or "http://agent")
        if name:
            answer = await visitor.sign_in(name, PASSWORD)
            assert answer.status_code == 303, answer.text
        return visitor


@pytest.fixture
async def office(store: Store, tmp_path: Path) -> Office:
    made = Office(store, folder=tmp_path)
    for role in ROLES:
        await made.hire(role, role, "sofia-alvarez" if role == "rep" else None)
    return made
