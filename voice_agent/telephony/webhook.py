"""Twilio's voice webhooks: how to answer a call, and what follows the end of its stream."""

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core.clock import Clock
from voice_agent.telephony import token, twiml
from voice_agent.telephony.ports import OVER
from voice_agent.telephony.signed import SignedForms, Told

log = logging.getLogger(__name__)
_SID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Admission(Protocol):
    """Whether a new call may be taken now, and what is still expected of one."""

    def admit(self, call_sid: str) -> str | None:
        """Why not, in a word; None when there is room, which is then reserved for this call."""

    def followed(self, call_sid: str) -> None:
        """Twilio has been told what follows this call's stream."""


Elsewhere = Callable[[str, str, str], Awaitable[tuple[str, int] | None]]
"""From caller, called number and call sid to the line to forward to and the seconds to ring it; an
empty line: nobody takes the call; None: the agent does."""


After = Callable[[Told], Awaitable[Response | None]]
"""From a call whose stream has ended to its continuation; None: the call ends."""


async def _nothing(_told: Told) -> Response | None:
    return None


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """`public_url` is empty when only local clients reach us; then the request's host is used."""

    public_url: str
    auth_token: str
    secret_key: bytes


class Webhooks:
    """The Twilio routes. `ended` is called for calls that a status callback reports over.

    `turned_away` answers calls that cannot be taken, `after` calls that broke off.
    """

    def __init__(
        self,
        settings: WebhookSettings,
        admission: Admission,
        clock: Clock,
        *,
        ended: Callable[[str, str], Awaitable[None]],
        turned_away: Callable[[Told, str], Response],
        after: After = _nothing,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self._settings = settings
        self._admission = admission
        self._clock = clock
        self._ended = ended
        self._turned_away = turned_away
        self._goes_on = after
        self._elsewhere = elsewhere
        self.signed = SignedForms(settings.public_url, settings.auth_token)

    def routes(self) -> list[Route]:
        """`/twilio/voice`, `/twilio/after`, `/twilio/status`."""
        return [
            self.signed.route("/twilio/voice", self._voice),
            self.signed.route(twiml.AFTER, self._after),
            self.signed.route("/twilio/status", self._status),
        ]

    def stream_token(self, call_sid: str, caller: str, called: str) -> str:
        """The token the media socket requires when this call's stream starts."""
        now_s = int(self._clock().timestamp())
        return token.issue(self._settings.secret_key, call_sid, caller, called, now_s)

    def connected(self, told: Told, **more: str) -> Response:
        """TwiML that connects a webhook's call to the media socket, with further parameters."""
        caller, called = twiml.party(told.get("From")), twiml.party(told.get("To"))
        stream_token = self.stream_token(told.get("CallSid"), caller, called)
        parameters = {"token": stream_token, "from": caller, "to": called, **more}
        return twiml.response(
            twiml.connected(told.socket_url(twiml.MEDIA), told.url(twiml.AFTER), parameters)
        )

    async def _voice(self, told: Told) -> Response:
        """Answer a call by connecting it to the media socket, or say that we are busy."""
        call_sid = told.get("CallSid")
        if not _SID.fullmatch(call_sid):
            return PlainTextResponse("CallSid is missing or not a sid\n", 400)
        if (away := await self._elsewhere_now(told)) is not None:
            return away
        if (why := self._admission.admit(call_sid)) is not None:
            log.warning("call turned away: %s", why, extra={"call_sid": call_sid})
            return self._turned_away(told, why)
        return self.connected(told)

    async def _elsewhere_now(self, told: Told) -> Response | None:
        """The response to a call the agent does not take; None when it does."""
        if self._elsewhere is None:
            return None
        away = await self._elsewhere(told.get("From"), told.get("To"), told.get("CallSid"))
        if away is None:
            return None
        line, ring_s = away
        if not line:
            return self._turned_away(told, "off")
        return twiml.response(twiml.dialled(line, ring_s))

    async def _after(self, told: Told) -> Response:
        """The stream has ended: end the call, unless something is to follow."""
        answer = await self._goes_on(told) or twiml.response(twiml.hung_up())
        self._admission.followed(told.get("CallSid"))
        return answer

    async def _status(self, told: Told) -> Response:
        """A call changed state; a final state ends its conversation."""
        if (status := told.get("CallStatus")) in OVER:
            await self._ended(told.get("CallSid"), status)
        return Response(status_code=204)
