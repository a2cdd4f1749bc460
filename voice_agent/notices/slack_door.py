"""`POST /slack/interactions`: button presses on cards, with Slack's signature verified.

A press claims the lead or rates the handoff; the card is updated by a durable job, as Slack waits
only three seconds for the answer. Pressing twice counts once.
"""

import hmac
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.clock import Clock
from core.store.callbacks import Over, UnknownCallback
from voice_agent.handoffs import Handoffs, rating
from voice_agent.http import Refused, answering, body_within
from voice_agent.notices.ports import CALL, Press
from voice_agent.signatures import same

log = logging.getLogger(__name__)
LARGEST = 512 * 1024
OLDEST_S = 300
THROUGH = "slack"


@dataclass(frozen=True, slots=True)
class SlackDoor:
    """The endpoint for presses. `read` parses payloads; `members`: each person's Slack member."""

    secret: bytes
    read: Callable[[Any], Press | None]
    members: Callable[[], Mapping[str, str]]
    handoffs: Handoffs
    clock: Clock

    def route(self) -> Route:
        """The route."""
        return Route("/slack/interactions", answering(self._door), methods=["POST"])

    async def _door(self, request: Request) -> Response:
        body = await body_within(request, LARGEST)
        if body is None:
            raise Refused(413, "too-large", f"a body has at most {LARGEST} bytes")
        if not self._proven(request.headers, body):
            raise Refused(401, "bad-signature", "this was not signed by Slack, or too long ago")
        pressed = self.read(_payload(body))
        if pressed is not None:
            await self._press(pressed)
        return Response()

    async def _press(self, pressed: Press) -> None:
        which, at = pressed.about, self.clock()
        people = {member: person for person, member in self.members().items()}
        by = people.get(pressed.user, pressed.user_name)
        if which.startswith(CALL):
            return await self._call(pressed, which.removeprefix(CALL), by)
        if pressed.act == "claim":
            await self.handoffs.claim(which, by, THROUGH, at)
        elif pressed.act != "kept":
            score = int(pressed.answer) if pressed.act == "rate" else None
            repeated = pressed.answer == "yes" if pressed.act == "repeated" else None
            rated = rating(by, score, repeated, THROUGH)
            await self.handoffs.rate(which, rated, at, pressed.key)

    async def _call(self, pressed: Press, which: str, by: str) -> None:
        """Claim a promised call for the first press, or record that it was made."""
        row, at = await self.handoffs.store.callbacks.get(which), self.clock()
        if row is None:
            return
        try:
            if pressed.act == "claim":
                await self.handoffs.claim_call(which, by, at, first=True)
            elif pressed.act == "kept":
                await self.handoffs.end_call(which, "kept", by, at)
        except (Over, UnknownCallback):
            log.info("a press came too late for a promised call", extra={"callback": which})
            await self.handoffs.show(row["conversation_id"])

    def _proven(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether Slack signed the request within the last five minutes."""
        stamp = headers.get("x-slack-request-timestamp", "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
            return False
        if abs(self.clock().timestamp() - int(stamp)) > OLDEST_S:
            return False
        proof = hmac.digest(self.secret, b":".join((b"v0", stamp.encode(), body)), "sha256").hex()
        return same(headers.get("x-slack-signature", ""), f"v0={proof}")


def _payload(body: bytes) -> Any:
    try:
        (payload,) = parse_qs(body.decode(), strict_parsing=True, max_num_fields=10)["payload"]
        return json.loads(payload)
    except (ValueError, KeyError, RecursionError) as error:
        raise Refused(422, "bad-payload", "a form with one JSON payload was expected") from error
