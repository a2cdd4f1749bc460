"""An OpenID Connect provider on a loopback port: discovery, PKCE, signed tokens, keys, userinfo.

It refuses what a strict provider refuses (an unknown redirect, a reused code, a wrong verifier) and
forges what an attacker would: `forge` makes the ID token of the next sign-ins.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.fakes.keys import made_key
from tests.fakes.vendor_server import Fault, Reply, Request, VendorServer

CLIENT, SECRET = "console", "s3cret/with:odd+letters"
DANA = {
    "sub": "u-1001", "email": "dana@example.com", "email_verified": True, "name": "Dana Reyes",
    "groups": ["everyone", "sales"],
}  # fmt: skip
Forge = Callable[["OidcProvider", dict[str, Any]], str]


class OidcProvider(VendorServer):
    """One provider with one client. `person`: the claims of whoever signs in."""

    def __init__(self, now: Callable[[], datetime], redirect: str) -> None:
        super().__init__(now)
        self.redirect = redirect
        self.person: dict[str, Any] = dict(DANA)
        self.told_apart: tuple[str, ...] = ()
        """Claims that only userinfo returns."""
        self.forge: Forge | None = None
        self.said: dict[str, Any] = {}
        """Overrides of the discovery document."""
        self.issuer_in_answer: str | None = self.url
        self.decodes = True
        """Whether it decodes Basic credentials as in RFC 6749; not every provider does."""
        self.generation = 0
        self._codes: dict[str, dict[str, str]] = {}
        self._access: set[str] = set()

    @property
    def key(self) -> RSAPrivateKey:
        return made_key(self.generation)

    @property
    def pem(self) -> bytes:
        """The public key, in PEM."""
        return self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @property
    def kid(self) -> str:
        return f"key-{self.generation}"

    def asked(self, path: str) -> int:
        """How often a path was requested."""
        return sum(request.path == path for request in self.requests)

    def sign(self, claims: Mapping[str, Any], **header: Any) -> str:
        """A valid ID token."""
        return jwt.encode(dict(claims), self.key, "RS256", {"kid": self.kid, **header})

    def answer(self, request: Request) -> Reply:
        match request.method, request.path:
            case "GET", "/.well-known/openid-configuration":
                return Reply(200, self._discovery() | self.said)
            case "GET", "/authorize":
                return self._authorize(dict(request.query))
            case "POST", "/token":
                return self._token(request)
            case "GET", "/keys":
                public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
                sealing = {**public, "kid": "seals", "use": "enc"}
                signing = {**public, "kid": self.kid, "use": "sig", "alg": "RS256"}
                return Reply(200, {"keys": [sealing, signing]})
            case "GET", "/userinfo":
                if request.headers.get("authorization", "").removeprefix("Bearer ") in self._access:
                    return Reply(200, self.person)
                return Reply(401, {"error": "invalid_token"})
        return Reply(404, {})

    def failure(self, fault: Fault) -> Reply:
        return Reply(503 if fault == "503" else 500, {"error": "server_error"})

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "end_session_endpoint": f"{self.url}/leave?from=console",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }

    def _authorize(self, asked: dict[str, str]) -> Reply:
        wanted = {"response_type": "code", "client_id": CLIENT, "redirect_uri": self.redirect,
                  "code_challenge_method": "S256"}  # fmt: skip
        if any(asked.get(name) != value for name, value in wanted.items()):
            return Reply(400, {"error": "invalid_request", "asked": asked})
        if "openid" not in asked["scope"].split() or len(asked["code_challenge"]) != 43:
            return Reply(400, {"error": "invalid_scope"})
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        back = {"code": code, "state": asked["state"]}
        if self.issuer_in_answer:
            back["iss"] = self.issuer_in_answer
        return Reply(302, None, {"Location": f"{self.redirect}?{urlencode(back)}"})

    def _token(self, request: Request) -> Reply:
        kind, _, pair = request.headers.get("authorization", "").partition(" ")
        given = base64.b64decode(pair).decode().split(":", 1) if kind == "Basic" else ["", ""]
        if [unquote(part) if self.decodes else part for part in given] != [CLIENT, SECRET]:
            return Reply(401, {"error": "invalid_client"})
        form = request.body
        asked = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None or form["redirect_uri"] != asked["redirect_uri"]
            or proof != asked["code_challenge"] or form["grant_type"] != "authorization_code"
        ):  # fmt: skip
            return Reply(400, {"error": "invalid_grant"})
        at = int(self.now().timestamp())
        person = {k: v for k, v in self.person.items() if k not in self.told_apart}
        claims = {
            "iss": self.url, "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": asked["nonce"],
            **person,
        }  # fmt: skip
        access = secrets.token_urlsafe(16)
        self._access.add(access)
        token = self.forge(self, claims) if self.forge else self.sign(claims)
        return Reply(200, {"access_token": access, "token_type": "Bearer", "id_token": token})
