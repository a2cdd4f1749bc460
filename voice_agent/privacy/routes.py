"""A person's rights over their data, and legal holds, over the JSON API.

`GET /api/v1/contacts/{id}/export`: a ZIP · `GET …/contacts/{id}/erasure`: its certificate ·
`POST /api/v1/holds` {kind, target, why, by}, `GET …/holds`, `POST …/holds/{id}/release` {by} ·
`GET /api/v1/retention`: how long each kind of data is kept. Errors and token as in `http.py`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, Literal, cast

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from core.clock import Clock
from core.projections.document import instant
from core.store import holding
from core.store.holding import Hold
from core.store.personal import certified
from core.store.store import Store
from knowledge.profile import Company
from voice_agent.http import Refused, filters, guarded, json_object, one_of
from voice_agent.privacy.certificate import Certifier
from voice_agent.privacy.export import Exporter

BLOCK = 64 * 1024
LANE = "holds"
LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Privacy:
    """What the routes work on."""

    store: Store
    exporter: Exporter
    company: Callable[[], Company]
    clock: Clock
    certify: Certifier

    def routes(self, token: str) -> Sequence[Route]:
        """The routes; to be placed before the API's own."""
        contact, holds = "/api/v1/contacts/{id}", "/api/v1/holds"
        return [
            Route(f"{contact}/export", guarded(self.export, token), methods=["GET"]),
            Route(f"{contact}/erasure", guarded(self.erasure, token), methods=["GET"]),
            Route(holds, guarded(self.holds, token), methods=["GET"]),
            Route(holds, guarded(self.hold, token), methods=["POST"]),
            Route(f"{holds}/{{id}}/release", guarded(self.release, token), methods=["POST"]),
            Route("/api/v1/retention", guarded(self.retention, token), methods=["GET"]),
        ]

    async def export(self, request: Request) -> Response:
        """Everything about a person, as a download."""
        person = request.path_params["id"]
        file = await self.exporter.export(person)
        if file is None:
            raise Refused(404, "unknown-contact", f"there is no contact {person}")
        headers = {
            "Content-Disposition": f'attachment; filename="person-{person}.zip"',
            "Cache-Control": "no-store",
        }  # fmt: skip
        gone = BackgroundTask(file.close)
        return StreamingResponse(_blocks(file), 200, headers, "application/zip", gone)

    async def erasure(self, request: Request) -> Response:
        """The certificate of a person's erasure, once it is done."""
        person = request.path_params["id"]

        found = await self.store.query(lambda c: certified(c, person))
        if found is None:
            raise Refused(404, "unknown-erasure", f"nobody asked to forget {person}")
        if not found[0].done:
            raise Refused(
                409, "erasure-pending", "it goes on by itself; ask again when their calls are over"
            )
        return JSONResponse(self.certify(*found))

    async def holds(self, request: Request) -> Response:
        """Every hold, newest first; with `standing=true` only those in force."""
        given = filters(request, ("standing",))
        standing = one_of(given, "standing", ("true", "false")) == "true"
        found = await self.store.query(lambda c: holding.holds(c, standing=standing))
        return JSONResponse({"holds": [_shown(hold) for hold in found]})

    async def hold(self, request: Request) -> Response:
        """Protect a person's or a conversation's data from deletion."""
        given = await _texts(request)
        kind, target, why = given.get("kind", ""), given.get("target", ""), given.get("why", "")
        by = given.get("by", "")
        if kind not in ("person", "conversation") or not (target and why and by):
            raise Refused(
                422, "bad-hold", "kind (person or conversation), target (its id), why and by are "
                "needed",
            )  # fmt: skip
        at, which = self.clock(), cast(Literal["person", "conversation"], kind)
        made = await self.store.write(LANE, lambda c: holding.place(c, which, target, why, by, at))
        if made is None:
            raise Refused(404, "unknown-target", f"there is no {kind} {target}")
        return JSONResponse(_shown(made), 201)

    async def release(self, request: Request) -> Response:
        """Release a hold; what is due is deleted in the next round."""
        by, at = (await _texts(request)).get("by", ""), self.clock()
        if not by:
            raise Refused(422, "bad-release", "by (who releases it) is needed")
        hold_id = request.path_params["id"]
        found = await self.store.write(LANE, lambda c: holding.release(c, hold_id, by, at))
        if found is None:
            raise Refused(404, "unknown-hold", f"there is no hold {hold_id}")
        return JSONResponse(_shown(found))

    async def retention(self, _request: Request) -> Response:
        """Days for which each kind of data is kept; 0 means forever."""
        return JSONResponse(self.company().retention.model_dump())


def _shown(hold: Hold) -> dict[str, Any]:
    times = {"at": instant(hold.at), "released_at": instant(hold.released_at)}
    return {**hold.model_dump(), **times}


async def _texts(request: Request) -> dict[str, str]:
    given = await json_object(request)
    if not all(isinstance(v, str) and len(v) <= LONGEST for v in given.values()):
        raise Refused(422, "bad-body", f"all values are texts of at most {LONGEST} characters")
    return {name: value.strip() for name, value in given.items()}


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block
