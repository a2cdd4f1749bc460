"""A page on one process, a call on another: relayed frame by frame, with failures reported."""

import json
import platform
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import anyio
import pytest
import sqlalchemy as sa
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from core.store.store import Store
from core.store.tables import ServerRow
from tests.core.talk import sample
from tests.fakes import stores
from tests.fakes.a_call import AT, started
from tests.fakes.ports import free_port
from tests.fakes.telephone import AsgiSocket, dial_asgi
from voice_agent.addresses import address_of
from voice_agent.config import Settings
from voice_agent.console.files import Files
from voice_agent.console.frame import Frame
from voice_agent.console.live_line import LiveLine
from voice_agent.console.live_standing import Standings
from voice_agent.errors import ConfigError
from voice_agent.peers import REFUSED, TICKET, Guest, OutOfReach, Peers
from voice_agent.server.peer_door import door

pytestmark = pytest.mark.real_clock
GUEST = Guest("jo", "sofia-alvarez", "192.0.2.7")
SECRET = b"the same on both"
_server = ServerRow.__table__


@dataclass
class Call:
    """A call by the console's port: what was wanted of it, and what it sounds like."""

    rep: str | None = None
    listeners: int = 0
    hearing_now: str = "we use snow"
    done: list[tuple[str, ...]] = field(default_factory=list)
    microphone: bytes = b""
    over: anyio.Event = field(default_factory=anyio.Event)

    @property
    def supervision(self) -> "Call":
        return self

    def listen(self) -> "Call":
        self.listeners += 1
        return self

    def leave(self, _listener: object) -> None:
        self.listeners -= 1

    async def next(self) -> list[tuple[str, bytes]]:
        with anyio.move_on_after(0.02):
            await self.over.wait()
        return [] if self.over.is_set() else [("caller", b"\x7f" * 160), ("agent", b"\x80" * 160)]

    def take(self, rep: str) -> None:
        self.rep = rep
        self.done.append(("take", rep))

    def give_back(self, rep: str) -> None:
        self.rep = None
        self.done.append(("give_back", rep))

    def say(self, rep: str, text: str) -> None:
        self.done.append(("say", rep, text))

    def end(self, rep: str) -> None:
        self.done.append(("end", rep))

    def speak(self, rep: str, payload: bytes) -> None:
        if rep == self.rep:
            self.microphone += payload


@dataclass
class Process:
    """One server process: its calls, its door for the others, the socket of its pages."""

    name: str
    url: str
    at: datetime = AT
    secret: bytes = SECRET
    calls: dict[str, Call] = field(default_factory=dict)

    def going_on(self, conversation_id: str) -> Call | None:
        return self.calls.get(conversation_id)

    async def __aenter__(self) -> "Process":
        self.store = Store(self.url, server=self.name)
        self.door = door(Settings(_env_file=None), 0)
        clock = lambda: self.at  # noqa: E731
        self.peers = Peers(self.store, self.secret, clock, address_of(self.door))
        frame = Frame(self.store, sample, clock, b"secret", "", [], Files())
        self.line = LiveLine(frame, self, Standings(frame), self.peers)
        self.app = Starlette(routes=[WebSocketRoute("/page/{id}", self._page)])
        await self.store.servers.beat(self.at)
        config = uvicorn.Config(self.peers.app, log_config=None, lifespan="off",
                                ws="websockets-sansio", timeout_graceful_shutdown=1)  # fmt: skip
        self.http = uvicorn.Server(config)
        self.tasks = await anyio.create_task_group().__aenter__()
        self.tasks.start_soon(self.http._serve, [self.door])
        return self

    async def __aexit__(self, *_: object) -> None:
        self.http.should_exit = True
        await self.tasks.__aexit__(None, None, None)
        self.door.close()
        await self.store.aclose()

    async def _page(self, page: WebSocket) -> None:
        row = await self.store.conversations.get(page.path_params["id"])
        assert row is not None
        await page.accept()
        await self.line.serve(page, GUEST, row)

    @asynccontextmanager
    async def page(self) -> AsyncIterator["Page"]:
        async with dial_asgi(self.app)("ws://here/page/c1", {}) as opened:
            yield Page(opened)


@dataclass
class Page:
    """What a browser would do with the socket of a call's page."""

    socket: AsgiSocket
    known: dict = field(default_factory=dict)
    heard: dict[int, int] = field(default_factory=dict)

    async def until(self, holds, within_s: float = 10.0) -> dict:
        """Read on until what is known fulfils this."""
        with anyio.fail_after(within_s):
            while not holds(self.known):
                message = await self.socket.receive()
                if isinstance(message, bytes):
                    self.heard[message[0]] = self.heard.get(message[0], 0) + len(message) - 1
                else:
                    self.known |= json.loads(message)
        return self.known

    async def do(self, act: str, words: str = "") -> str:
        self.known.pop("done", None)
        await self.socket.send(json.dumps({"do": act, "words": words}))
        return (await self.until(lambda known: "done" in known))["done"]


@asynccontextmanager
async def two(tmp_path: Path) -> AsyncIterator[tuple[Process, Process]]:
    """Two processes of one database; the second has a call."""
    url = stores.sqlite(tmp_path / "voice_agent.db")
    async with Process("one", url) as one, Process("two", url) as other:
        other.calls["c1"] = Call()
        await other.store.log.append("c1", AT, [started()])
        yield one, other


async def test_a_page_on_another_process_hears_and_steers_the_call(tmp_path):
    async with two(tmp_path) as (one, other):
        call = other.calls["c1"]
        async with one.page() as page:
            known = await page.until(lambda known: known.get("listeners") == 1)
            assert known["away"] == "" and known["hearing"] == "we use snow" and call.listeners == 1
            assert known["lines"] == {"from": 0, "lines": []}
            assert "agent is silent" in await page.do("take")
            await page.until(lambda known: known["floor"] == GUEST.name)
            for _ in range(5):
                await page.socket.send(b"\x11" * 160)
            assert "says it" in await page.do("say", "one moment")
            assert call.microphone == b"\x11" * 800
            assert page.heard[0] > 0 and page.heard[1] > 0
            assert call.done == [("take", GUEST.name), ("say", GUEST.name, "one moment")]
        with anyio.fail_after(5):  # the page is gone, and the far process hears of it
            while call.rep is not None or call.listeners:
                await anyio.lowlevel.checkpoint()
        acts = await other.store.query(
            lambda c: c.execute(sa.text("select account, act, address from audit")).all()
        )
        assert ("jo", "live take", "192.0.2.7") in [tuple(row) for row in acts]


async def test_a_process_that_dies_under_a_page_is_told_and_one_that_comes_back_goes_on(tmp_path):
    async with two(tmp_path) as (one, other):
        async with one.page() as page:
            await page.until(lambda known: known.get("listeners") == 1)
            await page.do("take")
            other.http.should_exit = True  # its door shuts, as the kernel does for a dead process
            known = await page.until(lambda known: known["away"])
            assert "broke off" in known["away"]
            assert known["lines"]["lines"] == [], "the call is read along"
            known = await page.until(lambda known: "does not answer" in known["away"])
            assert other.calls["c1"].rep is None, "the floor went back when the line broke"
            one.calls["c1"] = Call()  # the caller comes back to this process
            known = await page.until(lambda known: known["away"] == "")


async def test_a_call_that_is_over_says_so(tmp_path):
    async with two(tmp_path) as (one, other):
        async with one.page() as page:
            await page.until(lambda known: known.get("listeners") == 1)
            await other.store.write("t", lambda c: c.execute(
                sa.text("update conversation set status = 'completed'")).rowcount)  # fmt: skip
            other.calls["c1"].over.set()
            await page.until(lambda known: known.get("over"))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"stopped_at": AT}, "is gone, and the call with it"),
        ({"pid": 1, "process_start": "long ago"}, "is gone, and the call with it"),
        ({"address": ""}, "VOICE_AGENT_PEER_HOST"),
        ({"host": "elsewhere"}, "VOICE_AGENT_PEER_HOST"),
        ({"address": "127.0.0.1:9"}, "does not answer"),
    ],
)
async def test_why_a_call_is_out_of_reach_is_told_with_the_remedy(change, why, tmp_path):
    async with two(tmp_path) as (one, other):
        update = sa.update(_server).where(_server.c.id == "two").values(change)
        await one.store.write("t", lambda c: c.execute(update).rowcount)
        async with one.page() as page:
            known = await page.until(lambda known: known.get("away"))
        assert why in known["away"] and other.calls["c1"].listeners == 0


async def test_a_caller_who_is_with_somebody_else_is_waited_for(tmp_path):
    async with two(tmp_path) as (one, other):
        call = other.calls.pop("c1")
        async with one.page() as page, other.page() as near:
            for each in (page, near):
                known = await each.until(lambda known: known.get("away"))
                assert "with somebody else" in known["away"]
            other.calls["c1"] = call
            await page.until(lambda known: known["away"] == "")
            await near.until(lambda known: known["away"] == "")


async def test_servers_with_different_keys_do_not_know_each_other(tmp_path):
    async with two(tmp_path) as (one, other):
        async with Process("three", one.url, secret=b"another") as stranger:
            async with stranger.page() as page:
                known = await page.until(lambda known: known.get("away"))
        assert "VOICE_AGENT_SECRET_KEY" in known["away"] and other.calls["c1"].listeners == 0


async def test_a_ticket_is_good_once_for_its_conversation_and_for_a_minute(tmp_path):
    async with two(tmp_path) as (one, other):
        url = f"ws://{address_of(other.door)}/line/"

        async def admitted(ticket: str, conversation_id: str = "c1") -> bool:
            try:
                async with connect(url + conversation_id, additional_headers={TICKET: ticket}):
                    return True
            except InvalidStatus:
                return False

        ticket = one.peers._ticket(GUEST, "c1")
        assert not await admitted(ticket, "c2") and not await admitted("")
        assert not await admitted(ticket[:-1] + ("0" if ticket[-1] != "0" else "1"))
        assert await admitted(ticket) and not await admitted(ticket)
        late = one.peers._ticket(GUEST, "c1")
        other.at += timedelta(seconds=61)
        assert not await admitted(late)


async def test_what_answers_at_a_dead_servers_port_has_to_prove_itself(tmp_path):
    async with two(tmp_path) as (one, other):

        async def impostor(page: WebSocket) -> None:
            await page.accept()
            await page.receive()

        other.peers.app.router.routes[:] = [WebSocketRoute("/line/{id}", impostor)]
        async with one.page() as page:
            known = await page.until(lambda known: known.get("away"))
        assert "not one of our servers" in known["away"]
        assert OutOfReach.code == "call-out-of-reach" and REFUSED


def test_a_door_lies_where_the_settings_say_and_each_worker_has_its_own():
    port = free_port()
    with door(Settings(_env_file=None), 3) as own:
        assert own.getsockname()[0] == "127.0.0.1"
    given = Settings(_env_file=None, peer_host="127.0.0.2", peer_port=port)
    with door(given, 0) as first, door(given, 1) as second:
        assert address_of(first) == f"127.0.0.2:{port}"
        assert address_of(second) == f"127.0.0.2:{port + 1}"
        first.listen()
        with pytest.raises(ConfigError, match="VOICE_AGENT_PEER_PORT"):
            door(given, 0)
    with pytest.raises(ConfigError, match="one address"):
        door(Settings(_env_file=None, peer_host="0.0.0.0"), 0)
    way = Settings(
        _env_file=None, peer_host="auto", database_url="postgresql://voice@127.0.0.1/voice"
    )
    with door(way, 0) as found:
        assert found.getsockname()[0] == "127.0.0.1"


async def test_a_caller_who_came_back_to_another_server_is_found_there(tmp_path):
    async with two(tmp_path) as (one, _):
        await one.store.conversations.move("c1", "one")
        holder = await one.store.servers.holding("c1")
        assert holder is not None and holder.mine and holder.host == platform.node()
