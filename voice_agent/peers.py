"""`Peers`: passes a console page's live line to whichever process of the same database has the
call.

A call lives where its media socket is, while a page's socket may reach any process. Each process
has a door of its own beside the public port, a loopback port among the workers of one machine or a
network address among machines, and stores it in its row of the server table; the row's heartbeat
says whether it is alive. The process that serves the page relays the page's socket, frame by frame,
to the door of the process with the call, which serves it as if it had connected there: audio,
microphone and commands need no format of their own, and SQLite does as well as PostgreSQL.

Both sides prove that they belong together with a key derived from the secret key. The relay is not
encrypted: the network between servers must be as private as the one to their TLS proxy.
"""

import base64
import binascii
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass

import anyio
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from core.clock import Clock
from core.store.servers import Holder
from core.store.store import Store
from voice_agent.addresses import is_own
from voice_agent.errors import ServiceError
from voice_agent.signatures import PEERS, same
from voice_agent.sockets import close, received

log = logging.getLogger(__name__)
OPEN_S = 2.0
ALIVE_S = 2.0
"""Interval of keep-alives in either direction; a peer silent for twice as long is gone."""
LIFETIME_S = 60
"""Lifetime of a ticket: as far as two servers' clocks may differ."""
LARGEST = 4 * 1024 * 1024
TICKET, PROOF = "x-ticket", "x-proof"
NOT_HERE = 4404
"""Close code: this process does not have the call."""
REFUSED = 4403
STRANGER = "What answers at {} is not one of our servers."
AWAY = "The caller is with somebody else just now, or the call is just ending."


class OutOfReach(ServiceError):
    """The server with the call cannot be reached; the message says why, for a person."""

    code = "call-out-of-reach"


@dataclass(frozen=True, slots=True)
class Guest:
    """The person behind a page's line."""

    account: str
    name: str
    """The name under which they speak with the caller: a rep's id, else the account's name."""
    address: str
    """Their browser's address, for the audit."""


Attend = Callable[[WebSocket, Guest, str], Awaitable[None]]
"""Serves an accepted socket of this guest on a conversation of this process."""


class Peers:
    """This process among its peers. `attended_by` sets who serves what they pass on.

    `address`: host:port of its door as peers know it; empty when it has none.
    """

    def __init__(self, store: Store, secret: bytes, clock: Clock, address: str = "") -> None:
        store.servers.address = address
        self._store = store
        self._secret = secret
        self._clock = clock
        self._attend: Attend | None = None
        self._used: dict[str, int] = {}
        self.app = Starlette(routes=[WebSocketRoute("/line/{id}", self._door)])
        """Served on the peer socket only."""

    def attended_by(self, attend: Attend) -> None:
        """Set the handler of lines that other processes pass on."""
        self._attend = attend

    # --- the process that serves the page --------------------------------------------------------

    async def hand_on(self, page: WebSocket, guest: Guest, conversation_id: str) -> None:
        """Relay a page to the process that has the call, until that side ends or breaks.

        Raises: OutOfReach; WebSocketDisconnect when the page leaves; StoreFailed.
        """
        holder = await self._store.servers.holding(conversation_id)
        ticket = self._ticket(guest, conversation_id)
        far = await self._dialled(_within_reach(holder), conversation_id, ticket)
        try:
            if not same(far.response_headers(PROOF).decode("latin-1"), self._proof(ticket)):
                raise OutOfReach(STRANGER.format(far.address))
            await far.tie(page)
        finally:
            with anyio.CancelScope(shield=True):
                await far.connection.close()

    async def _dialled(self, holder: Holder, conversation_id: str, ticket: str) -> "_Far":
        at = f"{holder.host} at {holder.address}"
        try:
            connection = await connect(
                f"ws://{holder.address}/line/{conversation_id}",
                additional_headers={TICKET: ticket},
                compression=None,
                proxy=None,
                open_timeout=OPEN_S,
                close_timeout=1.0,
                ping_interval=ALIVE_S,
                ping_timeout=ALIVE_S,
                max_size=LARGEST,
            )
        except InvalidStatus as error:
            if error.response.status_code != 403:
                raise OutOfReach(STRANGER.format(holder.address)) from error
            raise OutOfReach(
                f"The server that has this call ({at}) does not know this one: is "
                "VOICE_AGENT_SECRET_KEY the same on both, and do their clocks agree?"
            ) from error
        except (OSError, TimeoutError, WebSocketException) as error:
            log.warning("%s has a call and cannot be reached: %s", at, error)
            raise OutOfReach(
                f"The server that has this call ({at}) does not answer. It may just have died; "
                "otherwise, is its VOICE_AGENT_PEER_PORT open between servers?"
            ) from error
        return _Far(connection, holder.address)

    # --- the process that has the call -----------------------------------------------------------

    async def _door(self, far: WebSocket) -> None:
        """Serve a page on behalf of another process."""
        conversation_id, ticket = far.path_params["id"], far.headers.get(TICKET, "")
        guest = self._admitted(ticket, conversation_id)
        if guest is None or self._attend is None:
            await far.close(REFUSED)
            return
        await far.accept(headers=[(PROOF.encode(), self._proof(ticket).encode())])
        await self._attend(far, guest, conversation_id)
        await close(far, NOT_HERE)

    def _ticket(self, guest: Guest, conversation_id: str) -> str:
        until = round(self._clock().timestamp()) + LIFETIME_S
        told = {
            **asdict(guest),
            "for": conversation_id,
            "until": until,
            "once": secrets.token_hex(8),
        }
        body = base64.urlsafe_b64encode(json.dumps(told).encode()).decode()
        return f"{body}.{self._digest('ticket', body)}"

    def _admitted(self, ticket: str, conversation_id: str) -> Guest | None:
        """The guest a ticket admits, once; None when it is not valid for this conversation now."""
        body, _, digest = ticket.partition(".")
        if not same(digest, self._digest("ticket", body)):
            return None
        try:
            told = json.loads(base64.urlsafe_b64decode(body))
        except (ValueError, binascii.Error):
            return None
        now = round(self._clock().timestamp())
        self._used = {once: until for once, until in self._used.items() if until >= now}
        if told["until"] < now or told["for"] != conversation_id or told["once"] in self._used:
            return None
        self._used[told["once"]] = told["until"]
        return Guest(told["account"], told["name"], told["address"])

    def _proof(self, ticket: str) -> str:
        return self._digest("answer", ticket)

    def _digest(self, what: str, text: str) -> str:
        return PEERS.hex(self._secret, f"{what}\x1f{text}")


@dataclass(frozen=True, slots=True)
class _Far:
    """The socket to the process that has the call."""

    connection: ClientConnection
    address: str

    def response_headers(self, name: str) -> bytes:
        """A header of the handshake response."""
        response = self.connection.response
        return response.headers.get(name, "").encode() if response else b""

    async def tie(self, page: WebSocket) -> None:
        """Relay both ways until either end is gone. Raises: WebSocketDisconnect when it was the
        page, else OutOfReach."""
        left = False

        async def up() -> None:
            nonlocal left
            try:
                while True:
                    await self.connection.send(await received(page))
            except WebSocketDisconnect:
                left = True
            except ConnectionClosed:
                pass
            tasks.cancel_scope.cancel()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(up)
            left = not await self._down(page) or left
            tasks.cancel_scope.cancel()
        if left:
            raise WebSocketDisconnect
        if self.connection.close_code == NOT_HERE:
            raise OutOfReach(AWAY)
        raise OutOfReach("The line to the server that has this call broke off.")

    async def _down(self, page: WebSocket) -> bool:
        """Relay from the far end until it is gone; False when the page is gone instead."""
        try:
            async for message in self.connection:
                if isinstance(message, str):
                    await page.send_text(message)
                else:
                    await page.send_bytes(message)
        except ConnectionClosed:
            pass
        except (WebSocketDisconnect, RuntimeError):  # it was closed meanwhile
            return False
        return True


def _within_reach(holder: Holder | None) -> Holder:
    """The holder, if it is worth trying. Raises: OutOfReach."""
    if holder is None:
        raise OutOfReach("The server that had this call is gone, and the call with it.")
    if holder.mine:
        raise OutOfReach(AWAY)
    if not holder.address or (is_own(holder.address) and not holder.near):
        raise OutOfReach(
            f"This call is on {holder.host}, which tells other servers no address of its own: "
            "set VOICE_AGENT_PEER_HOST there."
        )
    return holder
