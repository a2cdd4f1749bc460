"""The team's inbox over the JSON API, and what people do with a lead.

`GET /api/v1/notifications` ?person &unseen=true &kind &limit &before · `POST …/{id}/seen` {by} ·
`POST …/{id}/retry` {way} · `POST /api/v1/conversations/{id}/claim` {by} · `POST …/rating` {by,
score, repeated} · `POST …/meeting` {by, outcome} · `POST …/deal` {by, stage, amount, currency}: the
outcome, from whichever system knows it. Errors and token as in `http.py`.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.clock import Clock
from core.facts.claims import DealTold, MeetingTold
from core.projections.document import instant
from core.store.notice_tables import NoticeDeliveryRow, NoticeRow
from core.store.notices import Inbox, Notices
from voice_agent.handoffs import Handoffs, deal_told, meeting_told, rating
from voice_agent.http import Refused, filters, guarded, json_object, one_of, page_size
from voice_agent.notices.telling import Telling

LARGEST_PAGE = 200
KNOWN = ("person", "unseen", "kind", "limit", "before")
LONGEST_NAME = 100


def routes(
    notices: Notices, handoffs: Handoffs, telling: Telling, token: str, clock: Clock
) -> Sequence[Route]:
    """The routes; to be placed before the API's own, which end in a 404."""
    api = _Inbox(notices, handoffs, telling, clock)
    inbox, one = "/api/v1/notifications", "/api/v1/conversations/{id}"
    posted = {
        f"{inbox}/{{id}}/seen": api.seen,
        f"{inbox}/{{id}}/retry": api.retry,
        f"{one}/claim": api.claim,
        f"{one}/rating": api.rate,
        f"{one}/meeting": api.meeting,
        f"{one}/deal": api.deal,
    }
    return [
        Route(inbox, guarded(api.page, token), methods=["GET"]),
        *(Route(path, guarded(door, token), methods=["POST"]) for path, door in posted.items()),
    ]


class _Inbox:
    def __init__(
        self, notices: Notices, handoffs: Handoffs, telling: Telling, clock: Clock
    ) -> None:
        self._notices = notices
        self._handoffs = handoffs
        self._telling = telling
        self._clock = clock

    async def page(self, request: Request) -> Response:
        inbox = _asked(request)
        found = await self._notices.page(inbox)
        last = found[-1][0].id if len(found) == inbox.limit else None
        shown = [_shown(*one) for one in found]
        return JSONResponse({"notifications": shown, "next_before": last})

    async def seen(self, request: Request) -> Response:
        by = _name((await json_object(request)).get("by"))
        which = request.path_params["id"]
        if not await self._notices.seen(which, by, self._clock()):
            raise Refused(404, "unknown-notification", "there is no such notification")
        return JSONResponse({"id": which, "status": "seen"})

    async def retry(self, request: Request) -> Response:
        way = _name((await json_object(request)).get("way"), "way")
        which, at = request.path_params["id"], self._clock()
        if await self._notices.delivery(which, way) is None:
            raise Refused(404, "unknown-delivery", f"it was never to be told by {way}")
        if not await self._telling.again(which, way, f"{at:%Y%m%dT%H%M%S%f}"):
            raise Refused(409, "not-dead", "it was delivered, or is still being tried")
        return JSONResponse({"id": which, "way": way, "status": "queued"}, 202)

    async def claim(self, request: Request) -> Response:
        by = _name((await json_object(request)).get("by"))
        which = request.path_params["id"]
        held = await self._handoffs.claim(which, by, "api", self._clock())
        if held is None:
            raise Refused(404, "unknown-conversation", "there is no such conversation")
        if held != by:
            raise Refused(409, "already-claimed", f"{held} has it")
        return JSONResponse({"id": which, "claimed_by": held})

    async def rate(self, request: Request) -> Response:
        given = await json_object(request)
        by, which, at = _name(given.get("by")), request.path_params["id"], self._clock()
        score, repeated = _whole(given, "score", "bad-rating"), given.get("repeated")
        if repeated is not None and not isinstance(repeated, bool):
            raise Refused(422, "bad-rating", "repeated is true or false")
        rated = rating(by, score, repeated, "api")
        key = f"{by}-{at:%Y%m%dT%H%M%S%f}-{score}-{repeated}"
        if not await self._handoffs.rate(which, rated, at, key):
            raise Refused(404, "unknown-conversation", "there is no such conversation")
        return JSONResponse({"id": which, "status": "rated"})

    async def meeting(self, request: Request) -> Response:
        given = await json_object(request)
        by = _name(given.get("by"))
        return await self._told(request, meeting_told("", given.get("outcome"), by, "api"))

    async def deal(self, request: Request) -> Response:
        given = await json_object(request)
        by, amount = _name(given.get("by")), _whole(given, "amount", "bad-amount")
        currency = str(given.get("currency") or "")
        return await self._told(request, deal_told(given.get("stage"), amount, currency, by, "api"))

    async def _told(self, request: Request, what: MeetingTold | DealTold) -> Response:
        which = request.path_params["id"]
        if not await self._handoffs.told(which, what, self._clock(), uuid4().hex):
            raise Refused(404, "unknown-conversation", "there is no such conversation")
        return JSONResponse({"id": which, "status": "told"})


def _asked(request: Request) -> Inbox:
    """The requested page. Raises: Refused."""
    given = filters(request, KNOWN)
    unseen = one_of(given, "unseen", ("true", "false")) == "true"
    return Inbox(
        given.get("person"), unseen, given.get("kind"),
        page_size(given, LARGEST_PAGE), given.get("before", ""),
    )  # fmt: skip


def _name(value: Any, key: str = "by") -> str:
    if not isinstance(value, str) or not 0 < len(value.strip()) <= LONGEST_NAME:
        raise Refused(422, f"no-{key}", f"{key} is needed: a text of up to {LONGEST_NAME} letters")
    return value.strip()


def _whole(given: Mapping[str, Any], name: str, code: str) -> int | None:
    """A whole number, if given. Raises: Refused."""
    value = given.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise Refused(422, code, f"{name} is a whole number, or null")


def _shown(row: NoticeRow, deliveries: Sequence[NoticeDeliveryRow]) -> dict[str, Any]:
    return {
        "id": row.id,
        "person": row.person,
        "kind": row.kind,
        "title": row.title,
        "text": row.text,
        "about": row.about or None,
        "acts": row.acts,
        "conversation_id": row.conversation_id or None,
        "urgent": row.urgent,
        "at": instant(row.created_at),
        "seen_at": instant(row.seen_at),
        "seen_by": row.seen_by or None,
        "deliveries": [
            {"way": d.way, "status": d.status, "tries": d.tries, "why": d.why or None}
            for d in sorted(deliveries, key=lambda d: d.way)
        ],
    }
