"""A vendor's API on a loopback port that fails on demand: before, during and after its work.

with HubSpot() as server:
    server.fail("reset-after", "/contacts/batch/upsert")   # done, but nobody hears of it
"""

import json
import socket
import struct
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from core.clock import Clock, utc_now
from tests.fakes.loopback import LoopbackServer

Fault = Literal[
    "423", "429", "500", "503", "html", "reset", "reset-after", "hang", "hang-after",
    "garbage-after", "partial", "unauthorized",
]  # fmt: skip
"""`-after`: the work is done first. `partial`: the rest of a batch fails. Others: nothing is
done."""


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    """JSON, or a form's fields."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class VendorServer(LoopbackServer):
    """One vendor; a subclass handles requests one at a time, so each is a transaction."""

    retry_after = "0"

    def __init__(self, now: Clock = utc_now) -> None:
        self.now = now
        self.requests: list[Request] = []
        self.bodies: list[str] = []
        self.faults: list[tuple[Fault, str]] = []
        self.met: list[Fault] = []
        """Faults that have happened."""
        self._one = threading.RLock()
        super().__init__(self._handler(), _Server)

    def fail(self, fault: Fault, where: str = "", times: int = 1) -> None:
        """Make the next requests fail whose method and path, with a `$` appended, contain
        `where`."""
        self.faults += [(fault, where)] * times

    def answer(self, request: Request) -> Reply:
        raise NotImplementedError

    def half(self, request: Request) -> Reply:
        """The response to a batch of which only the first part is done."""
        return Reply(500, {"message": "no batch"})

    def failure(self, fault: Fault) -> Reply:
        """The response to a request that a fault refuses."""
        raise NotImplementedError

    def _next_fault(self, request: Request) -> Fault | None:
        for n, (fault, where) in enumerate(self.faults):
            if where in f"{request.method} {request.path}$":
                del self.faults[n]
                self.met.append(fault)
                return fault
        return None

    def _serve(self, request: Request) -> tuple[Reply | None, bytes | None, bool]:
        """The response, or raw bytes instead, and whether the connection is cut without either."""
        with self._one:
            self.requests.append(request)
            fault = self._next_fault(request)
            if fault is None:
                return self.answer(request), None, False
            if fault == "partial":
                return self.half(request), None, False
            if fault in ("423", "429", "500", "503", "unauthorized"):
                return self.failure(fault), None, False
            if fault == "html":
                page = b"<html><body>502 Bad Gateway</body></html>"
                return Reply(502), page, False
            if fault.endswith("-after"):
                done = self.answer(request)
                assert done.status < 300, f"{fault} would hide {done}"
        if fault.startswith("hang"):
            self.let_go.wait(5)
        if fault == "garbage-after":
            return Reply(200), b'{"results": [', False
        return None, None, True

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        vendor = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65_536  # headers and body in one packet, else each waits 40 ms
            disable_nagle_algorithm = True

            def _any(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                raw = self.rfile.read(length).decode()
                kind = self.headers.get("Content-Type", "")
                body: Any = None
                if "json" in kind and raw:
                    body = json.loads(raw)
                elif raw:
                    body = dict(parse_qsl(raw))
                parts = urlsplit(self.path)
                request = Request(
                    self.command, parts.path, dict(parse_qsl(parts.query)),
                    {k.lower(): v for k, v in self.headers.items()}, body,
                )  # fmt: skip
                reply, raw_reply, cut = vendor._serve(request)
                if cut:
                    return self._reset()
                assert reply is not None
                data = raw_reply
                if data is None:
                    data = b"" if reply.body is None else json.dumps(reply.body).encode()
                self.send_response(reply.status)
                self.send_header("Content-Type", "application/json;charset=UTF-8")
                self.send_header("Content-Length", str(len(data)))
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def _reset(self) -> None:
                """Reset the connection, as a dying proxy does."""
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.close_connection = True
                self.connection.close()

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _any

            def date_time_string(self, timestamp: float | None = None) -> str:
                return format_datetime(vendor.now(), usegmt=True)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that has left does not matter."""
