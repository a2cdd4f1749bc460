"""The JSON API: calls, conversations, leads and recordings, behind the API token.

`/api/v1/calls` lists newest first; a call's document is available during the call too. Errors are
`{"error": {"code", "message"}}`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route

from core.events import Logged
from core.handoff.meeting import invitation
from core.projections.document import document, instant
from core.scheduling.ics import Invitation, ics
from core.store.conversations import Filters
from core.store.crm import lead
from core.store.paging import BadCursor
from core.store.store import Store
from core.store.tables import ConversationRow
from knowledge.profile import Company
from voice_agent.audio.archive import Archive
from voice_agent.http import (
    Handler,
    Refused,
    filters,
    guarded,
    instant_of,
    number_in,
    one_of,
    page_size,
    refusal,
)
from voice_agent.recordings import serve_recording

LARGEST_PAGE = 200
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
CHOICES = {
    "channel": ("voice", "chat", "email"),
    "status": ("in_progress", "completed", "interrupted"),
    "verdict": ("qualified", "disqualified", "nurture", "needs_human", "insufficient"),
}
INSTANTS = ("since", "until")
KNOWN = (*CHOICES, "outcome", "caller", *INSTANTS, "limit", "cursor")


def routes(
    store: Store, token: str, archive: Archive, company: Callable[[], Company | None] = lambda: None
) -> Sequence[Route]:
    """The API's routes. An empty token admits nobody."""
    api = _Api(store, archive, company)
    handlers: Mapping[str, Handler] = {
        "/calls": api.calls,
        "/calls/{call_sid}": api.call,
        "/calls/{call_sid}/recording": api.recording,
        "/conversations/{id}": api.conversation,
        "/conversations/{id}/invitation.ics": api.invitation,
        "/leads/{id}": api.lead,
    }
    return [
        *(
            Route(f"/api/v1{path}", guarded(handler, token), methods=["GET"])
            for path, handler in handlers.items()
        ),
        Route("/api/v1/{rest:path}", guarded(_nothing, token), methods=METHODS),
    ]


class _Api:
    def __init__(
        self, store: Store, archive: Archive, company: Callable[[], Company | None]
    ) -> None:
        self._store = store
        self._archive = archive
        self._company = company

    async def calls(self, request: Request) -> Response:
        filters, limit, cursor = _query(request)
        try:
            page = await self._store.conversations.page(filters, limit=limit, cursor=cursor)
        except BadCursor as error:
            raise Refused(422, "bad-cursor", "cursor is not one of ours") from error
        shown = [_line(row) for row in page.conversations]
        return JSONResponse({"calls": shown, "next_cursor": page.next_cursor})

    async def call(self, request: Request) -> Response:
        return await self._document(await self._of_call(request))

    async def conversation(self, request: Request) -> Response:
        return await self._document(await self._of_conversation(request))

    async def invitation(self, request: Request) -> Response:
        row = await self._of_conversation(request)
        company = self._company()

        def booked(facts: list[Logged]) -> Invitation | None:
            made = document(row.id, facts, company=company)
            return invitation(made, company, facts[-1].at) if company else None

        found = await self._store.log.fold(row.id, booked)
        if found is None:
            raise Refused(404, "no-meeting", "nothing was booked in this conversation")
        method = "CANCEL" if found.cancelled else "REQUEST"
        return Response(ics(found), media_type=f"text/calendar; method={method}")

    async def lead(self, request: Request) -> Response:
        contact_id = request.path_params["id"]
        found = await self._store.query(lambda connection: lead(connection, contact_id))
        if found is None:
            raise Refused(404, "unknown-lead", "there is no such lead")
        return JSONResponse({"id": contact_id, **_jsonable(found)})

    async def recording(self, request: Request) -> Response:
        row = await self._of_call(request)
        return await serve_recording(request, row, self._archive)

    async def _of_conversation(self, request: Request) -> ConversationRow:
        row = await self._store.conversations.get(request.path_params["id"])
        if row is None:
            raise Refused(404, "unknown-conversation", "there is no such conversation")
        return row

    async def _of_call(self, request: Request) -> ConversationRow:
        call_sid = request.path_params["call_sid"]
        row = await self._store.conversations.by_call_sid(call_sid)
        if row is None:
            row = await self._store.conversations.get(call_sid)
        if row is None:
            raise Refused(404, "unknown-call", "there is no such call")
        return row

    async def _document(self, row: ConversationRow) -> Response:
        told = partial(document, row.id, company=self._company())
        return JSONResponse(await self._store.log.fold(row.id, told))


async def _nothing(request: Request) -> Response:
    """The refusal of an unknown path, or of a known one's other methods."""
    known = [
        route
        for route in request.app.routes
        if isinstance(route, Route) and route.matches(request.scope)[0] is Match.PARTIAL
    ]
    if not known:
        raise Refused(404, "not-found", "there is no such resource")
    allowed = ", ".join(sorted({method for route in known for method in route.methods or ()}))
    told = refusal(405, "method-not-allowed", f"this takes {allowed}")
    told.headers["Allow"] = allowed
    return told


def _query(request: Request) -> tuple[Filters, int, str | None]:
    """The requested filters, page size and cursor. Raises: Refused."""
    given = filters(request, KNOWN)
    wanted: dict[str, Any] = {name: one_of(given, name, CHOICES[name]) for name in CHOICES}
    wanted |= {"outcome": given.get("outcome"), "caller": given.get("caller")}
    if wanted["caller"] is not None:
        wanted["caller"] = number_in(wanted["caller"])
    wanted |= {name: instant_of(name, given[name]) for name in INSTANTS if name in given}
    return Filters(**wanted), page_size(given, LARGEST_PAGE), given.get("cursor")


def _line(row: ConversationRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "call_sid": row.call_sid,
        "channel": row.channel,
        "direction": row.direction,
        "from": row.called if row.direction == "outbound" else row.caller,
        "to": row.caller if row.direction == "outbound" else row.called,
        "status": row.status,
        "outcome": row.outcome,
        "verdict": row.verdict,
        "started_at": instant(row.started_at),
        "ended_at": instant(row.ended_at),
    }


def _jsonable(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, dict):
        return {key: _jsonable(item) for key, item in value.items()}
    return [_jsonable(item) for item in value] if isinstance(value, list) else value
