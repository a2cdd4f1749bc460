"""Links with which people without an account see one conversation for a while.

A link is a random id with our signature; what it opens, until when, and whether it still does is in
the database. It shows the transcript and, if wanted, plays the recording; nothing else.
"""

import base64
import math
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import anyio
import sqlalchemy as sa
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.errors import StoreFailed
from core.events import Logged
from core.projections.document import document
from core.store import audit, reviews
from core.store.audit import Audited
from core.store.review_tables import ListenRow, ShareRow
from core.store.tables import ConversationRow
from voice_agent.allowance import Allowance, address_key
from voice_agent.console.call_audio import LISTEN_ID, CallAudio, conversation
from voice_agent.console.call_data import player_data
from voice_agent.console.call_names import Names
from voice_agent.console.call_posts import back, words
from voice_agent.console.call_view import Talk, talk
from voice_agent.console.doors import Door, Room, Visit, address_of
from voice_agent.console.frame import Frame
from voice_agent.http import Refused
from voice_agent.recordings import ranged
from voice_agent.signatures import SHARED, same

Handler = Callable[[Request], Awaitable[Response]]
Answer = Callable[[Request, ShareRow, ConversationRow], Awaitable[Response]]
BURST, EVERY_S = 120, 0.5
"""Rate limit per address: a player requests a range for every seek."""
DAYS = (1, 7, 14, 30)
"""Choices of how long a link lasts."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """Creates, revokes and serves links."""

    frame: Frame
    audio: CallAudio
    allowance: Allowance = field(default_factory=lambda: Allowance(BURST, EVERY_S))

    def room(self) -> Room:
        """The routes under a call's page."""
        mine = "/console/calls/{id}/shares"
        return Room((
            Door(mine, self.make, methods=("POST",)),
            Door(f"{mine}/{{share}}/revoke", self.revoke, methods=("POST",)),
        ))  # fmt: skip

    def routes(self) -> list[BaseRoute]:
        """The routes for visitors with a link."""
        return [
            Route("/shared/{token}", self._open(self.page), methods=["GET"]),
            Route("/shared/{token}/audio", self._open(self.listen), methods=["GET", "HEAD"]),
            Route("/shared/{token}/peaks", self._open(self.peaks), methods=["GET"]),
        ]

    # --- for colleagues ----------------------------------------------------------------------

    async def make(self, visit: Visit) -> Response:
        """Create a link."""
        row = await conversation(self.frame.store, visit.path["id"])
        days = visit.form.get("days", "")
        if days not in map(str, DAYS):
            raise Refused(422, "bad-days", f"A link lasts {', '.join(map(str, DAYS))} days.")
        made = ShareRow(
            id=secrets.token_urlsafe(16), conversation_id=row.id, by=visit.account.id,
            audio=visit.form.get("audio") == "yes", note=words(visit, "note"), at=visit.at,
            expires_at=visit.at + timedelta(days=int(days)),
        )  # fmt: skip
        line = visit.did("share", f"conversation:{row.id}", share=made.id, audio=made.audio,
                         days=int(days))  # fmt: skip

        def work(c: sa.Connection) -> None:
            reviews.add_share(c, made)
            audit.record(c, line)

        await self.frame.store.write(f"review:{row.id}", work)
        return back(visit, row, "sharing")

    async def revoke(self, visit: Visit) -> Response:
        """Revoke a link."""
        row, share = await conversation(self.frame.store, visit.path["id"]), visit.path["share"]
        found = await self.frame.store.query(lambda c: reviews.share(c, share))
        mine = found is not None and found.conversation_id == row.id
        if found is None or not mine:
            raise Refused(404, "unknown-link", "There is no such link.")
        if found.by != visit.account.id and not visit.may("manager"):
            raise Refused(403, "not-yours", "A colleague made this link; ask them or a manager.")
        line = visit.did("unshare", f"conversation:{row.id}", share=share)

        def work(c: sa.Connection) -> None:
            if reviews.revoke_share(c, share, visit.account.id, visit.at):
                audit.record(c, line)

        await self.frame.store.write(f"review:{row.id}", work)
        return back(visit, row, "sharing")

    def link(self, share_id: str, request: Request) -> str:
        """A link's URL; without a public URL, at the address of this request."""
        origin = self.frame.origin(request)
        return f"{origin}/shared/{share_id}.{self._signature(share_id)}"

    # --- for visitors with a link ------------------------------------------------------------

    def _open(self, answer: Answer) -> Handler:
        """Serve what a link opens, if it is still valid, and audit it."""

        async def handler(request: Request) -> Response:
            host = request.client.host if request.client else None
            wait_s = self.allowance.take(address_key(host), anyio.current_time())
            if wait_s > 0:
                slow = self._closed(request, 429, "Too much was asked for at once. Try again soon.")
                slow.headers["Retry-After"] = str(math.ceil(wait_s))
                return self.frame.sealed(request, slow)
            try:
                found = await self._followed(request)
                response = await answer(request, *found)
            except Refused as refused:
                response = self._closed(request, refused.status, str(refused))
            except StoreFailed:
                response = self._closed(request, 503, "The database cannot be reached just now.")
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            return self.frame.sealed(request, response)

        return handler

    def _closed(self, request: Request, status: int, why: str) -> Response:
        return self.frame.bare(request, "shared_gone.html", status, code=status, message=why)

    async def _followed(self, request: Request) -> tuple[ShareRow, ConversationRow]:
        """The link and its conversation. Raises: Refused, StoreFailed."""
        share_id, _, signature = request.path_params["token"].rpartition(".")
        gone = Refused(410, "gone", "This link does not open anything any more.")
        if not same(signature, self._signature(share_id)):
            raise Refused(404, "no-such-link", "There is no such link. Was all of it copied?")
        found = await self.frame.store.query(lambda c: reviews.share(c, share_id))
        if found is None or found.revoked_at is not None or found.expires_at <= self.frame.clock():
            raise gone
        row = await self.frame.store.conversations.get(found.conversation_id)
        if row is None:
            raise gone
        return found, row

    async def page(self, request: Request, share: ShareRow, row: ConversationRow) -> Response:
        """The transcript, and the player if the link includes it."""
        at, company = self.frame.clock(), self.frame.company().company
        who = Names(f"{company.voice.agent_name} (AI)", "Caller")

        def folded(logged: list[Logged]) -> tuple[dict[str, Any], Talk]:
            return document(row.id, logged, company=company), talk(logged, (), who)

        told, shown = await self.frame.store.log.fold(row.id, folded)
        recording = told["recording"] if share.audio and await self.audio.there(row) else None
        base = f"/shared/{request.path_params['token']}"
        data = None
        if recording:
            made = await self.audio.made(row)
            listen = secrets.token_urlsafe(16)
            data = player_data(shown, f"{base}/audio?listen={listen}", f"{base}/peaks",
                               made.frames, recording, pins=False)  # fmt: skip
        line = self._line(request, share, "share-opened", at)

        def opened(c: sa.Connection) -> None:
            reviews.opened_share(c, share.id, at)
            audit.record(c, line)

        await self.frame.store.write(f"review:{row.id}", opened)
        page = partial(
            self.frame.bare, request, "shared.html", talk=shown, doc=told, row=row, share=share,
            data=data,
        )  # fmt: skip
        return await to_thread.run_sync(page)  # as the call's own page is rendered

    async def listen(self, request: Request, share: ShareRow, row: ConversationRow) -> Response:
        """The recording, for links that include it."""
        listen = request.query_params.get("listen", "")
        if not share.audio or not LISTEN_ID.fullmatch(listen):
            raise Refused(403, "no-audio", "This link is for reading only.")
        found, at = await self.audio.opened(row), self.frame.clock()
        by = f"share:{share.id}"
        begun = ListenRow(id=listen, conversation_id=row.id, by=by, at=at)
        await self.audio.heard(begun, self._line(request, share, "play", at))
        return ranged(request, found)

    async def peaks(self, request: Request, share: ShareRow, row: ConversationRow) -> Response:
        """The peaks for the player."""
        if not share.audio:
            raise Refused(403, "no-audio", "This link is for reading only.")
        return await self.audio.peaks(request, row)

    def _signature(self, share_id: str) -> str:
        digest = SHARED.digest(self.frame.secret, share_id)
        return base64.urlsafe_b64encode(digest[:18]).decode()

    def _line(self, request: Request, share: ShareRow, act: str, at: datetime) -> Audited:
        target = f"conversation:{share.conversation_id}"
        return Audited(at, "", act, target, {"share": share.id}, address_of(request))
