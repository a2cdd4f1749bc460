"""CRM lookups of buyers who write: no chat waits for them, and unauthenticated mail starts none."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import anyio
import pytest

from core.crm.records import Deal, Found
from core.errors import CrmFailed
from core.events import Fact, IdentifierSeen
from core.projections.document import document
from core.scheduling.memory import MemoryDesk
from core.store.store import Store
from core.talk import ConversationOpened
from tests.channels.test_writing import Asked
from tests.core.talk import MONDAY_NOON, engine, sample
from tests.fakes import stores
from voice_agent.channels.knowing import Knowing
from voice_agent.channels.writing import Committed, Writing

pytestmark = pytest.mark.real_clock
ADDRESS = "dana@northwind.example"
DANA = Found(
    "hubspot", "77", name="Dana Reyes", email=ADDRESS, company="Northwind Health", role="CFO",
    owner="priya-nair", deals=(Deal("9", "Renewal"),), by="email",
)  # fmt: skip


class Crm:
    """Knows Dana; answers when it is let to, or fails."""

    def __init__(self, *fails: bool) -> None:
        self.asked: list[str] = []
        self.may = anyio.Event()
        self._fails = list(fails)

    async def find(self, whom: str) -> Found | None:
        self.asked.append(whom)
        if self._fails and self._fails.pop(0):
            raise CrmFailed("away")
        await self.may.wait()
        return DANA if whom == ADDRESS else None


def now() -> datetime:
    return MONDAY_NOON


class Server:
    """A server of written conversations on one store, which may run again and again."""

    def __init__(self, folder: Path, crm: Crm) -> None:
        folder.mkdir(exist_ok=True)
        self.store = Store(stores.sqlite(folder / "store.db"), server="boot-1")
        self._knowing = Knowing(self.store.people, self.store, crm.find, now)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Writing]:
        """What was begun is finished when it ends."""
        desk = MemoryDesk(sample().company)
        made = Writing(engine(), self.store, desk, Asked(), now, people=self._knowing)
        async with made.running():
            yield made

    async def document(self) -> dict[str, Any]:
        return document("c1", await self.store.log.read("c1"))


def opened(channel: Any = "chat", *seen: Fact) -> ConversationOpened:
    return ConversationOpened("c1", channel, "inbound", None, None, MONDAY_NOON, seen=seen)


async def answered(server: Writing, turn: int, text: str) -> None:
    """Say something and wait until its answer is told."""
    with server.listeners.listening("c1") as told:
        await server.say("c1", f"m{turn}", text)
        async for event in told:
            if isinstance(event, Committed) and event.turn == turn:
                return


def told_by_crm(made: dict[str, Any]) -> set[str]:
    return {s["value"] for s in made["signals"] if s["basis"] == "crm"}


async def test_a_chat_is_answered_before_the_crm_and_knows_the_owner_without_another_word(
    tmp_path: Path,
):
    crm = Crm()
    server = Server(tmp_path, crm)
    async with server.running() as chats:
        await chats.open(opened())
        await answered(chats, 1, f"We are 800 people on Snowflake, my email is {ADDRESS}")
        assert not crm.may.is_set()
        crm.may.set()
    made = await server.document()
    assert made["crm_contact"]["deals"] == ["Renewal"] and made["route"]["rep"] == "priya-nair"
    assert not made["crm_contact"]["sure"] and not told_by_crm(made), "anybody can type it"
    async with server.running() as chats:
        await answered(chats, 2, "My name is Dana Reyes, what does the growth plan cost?")
        await answered(chats, 3, "and do you support sso?")
    made = await server.document()
    assert made["crm_contact"]["sure"] and told_by_crm(made) == {"Northwind Health", "CFO"}
    assert crm.asked == [ADDRESS]
    await server.store.aclose()


async def test_a_crm_that_fails_is_asked_again_with_what_is_told_next(tmp_path: Path):
    crm = Crm(True)
    crm.may.set()
    server = Server(tmp_path, crm)
    async with server.running() as chats:
        await chats.open(replace(opened(), contact=(("email", ADDRESS),)))
    async with server.running() as chats:
        await answered(chats, 1, "hi, my name is Dana Reyes")
    assert crm.asked == [ADDRESS, ADDRESS]
    assert (await server.document())["crm_contact"]["sure"]
    await server.store.aclose()


async def test_a_proven_sender_is_looked_up_before_the_answer_and_a_claimed_one_never(
    tmp_path: Path,
):
    crm = Crm()
    crm.may.set()
    for proven in (True, False):
        server = Server(tmp_path / str(proven), crm)
        async with server.running() as mails:
            await mails.open(opened("email", IdentifierSeen("email", ADDRESS, proven)))
            await answered(mails, 1, "Do you support SSO?")
        found = (await server.document())["crm_contact"]
        assert (found["sure"], found["owner"]) == (True, "priya-nair") if proven else not found
        await server.store.aclose()
    assert crm.asked == [ADDRESS]
