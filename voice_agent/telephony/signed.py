"""Admits Twilio's webhooks by their signature, and builds the URLs returned to it."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from voice_agent.http import body_within

log = logging.getLogger(__name__)
MAX_BODY_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Told:
    """A webhook's contents, proven to come from Twilio if an auth token is set."""

    fields: dict[str, str]
    path: dict[str, str]
    """The path's parameters, by name."""
    query: dict[str, str]
    """Parameters of the URL, which we created."""
    base: str
    """Where the server is reached, without a trailing slash."""

    def get(self, name: str) -> str:
        """A field; empty when missing."""
        return self.fields.get(name, "")

    def url(self, path: str) -> str:
        """The absolute URL of one of our paths."""
        return self.base + path

    def socket_url(self, path: str) -> str:
        """The same for a WebSocket."""
        return "ws" + self.base.removeprefix("http") + path


Answer = Callable[[Told], Awaitable[Response]]


class SignedForms:
    """Makes routes from webhook handlers.

    `public_url` is empty when only local clients reach us; then the request's host is used, and
    without an auth token every request is believed. With a public address and no token, none is.
    """

    def __init__(self, public_url: str, auth_token: str) -> None:
        self._public_url = public_url.rstrip("/")
        self._validator = RequestValidator(auth_token) if auth_token else None

    def route(self, path: str, answer: Answer) -> Route:
        """A POST route whose handler gets the webhook's contents; unsigned requests get 403."""

        async def endpoint(request: Request) -> Response:
            told = await self._told(request)
            return told if isinstance(told, Response) else await answer(told)

        return Route(path, endpoint, methods=["POST"])

    async def _told(self, request: Request) -> Told | Response:
        body = await body_within(request, MAX_BODY_BYTES)
        if body is None:
            return PlainTextResponse("too large\n", 413)
        fields = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        base = self._public_url or f"{request.url.scheme}://{request.url.netloc}"
        told = Told(fields, dict(request.path_params), dict(request.query_params), base)
        if self._validator is None:
            if not self._public_url:
                return told
            log.warning(
                "%s refused: set TWILIO_AUTH_TOKEN to prove that Twilio asks", request.url.path
            )
            return PlainTextResponse("TWILIO_AUTH_TOKEN is not set\n", 403)
        signature = request.headers.get("x-twilio-signature", "")
        url = base + request.url.path + (f"?{request.url.query}" if request.url.query else "")
        if await run_in_threadpool(self._validator.validate, url, fields, signature):
            return told
        log.warning("bad signature on %s; is VOICE_AGENT_PUBLIC_URL right?", request.url.path)
        return PlainTextResponse("bad signature\n", 403)
