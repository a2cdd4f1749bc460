"""The socket a process keeps for its peer processes only."""

import socket

import sqlalchemy as sa

from voice_agent.addresses import bound_at
from voice_agent.config import Settings
from voice_agent.errors import ConfigError

LOOPBACK = "127.0.0.1"
ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - refused


def door(settings: Settings, number: int) -> socket.socket:
    """The bound peer socket of worker `number`. Raises: ConfigError."""
    host = _own_address(settings)
    if host in ANYWHERE:
        raise ConfigError(f"VOICE_AGENT_PEER_HOST is {host}: others need one address to call")
    port = settings.peer_port and settings.peer_port + number
    try:
        return bound_at(host, port)
    except OSError as error:
        raise ConfigError(
            f"cannot listen for other servers on {host}:{port} ({error.strerror}); set "
            "VOICE_AGENT_PEER_HOST to an address of this machine, VOICE_AGENT_PEER_PORT to a port "
            "that is free, with as many after it as there are workers"
        ) from error


def _own_address(settings: Settings) -> str:
    """Where peers reach this machine. `auto`: its interface towards the shared database."""
    if settings.peer_host != "auto":
        return settings.peer_host or LOOPBACK
    url = sa.make_url(settings.store_url)
    if not url.host:
        return LOOPBACK  # a file or Unix socket: only this machine has it
    try:
        ways = socket.getaddrinfo(url.host, url.port or 5432, type=socket.SOCK_DGRAM)
        family, kind, *_, there = ways[0]
        with socket.socket(family, kind) as way:
            way.connect(there)  # sends nothing: it only selects the interface
            return str(way.getsockname()[0])
    except OSError as error:
        raise ConfigError(
            f"no way to the database at {url.host} ({error}); set VOICE_AGENT_PEER_HOST to this "
            "machine's address"
        ) from error
