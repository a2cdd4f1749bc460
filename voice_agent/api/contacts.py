"""Contacts over the JSON API: show, merge, unmerge, forget.

`GET /api/v1/contacts/{id}` · `POST …/merge` {absorb, why, by} · `POST …/unmerge` {person, by} ·
`DELETE …`. Errors and token as in `http.py`.
"""

from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.clock import Clock
from core.store.contact_view import contact
from core.store.contacts import UnknownPerson
from core.store.holding import Hold
from core.store.store import Store
from knowledge.profile import Company
from voice_agent.http import Refused, guarded, json_object
from voice_agent.workflows.erasure import Eraser

LARGEST_BODY = 10_000
SOMEBODY = "api"
"""The actor of a merge or unmerge when the request names none."""


def routes(
    store: Store,
    token: str,
    eraser: Eraser,
    clock: Clock,
    company: Callable[[], Company | None] = lambda: None,
) -> Sequence[Route]:
    """The contacts' routes; to be placed before the API's own, which end in a 404."""
    api = _Contacts(store, eraser, clock, company)
    path = "/api/v1/contacts/{id}"
    return [
        Route(path, guarded(api.show, token), methods=["GET"]),
        Route(path, guarded(api.erase, token), methods=["DELETE"]),
        Route(f"{path}/merge", guarded(api.merge, token), methods=["POST"]),
        Route(f"{path}/unmerge", guarded(api.unmerge, token), methods=["POST"]),
    ]


class _Contacts:
    def __init__(
        self, store: Store, eraser: Eraser, clock: Clock, company: Callable[[], Company | None]
    ) -> None:
        self._store = store
        self._eraser = eraser
        self._clock = clock
        self._company = company

    async def show(self, request: Request) -> Response:
        return await self._shown(request.path_params["id"])

    async def merge(self, request: Request) -> Response:
        kept, given = request.path_params["id"], await _texts(request)
        absorbed, why = given.get("absorb", ""), given.get("why", "")
        if not absorbed or not why:
            raise Refused(422, "bad-merge", "absorb (a contact's id) and why are needed")
        by = given.get("by", "") or SOMEBODY
        try:
            made = await self._store.people.merge(kept, absorbed, why, by, self._clock())
        except UnknownPerson as error:
            raise _unknown(str(error)) from error
        if made is None:
            raise Refused(409, "already-one", "they are one contact already")
        return await self._shown(kept)

    async def unmerge(self, request: Request) -> Response:
        shown, given = request.path_params["id"], await _texts(request)
        person, by = given.get("person", "") or shown, given.get("by", "") or SOMEBODY
        try:
            parted = await self._store.people.unmerge(person, by, self._clock())
        except UnknownPerson as error:
            raise _unknown(str(error)) from error
        if not parted:
            raise Refused(
                409, "not-merged", "they stand for themselves; name one of `merges` as person"
            )
        return await self._shown(person)

    async def erase(self, request: Request) -> Response:
        by = request.query_params.get("by", "") or SOMEBODY
        done = await self._eraser.erase(request.path_params["id"], by)
        if isinstance(done, Hold):
            raise Refused(
                409, "under-legal-hold", f"{done.by} holds it ({done.why}); release {done.id} first"
            )
        if done is None:
            raise _unknown(request.path_params["id"])
        body = {
            "id": request.path_params["id"],
            "status": "erased" if done.done else "pending",
            "erased": done.counts,
            "conversations": list(done.conversations),
        }
        return JSONResponse(body, 200 if done.done else 202)

    async def _shown(self, person: str) -> Response:
        found = await self._store.query(lambda c: contact(c, person, self._company()))
        if found is None:
            raise _unknown(person)
        return JSONResponse(found)


def _unknown(person: str) -> Refused:
    return Refused(404, "unknown-contact", f"there is no contact {person}")


async def _texts(request: Request) -> dict[str, str]:
    """A request's JSON object, its values as text. Raises: Refused."""
    given = await json_object(request, LARGEST_BODY)
    if not all(isinstance(value, str) for value in given.values()):
        raise Refused(422, "bad-body", "the body must be a JSON object of texts")
    return given
