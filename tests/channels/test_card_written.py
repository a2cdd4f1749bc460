"""A card written in a chat is nowhere in the database, even if split over two messages."""

import re
import sqlite3
from pathlib import Path

import pytest

from core.privacy.cards import CARD
from core.scheduling.memory import MemoryDesk
from core.store.store import Store
from core.talk import ConversationOpened
from tests.core.talk import MONDAY_NOON, engine, sample
from tests.fakes import stores
from voice_agent.channels.writing import Writing

pytestmark = pytest.mark.real_clock
DIGITS = re.compile(r"(?<![\w.])(?:1111|11111111|987)(?!\w)")
"""The card's own, not figures inside of keys and instants."""
OPENED = ConversationOpened("c1", "chat", "inbound", None, None, MONDAY_NOON)


class NoWrapUp:
    async def wrap_up(self, conversation_id: str, revision: int = 0) -> None: ...


@pytest.mark.parametrize(
    "messages",
    [
        ("My card is 4111 1111 1111 1111, cvv 987. Do you support SSO?",),
        ("Do you support SSO?", "4111 1111", "1111 1111"),
        ("I'll pay by card: 4111", "11111111", "1111, expiry 11/29 and the code is 987"),
    ],
)
async def test_a_written_card_is_told_off_and_kept_nowhere(tmp_path: Path, messages):
    path = tmp_path / "chat.db"
    store = Store(stores.sqlite(path))
    writing = Writing(
        engine(), store, MemoryDesk(sample().company), NoWrapUp(), lambda: MONDAY_NOON
    )
    async with writing.running():
        await writing.open(OPENED)
        for n, text in enumerate(messages, start=1):
            await writing.say("c1", f"m{n}", text)
            answer = await writing.reply("c1", n)
    assert "card details" in " ".join(line.said.text for line in answer.lines)
    assert any(CARD in line.said.text for line in await writing.lines("c1"))
    facts = [entry.fact for entry in await store.log.read("c1")]
    assert [f.kind for f in facts if type(f).__name__ == "Flagged"].count("card_spoken") >= 1
    await store.aclose()
    with sqlite3.connect(path) as raw:
        everything = "\n".join(raw.iterdump())
    assert not DIGITS.search(everything)


async def test_the_same_message_twice_is_taken_once(tmp_path: Path):
    store = Store(stores.sqlite(tmp_path / "chat.db"))
    writing = Writing(
        engine(), store, MemoryDesk(sample().company), NoWrapUp(), lambda: MONDAY_NOON
    )
    async with writing.running():
        await writing.open(OPENED)
        first = await writing.say("c1", "m1", "4111 1111 1111 1111")
        again = await writing.say("c1", "m1", "4111 1111 1111 1111")
    assert first == again and first.said.text == CARD
    await store.aclose()
