"""Where the company folder and the settings may send data. Pure."""

from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""This machine's own names."""


def confidential(url: str) -> bool:
    """Whether nobody can eavesdrop on what is sent there: https, or this machine itself.

    Raises: ValueError if the URL has no valid host.
    """
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
