"""Conversations in a console's database, with a recording whose samples are known."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from core.events import ConversationStarted, Fact, UtteranceRecorded
from core.store import accounts
from tests.console.conftest import Office
from tests.fakes.a_call import AT, ENDED, facts
from tests.fakes.browser import Visitor
from voice_agent.audio.wav import WavWriter
from voice_agent.console.access import token_hash

LENGTH = 31 * 8000


async def keep(office: Office, said: Sequence[Fact] | None = None, name: str = "c1") -> str:
    """A call as its log holds it, over and wrapped up."""
    told = [*facts(call_sid=f"CA{name}"), ENDED] if said is None else list(said)
    for n, fact in enumerate(told):
        await office.store.log.append(name, AT + timedelta(seconds=n), [fact])
    return name


def record(office: Office, name: str = "c1", lanes: int = 2) -> NDArray[np.int16]:
    """The call's recording: the caller's samples count up, the agent's down; a colleague, if there
    is a third lane, speaks from 10 s on."""
    up = (np.arange(LENGTH) % 30_000).astype(np.int16)
    made = np.stack([up, -up, np.where(np.arange(LENGTH) < 80_000, 0, 9000)][:lanes], axis=1)
    made = made.astype(np.int16)
    writer = WavWriter(office.archive.path(name), lanes)
    writer.write(*made.T)
    writer.close()
    return made


def written(channel: str = "chat") -> list[Fact]:
    """A conversation in writing."""
    return [
        ConversationStarted(channel, "inbound", None, None, None, "tideline", "c", "k", False),  # type: ignore[arg-type]
        UtteranceRecorded(1, "caller", "Do you sync Snowflake?", 4000, 4000),
        UtteranceRecorded(1, "agent", "Yes, we do.", 5000, 5000, citations=("snowflake@1#1",)),
        UtteranceRecorded(2, "rep", "Sofia here.", 60_000, 60_000, kind="sofia-alvarez"),
        ENDED,
    ]


async def seat(office: Office, name: str) -> Visitor:
    """A browser already signed in, without the work of hashing a password."""
    visitor = Visitor(office.app, office.public_url or "http://agent")
    token = f"{name}-{'t' * 40}"

    def sign_in(c: sa.Connection) -> None:
        account = accounts.by_name(c, name)
        assert account is not None
        if accounts.session(c, token_hash(token), office.at) is None:
            accounts.sign_in(c, token_hash(token), account.id, "c" * 32, office.at)

    await office.store.write("t", sign_in)
    visitor.client.cookies.set("voice_agent_console", token)
    return visitor
