"""`Flow`: one sign-in on its way to the provider and back, sealed in a cookie. Pure.

The server stores nothing about a sign-in that has only begun, so nobody can fill it up.
"""

import base64
import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from urllib.parse import urlencode, urlsplit, urlunsplit

from voice_agent.console.access import new_token
from voice_agent.signatures import SIGN_IN, same

LASTS_S = 600
"""How long a person may take at the provider."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What has to come back as it was sent."""

    state: str
    nonce: str
    verifier: str
    """PKCE verifier: the code alone gets no token."""
    next: str
    began: float

    @classmethod
    def begun(cls, next_place: str, at: datetime) -> "Flow":
        """A new flow with random secrets."""
        return cls(new_token(), new_token(), new_token(), next_place, at.timestamp())

    def address(self, endpoint: str, client_id: str, scopes: str, redirect: str) -> str:
        """The URL to which the browser is sent to sign in."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        asked = urlencode({
            "response_type": "code", "client_id": client_id, "scope": scopes,
            "redirect_uri": redirect, "state": self.state, "nonce": self.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        })  # fmt: skip
        parts = urlsplit(endpoint)
        return urlunsplit(parts._replace(query=f"{parts.query}&{asked}" if parts.query else asked))

    def sealed(self, secret: bytes) -> str:
        """The flow as its cookie's value."""
        body = base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()
        return f"{body}.{SIGN_IN.hex(secret, body)}"


def opened(cookie: str, secret: bytes, at: datetime) -> Flow | None:
    """The flow in a cookie; None when it is not ours, or too old."""
    body, _, seal = cookie.partition(".")
    if not same(seal, SIGN_IN.hex(secret, body)):
        return None
    flow = Flow(**json.loads(base64.urlsafe_b64decode(body)))
    return flow if 0 <= at.timestamp() - flow.began <= LASTS_S else None
