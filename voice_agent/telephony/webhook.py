"""What Twilio asks over HTTP: how to answer a call, and what to do once its stream has ended."""

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Connect, VoiceResponse

from core.clock import Clock
from voice_agent.http import body_within
from voice_agent.telephony import token

log = logging.getLogger(__name__)
MAX_BODY_BYTES = 64 * 1024
MAX_PARTY = 150
"""Twilio takes 500 characters for name and value of a parameter; a SIP address is shorter."""
_SID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Admission(Protocol):
    """Whether a new call may be taken now."""

    def admit(self, call_sid: str) -> str | None:
        """Why not, in a word; None when there is room, which is then kept for this call."""


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """`public_url` is empty when only local callers reach us; then the request's host is used."""

    public_url: str
    auth_token: str
    secret_key: bytes
    overflow_line: str


class Webhooks:
    """The Twilio routes. `ended` is told of calls that a status callback says are over."""

    def __init__(
        self,
        settings: WebhookSettings,
        admission: Admission,
        clock: Clock,
        ended: Callable[[str, str], Awaitable[None]],
    ) -> None:
        self._settings = settings
        self._admission = admission
        self._clock = clock
        self._ended = ended
        self._validator = RequestValidator(settings.auth_token) if settings.auth_token else None

    def routes(self) -> list[Route]:
        """`/twilio/voice`, `/twilio/after`, `/twilio/status`."""
        return [
            Route("/twilio/voice", self._voice, methods=["POST"]),
            Route("/twilio/after", self._after, methods=["POST"]),
            Route("/twilio/status", self._status, methods=["POST"]),
        ]

    def stream_token(self, call_sid: str, caller: str, called: str) -> str:
        """What the media socket asks for when the stream of this call starts."""
        now_s = int(self._clock().timestamp())
        return token.issue(self._settings.secret_key, call_sid, caller, called, now_s)

    async def _voice(self, request: Request) -> Response:
        """Answer a call by connecting it to the media socket, or say we are busy."""
        form = await self._signed_form(request)
        if isinstance(form, Response):
            return form
        call_sid = form.get("CallSid", "")
        if not _SID.fullmatch(call_sid):
            return PlainTextResponse("CallSid is missing or not a sid\n", 400)
        answer = VoiceResponse()
        if (why := self._admission.admit(call_sid)) is not None:
            log.warning("call turned away: %s", why, extra={"call_sid": call_sid})
            answer.say(self._settings.overflow_line)
            answer.hangup()
            return _twiml(answer)
        caller, called = _party(form.get("From", "")), _party(form.get("To", ""))
        stream_token = self.stream_token(call_sid, caller, called)
        connect = Connect(action=self._url(request, "/twilio/after"))
        stream = connect.stream(url=self._url(request, "/twilio/media", socket=True))
        stream.parameter(name="token", value=stream_token)
        stream.parameter(name="from", value=caller)
        stream.parameter(name="to", value=called)
        answer.append(connect)
        return _twiml(answer)

    async def _after(self, request: Request) -> Response:
        """The stream has ended and the call is ours to end, too."""
        form = await self._signed_form(request)
        if isinstance(form, Response):
            return form
        answer = VoiceResponse()
        answer.hangup()
        return _twiml(answer)

    async def _status(self, request: Request) -> Response:
        """A call's state changed; the states that end it finalise it."""
        form = await self._signed_form(request)
        if isinstance(form, Response):
            return form
        status = form.get("CallStatus", "")
        if status in {"completed", "busy", "failed", "no-answer", "canceled"}:
            await self._ended(form.get("CallSid", ""), status)
        return Response(status_code=204)

    async def _signed_form(self, request: Request) -> dict[str, str] | Response:
        """The posted fields, once the signature has proved them; a refusal otherwise."""
        body = await body_within(request, MAX_BODY_BYTES)
        if body is None:
            return PlainTextResponse("too large\n", 413)
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        if self._validator is None:
            return form
        signature = request.headers.get("x-twilio-signature", "")
        url = self._url(request, request.url.path)
        if request.url.query:
            url += f"?{request.url.query}"
        if await run_in_threadpool(self._validator.validate, url, form, signature):
            return form
        log.warning("bad signature on %s; is VOICE_AGENT_PUBLIC_URL right?", request.url.path)
        return PlainTextResponse("bad signature\n", 403)

    def _url(self, request: Request, path: str, *, socket: bool = False) -> str:
        base = self._settings.public_url.rstrip("/")
        if not base:
            base = f"{request.url.scheme}://{request.url.netloc}"
        if socket:
            base = "ws" + base.removeprefix("http")
        return base + path


def _party(number: str) -> str:
    """A number or address as it came; empty when it could not stand in XML or is no such thing."""
    return number if number.isprintable() and len(number) <= MAX_PARTY else ""


def _twiml(answer: VoiceResponse) -> Response:
    return Response(str(answer), media_type="application/xml")
