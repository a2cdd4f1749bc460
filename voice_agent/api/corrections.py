"""Corrections by the company's other systems of what the agent heard, as in the console.

`POST /api/v1/conversations/{id}/corrections` {by, criterion, value, signal, negative, note}, with
an `Idempotency-Key` · `POST …/corrections/{correction}/withdraw` {by}. Errors and token as in
`http.py`.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.clock import Clock
from core.projections.document import document
from core.store.audit import Audited
from core.store.crm_keys import derived
from core.store.tables import ConversationRow
from voice_agent.corrections import Corrections, RequestedCorrection
from voice_agent.http import Refused, guarded, json_object

LONGEST_NAME, LONGEST = 100, 400
API = "api"
"""The account in its audit lines."""
KNOWN = {"by", "criterion", "value", "signal", "negative", "note"}


def routes(corrections: Corrections, token: str, clock: Clock) -> Sequence[Route]:
    """The routes; to be placed before the API's own, which end in a 404."""
    api, path = _Corrections(corrections, clock), "/api/v1/conversations/{id}/corrections"
    return [
        Route(path, guarded(api.correct, token), methods=["POST"]),
        Route(f"{path}/{{correction}}/withdraw", guarded(api.withdraw, token), methods=["POST"]),
    ]


class _Corrections:
    def __init__(self, corrections: Corrections, clock: Clock) -> None:
        self._corrections = corrections
        self._store = corrections.store
        self._clock = clock

    async def correct(self, request: Request) -> Response:
        row, wanted = await self._row(request), _wanted(await json_object(request))
        given = request.headers.get("idempotency-key", "")
        if len(given) > LONGEST:
            raise Refused(422, "bad-key", f"Idempotency-Key has at most {LONGEST} letters")
        key = derived("correction", f"{row.id}/{given}") if given else uuid4().hex
        line = self._line(row, wanted.act, key, wanted.by)
        new = await self._corrections.correct(row, wanted, key, line)
        return await self._shown(row, key, 201 if new else 200)

    async def withdraw(self, request: Request) -> Response:
        row, by = await self._row(request), _text(await json_object(request), "by", needed=True)
        made = request.path_params["correction"]
        await self._shown(row, made)
        line = self._line(row, "withdraw correction", made, by)
        await self._corrections.withdraw(row, made, by, f"{made}.withdrawn", line)
        return await self._shown(row, made)

    def _line(self, row: ConversationRow, act: str, correction: str, by: str) -> Audited:
        detail = {"correction": correction, "by": by}
        return Audited(self._clock(), API, act, f"conversation:{row.id}", detail)

    async def _row(self, request: Request) -> ConversationRow:
        row = await self._store.conversations.get(request.path_params["id"])
        if row is None:
            raise Refused(404, "unknown-conversation", "there is no such conversation")
        return row

    async def _shown(self, row: ConversationRow, correction: str, status: int = 200) -> Response:
        """The correction, with the current verdict. Raises: Refused."""
        company = self._corrections.company().company
        told = await self._store.log.fold(row.id, partial(document, row.id, company=company))
        made = next((c for c in told["corrections"] if c["id"] == correction), None)
        if made is None:
            raise Refused(404, "unknown-correction", f"there is no correction {correction}")
        return JSONResponse({"correction": made, "verdict": told["verdict"]}, status)


def _wanted(given: Mapping[str, Any]) -> RequestedCorrection:
    """The correction in a body. Raises: Refused."""
    for name in sorted(given.keys() - KNOWN):
        raise Refused(422, "bad-body", f"{name} is not one of {', '.join(sorted(KNOWN))}")
    negative = given.get("negative", False)
    if not isinstance(negative, bool):
        raise Refused(422, "bad-negative", "negative is true or false")
    if "value" not in given:
        raise Refused(422, "no-value", "value is needed: a text, or null where it was not said")
    value = None if given["value"] is None else _text(given, "value")
    return RequestedCorrection(
        _text(given, "criterion", needed=True), _text(given, "signal"), value,
        _text(given, "by", needed=True), _text(given, "note"), negative,
    )  # fmt: skip


def _text(given: Mapping[str, Any], name: str, *, needed: bool = False) -> str:
    """A text field of a body, stripped and without NULs. Raises: Refused."""
    found = given.get(name)
    most = LONGEST_NAME if needed else LONGEST
    if found is not None and not (isinstance(found, str) and len(found) <= most):
        raise Refused(422, f"bad-{name}", f"{name} is a text of at most {most} letters")
    text = (found or "").replace("\x00", "").strip()
    if needed and not text:
        raise Refused(422, f"no-{name}", f"{name} is needed: a text of up to {most} letters")
    return text
