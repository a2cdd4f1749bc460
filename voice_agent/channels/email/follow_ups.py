"""`FollowUpTimers`: a reminder some days after an unanswered reply, on durable timers.

A timer that fires checks whether there is still a reason to write: there is none after an answer, a
meeting, a promised call, an end or an opt-out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.clock import Clock
from core.events import CallbackRequested, Fact, Flagged, VerdictReached
from core.facts.standing import barred, every, latest, meeting
from core.store.mail_tables import MailOutRow
from core.store.store import Store
from knowledge.profile import Company
from voice_agent.channels.email import thread
from voice_agent.channels.email.answering import name_of
from voice_agent.channels.email.build import Letter
from voice_agent.channels.email.inbox import SEND
from voice_agent.channels.email.letter import filled, framed, plain
from voice_agent.channels.email.outbox import Outbox, letter_of
from voice_agent.channels.email.settings import MailSettings
from voice_agent.channels.writing import Writing
from voice_agent.workflows.ports import DurableJobs

FOLLOW = "mail-follow"
DAY_S = 86_400.0
LOOK_AGAIN_S = 300.0


@dataclass(frozen=True, slots=True)
class FollowUpTimers:
    """Sets the timers, and sends the reminders."""

    settings: MailSettings
    store: Store
    writing: Writing
    outbox: Outbox
    jobs: DurableJobs
    clock: Clock

    async def plan(self, mail_id: str) -> None:
        """Set the timers that start with a reply of ours. Raises: StoreFailed."""
        for n, follow_up in enumerate(self._company.email.follow_ups):
            await self.jobs.ask(FOLLOW, f"{mail_id}/{n}", after_s=follow_up.after_days * DAY_S)

    async def work(self, key: str, tries: int) -> float | None:
        """A timer fired; a job. Raises: StoreFailed."""
        mail_id, _, number = key.rpartition("/")
        reply = await self.store.mails.out(mail_id)
        wanted = self._company.email.follow_ups
        if reply is None or int(number) >= len(wanted):
            return None
        wrote = await self.store.mails.wrote(reply.recipient, reply.created_at)
        if wrote is None:
            return LOOK_AGAIN_S  # an unread mail may be their answer
        if wrote or not await self._due(reply):
            return None
        facts = [entry.fact for entry in await self.store.log.read(reply.conversation_id)]
        letter = self._letter(key, letter_of(reply), wanted[int(number)].text, name_of(facts))
        made = self.outbox.row(
            letter, kind="follow_up", conversation_id=reply.conversation_id,
            turn=int(reply.letter.get("turn", 0)),
        )  # fmt: skip
        await self.store.mails.queue(made)
        if made.status == "queued":
            await self.jobs.ask(SEND, letter.id)
        return None

    def _letter(self, key: str, reply: Letter, words: str, name: str) -> Letter:
        company, unsubscribe = self._company, self.outbox.unsubscribe(reply.to)
        first = name.split()[0] if name else "there"
        return replace(
            reply,
            id=thread.mail_id("followup", key, self.settings.address),
            text=plain(
                filled(words, company, first), framed(company, name, unsubscribe, first=False)
            ),
            at=self.clock(),
            references=(*reply.references, reply.id),
            automatic="auto-generated",
            ics="",
        )

    async def _due(self, reply: MailOutRow) -> bool:
        """Whether there is still a reason to write."""
        mails = self.store.mails
        if reply.status != "sent" or await mails.stopped(reply.recipient):
            return False
        last = await mails.last_in(thread.parts(reply.conversation_id))
        if last is None or last.key != reply.answers:
            return False
        facts = [entry.fact for entry in await self.store.log.read(last.conversation_id)]
        return not _settled(facts)

    @property
    def _company(self) -> Company:
        return self.writing.loaded.company


def _settled(facts: Sequence[Fact]) -> bool:
    """Whether the buyer has a meeting or a promised call, opted out, or was disqualified."""
    booked = meeting(facts)
    judged = latest(facts, VerdictReached)
    return bool(
        (booked is not None and booked.status != "cancelled")
        or latest(facts, CallbackRequested)
        or barred(facts)
        or any(f.kind == "data_request" for f in every(facts, Flagged))
        or (judged is not None and judged.result == "disqualified")
    )
