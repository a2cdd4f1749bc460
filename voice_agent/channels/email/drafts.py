"""`Drafts`: what people decide about mails that wait for them."""

from dataclasses import dataclass

from core.store.mails import Mails
from voice_agent.channels.email.inbox import SEND, FollowUps
from voice_agent.channels.email.outbox import Outbox
from voice_agent.workflows.ports import DurableJobs


@dataclass(frozen=True, slots=True)
class Drafts:
    """Each method returns False if the mail waits no more. Each raises StoreFailed."""

    mails: Mails
    outbox: Outbox
    follow_ups: FollowUps
    jobs: DurableJobs

    async def approve(
        self, mail_id: str, text: str | None = None, subject: str | None = None
    ) -> bool:
        """Send a draft, with other words if given."""
        await self.follow_ups.plan(mail_id)  # before: they do nothing unless it is sent
        if not await self.outbox.approve(mail_id, text, subject):
            return False
        await self.jobs.ask(SEND, mail_id)
        return True

    async def edit(self, mail_id: str, text: str, subject: str | None = None) -> bool:
        """Change a draft's words."""
        return await self.outbox.edit(mail_id, text, subject)

    async def reject(self, mail_id: str, why: str = "") -> bool:
        """Discard a draft."""
        return await self.outbox.reject(mail_id, why)

    async def settle(self, key: str, why: str) -> bool:
        """Take a received mail off the list of those left to a person."""
        return await self.mails.release(key, why)
