"""`MailNotify`: people of the team told by mail what they are to know or do."""

from dataclasses import dataclass

from core.clock import Clock
from core.errors import NotifyFailed, StoreFailed
from core.ports import Matter
from core.store.mails import Mails
from knowledge.profile import Rep, Steward
from voice_agent.channels.email import thread
from voice_agent.channels.email.build import Letter
from voice_agent.channels.email.outbox import Outbox
from voice_agent.channels.email.settings import MailSettings


@dataclass(frozen=True, slots=True)
class MailNotify:
    """Implements `core.ports.Notify`: one mail for each key and person, kept in the outbox."""

    settings: MailSettings
    mails: Mails
    outbox: Outbox
    clock: Clock

    async def tell(self, person: Rep | Steward, matter: Matter) -> None:
        """Put a mail into the outbox, once. Raises: NotifyFailed."""
        named = thread.mail_id("notice", f"{matter.key}\x00{person.id}", self.settings.address)
        letter = Letter(
            id=named,
            to=person.email,
            to_name=person.name,
            subject=("Urgent: " if matter.urgent else "") + matter.title,
            text=matter.text + "\n",
            at=self.clock(),
            automatic="auto-generated",
        )
        row = self.outbox.row(letter, kind="notice", conversation_id=matter.conversation_id)
        try:
            await self.mails.queue(row)
        except StoreFailed as error:
            raise NotifyFailed(f"the outbox cannot be reached: {error}") from error
