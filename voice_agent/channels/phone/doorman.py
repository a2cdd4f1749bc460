"""Who may place a call from a browser, and who may read what came of it. Pure.

Without a public address the page is for whoever sits at this machine. Everyone else needs the
token that is printed at start; behind a proxy every client looks local, so there it is always
needed. What came of a call is for whoever placed it: they got a pass with it.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from voice_agent.signatures import PHONE, same

LOCAL_NAMES = frozenset({"localhost"})


@dataclass(frozen=True, slots=True)
class Visitor:
    """What a request says of who makes it; `origin` and `bearer` are empty when it does not."""

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
    """The server has a public address, so nobody is known to be local."""

    @property
    def token(self) -> str:
        """Lets a browser place calls; derived from the secret key, so it holds while that does."""
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
        """What the placer of a call shows to read of it."""
        return self._made(f"call {call_sid}")

    def placed(self, call_sid: str, bearer: str) -> bool:
        """Whether this is the pass of this call."""
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
