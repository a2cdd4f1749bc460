"""`MailWay`: mails notices to people of the company.

These mails belong to no conversation: each is built when it is sent, from a notice that an erasure
may have emptied, and no copy is kept.
"""

from collections.abc import Callable, Mapping
from typing import Any

from core.store.notice_tables import NoticeRow
from knowledge.profile import Company
from voice_agent.channels.email import thread
from voice_agent.channels.email.build import From, Letter, built
from voice_agent.channels.email.smtp import NotSent, Sender
from voice_agent.notices.ports import NotDelivered


class MailWay:
    """Implements `voice_agent.notices.ports.Way`."""

    name = "email"

    def __init__(
        self, sender: Sender, from_: Callable[[], From], company: Callable[[], Company]
    ) -> None:
        self._sender = sender
        self._from = from_
        self._company = company

    def reaches(self, person: str) -> bool:
        """Everybody on the team."""
        return self._company().person(person) is not None

    async def deliver(self, notice: NoticeRow, ref: Mapping[str, Any]) -> Mapping[str, Any]:
        """Mail the notice; a mail already sent stays as it is. Raises: NotDelivered."""
        to = self._company().person(notice.person)
        if ref:
            return ref
        if to is None:
            raise NotDelivered(f"{notice.person} is not in the team any more", final=True)
        ours = self._from()
        letter = Letter(
            id=thread.mail_id("notice", notice.id, ours.address),
            to=to.email,
            to_name=to.name,
            subject=("Urgent: " if notice.urgent else "") + notice.title,
            text=notice.text + "\n",
            at=notice.created_at,
            automatic="auto-generated",
        )
        try:
            await self._sender.send(built(letter, ours), ours.address, to.email)
        except NotSent as error:
            raise NotDelivered(str(error), final=error.final) from error
        return {}
