"""A server as a process, from its banner to the end of its drain."""

import gc
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio
import uvicorn
from rich.console import Console

from core.clock import Clock, utc_now
from core.errors import CoreError
from knowledge.errors import CompanyInvalid
from knowledge.hosts import LOOPBACK
from voice_agent.addresses import address_of, public
from voice_agent.app import Server, built
from voice_agent.commands.account import first_password
from voice_agent.commands.failure import cannot_start
from voice_agent.config import Settings
from voice_agent.errors import VoiceAgentError, leaves
from voice_agent.observe import set_up_logging
from voice_agent.peers import ALIVE_S
from voice_agent.server.collecting import collect, settle
from voice_agent.server.memory import share_heaps
from voice_agent.server.peer_door import door
from voice_agent.telephony.protocol import MAX_MESSAGE_BYTES
from voice_agent.telephony.websocket import MediaWebSocket, look_after

log = logging.getLogger(__name__)
DRAIN_S = 600.0
"""Longest wait for calls to end after SIGTERM; a second signal ends the wait."""
GIVE_WAY_S = 0.0005
"""A computing thread yields to the event loop within this; Python's default of 5 ms, paid at each
turn of the loop, adds up to late media."""

PLAIN: Mapping[str, Any] = {
    "log_config": None,
    "access_log": False,
    "lifespan": "off",
    "ws_max_size": MAX_MESSAGE_BYTES,
    "ws_per_message_deflate": False,
    "server_header": False,
}
"""Shared by the public port and the door for peer processes."""
_STOPPING = (signal.SIGTERM, signal.SIGINT)
_SIGNALS = _STOPPING if sys.platform == "win32" else (*_STOPPING, signal.SIGHUP)
"""SIGHUP takes published knowledge into use, as growth of the audit trail does."""


@dataclass(frozen=True, slots=True)
class Listening:
    """A server taking calls at `url`."""

    server: Server
    url: str


def serve_on(
    settings: Settings, bound: socket.socket, number: int = 0, ready: Callable[[], object] = bool
) -> int:
    """Serve on a bound socket as worker `number`; calls `ready` once up; returns the exit code."""
    set_up_logging()
    share_heaps()
    gc.freeze()  # imports stay: scanning them takes a fifth of a second
    code = 0
    serving = partial(_serve, settings, bound, number, ready)
    try:
        anyio.run(serving, backend_options={"use_uvloop": sys.platform != "win32"})
    except* (VoiceAgentError, CoreError, CompanyInvalid, OSError) as group:
        for error in leaves(group):
            cannot_start(error)
        code = 1
    return code


async def _serve(
    settings: Settings, bound: socket.socket, number: int, ready: Callable[[], object]
) -> None:
    with anyio.open_signal_receiver(*_SIGNALS) as signals:
        async with _listening(settings, bound, utc_now, number) as up:
            if number == 0:
                _banner(settings, up, await first_password(up.server.store))
            ready()
            async for told in signals:
                if told not in _STOPPING:
                    changed = await up.server.renewal.renew()
                    log.info("%s: %s", told.name, "renewed" if changed else "nothing to renew")
                    continue
                log.info("%s: refusing new calls, %d going on", told.name, up.server.calls.active)
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(_hurry, signals, tasks.cancel_scope)
                    await up.server.calls.drain(DRAIN_S, settings.drain_notice_s)
                    tasks.cancel_scope.cancel()
                return


async def _hurry(signals: AsyncIterator[signal.Signals], scope: anyio.CancelScope) -> None:
    async for told in signals:
        if told not in _STOPPING:
            continue
        log.warning("second signal: ending calls now")
        scope.cancel()
        return


@asynccontextmanager
async def listening(settings: Settings, clock: Clock = utc_now) -> AsyncIterator[Listening]:
    """A built server, listening; on exit, it closes open sockets and stops."""
    with public(settings.host, settings.port) as bound:
        async with _listening(settings, bound, clock) as up:
            yield up


@asynccontextmanager
async def _listening(
    settings: Settings, bound: socket.socket, clock: Clock, number: int = 0
) -> AsyncIterator[Listening]:
    with door(settings, number) as beside:
        async with built(settings, clock, address_of(beside)) as server:
            async with _served(_config(settings, server), server, bound, beside) as up:
                yield up


@asynccontextmanager
async def _served(
    public: uvicorn.Config, server: Server, bound: socket.socket, beside: socket.socket
) -> AsyncIterator[Listening]:
    """Serve on the public socket and on `beside`, the one for peer processes."""
    http, peers = _Http(public), _Http(_peer_config(server))
    over = anyio.Event()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(peers.serve, [beside])
        tasks.start_soon(http.serve, [bound])
        while not (http.started and peers.started):  # noqa: ASYNC110 - told only by this flag
            await anyio.sleep(0.01)
        settle()
        tasks.start_soon(collect, lambda: server.calls.active, over)
        if sys.platform != "win32":  # Windows has no SO_RCVLOWAT
            tasks.start_soon(look_after, http.server_state.connections, over)
        sys.setswitchinterval(GIVE_WAY_S)
        try:
            yield Listening(server, f"http://{address_of(bound)}")
        finally:
            over.set()
            http.should_exit = peers.should_exit = True


def _config(settings: Settings, server: Server) -> uvicorn.Config:
    return uvicorn.Config(
        server.app,
        **PLAIN,
        forwarded_allow_ips=["127.0.0.1", "::1", *settings.trusted_proxies.split()],
        ws=MediaWebSocket,
        ws_ping_interval=None,
        timeout_graceful_shutdown=10,
    )


def _peer_config(server: Server) -> uvicorn.Config:
    return uvicorn.Config(
        server.peers.app,
        **PLAIN,
        ws="websockets-sansio",
        ws_ping_interval=ALIVE_S,
        ws_ping_timeout=ALIVE_S,
        timeout_graceful_shutdown=1,
    )


class _Http(uvicorn.Server):
    """uvicorn without its signal handling: ours drains first."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


def _tried(settings: Settings, url: str) -> str:
    """The command that places a call; the sample's caller asks another company about Tideline."""
    if settings.company == Settings.model_fields["company"].default:
        return f"voice-agent call --script demo --to {url}"
    return f"voice-agent demo --company {settings.company}"


def _banner(settings: Settings, up: Listening, password: str) -> None:
    say = partial(Console().print, highlight=False, soft_wrap=True)
    public = settings.public_url or up.url
    say(f"\n[bold]voice-agent[/bold] answers at {up.url}")
    for line in up.server.engines:
        say(f"  {line}")
    hook = (
        f"{public}/twilio/voice"
        if settings.public_url
        else "none: VOICE_AGENT_PUBLIC_URL is not set"
    )
    say(f"  Twilio voice webhook  {hook}")
    say(f"  try it                {_tried(settings, up.url)}")
    say(f"  website chat          {up.url}/chat")
    if (doorman := up.server.doorman) is not None:
        alone = settings.host in LOOPBACK and not doorman.public
        page = f"{public}/phone" + ("" if alone else f"#{doorman.token}")
        say(f"  browser telephone     {page}")
    say(f"  reps' console         {public}/console")
    if password:
        say(f"  sign in as admin with [bold]{password}[/bold]  (shown this once)")
    say(f"  calls                 {up.url}/api/v1/calls")
    if not settings.api_token.get_secret_value():
        say(f"  API token, this run   {up.server.api_token}")
    if settings.public_url and not settings.twilio_auth_token.get_secret_value():
        say("  [yellow]TWILIO_AUTH_TOKEN is not set: calls of Twilio are refused[/yellow]")
