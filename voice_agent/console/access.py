"""Session cookies, their hashes, a request's origin, and redirects after signing in."""

import hashlib
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import Response

from voice_agent.signatures import FORM

HOME = "/console"
SIGN_IN = "/console/sign-in"
COOKIE = "voice_agent_console"
FORM_COOKIE = "voice_agent_form"
_DAYS = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Cookies:
    """The console's cookies: not readable by scripts, and Secure when the server has TLS."""

    public_url: str

    @property
    def secure(self) -> bool:
        """Whether browsers reach this server over TLS."""
        return self.public_url.startswith("https://")

    def name(self, plain: str) -> str:
        """The cookie's name, with `__Host-`: no subdomain or plain-HTTP page can set it."""
        return f"__Host-{plain}" if self.secure else plain

    def read(self, connection: HTTPConnection, plain: str) -> str:
        """A cookie's value, empty without it."""
        return connection.cookies.get(self.name(plain), "")

    def give(self, response: Response, plain: str, value: str, max_age_s: int = _DAYS) -> None:
        """Set a cookie."""
        response.set_cookie(
            self.name(plain), value, max_age=max_age_s, path="/", secure=self.secure,
            httponly=True, samesite="lax",
        )  # fmt: skip

    def take(self, response: Response, plain: str) -> None:
        """Remove a cookie."""
        response.delete_cookie(
            self.name(plain), path="/", secure=self.secure, httponly=True, samesite="lax"
        )


def new_token() -> str:
    """An unguessable secret."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """A session token as stored: what is in the database opens nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


def form_token(secret: bytes, nonce: str) -> str:
    """The CSRF token of a form without a session, bound to a cookie of the same browser."""
    return FORM.hex(secret, nonce)


def from_here(connection: HTTPConnection, public_url: str) -> bool:
    """Whether a request comes from a page of ours, as far as the browser says."""
    if connection.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = connection.headers.get("origin")
    if origin is None:
        return True  # not a browser, or an old one: the token decides
    given = _netloc(origin)
    return bool(given) and given in (connection.headers.get("host", "").lower(),
                                     _netloc(public_url))  # fmt: skip


def next_place(wanted: str) -> str:
    """The page after signing in: a page of the console, whatever was requested."""
    parts = urlsplit(wanted) if wanted.isprintable() else urlsplit("")
    inside = parts.path == HOME or parts.path.startswith(f"{HOME}/")
    if parts.scheme or parts.netloc or not inside or "\\" in wanted or "//" in parts.path:
        return HOME
    if ".." in parts.path.split("/") or parts.path.startswith(SIGN_IN):
        return HOME
    moment = f"#{parts.fragment}" if parts.fragment else ""
    return parts.path + (f"?{parts.query}" if parts.query else "") + moment


def came_from(request: HTTPConnection) -> str:
    """The console page a form was sent from, by the browser's referrer."""
    try:
        parts = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return HOME
    return next_place(parts.path + (f"?{parts.query}" if parts.query else ""))


def _netloc(url: str) -> str:
    try:
        return urlsplit(url.lower()).netloc
    except ValueError:
        return ""
