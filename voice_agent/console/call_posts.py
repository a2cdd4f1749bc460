"""What the team adds to a conversation: comments, verdicts, ratings, answers. Each is audited.

Every post carries a key issued with its form, so that a form sent twice counts once.
"""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

import sqlalchemy as sa
from starlette.responses import RedirectResponse, Response

from core.errors import NotifyFailed
from core.events import VerdictReached
from core.facts.corrected import as_heard
from core.facts.standing import latest, unmerged
from core.metrics.accuracy import LOOKED_AT
from core.ports import Matter, Notify
from core.store import accounts, audit, cards, reviews
from core.store.audit import Audited
from core.store.console_tables import ConsoleAccountRow
from core.store.review_tables import (
    MOST_TEXT,
    CommentRow,
    OverrideRow,
    ScorecardRow,
)
from core.store.tables import ConversationRow
from knowledge.sections.review import Mark
from voice_agent.console.call_audio import conversation
from voice_agent.console.doors import Door, Room, Visit
from voice_agent.console.frame import Frame
from voice_agent.console.just_reviewed import DONE
from voice_agent.handoffs import Handoffs, rating
from voice_agent.http import Refused

KEY = re.compile(r"[a-f0-9]{32}")
MENTION = re.compile(r"(?<![\w@])@([\w.+-]*\w(?:@[\w.-]*\w)?)")
MARKS = ("1", "2", "3", "4", "5")
VERDICTS = ("qualified", "disqualified", "nurture")
LONGEST_MS = 48 * 3600 * 1000

Work = Callable[[sa.Connection], Any]


@dataclass(frozen=True, slots=True)
class CallPosts:
    """The forms of the call page. `notify` notifies mentioned colleagues."""

    frame: Frame
    handoffs: Handoffs
    scorecard: Callable[[], tuple[Mark, ...]]
    notify: Notify | None = None

    def room(self) -> Room:
        """The routes under a call's page."""
        mine = "/console/calls/{id}"

        def door(path: str, handler: Callable[[Visit], Awaitable[Response]]) -> Door:
            return Door(f"{mine}/{path}", handler, methods=("POST",))

        return Room((
            door("comment", self.comment),
            door("comment/{comment}/withdraw", self.withdraw),
            door("override", self.override),
            door("rating", self.rating),
            door("claim", self.claim),
            door("scorecard", self.score),
            door("reviewed", self.reviewed),
        ))  # fmt: skip

    # --- comments ----------------------------------------------------------------------------

    async def comment(self, visit: Visit) -> Response:
        """Add a comment, at a time or on the whole."""
        row, text = await self._of(visit), words(visit, "text")
        if not text:
            raise Refused(422, "empty", "Write something first.")
        people = await self.frame.store.query(accounts.everyone)
        called = mentioned(text, people)
        made = CommentRow(
            id=key_of(visit), conversation_id=row.id, at_ms=place(visit), text=text,
            author=visit.account.id, mentions=[p.name for p in called], at=visit.at,
        )  # fmt: skip
        line = visit.did("comment", f"conversation:{row.id}", comment=made.id)
        new = await self._write(row, lambda c: reviews.add_comment(c, made), line)
        if new:
            for person in called:
                await self._tell(person, visit.account, row, made)
        return back(visit, row, "comments")

    async def _tell(
        self, person: ConsoleAccountRow, by: ConsoleAccountRow, row: ConversationRow,
        comment: CommentRow,
    ) -> None:  # fmt: skip
        """Notify a mentioned colleague; a failure does not stop the comment."""
        colleague = self.frame.company().company.person(person.rep) if person.rep else None
        if self.notify is None or colleague is None or person.id == by.id:
            return
        link = f"{self.frame.public_url}/console/calls/{row.id}"
        if comment.at_ms is not None:
            link += f"#t={comment.at_ms / 1000:.1f}"
        matter = Matter(
            "mention", f"comment/{comment.id}", f"{by.display} mentioned you",
            f"{comment.text}\n\n{link}", about=comment.id, conversation_id=row.id,
        )  # fmt: skip
        try:
            await self.notify.tell(colleague, matter)
        except NotifyFailed:
            return  # the comment itself shows who is mentioned

    async def withdraw(self, visit: Visit) -> Response:
        """Withdraw a comment: by its author, or a manager."""
        row, comment = await self._of(visit), visit.path["comment"]
        author = None if visit.may("manager") else visit.account.id
        gone = await self._write(
            row, lambda c: reviews.withdraw_comment(c, row.id, comment, author, visit.at),
            visit.did("withdraw-comment", f"conversation:{row.id}", comment=comment),
        )  # fmt: skip
        if not gone:
            raise Refused(404, "unknown-comment", "There is no such comment of yours.")
        return back(visit, row, "comments")

    # --- verdict -----------------------------------------------------------------------------

    async def override(self, visit: Visit) -> Response:
        """Store a colleague's verdict beside the agent's. Raises: Refused."""
        row = await self._of(visit)
        result, reason = visit.form.get("result", ""), words(visit, "reason")
        facts = unmerged([e.fact for e in await self.frame.store.log.read(row.id)])
        reached = latest(as_heard(facts), VerdictReached)
        agents = reached.result if reached else "insufficient"
        if result not in (*VERDICTS, "") and (result != agents or agents not in LOOKED_AT):
            raise Refused(422, "bad-verdict", f"The verdict is one of {', '.join(VERDICTS)}.")
        if result and result != agents and not reason:
            raise Refused(422, "no-reason", "Say why you see it otherwise than the agent.")
        made = OverrideRow(
            id=key_of(visit), conversation_id=row.id, result=result, agent_result=agents,
            criteria_version=reached.criteria_version if reached else "", reason=reason,
            by=visit.account.id, at=visit.at,
        )  # fmt: skip
        told = visit.did("override", f"conversation:{row.id}", result=result, agent=agents)
        seen = visit.form.get("seen", "")
        first = await self._write(row, partial(_override, made=made, seen=seen), told)
        if first is None:
            why = "A colleague gave a verdict meanwhile. Reload, see theirs, and decide again."
            raise Refused(409, "overtaken", why)
        return onward(visit, row) or back(visit, row, "verdict")

    # --- marks -------------------------------------------------------------------------------

    async def rating(self, visit: Visit) -> Response:
        """Store how useful the handoff was, and whether the buyer had to repeat themselves."""
        row = await self._of(visit)
        useful, repeated = visit.form.get("useful", ""), visit.form.get("repeated", "")
        if useful not in MARKS:
            raise Refused(422, "bad-rating", "Rate the handoff from 1 to 5.")
        again = {"yes": True, "no": False}.get(repeated)
        said = rating(person_of(visit.account), int(useful), again, "console")
        line = visit.did("rate", f"conversation:{row.id}", useful=said.score)
        await self.handoffs.rate(row.id, said, visit.at, key_of(visit), line)
        return back(visit, row, "handoff-rating")

    async def claim(self, visit: Visit) -> Response:
        """Claim the lead, if nobody has it."""
        row = await self._of(visit)
        me = one_of_the_team(visit.account)
        line = visit.did("claim", f"conversation:{row.id}")
        if await self.handoffs.claim(row.id, me, "console", visit.at, line) != me:
            raise Refused(409, "taken", "A colleague took this lead before you.")
        return back(visit, row, "next")

    async def score(self, visit: Visit) -> Response:
        """Store scores by the company's scorecard; what does not apply is left out."""
        row, marks = await self._of(visit), dict[str, int]()
        for mark in self.scorecard():
            given = visit.form.get(f"mark-{mark.id}", "")
            if given not in ("", *MARKS):
                raise Refused(422, "bad-mark", f"{mark.label}: give 1 to 5, or leave it out.")
            if given:
                marks[mark.id] = int(given)
        if not marks:
            raise Refused(422, "no-marks", "Give at least one mark.")
        made = ScorecardRow(
            conversation_id=row.id, by=visit.account.id, marks=marks, note=words(visit, "note"),
            at=visit.at,
        )  # fmt: skip
        told = visit.did("score", f"conversation:{row.id}")
        await self._write(row, lambda c: reviews.score(c, made), told)
        return back(visit, row, "scorecard")

    async def reviewed(self, visit: Visit) -> Response:
        """Mark as reviewed, or not; then open the next of the queue, if requested."""
        row = await self._of(visit)
        on = visit.form.get("state", "on") == "on"
        by, at = visit.account.name, visit.at if on else None
        line = visit.did("reviewed" if on else "unreviewed", f"conversation:{row.id}")
        await self._write(row, lambda c: cards.mark_reviewed(c, [row.id], by, at), line)
        return onward(visit, row, visit.at if on else None) or back(visit, row)

    # --- shared ------------------------------------------------------------------------------

    async def _of(self, visit: Visit) -> ConversationRow:
        return await conversation(self.frame.store, visit.path["id"])

    async def _write(self, row: ConversationRow, work: Work, line: Audited) -> Any:
        """Do the work and audit it in one transaction; a change of nothing is not audited."""

        def both(c: sa.Connection) -> Any:
            if done := work(c):
                audit.record(c, line)
            return done

        return await self.frame.store.write(f"review:{row.id}", both)


def _override(c: sa.Connection, made: OverrideRow, seen: str) -> bool | None:
    """Store it, unless something was decided that its author had not seen; then None."""
    reviews.hold(c, made.conversation_id)
    before = reviews.overrides(c, made.conversation_id)
    if any(o.id == made.id for o in before):
        return False  # the same form again
    if (before[-1].id if before else "") != seen:
        return None
    return reviews.add_override(c, made)


def mentioned(text: str, people: Iterable[ConsoleAccountRow]) -> list[ConsoleAccountRow]:
    """Colleagues mentioned by `@name`, their address, their id, or its beginning."""
    wanted = {found.casefold() for found in MENTION.findall(text)}
    called = []
    for person in people:
        names = {person.name, person.name.split("@")[0], (person.rep or "").casefold(),
                 person.display.casefold().replace(" ", "")}  # fmt: skip
        if person.disabled_at is None and wanted & (names - {""}):
            called.append(person)
    return called


def words(visit: Visit, name: str) -> str:
    """A text field with uniform line ends; several of that name are joined.

    Raises: Refused when it is too long.
    """
    text = " ".join(visit.every(name)).replace("\r\n", "\n").strip()
    if len(text) > MOST_TEXT:
        raise Refused(422, "too-long", f"At most {MOST_TEXT} letters can be kept here.")
    return text


def key_of(visit: Visit) -> str:
    """The form's key. Raises: Refused."""
    key = visit.form.get("key", "")
    if not KEY.fullmatch(key):
        raise Refused(422, "bad-key", "The form was incomplete. Reload the page and try again.")
    return key


def new_key() -> str:
    """A new form key."""
    return uuid4().hex


def place(visit: Visit) -> int | None:
    """The instant a comment is about, given in seconds; None for the whole. Raises: Refused."""
    given = visit.form.get("at", "").strip()
    if not given:
        return None
    try:
        minutes, _, seconds = given.rpartition(":")
        at_ms = round((int(minutes or 0) * 60 + float(seconds)) * 1000)
    except (ValueError, OverflowError) as error:
        raise Refused(422, "bad-time", "Write the time as 1:23.4, or leave it empty.") from error
    if not 0 <= at_ms <= LONGEST_MS:
        raise Refused(422, "bad-time", "That is no time within the conversation.")
    return at_ms


def person_of(account: ConsoleAccountRow) -> str:
    """The team member an account belongs to; else its name."""
    return account.rep or account.name


def one_of_the_team(account: ConsoleAccountRow) -> str:
    """The team member an account belongs to, for acts that others rely on. Raises: Refused."""
    if not account.rep:
        raise Refused(
            403, "nobody", "Leads and calls are taken by people of the company: an admin can say "
            "on the Accounts page who of the team you are.",
        )  # fmt: skip
    return account.rep


def onward(visit: Visit, row: ConversationRow, reviewed: datetime | None = None) -> Response | None:
    """A redirect to the next conversation of the queue, if the form asks for it; one just
    `reviewed` can be put back from there."""
    if visit.form.get("then") != "next":
        return None
    kept = dict(visit.query)
    queue = kept.pop("queue", "flagged")
    done = reviewed.isoformat() if reviewed else ""
    after = urlencode({**kept, "after": row.id, DONE: done})
    return RedirectResponse(f"/console/queues/{quote(queue, safe='')}/next?{after}", 303)


def back(visit: Visit, row: ConversationRow, part: str = "") -> Response:
    """A redirect back to the page, within its queue, at one of its parts."""
    query = f"?{visit.request.url.query}" if visit.request.url.query else ""
    return RedirectResponse(f"/console/calls/{row.id}{query}" + (f"#{part}" if part else ""), 303)
