"""What the company folder and the settings may send things to. Pure."""

from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that are this machine."""


def confidential(url: str) -> bool:
    """Whether nobody can read on the way what is sent there: by https, or within this machine.

    Raises: ValueError where a URL's host is none.
    """
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
