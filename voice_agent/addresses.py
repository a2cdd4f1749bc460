"""Sockets bound to listen at, and where on the network they lie."""

import errno
import socket

DEAD_PEER_MS = 20_000
"""The kernel drops a connection whose peer takes no byte for this long, even one we have closed."""


def public(host: str, port: int) -> socket.socket:
    """The bound socket of the public port. Raises: OSError naming the remedy."""
    try:
        bound = bound_at(host, port)
    except OSError as error:
        remedy = "VOICE_AGENT_PORT"
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
    """Whether only processes of its machine reach this host:port."""
    return address.startswith(("127.", "[::1]"))


def address_of(bound: socket.socket) -> str:
    """host:port of a bound socket, as in a URL."""
    host, port = bound.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
