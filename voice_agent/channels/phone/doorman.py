"""Who may place a call from a browser, and who may read its outcome. Pure.

Without a public address the page is for people at this machine. Everyone else needs the token
printed at start-up; behind a proxy every client looks local, so there it is always required. A
call's outcome is for the person who placed it: they got a pass with it.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from voice_agent.signatures import PHONE, same

LOCAL_NAMES = frozenset({"localhost"})


@dataclass(frozen=True, slots=True)
class Visitor:
    """A request's claims about its client; `origin` and `bearer` are empty when absent."""

    address: str
    host: str
    """The Host header, with its port."""
    origin: str
    bearer: str


@dataclass(frozen=True, slots=True)
class Doorman:
    """Guards the browser telephone of one server."""

    key: bytes
    public: bool
    """The server has a public address, so no client is known to be local."""

    @property
    def token(self) -> str:
        """The token that lets a browser place calls; derived from the secret key."""
        return self._made("door")

    def refusal(self, visitor: Visitor) -> str | None:
        """Why this visitor may not place a call; None when they may."""
        if visitor.origin and urlsplit(visitor.origin).netloc != visitor.host:
            return "calls are placed from this server's own page"
        if not self.public and _local(visitor.address) and _local(_name(visitor.host)):
            return None
        if same(visitor.bearer, self.token):
            return None
        return "open the page by the address that was printed when the server started"

    def pass_for(self, call_sid: str) -> str:
        """The pass with which the person who placed a call reads its outcome."""
        return self._made(f"call {call_sid}")

    def placed(self, call_sid: str, bearer: str) -> bool:
        """Whether this is the call's pass."""
        return same(bearer, self.pass_for(call_sid))

    def _made(self, what: str) -> str:
        return PHONE.hex(self.key, what)


def _name(host: str) -> str:
    return urlsplit(f"//{host}").hostname or ""


def _local(name: str) -> bool:
    if name in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
