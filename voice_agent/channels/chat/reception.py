"""`POST /chat/sessions`: a session for a page that may have one, the old one if still valid.
`/chat/invitations`: when the chat should offer help by itself, and what became of such offers.

Pages of other origins send a preflight (CORS). Every origin gets a response it can read, so that an
unlisted site is told so; whether it may chat is decided here and at the socket.
"""

import math
import secrets
from collections.abc import Callable
from typing import Any, get_args

from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response

from core.errors import StoreFailed
from core.metrics.invitations import Met
from voice_agent.channels.chat.doors import Doors
from voice_agent.channels.chat.protocol import MAX_TOKEN
from voice_agent.channels.chat.services import ChatServices
from voice_agent.channels.chat.sessions import Session, issue, known_zone, opened_by, session_of
from voice_agent.http import Refused, json_object, refusal

MAX_BODY_BYTES = 4096
PREFLIGHT_S = "600"
KEPT_S = 300
"""How long a page may cache invitations."""


class Reception:
    """Issues sessions."""

    def __init__(self, services: ChatServices, doors: Doors) -> None:
        self._services = services
        self._doors = doors

    async def preflight(self, request: Request) -> Response:
        """Answer a CORS preflight."""
        allowing = {
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "content-type",
            "Access-Control-Max-Age": PREFLIGHT_S,
        }
        return _readable(request, Response(status_code=204, headers=allowing))

    async def session(self, request: Request) -> Response:
        """A session, or the refusal."""
        return _readable(request, await self._answer(request))

    async def invitations(self, request: Request) -> Response:
        """The company's invitations. The page itself decides when to show one, and does not report
        which pages its visitor views."""
        if refused := self._turned_away(request, self._doors.invitation_wait):
            return _readable(request, refused)
        told = self._services.writing.loaded.company.chat.invitations
        shown = [one.model_dump(mode="json", exclude={"asks"}) for one in told]
        response = _readable(request, JSONResponse({"invitations": shown}))
        response.headers["Cache-Control"] = f"private, max-age={KEPT_S}"
        return response

    async def met(self, request: Request) -> Response:
        """Count that an invitation was shown, accepted or dismissed, anonymously."""
        return _readable(request, await self._counted(request))

    async def _counted(self, request: Request) -> Response:
        if refused := self._turned_away(request, self._doors.invitation_wait):
            return refused
        services = self._services
        try:
            given = await json_object(request, MAX_BODY_BYTES)
            rule = services.writing.loaded.company.chat.invitation(str(given.get("id")))
            what = next((name for name in get_args(Met) if name == given.get("what")), None)
            if rule is None or what is None:
                told = "An `id` of chat.invitations and `what` became of it are expected."
                return refusal(422, "bad-request", told)
            if services.tally is not None:
                await services.tally.count(rule.id, what)
        except Refused:
            return refusal(400, "bad-request", "A small JSON object is expected.")
        except StoreFailed:
            return refusal(503, "unavailable", "Please try again in a moment.")
        services.metrics.invitations.labels(rule.id, what).inc()
        return Response(status_code=204)

    def _turned_away(
        self, request: Request, wait: Callable[[HTTPConnection], float]
    ) -> Response | None:
        """The refusal of a page, if it is refused."""
        if not self._doors.welcome(request):
            told = "This site is not among chat.origins in the company's company.yaml."
            return refusal(403, "origin-not-allowed", told)
        if wait_s := wait(request):
            slower = refusal(429, "too-fast", "Please try again in a moment.")
            slower.headers["Retry-After"] = str(math.ceil(wait_s))
            return slower
        return None

    async def _answer(self, request: Request) -> Response:
        if refused := self._turned_away(request, self._doors.session_wait):
            return refused
        try:
            given = await json_object(request, MAX_BODY_BYTES)
            session = await self._resumed(given)
        except Refused:
            return refusal(400, "bad-request", "A small JSON object is expected.")
        except StoreFailed:
            return refusal(503, "unavailable", "Please try again in a moment.")
        return JSONResponse(self._offer(session or self._new(given), resumed=session is not None))

    async def _resumed(self, given: dict[str, Any]) -> Session | None:
        """The session of a token whose conversation is not over."""
        if given.get("fresh") or (session := self._held(given)) is None:
            return None
        return None if await self._services.writing.over(session.conversation_id) else session

    def _held(self, given: dict[str, Any]) -> Session | None:
        token = given.get("token")
        if not isinstance(token, str) or len(token) > MAX_TOKEN:
            return None
        return session_of(self._services.key, token, self._services.clock())

    def _new(self, given: dict[str, Any]) -> Session:
        held = self._held(given)
        visitor = held.visitor if held else secrets.token_hex(16)
        zone, now = known_zone(given.get("zone")), self._services.clock()
        return Session(f"chat-{secrets.token_hex(16)}", visitor, zone, now)

    def _offer(self, session: Session, *, resumed: bool) -> dict[str, Any]:
        company = self._services.writing.loaded.company
        agent = company.voice.agent_name
        return {
            "conversation_id": session.conversation_id,
            "token": issue(self._services.key, session),
            "resumed": resumed,
            "attended": self._services.writing.attends(opened_by(session, session.issued_at)),
            "agent": {"name": agent, "company": company.name},
            "notices": {
                "ai": f"{agent} is an AI assistant, not a person.",
                "keeping": company.chat.notice,
                "privacy_url": company.chat.privacy_url,
            },
        }


def _readable(request: Request, response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = request.headers.get("origin", "*")
    response.headers["Vary"] = "Origin"
    response.headers["Cache-Control"] = "no-store"
    return response
