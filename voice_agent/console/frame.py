"""`Frame`: shared by all pages: access, rendering, headers."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import anyio
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from core.clock import Clock
from core.errors import StoreFailed
from core.store import accounts, audit
from core.store.accounts import Session
from core.store.audit import Audited
from core.store.store import Store
from knowledge.load import Loaded
from voice_agent.console.access import (
    COOKIE,
    SIGN_IN,
    Cookies,
    came_from,
    from_here,
    token_hash,
)
from voice_agent.console.doors import (
    Door,
    Handler,
    Nav,
    Role,
    SocketDoor,
    Visit,
    allowed,
    form_of,
)
from voice_agent.console.files import Files
from voice_agent.console.pages import environment
from voice_agent.console.uploads import KIND as UPLOADED
from voice_agent.console.uploads import Upload, parts_of
from voice_agent.http import Refused, body_within, refusal
from voice_agent.signatures import same
from voice_agent.sockets import close

log = logging.getLogger(__name__)
TOUCH = timedelta(minutes=1)
"""Interval at which a session's last use is stored."""
UNASKED = "x-unasked"
"""Header of what an open page asks for by itself: such requests keep no session from ending."""
LANE = "console"
POLICY = (
    "default-src 'none'; script-src 'self' {early}; style-src {sheets}; img-src 'self' data:; "
    "media-src 'self' blob:; connect-src 'self' {socket}; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No injected script could run; only the one that keeps early keystrokes may."""
POLICY_CLOSED = 4403
"""Close code of a WebSocket without access."""
LOOK_S = 5.0
"""Interval between looks at whether an open WebSocket still has access."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The console's frame. `company` returns the folder's current company."""

    store: Store
    company: Callable[[], Loaded]
    clock: Clock
    secret: bytes
    public_url: str
    nav: list[Nav]
    files: Files

    @property
    def cookies(self) -> Cookies:
        """How cookies are set here."""
        return Cookies(self.public_url)

    def origin(self, request: Request) -> str:
        """The URL at which this console was requested."""
        return self.public_url or str(request.base_url).rstrip("/")

    # --- for pages ---------------------------------------------------------------------------

    def page(self, visit: Visit, template: str, status: int = 200, **given: Any) -> Response:
        """A page inside the frame: navigation, account, CSRF token."""
        given |= {
            "account": visit.account,
            "csrf": visit.csrf,
            "nav": [n for n in self.nav if allowed(visit.account.role, n.role)],
            "may": visit.may,
        }
        return self.bare(visit.request, template, status, **given)

    def bare(self, request: Request, template: str, status: int = 200, **given: Any) -> Response:
        """A page for visitors who are not signed in."""
        company = self.company().company
        shown: dict[str, Any] = {
            "company": company,
            "zone": zone_of(given.get("account"), company.timezone, company.team),
            "now": self.clock(),
            "version": self.files.version,
            "sheet": self.files.sheet,
            "early": self.files.early,
            "here": request.url.path,
            **given,
        }
        text = environment().get_template(template).render(shown)
        return HTMLResponse(text, status)

    async def audited(self, line: Audited) -> None:
        """Write an audit line by itself. Raises: StoreFailed."""
        await self.store.write(LANE, lambda c: audit.record(c, line))

    # --- doors -------------------------------------------------------------------------------

    def route(self, door: Door | SocketDoor) -> BaseRoute:
        """A door's route, with its access check."""
        if isinstance(door, SocketDoor):
            return WebSocketRoute(door.path, self._socket(door))
        return Route(door.path, self._guarded(door), methods=list(door.methods))

    def _guarded(self, door: Door) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                visit = await self._visit(request, door)
                if isinstance(visit, Response):
                    return self.sealed(request, visit)
                return self.sealed(request, await self._handled(visit, door.handler))
            except StoreFailed as error:
                log.error("console: %s", error)
                away = Refused(503, StoreFailed.code, "The database cannot be reached just now.")
                return self.sealed(request, self.refused(request, away))
            except Refused as refused:
                return self.sealed(request, self.refused(request, refused))

        return answer

    async def _handled(self, visit: Visit, handler: Handler) -> Response:
        try:
            return await handler(visit)
        except Refused as refused:
            return self.refused(visit.request, refused, visit)

    async def _visit(self, request: Request, door: Door) -> Visit | Response:
        """The visit; or the response instead. Raises: Refused, StoreFailed."""
        at = self.clock()
        session = await self.session(request, at)
        changing = request.method not in ("GET", "HEAD")
        if session is None:
            if changing or not _navigating(request):
                raise Refused(401, "signed-out", "You are signed out.")
            wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"{SIGN_IN}?next={quote(wanted)}", 303)
        if not allowed(session.account.role, door.role):
            raise Refused(403, "not-allowed", f"This page is for the role {door.role}.")
        if not changing:
            return Visit(request, session.account, session.csrf, at)
        if not from_here(request, self.public_url):
            raise Refused(403, "cross-site", "That was sent from another site.")
        body = await body_of(request, door.most)
        fields, files = None, list[Upload]()
        if door.files and kind_of(request) == UPLOADED:
            fields, files = await parts_of(request.headers, body, door.files)
        given = request.headers.get("x-csrf-token") or _field(request, body, fields, "csrf")
        if not same(given, session.csrf):
            raise Refused(403, "bad-token", "The page was too old. Reload it and try again.")
        return Visit(request, session.account, session.csrf, at, body, fields, files)

    async def session(self, connection: HTTPConnection, at: datetime) -> Session | None:
        """A browser's session, with its use noted. Raises: StoreFailed."""
        token = self.cookies.read(connection, COOKIE)
        if not token:
            return None
        key = token_hash(token)
        found = await self.store.query(lambda c: accounts.session(c, key, at))
        if UNASKED in connection.headers:
            return found
        if found is not None and at - found.seen_at > TOUCH:
            await self.store.write(LANE, lambda c: accounts.seen(c, key, at))
        return found

    def _socket(self, door: SocketDoor) -> Callable[[WebSocket], Awaitable[None]]:
        async def answer(websocket: WebSocket) -> None:
            origin = websocket.headers.get("origin")
            try:
                session = await self._admitted(websocket, door)
            except StoreFailed:
                session = None
            if session is None or origin is None or not from_here(websocket, self.public_url):
                await websocket.close(POLICY_CLOSED)
                return
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._while_admitted, websocket, door, tasks.cancel_scope)
                await door.handler(websocket, session.account)
                tasks.cancel_scope.cancel()

        return answer

    async def _admitted(self, websocket: WebSocket, door: SocketDoor) -> Session | None:
        """The session, if its account may use the door. Raises: StoreFailed."""
        session = await self.session(websocket, self.clock())
        return session if session and allowed(session.account.role, door.role) else None

    async def _while_admitted(
        self, websocket: WebSocket, door: SocketDoor, line: anyio.CancelScope
    ) -> None:
        """Close the line of a session that has ended, or whose account may not use the door any
        more. Whether that is so while the database is down is found out afterwards."""
        admitted = True
        while admitted:
            await anyio.sleep(LOOK_S)
            with suppress(StoreFailed):
                admitted = await self._admitted(websocket, door) is not None
        await close(websocket, POLICY_CLOSED)
        line.cancel()

    # --- answers -----------------------------------------------------------------------------

    def refused(self, request: Request, refused: Refused, visit: Visit | None = None) -> Response:
        """A refusal as a page, or as JSON for a script."""
        if not _navigating(request):
            return refusal(refused.status, refused.code, str(refused))
        given: Mapping[str, Any] = {
            "status": refused.status, "message": str(refused), "code": refused.code,
            "back": came_from(request) if request.method == "POST" else "",
        }  # fmt: skip
        if visit is not None:
            return self.page(visit, "refused.html", refused.status, refused=given)
        return self.bare(request, "refused.html", refused.status, refused=given)

    def sealed(self, request: Request, response: Response) -> Response:
        """The response with the headers of every page."""
        scheme = "wss" if self.public_url.startswith("https") else "ws"
        host = request.headers.get("host", "")
        socket = f"{scheme}://{host}" if _plain_host(host) else ""
        sheets = self.files.sheets_policy
        headers = {
            "Content-Security-Policy": POLICY.format(
                socket=socket, sheets=sheets, early=self.files.early_policy
            ),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
            "Cache-Control": "no-store",
        }
        if self.cookies.secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response


async def body_of(request: Request, most: int) -> bytes:
    """The body. Raises: Refused when it is larger than `most` bytes."""
    body = await body_within(request, most)
    if body is None:
        raise Refused(413, "too-large", f"At most {most} bytes can be sent here.")
    return body


def zone_of(account: Any, zone: str, team: Any) -> str:
    """The viewer's time zone: the rep's own, else the company's."""
    rep = getattr(account, "rep", None)
    return next((one.timezone for one in team if rep and one.id == rep), zone)


def kind_of(request: Request) -> str:
    """The declared content type of a body."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _field(
    request: Request, body: bytes, fields: Sequence[tuple[str, str]] | None, name: str
) -> str:
    if fields is None and kind_of(request) == "application/x-www-form-urlencoded":
        fields = form_of(body)
    return next((value for key, value in reversed(fields or ()) if key == name), "")


def _navigating(request: Request) -> bool:
    """Whether the response is for a person, not a script."""
    mode = request.headers.get("sec-fetch-mode")
    if mode is not None:
        return mode == "navigate"
    return "application/json" not in request.headers.get("accept", "")


def _plain_host(host: str) -> bool:
    return bool(host) and all(c.isalnum() or c in ".-:[]" for c in host)


def own_role(role: str) -> Role:
    """A role's name, validated. Raises: Refused."""
    match role:
        case "rep" | "manager" | "admin":
            return role
        case _:
            raise Refused(422, "bad-role", "A role is rep, manager or admin.")
