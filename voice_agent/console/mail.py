"""Mail that waits for a person: our drafts, and mails the agent leaves to a colleague."""

from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from starlette.responses import RedirectResponse, Response

from core.store import cards, queues
from core.store.queues import QUEUES
from voice_agent.console.access import HOME, next_place
from voice_agent.console.doors import Door, Room, Visit
from voice_agent.console.frame import Frame
from voice_agent.console.queues import QUEUE, viewer_of
from voice_agent.http import Refused

SHOWN = 200
"""Most drafts and most left mails on the page; older ones first, so none waits unseen."""
OVER = "Somebody has decided that meanwhile. Reload the page."


class MailDesk(Protocol):
    """What people decide about waiting mail; each returns False if it waits no more."""

    async def approve(
        self, mail_id: str, text: str | None = None, subject: str | None = None
    ) -> bool:
        """Send a draft, with other words if given."""

    async def edit(self, mail_id: str, text: str, subject: str | None = None) -> bool:
        """Change a draft's words."""

    async def reject(self, mail_id: str, why: str = "") -> bool:
        """Discard a draft."""

    async def settle(self, key: str, why: str) -> bool:
        """Take a received mail off the list of those left to a person."""


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """The routes. `desk` is None where no mail is set up."""

    frame: Frame
    desk: MailDesk | None = None

    def room(self) -> Room:
        """To be placed before the queues, whose route matches any name."""
        return Room((
            Door(f"{QUEUE}/mail", self.show),
            Door(f"{HOME}/mail/{{id}}", self.decide, methods=("POST",)),
            Door(f"{HOME}/mail/left/{{key}}/mail.eml", self.left),
            Door(f"{HOME}/mail/left/{{key}}/settle", self.settle, methods=("POST",)),
        ))  # fmt: skip

    async def show(self, visit: Visit) -> Response:
        """What waits, the longest first."""
        mails, viewer = self.frame.store.mails, viewer_of(self.frame, visit)
        drafts, left = await mails.outbox("draft", SHOWN), await mails.held(SHOWN)

        def read(c: sa.Connection) -> dict[str, Any]:
            ids = {one.conversation_id for one in drafts} - {""}
            return {"counts": queues.counts(c, viewer), "who_of": cards.of_each(c, ids)}

        return self.frame.page(
            visit, "mail.html", queue="mail", queues=QUEUES, views=[], drafts=drafts, left=left,
            set_up=self.desk is not None, **await self.frame.store.query(read),
        )  # fmt: skip

    async def decide(self, visit: Visit) -> Response:
        """Send a draft as it stands in the form, keep the form's words, or discard it."""
        desk, mail_id, act = self._desk(), visit.path["id"], visit.form.get("act", "")
        row = await self.frame.store.mails.out(mail_id)
        if row is None:
            raise Refused(404, "unknown-mail", "There is no such mail.")
        text, subject, why = (_said(visit, name) for name in ("text", "subject", "why"))
        if act != "reject" and not (text and subject):
            raise Refused(422, "no-words", "A mail needs a subject and some words.")
        match act:
            case "send":
                done = await desk.approve(mail_id, text, subject)
            case "save":
                done = await desk.edit(mail_id, text, subject)
            case "reject":
                done = await desk.reject(mail_id, f"{visit.account.display}: {why}".rstrip(": "))
            case _:
                raise Refused(422, "bad-act", "A draft can be sent, saved or discarded.")
        if not done:
            raise Refused(409, "over", OVER)
        about = f"conversation:{row.conversation_id}"
        changed = act != "reject" and (text, subject) != (row.text.strip(), row.subject)
        await self.frame.audited(visit.did(f"mail {act}", about, mail=mail_id, changed=changed))
        return RedirectResponse(next_place(visit.form.get("back", "")), 303)

    async def left(self, visit: Visit) -> Response:
        """A mail left to a person, as it came, to be opened in a mail program."""
        row = await self.frame.store.mails.arrived(visit.path["key"])
        if row is None or row.status != "held":
            raise Refused(404, "unknown-mail", "There is no such mail.")
        await self.frame.audited(visit.did("open mail", f"mail:{row.key}"))
        headers = {"Content-Disposition": 'attachment; filename="mail.eml"'}
        return Response(row.raw, media_type="application/octet-stream", headers=headers)

    async def settle(self, visit: Visit) -> Response:
        """A colleague has dealt with a mail that was left to a person."""
        key = visit.path["key"]
        if not await self._desk().settle(key, f"dealt with by {visit.account.display}"):
            raise Refused(409, "over", OVER)
        await self.frame.audited(visit.did("mail settle", f"mail:{key}"))
        return RedirectResponse(f"{QUEUE}/mail", 303)

    def _desk(self) -> MailDesk:
        if self.desk is None:
            raise Refused(422, "no-mail", "No mail is set up here.")
        return self.desk


def _said(visit: Visit, name: str) -> str:
    """A field's text, with uniform line ends."""
    return visit.form.get(name, "").replace("\r\n", "\n").strip()
