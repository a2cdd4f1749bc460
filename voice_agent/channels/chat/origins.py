"""Which web pages may use the chat: the company's listed origins, and our own. Pure."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from knowledge.hosts import LOOPBACK


def allowed(origin: str | None, host: str, public_url: str, listed: Sequence[str]) -> bool:
    """Whether a page of this origin may use the chat.

    `origin`: None when the client sent none, which no browser does. `host`: the request's; it
    counts as our own only without a public URL, or on this machine. `listed`: origins,
    `https://*.example.com` for every subdomain.
    """
    if origin is None:
        return True
    scheme, _, netloc = origin.lower().partition("://")
    if scheme not in ("http", "https") or not netloc:
        return False
    if public_url and f"{scheme}://{netloc}" == _origin_of(public_url):
        return True
    local = _hostname(netloc) in LOOPBACK
    if netloc == host.lower() and (local or not public_url):
        return True
    return any(_fits(scheme, netloc, one) for one in listed)


def _fits(scheme: str, netloc: str, listed: str) -> bool:
    wanted, _, place = listed.partition("://")
    if place.startswith("*."):
        return scheme == wanted and netloc.endswith(place[1:]) and len(netloc) > len(place) - 1
    return scheme == wanted and netloc == place


def _origin_of(url: str) -> str:
    parts = urlsplit(url.lower())
    return f"{parts.scheme}://{parts.netloc}"


def _hostname(netloc: str) -> str | None:
    try:
        return urlsplit(f"//{netloc}").hostname
    except ValueError:
        return None
