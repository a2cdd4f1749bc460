"""Webhook deliveries over the JSON API.

`GET /api/v1/webhooks/deliveries` ?endpoint &status &conversation_id &limit ·
`POST /api/v1/webhooks/deliveries/{id}/retry` · `POST /api/v1/webhooks/deliveries/retry` {endpoint}:
all that are dead. Errors and token as in `http.py`.
"""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.projections.document import instant
from core.store.outgoing import Outgoing, Query
from core.store.webhook_tables import WebhookDeliveryRow
from voice_agent.http import Refused, filters, guarded, json_object, one_of, page_size
from voice_agent.webhooks.sending import Sending

LARGEST_PAGE = 500
KNOWN = ("endpoint", "status", "conversation_id", "limit")
STATES = ("queued", "sent", "dead")


def routes(outgoing: Outgoing, sending: Sending, token: str) -> Sequence[Route]:
    """The routes; to be placed before the API's own, which end in a 404."""

    async def page(request: Request) -> Response:
        found = await outgoing.page(_query(request))
        return JSONResponse({"deliveries": [_shown(row) for row in found]})

    async def retry(request: Request) -> Response:
        which = request.path_params["id"]
        endpoint, _, rest = which.partition(".")
        conversation_id, _, seq = rest.rpartition(".")
        known = seq.isascii() and seq.isdigit() and len(seq) < 10
        if not known or not await sending.again(endpoint, conversation_id, int(seq)):
            raise Refused(404, "unknown-delivery", "there is no such delivery")
        return JSONResponse({"id": which, "status": "queued"}, 202)

    async def revive(request: Request) -> Response:
        endpoint = (await json_object(request)).get("endpoint")
        if endpoint not in sending.endpoints:
            told = f"endpoint must be one of {', '.join(sending.endpoints)}"
            raise Refused(422, "bad-endpoint", told)
        return JSONResponse({"conversations": await sending.revive(str(endpoint))}, 202)

    path = "/api/v1/webhooks/deliveries"
    return [
        Route(path, guarded(page, token), methods=["GET"]),
        Route(f"{path}/retry", guarded(revive, token), methods=["POST"]),
        Route(f"{path}/{{id}}/retry", guarded(retry, token), methods=["POST"]),
    ]


def _query(request: Request) -> Query:
    given = filters(request, KNOWN)
    one_of(given, "status", STATES)
    size = page_size(given, LARGEST_PAGE)
    given.pop("limit", None)
    return Query(**given, limit=size)


def _shown(row: WebhookDeliveryRow) -> dict[str, Any]:
    return {
        "id": f"{row.endpoint}.{row.conversation_id}.{row.seq}",
        "endpoint": row.endpoint,
        "message_id": f"{row.conversation_id}.{row.seq}",
        "conversation_id": row.conversation_id,
        "seq": row.seq,
        "type": row.kind,
        "status": row.status,
        "tries": row.tries,
        "why": row.why or None,
        "created_at": instant(row.created_at),
        "sent_at": instant(row.sent_at),
    }
