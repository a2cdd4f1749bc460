"""`BrowserPhone`: the page, placing a call, and reading what becomes of it.

The page opens the same media socket as Twilio, with a stream token like the webhook's. It gets the
transcript by long polling for facts after the last one it has seen.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from secrets import token_hex

import anyio
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from core.events import ConversationEnded, Logged
from core.projections.document import document
from core.store.codec import encode
from core.store.store import Store
from core.store.tables import ConversationRow
from knowledge.profile import Company
from voice_agent.audio.archive import Archive
from voice_agent.audio.worklet import NAMES, WORKLETS
from voice_agent.channels.phone.doorman import Doorman, Visitor
from voice_agent.http import Handler, answering, refusal
from voice_agent.recordings import serve_recording

STATIC = Path(__file__).parent / "static"
PAGE = "phone.html"
ASSETS = ("phone.js", "line.js", "account.js", "phone.css")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "media-src blob:; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Permissions-Policy": "microphone=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
WAIT_S = 15.0
"""How long a poll waits for news."""
BEGIN_S = 0.2
"""Interval between looks for a call that has not begun."""
LOOK_S = 1.0
"""Interval between looks into its log, for what other processes write; what this one writes wakes
the poll at once."""
MOST = 200
"""Most facts per response."""

Admit = Callable[[str], str | None]
"""Why the call with this sid cannot be taken; None reserves room for it."""
StreamToken = Callable[[str, str, str], str]
"""The media socket's token for a call, from its sid, caller and called number."""


class BrowserPhone:
    """The browser telephone of one server."""

    def __init__(
        self,
        *,
        doorman: Doorman,
        admit: Admit,
        stream_token: StreamToken,
        store: Store,
        archive: Archive,
        company: Callable[[], Company],
    ) -> None:
        self._doorman = doorman
        self._admit = admit
        self._stream_token = stream_token
        self._store = store
        self._archive = archive
        self._company = company

    def routes(self) -> list[Route]:
        """`/phone` and its requests."""
        mine = "/phone/calls/{call_sid}"
        return [
            Route("/phone", _file(STATIC / PAGE)),
            *(Route(f"/phone/{name}", _file(STATIC / name)) for name in ASSETS),
            *(Route(f"/phone/{name}", _file(WORKLETS / name)) for name in NAMES),
            Route("/phone/calls", self._place, methods=["POST"]),
            Route(f"{mine}/facts", self._placed(self._facts)),
            Route(f"{mine}/recording", self._placed(self._recording)),
            Route(mine, self._placed(self._document)),
        ]

    async def _place(self, request: Request) -> Response:
        """Place a call from this browser: returns the sids and parameters that start its stream."""
        if (why := self._doorman.refusal(_visitor(request))) is not None:
            return refusal(403, "not-allowed", why)
        call_sid = f"CA{token_hex(16)}"
        if (full := self._admit(call_sid)) is not None:
            return refusal(503, full, "all lines are busy just now; try again in a minute")
        company = self._company()
        called = company.numbers[0] if company.numbers else ""
        stream_token = self._stream_token(call_sid, "", called)
        parameters = {"token": stream_token, "from": "", "to": called}
        placed = {
            "call_sid": call_sid,
            "stream_sid": f"MZ{token_hex(16)}",
            "account_sid": f"AC{'0' * 32}",
            "parameters": parameters,
            "pass": self._doorman.pass_for(call_sid),
            "company": company.name,
            "names": _names(company),
        }
        return JSONResponse(placed, headers={"Cache-Control": "no-store"})

    def _placed(self, handler: Handler) -> Handler:
        """The handler, restricted to the person who placed the call."""
        inner = answering(handler)

        async def answer(request: Request) -> Response:
            if not self._doorman.placed(request.path_params["call_sid"], _bearer(request)):
                return refusal(403, "not-yours", "this call was placed by somebody else")
            return await inner(request)

        return answer

    async def _facts(self, request: Request) -> Response:
        """The call's facts after a given one, as soon as there are any; `over` once it has
        ended."""
        after = request.query_params.get("after", "0")
        seen = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
        found: Sequence[Logged] = ()
        with anyio.move_on_after(WAIT_S):
            row = await self._begun(request)
            with self._store.news.following(row.id) as news:
                while not (found := await self._store.log.read(row.id, seen)):
                    await news.next(LOOK_S)
        over = any(isinstance(logged.fact, ConversationEnded) for logged in found)
        facts = [_told(logged) for logged in found[:MOST]]
        return JSONResponse({"facts": facts, "over": over and len(found) <= MOST})

    async def _document(self, request: Request) -> Response:
        row = await self._row(request)
        if row is None:
            return refusal(404, "unknown-call", "this call has not begun")
        told = partial(document, row.id, company=self._company())
        return JSONResponse(await self._store.log.fold(row.id, told))

    async def _recording(self, request: Request) -> Response:
        row = await self._row(request)
        if row is None:
            return refusal(404, "no-recording", "this call was not recorded")
        return await serve_recording(request, row, self._archive)

    async def _begun(self, request: Request) -> ConversationRow:
        """The call's conversation, once it has begun."""
        while True:
            if (row := await self._row(request)) is not None:
                return row
            await anyio.sleep(BEGIN_S)

    async def _row(self, request: Request) -> ConversationRow | None:
        return await self._store.conversations.by_call_sid(request.path_params["call_sid"])


def _told(logged: Logged) -> dict[str, object]:
    kind, payload = encode(logged.fact)
    return {"seq": logged.seq, "fact": kind, **payload}


def _names(company: Company) -> dict[str, dict[str, str]]:
    """Display names of team members and criteria, by id."""
    criteria = {c.name: c.label for c in company.criteria}
    return {"people": {one.id: one.name for one in company.people}, "criteria": criteria}


def _file(path: Path) -> Handler:
    async def answer(_request: Request) -> Response:
        return FileResponse(path, headers=HEADERS)

    return answer


def _visitor(request: Request) -> Visitor:
    address = request.client.host if request.client else ""
    headers = request.headers
    return Visitor(address, headers.get("host", ""), headers.get("origin", ""), _bearer(request))


def _bearer(request: Request) -> str:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return given if scheme.lower() == "bearer" else ""
