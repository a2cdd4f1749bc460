"""`Pilot`: which conversations the agent takes now, decided without waiting.

The switch is in the database, which every server polls; while that is down, the last known state
holds.
"""

import logging
from collections.abc import Sequence
from typing import Any

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from core.caller_id import e164
from core.clock import Clock
from core.engine import Engine
from core.errors import StoreFailed
from core.pilot import Switch, Why, decided
from core.projections.document import instant
from core.store.pilot import switch, switched, taken_before
from core.store.store import Store
from core.talk import ConversationOpened
from knowledge.profile import Company
from voice_agent.http import Refused, guarded, json_object
from voice_agent.rounds import regularly

log = logging.getLogger(__name__)
LOOK_S = 2.0
"""Polling interval; a change of the switch holds everywhere within five seconds."""
WITHIN_S = 0.5
"""Longest a caller waits for the database to say whether the agent took them before."""


class Pilot:
    """Decides for every channel. `watch` keeps the switch current."""

    def __init__(self, store: Store, company: Company, clock: Clock) -> None:
        self._store = store
        self._company = company
        self._clock = clock
        self.switch = Switch()

    @classmethod
    async def opened(cls, store: Store, company: Company, clock: Clock) -> "Pilot":
        """The pilot of a starting server, with the switch already read."""
        pilot = cls(store, company, clock)
        await pilot.look()
        return pilot

    def use(self, engine: Engine) -> None:
        """Decide by the company of this engine."""
        self._company = engine.loaded.company

    async def watch(self) -> None:
        """Poll the switch as long as the server runs."""
        await regularly("looking at the pilot's switch", self.look, LOOK_S)

    async def look(self) -> None:
        """Read the switch; without the database it keeps its last state."""
        try:
            now = await self._store.query(switched)
        except StoreFailed as error:
            log.warning("the pilot's switch cannot be seen, %s holds: %s", self._stands(), error)
            return
        if now.on != self.switch.on:
            log.warning("pilot switched %s by %s: %s", "on" if now.on else "off", now.by, now.why)
        self.switch = now

    def _stands(self) -> str:
        return "on" if self.switch.on else "off"

    async def elsewhere(self, caller: str, called: str, call_sid: str) -> tuple[str, int] | None:
        """The line to connect a call to instead, and how long to ring it; None when the agent takes
        the call. An empty line: there is none to connect to."""
        company, number = self._company, e164(caller)
        who, to = number or call_sid, e164(called)
        why = decided(company, self.switch, self._clock(), who=who, called=to)
        if why == "share" and number is not None and await self._known(number):
            why = decided(company, self.switch, self._clock(), who=who, called=to, known=True)
        if why == "taken":
            return None
        log.info("a call goes to the company's own line: %s", why, extra={"call_sid": call_sid})
        pilot = company.pilot
        return (pilot.line, pilot.ring_seconds) if pilot else ("", 0)

    async def _known(self, caller: str) -> bool:
        company = self._company.id
        try:
            with anyio.move_on_after(WITHIN_S):
                return await self._store.query(
                    lambda c: taken_before(c, company, caller), hurry=True
                )
        except StoreFailed as error:
            log.warning("whether a caller was taken before is not known: %s", error)
        return False

    def attends(self, opened: ConversationOpened) -> bool:
        """Whether the agent answers a chat at this moment."""
        if opened.channel != "chat":
            return True
        return self._written(next((s.value for s in opened.seen), opened.conversation_id))

    def writes_to(self, address: str) -> bool:
        """Whether mail to an address is sent automatically; if not, a person sends it."""
        return self._written(address.strip().lower())

    def _written(self, who: str) -> bool:
        why: Why = decided(self._company, self.switch, self._clock(), who=who)
        return why == "taken"

    def routes(self, token: str) -> Sequence[BaseRoute]:
        """`/api/v1/pilot`: the pilot's state, and the switch."""
        path = "/api/v1/pilot"
        return [
            Route(path, guarded(self._show, token), methods=["GET"]),
            Route(path, guarded(self._turn, token), methods=["POST"]),
        ]

    async def _show(self, _request: Request) -> Response:
        return JSONResponse(self.told(await self._store.query(switched)))

    async def _turn(self, request: Request) -> Response:
        given = await json_object(request)
        on, by, why = given.get("on"), given.get("by", "api"), given.get("why", "")
        if not isinstance(on, bool) or not isinstance(by, str) or not isinstance(why, str):
            raise Refused(422, "bad-body", "`on` must be true or false; `by` and `why` are texts")
        at = self._clock()
        now = await self._store.write("pilot", lambda c: switch(c, on=on, by=by, why=why, at=at))
        await self.look()
        return JSONResponse(self.told(now))

    def told(self, now: Switch) -> dict[str, Any]:
        """The pilot's state, for people and programs."""
        pilot = self._company.pilot
        stands = {"on": now.on, "by": now.by, "why": now.why, "at": instant(now.at)}
        return stands | {"pilot": pilot.model_dump(mode="json") if pilot else None}
