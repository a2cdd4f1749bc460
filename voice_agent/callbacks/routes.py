"""Promised calls and the do-not-call list over the JSON API.

`GET /api/v1/callbacks` ?status &owner &number &due &limit &after · `GET …/{id}` ·
`POST …/{id}/claim` {by} · `…/kept` {by} · `…/broken` {by, why} · `…/cancel` {by, why} ·
`…/reschedule` {by, start, end, owner} · `GET /api/v1/do-not-call` ?number &limit &after ·
`POST …` {number, by, how} · `DELETE …/{number}` ?by &how. Errors and token as in `http.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.callbacks.notice import window
from core.callbacks.record import Status
from core.caller_id import e164
from core.clock import Clock
from core.projections.document import instant
from core.store.callbacks import Over, UnknownCallback
from knowledge.profile import Company
from voice_agent.handoffs import Handoffs
from voice_agent.http import (
    Refused,
    filters,
    guarded,
    instant_of,
    json_object,
    number_in,
    page_size,
)

STATUSES: tuple[str, ...] = get_args(Status)
KNOWN = ("status", "owner", "number", "due", "limit", "after")
LARGEST_PAGE = 200
LONGEST_WORD = 200
FURTHEST = timedelta(days=90)
LONGEST_WINDOW = timedelta(days=7)


def routes(
    handoffs: Handoffs, company: Callable[[], Company], token: str, clock: Clock
) -> Sequence[Route]:
    """The routes; to be placed before the API's own, which end in a 404."""
    api, listed = _Callbacks(handoffs, company, clock), _DoNotCall(handoffs, clock)
    path, stops = "/api/v1/callbacks", "/api/v1/do-not-call"
    posted = {
        "claim": api.claim, "kept": api.kept, "broken": api.broken, "cancel": api.cancel,
        "reschedule": api.reschedule,
    }  # fmt: skip
    return [
        Route(path, guarded(api.page, token), methods=["GET"]),
        Route(f"{path}/{{id}}", guarded(api.show, token), methods=["GET"]),
        *(
            Route(f"{path}/{{id}}/{name}", guarded(door, token), methods=["POST"])
            for name, door in posted.items()
        ),
        Route(stops, guarded(listed.page, token), methods=["GET"]),
        Route(stops, guarded(listed.add, token), methods=["POST"]),
        Route(f"{stops}/{{number}}", guarded(listed.remove, token), methods=["DELETE"]),
    ]


class _Callbacks:
    def __init__(self, handoffs: Handoffs, company: Callable[[], Company], clock: Clock) -> None:
        self._handoffs = handoffs
        self._company = company
        self._clock = clock

    async def page(self, request: Request) -> Response:
        given = filters(request, KNOWN)
        statuses = [s for s in given.get("status", "").split(",") if s]
        for status in statuses:
            if status not in STATUSES:
                raise Refused(422, "bad-filter", f"status must be of {', '.join(STATUSES)}")
        due = given.get("due")
        limit = page_size(given, LARGEST_PAGE)
        rows = await self._handoffs.store.callbacks.listed(
            statuses=statuses, owner=given.get("owner", ""),
            number=number_in(given.get("number", "")),
            due_before=None if due is None else self._due(due), limit=limit,
            after=given.get("after", ""),
        )  # fmt: skip
        last = rows[-1]["id"] if len(rows) == limit else None
        return JSONResponse({"callbacks": [self._told(row) for row in rows], "next_after": last})

    def _due(self, text: str) -> datetime:
        return self._clock() if text == "now" else instant_of("due", text, "bad-due")

    async def show(self, request: Request) -> Response:
        return await self._shown(request.path_params["id"])

    async def claim(self, request: Request) -> Response:
        by, which = _by(await json_object(request)), request.path_params["id"]
        with _Standing(which):
            await self._handoffs.claim_call(which, by, self._clock())
        return await self._shown(which)

    async def kept(self, request: Request) -> Response:
        return await self._end(request, "kept")

    async def broken(self, request: Request) -> Response:
        return await self._end(request, "broken")

    async def cancel(self, request: Request) -> Response:
        return await self._end(request, "cancelled")

    async def _end(self, request: Request, status: str) -> Response:
        given, which = await json_object(request), request.path_params["id"]
        by, why = _by(given), _word(given, "why", needed=False)
        with _Standing(which):
            await self._handoffs.end_call(which, status, by, self._clock(), why)
        return await self._shown(which)

    async def reschedule(self, request: Request) -> Response:
        given, which, now = await json_object(request), request.path_params["id"], self._clock()
        by, owner = _by(given), _word(given, "owner", needed=False)
        if owner and self._company().person(owner) is None:
            raise Refused(422, "bad-owner", f"{owner} is the id of nobody in the company folder")
        start, end = (
            instant_of(name, _word(given, name), f"bad-{name}") for name in ("start", "end")
        )
        if not now - timedelta(minutes=5) <= start < end <= start + LONGEST_WINDOW:
            raise Refused(422, "bad-window", "it must be to come, and end within a week")
        if start > now + FURTHEST:
            raise Refused(422, "bad-window", f"it must begin within {FURTHEST.days} days")
        row = await self._handoffs.store.callbacks.get(which)
        said = window(start, end, (row or {}).get("zone") or self._company().timezone)
        with _Standing(which):
            await self._handoffs.reschedule_call(
                which, by, now, start=start, end=end, said=said, owner=owner
            )
        return await self._shown(which)

    async def _shown(self, which: str) -> Response:
        found = await self._handoffs.store.callbacks.get(which)
        if found is None:
            raise _unknown(which)
        return JSONResponse(self._told(found))

    def _told(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return shown(row, agent_calls=self._company().callbacks.ai_calls)


class _DoNotCall:
    def __init__(self, handoffs: Handoffs, clock: Clock) -> None:
        self._handoffs = handoffs
        self._clock = clock

    async def page(self, request: Request) -> Response:
        given = filters(request, ("number", "limit", "after"))
        if told := given.get("number"):
            number = _number(number_in(told))
            made = await self._handoffs.store.dialling.bar_history(number)
            return JSONResponse({"number": number, "changes": [_jsonable(one) for one in made]})
        limit = page_size(given, LARGEST_PAGE)
        rows = await self._handoffs.store.dialling.barred(limit, given.get("after", ""))
        last = rows[-1]["number"] if len(rows) == limit else None
        return JSONResponse({"numbers": [_jsonable(row) for row in rows], "next_after": last})

    async def add(self, request: Request) -> Response:
        given = await json_object(request)
        number, by = _number(_word(given, "number")), _by(given)
        how = _word(given, "how", needed=False) or "by hand"
        new = await self._handoffs.bar(number, self._clock(), how=how, by=by)
        return JSONResponse({"number": number, "new": new}, 201 if new else 200)

    async def remove(self, request: Request) -> Response:
        number, given = _number(request.path_params["number"]), filters(request, ("by", "how"))
        by, how = _by(given), _word(given, "how", needed=False)
        if not await self._handoffs.store.dialling.unbar(number, self._clock(), how=how, by=by):
            raise Refused(404, "not-listed", f"{number} is not on the list")
        return JSONResponse({"number": number, "removed": True})


class _Standing:
    """Refusals for a promise that does not exist or has ended."""

    def __init__(self, which: str) -> None:
        self._which = which

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, UnknownCallback):
            raise _unknown(self._which) from error
        if isinstance(error, Over):
            raise Refused(409, "over", f"it has ended: {error.status}") from error


def shown(row: Mapping[str, Any], *, agent_calls: bool = False) -> dict[str, Any]:
    """A promise in the API's form."""
    names = (
        "id", "conversation_id", "channel", "status", "why", "number", "name", "language", "said",
        "zone", "owner", "claimed_by", "priority", "reason", "about", "quote", "turn", "version",
    )  # fmt: skip
    made = {name: row[name] for name in names}
    made |= {"start": instant(row["start_at"]), "end": instant(row["end_at"])}
    made |= {name: instant(row[name]) for name in ("requested_at", "updated_at", "next_at")}
    made["consent"] = {
        "state": row["consent"] or "unasked", "question": row["consent_question"],
        "words": row["consent_words"], "turn": row["consent_turn"], "at_ms": row["consent_ms"],
    }  # fmt: skip
    by_agent = agent_calls and row["consent"] == "given"
    left = row["handed_on"] or row["claimed_by"]
    made["task_for"] = "agent" if by_agent and not left else "person"
    for name in ("history", "calls"):
        if name in row:
            made[name] = [_jsonable(one) for one in row[name]]
    return made


def _jsonable(row: Mapping[str, Any]) -> dict[str, Any]:
    left_out = ("callback_id",)
    return {
        name: instant(value) if isinstance(value, datetime) else value
        for name, value in row.items()
        if name not in left_out
    }


def _unknown(which: str) -> Refused:
    return Refused(404, "unknown-callback", f"there is no callback {which}")


def _by(given: Mapping[str, Any]) -> str:
    """The actor of a request."""
    return _word(given, "by")


def _word(given: Mapping[str, Any], name: str, *, needed: bool = True) -> str:
    found = given.get(name, "")
    if not isinstance(found, str) or len(found) > LONGEST_WORD or "\x00" in found:
        raise Refused(422, f"bad-{name}", f"{name} is a text of at most {LONGEST_WORD} letters")
    if needed and not found.strip():
        raise Refused(422, f"bad-{name}", f"{name} is needed")
    return found.strip()


def _number(text: str) -> str:
    number = e164(text.replace(" ", ""))
    if number is None:
        raise Refused(422, "bad-number", "a number is needed in E.164, e.g. +14155550142")
    return number
