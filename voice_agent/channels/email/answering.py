"""`Answering`: passes a mail's words through the engine, and builds the reply as a letter."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.conversation.understanding.tells.signed import is_a_team
from core.events import (
    Fact,
    Flagged,
    IdentifierSeen,
    Logged,
    QuestionAnswered,
    QuestionDeferred,
    QuestionRaised,
)
from core.facts.standing import contact
from core.handoff.meeting import invitation
from core.projections.document import document
from core.scheduling.ics import Invitation, ics
from core.store.mail_tables import MailOutRow
from core.store.store import Store
from core.talk import ConversationOpened
from knowledge.entry import Article
from knowledge.profile import Company
from voice_agent.channels.email import thread
from voice_agent.channels.email.build import Letter, Method
from voice_agent.channels.email.letter import Asked, Frame, framed, letter, notes
from voice_agent.channels.email.message import Mail, Party
from voice_agent.channels.email.outbox import Outbox
from voice_agent.channels.email.settings import MailSettings
from voice_agent.channels.events import UnknownConversation
from voice_agent.channels.writing import Writing

MOST_CHARS = 6_000
"""Most characters of one mail the engine is given; about a thousand words."""
LONGEST_SIGNATURE = 400
_PERSON = re.compile(r"[^\W\d_][\w'’-]+(?: [^\W\d_][\w.'’-]*){0,3}")
_RE = re.compile(r"\s*(?:re|fwd?|aw|wg|sv|antw)\s*:\s*", re.I)


@dataclass(frozen=True, slots=True)
class Replied:
    """Where a mail's words went, and the reply to it; None when there is nothing to answer."""

    conversation_id: str
    turn: int
    reply: MailOutRow | None


class Answering:
    """Answers mails. Repeating it gives the same result."""

    def __init__(
        self, settings: MailSettings, store: Store, writing: Writing, outbox: Outbox
    ) -> None:
        self._settings = settings
        self._store = store
        self._writing = writing
        self._outbox = outbox

    async def answer(
        self, mail: Mail, to: Party, found: str | None, received_at: datetime, verified: bool
    ) -> Replied:
        """Answer a mail. `found`: the thread it belongs to, None for a new one.

        Raises: StoreFailed.
        """
        first = found or thread.conversation_id(mail.key)
        text, cut = _said(mail)
        if not mail.written.text and (mail.content.sealed or mail.content.left_out):
            return self._unreadable(mail, to, received_at)
        conversation_id, turn = await self._say(first, mail, to, text, received_at, verified)
        committed = await self._writing.reply(conversation_id, turn)
        if not committed.lines:  # a rep has taken the floor
            return Replied(conversation_id, turn, None)
        logged = await self._store.log.read(conversation_id)
        facts = [entry.fact for entry in logged]
        await self._mark(conversation_id, turn, mail, cut, received_at)
        lines = [line.said for line in committed.lines]
        frame = self._frame(mail, to, facts, first=turn == 1, cut=cut)
        words = letter(lines, _asked(facts, turn), self._article, frame)
        made = self._letter(mail, to, conversation_id, words, received_at)
        kept = await self._kept(mail, made, conversation_id, turn, logged)
        return Replied(conversation_id, turn, kept)

    async def _say(
        self, first: str, mail: Mail, to: Party, text: str, at: datetime, verified: bool
    ) -> tuple[str, int]:
        """Enter the words in the thread's conversation, or a new one if that is over."""
        for conversation_id in (first, *thread.parts(first)[1:]):
            opened = ConversationOpened(
                conversation_id, "email", "inbound", None, None, at, contact=_contact(mail, to)
            )
            await self._writing.open(opened)
            seen = IdentifierSeen("email", to.address, verified)
            key = f"mail:sender:{'proven' if verified else 'claimed'}"
            await self._store.log.append_once(conversation_id, at, [seen], key)
            try:
                line = await self._writing.say(conversation_id, mail.key, text)
            except UnknownConversation:
                continue  # it has ended: the thread continues in another
            return conversation_id, line.said.turn
        raise UnknownConversation(first)

    async def _mark(
        self, conversation_id: str, turn: int, mail: Mail, cut: bool, at: datetime
    ) -> None:
        """Flag for the rep what was not read."""
        marks = [Flagged("attachment", turn, 0, name) for name in mail.content.left_out[:5]]
        if cut:
            marks.append(
                Flagged("mail_cut", turn, 0, "only the first part of a long mail was read")
            )
        if marks:
            await self._store.log.append_once(conversation_id, at, marks, f"mail:marks:{mail.key}")

    def _unreadable(self, mail: Mail, to: Party, at: datetime) -> Replied:
        """The reply to a mail that is encrypted or only attachments: it says so; no turn is
        made."""
        frame = self._frame(mail, to, (), first=True, cut=False)
        words = letter([], [], self._article, frame)
        made = self._letter(mail, to, "", words, at)
        row = self._outbox.row(made, kind="reply", conversation_id="", answers=mail.key)
        return Replied("", 0, row if notes(frame) else None)

    def _frame(
        self, mail: Mail, to: Party, facts: Sequence[Fact], *, first: bool, cut: bool
    ) -> Frame:
        name = name_of(facts) or _name(mail, to)
        made = framed(self._company, name, self._outbox.unsubscribe(to.address), first=first)
        sealed = mail.content.sealed and not mail.written.text
        return replace(
            made, left_out=mail.content.left_out, cut=cut, sealed=sealed, wrote=_said(mail)[0]
        )

    def _letter(
        self, mail: Mail, to: Party, conversation_id: str, text: str, at: datetime
    ) -> Letter:
        ours = self._settings.address
        known = (*mail.references, mail.message_id) if mail.message_id else mail.references
        named = conversation_id or thread.conversation_id(mail.key)
        return Letter(
            id=thread.mail_id("reply", mail.key, ours),
            to=to.address,
            to_name=to.name,
            subject=reply_subject(mail.subject, self._company),
            text=text,
            at=at,
            references=known,
            reply_to=thread.reply_address(self._settings.secret, ours, named),
            unsubscribe=self._outbox.unsubscribe(to.address),
        )

    async def _kept(
        self, mail: Mail, made: Letter, conversation_id: str, turn: int, logged: Sequence[Logged]
    ) -> MailOutRow:
        """The reply's row, with the invitation to what was booked or changed in it."""
        told = document(conversation_id, logged, company=self._company)
        meeting = invitation(told, self._company, made.at)
        key = None
        if meeting is not None and not await self._store.mails.invited(invitation_key(meeting)):
            key = invitation_key(meeting)
            method: Method = "CANCEL" if meeting.cancelled else "REQUEST"
            stops = self._store.mails.stopped
            others = tuple([one for one in meeting.others if not await stops(one)])
            made = replace(made, ics=ics(meeting), ics_method=method, cc=others)
        return self._outbox.row(
            made, kind="reply", conversation_id=conversation_id, turn=turn, answers=mail.key,
            invitation=key,
        )  # fmt: skip

    @property
    def _company(self) -> Company:
        return self._writing.loaded.company

    def _article(self, citation: str) -> Article | None:
        named = citation.partition("@")[0]
        return next((a for a in self._writing.loaded.articles if a.id == named), None)


def invitation_key(meeting: Invitation) -> str:
    """The key of one change of a meeting, or of its invited guests."""
    more = f"+{len(meeting.others)}" if meeting.others else ""
    return f"{meeting.uid}#{meeting.sequence}{more}"


def name_of(facts: Sequence[Fact]) -> str:
    """The name the buyer gave; empty when they gave none."""
    said = contact(facts).get("name")
    return said.value if said else ""


def reply_subject(subject: str, company: Company) -> str:
    """`Re:` and the subject, without the reply prefixes of other clients."""
    plain = subject
    while (shorter := _RE.sub("", plain, count=1)) != plain and _RE.match(plain):
        plain = shorter
    return f"Re: {plain.strip() or f'your question to {company.name}'}"


def _said(mail: Mail) -> tuple[str, bool]:
    """The words for the engine, and whether they were cut. A first mail may ask in its subject."""
    text, subject = mail.written.text, _RE.sub("", mail.subject).strip()
    if not mail.references and (not text or subject.endswith("?")) and subject not in text:
        text = f"{subject}\n\n{text}".strip()
    if not mail.references and mail.written.titles and mail.written.text:
        told = "\n".join(filter(None, (mail.written.signed, *mail.written.titles)))
        text = f"{text}\n\nRegards,\n{told}" if len(text) <= MOST_CHARS else text
    if len(text) <= MOST_CHARS + LONGEST_SIGNATURE:
        return text, False
    return text[:MOST_CHARS].rpartition("\n")[0] or text[:MOST_CHARS], True


def _asked(facts: Sequence[Fact], turn: int) -> list[Asked]:
    """Every question with its words, and the outcome of those this turn settled."""
    found: list[Asked] = []
    for fact in facts:
        if isinstance(fact, QuestionRaised):
            found.append(fact)
        elif isinstance(fact, QuestionAnswered | QuestionDeferred) and fact.turn == turn:
            found.append(fact)
    return found


def _contact(mail: Mail, to: Party) -> tuple[tuple[str, str], ...]:
    """What a mail says about its sender."""
    name = _name(mail, to)
    return (("email", to.address), *((("name", name),) if name else ()))


def _name(mail: Mail, to: Party) -> str:
    """The name in the signature, else the address's display name if it is a person's."""
    shown = to.name.partition(" via ")[0].strip(" '\"")
    if "," in shown and shown.count(",") == 1:
        last, _, first = shown.partition(",")
        shown = f"{first.strip()} {last.strip()}"
    signed = mail.written.signed
    if shown.lower().startswith(f"{signed.lower()} "):
        signed = shown  # a first-name-only signature
    own = shown.lower() in to.address.partition("@")[0].lower()  # "Rui <rui@…>"
    for name in (signed, shown if " " in shown or own else ""):
        fits = name and name[0].isupper() and len(name) <= 60 and _PERSON.fullmatch(name)
        if fits and not is_a_team(name):
            return name
    return ""
