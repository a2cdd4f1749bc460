"""Letters that answer no mail: invitations to meetings booked elsewhere, transcripts, answers."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from core.clock import Clock
from core.handoff.meeting import invitation
from core.handoff.wording import moment
from core.scheduling.ics import Invitation, ics
from core.store.mail_tables import MailOutRow
from core.store.mails import Mails
from knowledge.profile import Company
from voice_agent.channels.email import thread
from voice_agent.channels.email.answering import invitation_key
from voice_agent.channels.email.build import Letter, Method
from voice_agent.channels.email.letter import framed, plain
from voice_agent.channels.email.message import parties
from voice_agent.channels.email.outbox import Outbox, letter_of
from voice_agent.channels.email.settings import MailSettings
from voice_agent.channels.events import WrittenLine

HOUR = timedelta(hours=1)
_LINK = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]*://|\bwww\.)\S+|(?<![@\w.-])(?:[\w-]+\.)+[^\W\d_]{2,}/\S*", re.I
)
MOST_TRANSCRIPTS = 3
"""Mails to one address per hour after which no transcript is added."""


@dataclass(frozen=True, slots=True)
class Unasked:
    """Queues such letters in the outbox. Implements chat's `TranscriptMail`."""

    settings: MailSettings
    company: Callable[[], Company]
    mails: Mails
    outbox: Outbox
    clock: Clock

    async def tell(self, document: dict[str, Any]) -> None:
        """Mail the invitation to a meeting that was booked, moved or cancelled by phone or chat, if
        the buyer's address is known; once per change. Raises: StoreFailed.

        A meeting booked by mail has its invitation in the reply.
        """
        if document["channel"] == "email":
            return
        meeting = invitation(document, self.company(), self.clock())
        to = next(parties(meeting.guest[1]), None) if meeting and meeting.guest else None
        if meeting is None or to is None:
            return
        zone = document["booking"]["buyer_zone"] or meeting.zone
        method: Method = "CANCEL" if meeting.cancelled else "REQUEST"
        letter = self._letter(
            "invitation", invitation_key(meeting), to.address, "", _subject(meeting),
            _words(meeting, zone),
        )  # fmt: skip
        others = tuple([one for one in meeting.others if not await self.mails.stopped(one)])
        letter = replace(letter, ics=ics(meeting), ics_method=method, cc=others)
        await self.mails.queue(
            self.outbox.row(
                letter, kind="invitation", conversation_id=document["id"],
                invitation=invitation_key(meeting),
            )
        )  # fmt: skip

    async def send_transcript(self, address: str, lines: Sequence[WrittenLine]) -> bool:
        """Mail a conversation to its visitor, once per transcript; False when the address is not
        one. Nothing is sent to who wants no mail, and no more than a person would ask for.

        Anybody may have typed the address and the words. Raises: StoreFailed.
        """
        to = next(parties(address), None)
        if to is None or not lines:
            return False
        if await self.mails.made_for(to.address, self.clock() - HOUR) >= MOST_TRANSCRIPTS:
            return True  # our chat must not fill anybody's mailbox
        if await self.mails.stopped(to.address):
            return True
        agent = self.company().voice.agent_name
        said = [f"{_who(line, agent)}: {_words_of(line)}" for line in lines]
        words = "\n\n".join(["Here is our conversation, as you asked.", *said])
        subject = f"Your conversation with {self.company().name}"
        key = f"{lines[0].at.isoformat()}#{lines[-1].seq}"
        letter = self._letter("transcript", key, to.address, "", subject, words)
        await self.mails.queue(self.outbox.row(letter, kind="transcript", conversation_id=""))
        return True

    async def answer(
        self, conversation_id: str, question_id: str, to: str, name: str, question: str,
        answer: str, by: str,
    ) -> MailOutRow | None:  # fmt: skip
        """The mail with a colleague's answer to the buyer who asked, one per question; in their
        thread, if they write by mail. None when the address is not one. Raises: StoreFailed."""
        party = next(parties(to), None)
        if party is None:
            return None
        words = f"You asked: “{' '.join(question.split())}”\n\n{answer}\n\n{by}"
        subject = f"Your question to {self.company().name}"
        key = f"{conversation_id}/{question_id}"
        letter = self._letter("answer", key, party.address, name, subject, words)
        if conversation_id.startswith("mail-"):
            last = await self.mails.newest_to(thread.parts(conversation_id))
            if last is not None and last.recipient == party.address:
                before = letter_of(last)
                letter = replace(
                    letter, subject=before.subject, reply_to=before.reply_to,
                    references=(*before.references, before.id),
                )  # fmt: skip
        return self.outbox.row(letter, kind="answer", conversation_id=conversation_id)

    def _letter(self, kind: str, key: str, to: str, name: str, subject: str, words: str) -> Letter:
        frame = framed(self.company(), name, self.outbox.unsubscribe(to), first=True)
        return Letter(
            id=thread.mail_id(kind, f"{key}\x00{to}", self.settings.address),
            to=to,
            to_name=name,
            subject=subject,
            text=plain(words, frame),
            at=self.clock(),
            unsubscribe=frame.unsubscribe,
            automatic="auto-generated",
        )


def _who(line: WrittenLine, agent: str) -> str:
    return {"caller": "You", "agent": agent}.get(line.said.speaker, "Colleague")


def _words_of(line: WrittenLine) -> str:
    """A line as it may be mailed in the company's name: of a visitor's, without its links."""
    text = line.said.text
    return _LINK.sub("(a link)", text) if line.said.speaker == "caller" else text


def _subject(meeting: Invitation) -> str:
    return f"{'Cancelled' if meeting.cancelled else 'Invitation'}: {meeting.title}"


def _words(meeting: Invitation, zone: str) -> str:
    rep, when = meeting.organizer[0], moment(meeting.start, zone)
    if meeting.cancelled:
        return f"As agreed, your meeting with {rep} on {when} is called off."
    return (
        f"Here is the invitation to your meeting with {rep} on {when}. {meeting.notes}\n\n"
        "If the time no longer suits you, just reply to this mail."
    ).replace(" \n", "\n")
