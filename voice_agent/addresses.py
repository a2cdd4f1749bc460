"""Listening sockets, and whether an address is on this machine."""

import errno
import socket

DEAD_PEER_MS = 20_000
"""The kernel drops a connection that acknowledges nothing for this long, even one we have
closed."""


def public(host: str, port: int) -> socket.socket:
    """A bound socket for the public port. Raises: OSError with the remedy."""
    try:
        bound = bound_at(host, port)
    except OSError as error:
        remedy = "VOICE_AGENT_PORT to another"
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            remedy = "VOICE_AGENT_HOST to an address of this machine, or 0.0.0.0 for all of them"
        raise OSError(f"cannot listen on {host}:{port} ({error.strerror}); set {remedy}") from error
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_PEER_MS)
    return bound


def bound_at(host: str, port: int) -> socket.socket:
    """A bound socket. Raises: OSError."""
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


def is_own(address: str) -> bool:
    """Whether a host:port is reachable only from this machine."""
    return address.startswith(("127.", "[::1]"))


def address_of(bound: socket.socket) -> str:
    """The host:port of a bound socket, as written in a URL."""
    host, port = bound.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
