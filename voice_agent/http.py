"""Shared by all JSON endpoints: a refusal, the token check, a body of bounded size.

An error is `{"error": {"code", "message"}}`; the message says what to do instead.
"""

import json
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import aclosing
from datetime import datetime
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from core.errors import StoreFailed
from voice_agent.signatures import same

log = logging.getLogger(__name__)
LARGEST_OBJECT = 64 * 1024

Handler = Callable[[Request], Awaitable[Response]]


class Refused(Exception):
    """A mistake of the client, as the response reports it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


def refusal(status: int, code: str, message: str) -> JSONResponse:
    """An error response."""
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)


def guarded(handler: Handler, token: str) -> Handler:
    """The handler behind the token check, with refusals as JSON. An empty token admits nobody."""
    expected = f"Bearer {token}" if token else ""
    inner = answering(handler)

    async def answer(request: Request) -> Response:
        given = request.headers.get("authorization", "").encode("latin-1")
        if not same(given.decode("utf-8", "replace"), expected):
            response = refusal(401, "unauthorized", "a bearer token is needed")
            response.headers["WWW-Authenticate"] = "Bearer"
            return response
        return await inner(request)

    return answer


def answering(handler: Handler) -> Handler:
    """The handler, with refusals, an unavailable database and bugs as JSON."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except Refused as refused:
            return refusal(refused.status, refused.code, str(refused))
        except StoreFailed:
            return refusal(503, StoreFailed.code, "the database cannot be reached")
        except ClientDisconnect:  # nobody is there to read an answer
            return Response(status_code=400)
        except Exception:
            log.exception("a request fell over")
            return refusal(500, "internal-error", "a fault of ours: the server's log has it")

    return answer


async def body_within(request: Request, most: int) -> bytes | None:
    """The body; None once it has more than `most` bytes."""
    body = bytearray()
    async with aclosing(request.stream()) as chunks:
        async for chunk in chunks:
            body += chunk
            if len(body) > most:
                return None
    return bytes(body)


async def json_object(request: Request, most: int = LARGEST_OBJECT) -> dict[str, Any]:
    """The posted JSON object, empty without a body. Raises: Refused."""
    body = await body_within(request, most)
    if body is None:
        raise Refused(413, "too-large", f"a body has at most {most} bytes")
    return object_of(body)


def object_of(body: bytes) -> dict[str, Any]:
    """The JSON object of a body, empty without one. Raises: Refused."""
    try:
        given = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise Refused(422, "bad-body", "the body must be a JSON object") from error
    if not isinstance(given, dict):
        raise Refused(422, "bad-body", "the body must be a JSON object")
    return given


def filters(request: Request, known: Collection[str]) -> dict[str, str]:
    """A query's filters. Raises: Refused, for one that is not among those known."""
    given = dict(request.query_params)
    for name in sorted(given.keys() - {*known}):
        told = f"the filters are {', '.join(known)}" if known else "there are no filters"
        raise Refused(422, "unknown-filter", f"{name} is no filter here: {told}")
    return given


def one_of(given: Mapping[str, str], name: str, choices: Collection[str]) -> str | None:
    """A filter's value, if given. Raises: Refused, for one that is not among the choices."""
    value = given.get(name)
    if value is not None and value not in choices:
        raise Refused(422, "bad-filter", f"{name} must be one of {', '.join(choices)}")
    return value


def number_in(text: str) -> str:
    """A telephone number in a query, where a `+` that was not escaped has become a space."""
    return f"+{text[1:]}" if text.startswith(" ") else text


def page_size(given: Mapping[str, str], most: int, usual: int = 50) -> int:
    """A query's page size: its `limit`, else the usual one. Raises: Refused."""
    limit = given.get("limit", f"{usual}")
    if not (limit.isascii() and limit.isdigit() and len(limit) < 10 and 1 <= int(limit) <= most):
        raise Refused(422, "bad-limit", f"limit must be a number from 1 to {most}")
    return int(limit)


def instant_of(name: str, text: str, code: str = "bad-filter") -> datetime:
    """An instant with its zone, from a query or body. Raises: Refused."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(422, code, f"{name} must be an ISO 8601 instant") from error
    if at.tzinfo is None:
        raise Refused(422, code, f"{name} needs its zone, e.g. a Z at the end")
    return at
