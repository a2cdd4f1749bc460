"""A colleague's answer to a buyer's open question: mailed, and drafted for the next buyer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from anyio import to_thread
from starlette.responses import Response

from core.events import Fact, Logged, Noted, QuestionAnswered, QuestionDeferred, QuestionRaised
from core.facts.standing import barred, contact, every, outstanding, unmerged
from core.store import audit
from core.store.mail_tables import MailOutRow
from core.store.mails import queue
from core.store.tables import ConversationRow
from knowledge.article_text import scalar
from knowledge.errors import CompanyInvalid, KnowledgeError
from knowledge.governance.lifecycle import Record
from knowledge.governance.lifecycle import Refused as Unlawful
from knowledge.governance.office import Office
from knowledge.importing.proposal import id_of, passages_of
from knowledge.profile import Company
from voice_agent.console.call_audio import conversation
from voice_agent.console.call_posts import back, words
from voice_agent.console.doors import Door, Room, Visit
from voice_agent.console.frame import Frame
from voice_agent.http import Refused

ANSWERED = "rep_answered"
REVIEW_AFTER = timedelta(days=180)
LONGEST_ANSWER = 2_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A question nobody could answer in the conversation, and what became of it."""

    id: str
    text: str
    turn: int
    start_ms: int
    owner: str
    reason: str
    answer: str = ""
    answered_by: str = ""
    sent_to: str = ""
    draft: str = ""
    """Id of the article begun from it."""


class AnswerMail(Protocol):
    """Writes the mail with a colleague's answer to the buyer."""

    async def answer(
        self, conversation_id: str, question_id: str, to: str, name: str, question: str,
        answer: str, by: str,
    ) -> MailOutRow | None:  # fmt: skip
        """The mail to queue, one per question; None when the address is not one."""


def asked(facts: Sequence[Fact]) -> list[Asked]:
    """Deferred and unreached questions, with colleagues' answers since."""
    notes = {str(n.data.get("question")): n.data for n in every(facts, Noted) if n.kind == ANSWERED}
    drafts = {
        str(n.data.get("question")): str(n.data.get("article", ""))
        for n in every(facts, Noted)
        if n.kind == "draft_begun"
    }
    starts = {q.question_id: q.start_ms for q in every(facts, QuestionRaised)}
    kept: dict[str, QuestionDeferred | QuestionRaised] = {
        q.question_id: q for q in outstanding(facts)
    }
    raised: list[QuestionDeferred | QuestionRaised] = [*every(facts, QuestionRaised)]
    kept |= {q.question_id: q for q in (*raised, *every(facts, QuestionDeferred))
             if q.question_id in notes}  # fmt: skip
    found = []
    for name, q in kept.items():
        note = notes.get(name, {})
        found.append(
            Asked(
                name, q.text, q.turn, starts.get(name, 0),
                q.owner if isinstance(q, QuestionDeferred) else "",
                q.reason if isinstance(q, QuestionDeferred) else "not reached",
                str(note.get("text", "")), str(note.get("by", "")), str(note.get("sent_to", "")),
                drafts.get(name, ""),
            )
        )  # fmt: skip
    return sorted(found, key=lambda q: (q.start_ms, q.id))


@dataclass(frozen=True, slots=True)
class CallQuestions:
    """Answers questions and drafts articles. `mail` is None when mail is not set up."""

    frame: Frame
    folder: Path
    mail: AnswerMail | None = None

    def room(self) -> Room:
        """The routes under a call's page."""
        mine = "/console/calls/{id}/questions/{question}"
        return Room((
            Door(f"{mine}/answer", self.answer, methods=("POST",)),
            Door(f"{mine}/promote", self.promote, methods=("POST",)),
        ))  # fmt: skip

    async def answer(self, visit: Visit) -> Response:
        """Store a colleague's answer and, on request, mail it to the buyer."""
        row, facts = await self.known(visit)
        question, text = self._asked(visit, facts), words(visit, "text")
        if not text or len(text) > LONGEST_ANSWER:
            raise Refused(422, "bad-answer", f"Write an answer of up to {LONGEST_ANSWER} letters.")
        if question.answer:
            raise Refused(409, "answered", "A colleague has answered it meanwhile.")
        mail = None
        if visit.form.get("send"):
            mail = await self.mail_of(visit, row, facts, question.id, question.text, text)
        to = mail.recipient if mail else ""
        note = {"question": question.id, "text": text, "by": visit.account.display, "sent_to": to}
        done: list[Fact] = [QuestionAnswered(question.id, question.turn, ()), Noted(ANSWERED, note)]
        line = visit.did("answer", f"conversation:{row.id}", question=question.id, sent=bool(to))

        def also(c: sa.Connection) -> None:
            if mail is not None:
                queue(c, mail)
            audit.record(c, line)

        key = f"rep-answer:{question.id}"
        if not await self.frame.store.log.append_once(row.id, visit.at, done, key, also):
            raise Refused(409, "answered", "A colleague has answered it meanwhile.")
        return back(visit, row, "questions")

    async def mail_of(
        self, visit: Visit, row: ConversationRow, facts: Sequence[Fact], question: str,
        wording: str, text: str,
    ) -> MailOutRow:  # fmt: skip
        """The mail with the answer to a question, by id. Raises: Refused."""
        said = contact(facts)
        to = visit.form.get("to", "").strip() or (said["email"].value if "email" in said else "")
        if self.mail is None:
            raise Refused(422, "no-mail", "No mail is set up here; answer without sending it.")
        if barred(facts):
            raise Refused(422, "opted-out", "They asked not to be contacted.")
        name = said["name"].value if "name" in said else ""
        made = await self.mail.answer(
            row.id, question, to, name, wording, text, visit.account.display
        )
        if made is None:
            raise Refused(422, "bad-address", "There is no address it could be sent to.")
        return made

    async def promote(self, visit: Visit) -> Response:
        """Draft an article from the question and its answer, in the colleague's name."""
        row, facts = await self.known(visit)
        question = self._asked(visit, facts)
        if not question.answer:
            raise Refused(422, "unanswered", "Answer it first; the draft is made of the answer.")
        company = self.frame.company().company
        actor = visit.account.rep or ""
        if company.person(actor) is None:
            raise Refused(422, "nobody", "Your account is no member of the team, who own articles.")
        article = question.draft or await to_thread.run_sync(
            partial(self._begin, question, actor, company, visit)
        )
        note = Noted("draft_begun", {"question": question.id, "article": article})
        if await self.frame.store.log.append_once(row.id, visit.at, [note], f"draft:{question.id}"):
            line = visit.did("promote", f"conversation:{row.id}", article=article)
            await self.frame.store.write("console", lambda c: audit.record(c, line))
        return back(visit, row, "questions")

    def _begin(self, question: Asked, actor: str, company: Company, visit: Visit) -> str:
        """Begin the draft; blocking. Raises: Refused."""
        office = Office(self.folder, visit.at)
        try:
            article = id_of(question.text, set(office.names()))
            text = draft_of(question, article, actor, office.today(company))

            def make(record: Record) -> str:
                if record.live is not None or record.draft is not None:
                    raise Unlawful(f"`{article}` exists by now; try again")
                return text

            office.create(article, actor, make)
        except CompanyInvalid as error:
            raise Refused(422, "company-invalid", "The company folder has faults.") from error
        except KnowledgeError as error:
            raise Refused(409, error.code, str(error)) from error
        return article

    async def known(self, visit: Visit) -> tuple[ConversationRow, Sequence[Fact]]:
        """The conversation and its valid facts. Raises: Refused."""
        row = await conversation(self.frame.store, visit.path["id"])
        logged: Sequence[Logged] = await self.frame.store.log.read(row.id)
        return row, unmerged([entry.fact for entry in logged])

    def _asked(self, visit: Visit, facts: Sequence[Fact]) -> Asked:
        name = visit.path["question"]
        found = next((q for q in asked(facts) if q.id == name), None)
        if found is None:
            raise Refused(404, "unknown-question", "There is no such open question.")
        return found


def draft_of(question: Asked, article: str, owner: str, today: date) -> str:
    """The draft: the colleague's answer as passages, with the buyer's wording."""
    first, *more = passages_of([question.answer]) or [question.answer]
    wording = " ".join(question.text.split())
    rest = "".join(f"\n\n{passage}" for passage in more)
    return f"""---
id: {article}
version: 1
type: capability
title: {scalar(wording.rstrip("?").capitalize())}
topics: [{article.replace("-", " ")}]
owner: {owner}
status: draft
valid_from: {today}
review_by: {today + REVIEW_AFTER}
policy: paraphrase
---
# From an answer to a buyer. Read it as any buyer would, then submit it.
{first}
> asked: {wording}{rest}
"""
