"""The parts of a console page: routes with roles, a navigation entry, a visit."""

import ipaddress
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from urllib.parse import parse_qsl

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from core.store.accounts import ROLES
from core.store.audit import Audited
from core.store.console_tables import ConsoleAccountRow
from voice_agent.console.uploads import Upload
from voice_agent.http import Refused, object_of

Role = Literal["rep", "manager", "admin"]


@dataclass(frozen=True, slots=True)
class Visit:
    """A request by a signed-in account that has access.

    A POST gets here only with the session's CSRF token.
    """

    request: Request
    account: ConsoleAccountRow
    csrf: str
    at: datetime
    body: bytes = b""
    fields: Sequence[tuple[str, str]] | None = None
    """The fields of a form that came with files."""
    files: Sequence[Upload] = ()

    @property
    def path(self) -> Mapping[str, str]:
        """The path's parameters."""
        return self.request.path_params

    @property
    def query(self) -> Mapping[str, str]:
        """The URL's query; the last value of each name."""
        return self.request.query_params

    @property
    def form(self) -> Mapping[str, str]:
        """A posted form's fields; the last value of each name, without NULs."""
        return dict(self.pairs())

    def every(self, name: str) -> list[str]:
        """All values of one field in a posted form."""
        return [value for key, value in self.pairs() if key == name]

    def json(self) -> dict[str, Any]:
        """The posted JSON object. Raises: Refused."""
        return object_of(self.body)

    def may(self, role: Role) -> bool:
        """Whether this account has a role's rights."""
        return allowed(self.account.role, role)

    def did(self, act: str, target: str = "", **detail: Any) -> Audited:
        """An audit line, for the transaction of a change or, where there is none, for
        `Frame.audited`."""
        return Audited(self.at, self.account.name, act, target, detail, address_of(self.request))

    def pairs(self) -> list[tuple[str, str]]:
        """Every field of a posted form, in order."""
        return form_of(self.body) if self.fields is None else [*self.fields]


Handler = Callable[[Visit], Awaitable[Response]]
SocketHandler = Callable[[WebSocket, ConsoleAccountRow], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Door:
    """One route: its role, its largest body, and the number of files it accepts."""

    path: str
    handler: Handler
    role: Role = "rep"
    methods: Sequence[str] = ("GET",)
    most: int = 64 * 1024
    files: int = 0


@dataclass(frozen=True, slots=True)
class SocketDoor:
    """One WebSocket route. The handler has to accept; pages of other origins never get here.

    Its socket may be closed under it at any time: by the page, or when its session ends.
    """

    path: str
    handler: SocketHandler
    role: Role = "rep"


@dataclass(frozen=True, slots=True)
class Nav:
    """A navigation entry, for those with access. `key`: the shortcut, after g."""

    label: str
    href: str
    role: Role = "rep"
    key: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """Everything one module adds to the console."""

    doors: Sequence[Door | SocketDoor]
    nav: Sequence[Nav] = field(default=())


def allowed(has: str, needs: str) -> bool:
    """Whether one role includes another."""
    return has in ROLES and ROLES.index(has) >= ROLES.index(needs)


def address_of(connection: HTTPConnection) -> str:
    """The client's address, as the server was given it."""
    host = connection.client.host if connection.client else ""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return ""


def form_of(body: bytes) -> list[tuple[str, str]]:
    """A posted form's fields, in order, without NULs. Raises: Refused."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=2_000)
    except ValueError as error:
        raise Refused(422, "bad-form", "the form cannot be read") from error
    return [(name, value.replace("\x00", "")) for name, value in pairs]
