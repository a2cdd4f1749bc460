"""The sync state of each record with the CRM, over the JSON API.

`GET /api/v1/crm/records` ?state&kind&conversation&limit&cursor, newest first ·
`GET …/{id}` with ours, theirs and what was last written, field by field ·
`POST …/{id}/retry`: write its conversation again · `POST …/retry`: all whose records are still to
be written, as after an outage or a revoked token. Errors and token as in `http.py`.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.crm.records import KINDS, Ref, digest, same
from core.crm.sync import CrmSync
from core.errors import CrmFailed
from core.projections.document import instant
from core.store import crm_sync as rows
from core.store.crm_sync_tables import CrmSyncRow
from core.store.paging import BadCursor, cursor_of, place_of
from voice_agent.http import Refused, filters, guarded, one_of, page_size
from voice_agent.workflows.later import Later

log = logging.getLogger(__name__)
LARGEST_PAGE = 200
LOOK_S = 3.0
"""If the CRM takes longer to show a record, its last known state is shown."""
KNOWN = ("state", "kind", "conversation", "limit", "cursor")


def routes(crm: CrmSync, later: Later, token: str) -> Sequence[Route]:
    """The CRM records' routes; to be placed before the API's own, which end in a 404."""
    api = _Records(crm, later)
    path = "/api/v1/crm/records"
    return [
        Route(path, guarded(api.page, token), methods=["GET"]),
        Route(f"{path}/{{id}}", guarded(api.show, token), methods=["GET"]),
        Route(f"{path}/retry", guarded(api.retry_all, token), methods=["POST"]),
        Route(f"{path}/{{id}}/retry", guarded(api.retry, token), methods=["POST"]),
    ]


class _Records:
    def __init__(self, crm: CrmSync, later: Later) -> None:
        self._crm = crm
        self._later = later

    async def page(self, request: Request) -> Response:
        wanted, limit, after = _query(request)
        store, system = self._crm.store, self._crm.crm.name
        found = await store.query(lambda c: rows.page(c, wanted, limit + 1, after))
        counts = await store.query(lambda c: rows.counts(c, system))
        shown, last = found[:limit], found[limit - 1] if len(found) > limit else None
        cursor = cursor_of(last.updated_at, last.id) if last else None
        body = {"records": [line(r) for r in shown], "counts": counts, "next_cursor": cursor}
        return JSONResponse(body)

    async def show(self, request: Request) -> Response:
        row = await self._row(request)
        theirs = await self._look(row)
        fields = [
            _field(name, told, None if theirs is None else theirs.get(name, ""))
            for name, told in sorted(row.fields.items())
        ]
        body = {**line(row), "links": row.links, "live": theirs is not None, "fields": fields}
        return JSONResponse(body)

    async def retry(self, request: Request) -> Response:
        row = await self._row(request)
        if row.system != self._crm.crm.name:
            raise Refused(409, "other-crm", f"the server writes to {self._crm.crm.name} now")
        await self._later.now(rows.retry_of(row))
        return JSONResponse({**line(row), "asked": True}, 202)

    async def retry_all(self, request: Request) -> Response:
        store, system = self._crm.store, self._crm.crm.name
        waiting = await store.query(lambda c: rows.waiting(c, system))
        once = f"{self._crm.clock():%Y%m%dT%H%M}"
        for conversation_id in waiting:
            await self._later.now(f"{conversation_id}/all.{once}")
        return JSONResponse({"conversations": len(waiting)}, 202)

    async def _row(self, request: Request) -> CrmSyncRow:
        wanted = request.path_params["id"]
        row = await self._crm.store.query(lambda c: rows.one(c, wanted))
        if row is None:
            raise Refused(404, "unknown-record", f"there is no CRM record {wanted}")
        return row

    async def _look(self, row: CrmSyncRow) -> dict[str, str] | None:
        """The fields as the CRM has them now; None when it does not answer in time."""
        if row.system != self._crm.crm.name or not row.remote_id:
            return None
        ref = Ref(row.key, row.remote_id, {}, row.variant)
        try:
            with anyio.fail_after(LOOK_S):
                stored = await self._crm.crm.read(row.kind, [ref])  # type: ignore[arg-type]
        except (CrmFailed, TimeoutError) as error:
            log.info("a record is shown as it was last seen: %s", error)
            return None
        found = stored.get(row.key)
        return dict(found.fields) if found else {}


def line(row: CrmSyncRow) -> dict[str, Any]:
    """A record without its fields."""
    return {
        "id": row.id,
        "system": row.system,
        "object": row.kind,
        "key": row.key,
        "remote_id": row.remote_id or None,
        "url": row.url or None,
        "conversation_id": row.conversation_id,
        "state": row.state,
        "code": row.code or None,
        "message": row.message or None,
        "remedy": row.remedy or None,
        "tries": row.tries,
        "tried_at": instant(row.tried_at),
        "synced_at": instant(row.synced_at),
        "updated_at": instant(row.updated_at),
    }


def _field(name: str, told: dict[str, Any], live: str | None) -> dict[str, Any]:
    theirs = told.get("theirs", "") if live is None else live
    ours = told.get("ours", "")
    last = told.get("last") or told.get("meant")
    return {
        "field": name,
        "ours": ours,
        "theirs": theirs,
        "same": same(ours, theirs),
        "last_written_by_us": bool(last) and digest(theirs) == last,
        "did": told.get("did"),
        "why": told.get("why"),
    }


def _query(request: Request) -> tuple[rows.SyncFilters, int, tuple[datetime, str] | None]:
    """The requested filters, page size and cursor. Raises: Refused."""
    given = filters(request, KNOWN)
    wanted = rows.SyncFilters(
        one_of(given, "state", rows.STATES), one_of(given, "kind", KINDS), given.get("conversation")
    )  # fmt: skip
    return wanted, page_size(given, LARGEST_PAGE), _cursor(given.get("cursor"))


def _cursor(text: str | None) -> tuple[datetime, str] | None:
    if text is None:
        return None
    try:
        return place_of(text)
    except BadCursor as error:
        raise Refused(422, "bad-cursor", "cursor is not one of ours") from error
