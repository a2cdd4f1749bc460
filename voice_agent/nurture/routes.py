"""The nurture list over the JSON API.

`GET /api/v1/nurture` ?status &limit · `POST /api/v1/nurture/{conversation_id}/leave` {why}. Errors
and token as in `http.py`.
"""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.projections.document import instant
from core.store.nurture_tables import NurtureRow
from core.store.nurturing import Nurturing
from voice_agent.http import Refused, filters, guarded, json_object, one_of, page_size
from voice_agent.nurture.enrolment import Enrolment

LARGEST_PAGE = 500
STATES = ("enrolled", "due", "left", "suppressed")


def routes(nurturing: Nurturing, enrolment: Enrolment, token: str) -> Sequence[Route]:
    """The routes; to be placed before the API's own, which end in a 404."""

    async def page(request: Request) -> Response:
        given = filters(request, ("status", "limit"))
        status = one_of(given, "status", STATES)
        rows = await nurturing.page(status, page_size(given, LARGEST_PAGE))
        return JSONResponse({"nurture": [_shown(row) for row in rows]})

    async def leave(request: Request) -> Response:
        why = (await json_object(request)).get("why")
        if not isinstance(why, str) or not 0 < len(why.strip()) <= 200:
            raise Refused(422, "no-why", "why is needed: a text of up to 200 letters")
        which = request.path_params["id"]
        if not await enrolment.leave(which, why.strip()):
            raise Refused(404, "not-enrolled", "nobody is kept in touch with for that conversation")
        return JSONResponse({"conversation_id": which, "status": "left"})

    return [
        Route("/api/v1/nurture", guarded(page, token), methods=["GET"]),
        Route("/api/v1/nurture/{id}/leave", guarded(leave, token), methods=["POST"]),
    ]


def _shown(row: NurtureRow) -> dict[str, Any]:
    return {
        "conversation_id": row.conversation_id,
        "name": row.name or None,
        "company": row.company or None,
        "email": row.email or None,
        "phone": row.phone or None,
        "owner": row.owner,
        "reason": row.reason,
        "resources": row.resources,
        "re_engage_on": instant(row.re_engage_on),
        "status": row.status,
        "why": row.why or None,
        "enrolled_at": instant(row.enrolled_at),
        "changed_at": instant(row.changed_at),
        "told_elsewhere": row.synced or None,
        "not_told": row.sync_why or None,
    }
