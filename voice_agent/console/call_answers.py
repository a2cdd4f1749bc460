"""A colleague's checks of the agent's answers: right, false, or deferred needlessly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from starlette.responses import Response

from core.errors import NotifyFailed
from core.events import Fact, QuestionAnswered, QuestionDeferred, QuestionRaised, UtteranceRecorded
from core.facts.standing import every
from core.metrics.answers import WRONG, Gave
from core.ports import Matter, Notify
from core.store import answer_checks, audit
from core.store.mail_tables import MailOutRow
from core.store.mails import queue
from core.store.review_tables import AnswerCheckRow
from core.store.store import Store
from core.store.tables import ConversationRow
from voice_agent.console.call_posts import back, key_of, words
from voice_agent.console.call_questions import CallQuestions
from voice_agent.console.call_sources import CITATION
from voice_agent.console.doors import Door, Room, Visit
from voice_agent.http import Refused


@dataclass(frozen=True, slots=True)
class Given:
    """A question the agent answered or deferred, with its answer and a colleague's check."""

    id: str
    text: str
    turn: int
    start_ms: int
    gave: Gave
    said: str
    """The answer as it was heard; empty if deferred."""
    citations: tuple[str, ...]
    check: AnswerCheckRow | None

    @property
    def wrong(self) -> str:
        """The check's options besides right."""
        return WRONG[self.gave]


def given(facts: Sequence[Fact], checks: Mapping[str, AnswerCheckRow]) -> list[Given]:
    """The agent's answers and deferrals in order, without colleagues' answers."""
    raised = {q.question_id: q for q in every(facts, QuestionRaised)}
    deferred = {q.question_id: q for q in every(facts, QuestionDeferred)}
    answered = {q.question_id: q for q in every(facts, QuestionAnswered) if q.citations}
    found = []
    for name, question in raised.items():
        if (late := deferred.get(name)) is not None:
            found.append(Given(name, question.text, late.turn, question.start_ms, "deferral", "",
                               (), checks.get(name)))  # fmt: skip
        elif (told := answered.get(name)) is not None:
            found.append(Given(name, question.text, told.turn, question.start_ms, "answer",
                               _said(facts, told), told.citations, checks.get(name)))  # fmt: skip
    return sorted(found, key=lambda one: (one.start_ms, one.id))


def _said(facts: Sequence[Fact], told: QuestionAnswered) -> str:
    return " ".join(
        line.text
        for line in every(facts, UtteranceRecorded)
        if line.speaker == "agent" and set(line.citations) & set(told.citations)
        and line.turn == told.turn
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CallAnswers:
    """The checks. `questions` mails the right answer; `notify` reaches the cited articles'
    owner."""

    questions: CallQuestions
    notify: Notify | None = None

    def room(self) -> Room:
        """The routes under a call's page."""
        mine = "/console/calls/{id}/answers"
        return Room((
            Door(f"{mine}/right", self.all_right, methods=("POST",)),
            Door(f"{mine}/{{question}}/check", self.check, methods=("POST",)),
        ))  # fmt: skip

    async def all_right(self, visit: Visit) -> Response:
        """Mark everything still unchecked as right."""
        row, facts = await self.questions.known(visit)
        checks = await self._store.query(lambda c: answer_checks.checks_of(c, row.id))
        key = key_of(visit)
        rows = [
            AnswerCheckRow(
                id=f"{key}-{n}", conversation_id=row.id, question_id=one.id, gave=one.gave,
                result="right", by=visit.account.id, at=visit.at,
            )
            for n, one in enumerate(given(facts, checks))
            if one.check is None
        ]  # fmt: skip
        await self._keep(visit, row, rows)
        return back(visit, row, "answers")

    async def check(self, visit: Visit) -> Response:
        """Store a colleague's check; for a false answer also what is right, mailed on request.

        Raises: Refused.
        """
        row, facts = await self.questions.known(visit)
        one = next((g for g in given(facts, {}) if g.id == visit.path["question"]), None)
        if one is None:
            raise Refused(404, "unknown-question", "The agent made nothing of such a question.")
        result = visit.form.get("result", "")
        if result not in ("right", one.wrong, ""):
            raise Refused(422, "bad-check", f"It was right, or {one.wrong}.")
        told = words(visit, "told") if result == one.wrong else ""
        mail = None
        if told and result == "false" and visit.form.get("send"):
            mail = await self.questions.mail_of(visit, row, facts, one.id, one.text, told)
        made = AnswerCheckRow(
            id=key_of(visit), conversation_id=row.id, question_id=one.id, gave=one.gave,
            result=result, told=told, by=visit.account.id, at=visit.at,
        )  # fmt: skip
        if await self._keep(visit, row, [made], mail) and result == "false":
            await self._tell_owner(visit, row, one, made)
        return back(visit, row, "answers")

    @property
    def _store(self) -> Store:
        return self.questions.frame.store

    async def _keep(
        self, visit: Visit, row: ConversationRow, rows: Sequence[AnswerCheckRow],
        mail: MailOutRow | None = None,
    ) -> int:  # fmt: skip
        """Store and audit them and queue the mail in one transaction; returns how many were new."""

        def work(c: sa.Connection) -> int:
            if new := answer_checks.add_checks(c, rows):
                results = sorted({one.result or "taken back" for one in rows})
                line = visit.did("check", f"conversation:{row.id}", results=results, answers=new)
                audit.record(c, line)
                if mail is not None:
                    queue(c, mail)
            return new

        return await self._store.write(f"review:{row.id}", work)

    async def _tell_owner(
        self, visit: Visit, row: ConversationRow, one: Given, made: AnswerCheckRow
    ) -> None:
        """Notify the cited articles' owner; a failure does not stop the check."""
        loaded, url = self.questions.frame.company(), self.questions.frame.public_url
        cited = {found[1] for c in one.citations if (found := CITATION.fullmatch(c))}
        owners = {a.owner for a in loaded.articles if a.id in cited}
        right = f"\n\nWhat is right: {made.told}" if made.told else ""
        matter = Matter(
            "false-answer", f"answer/{made.id}", f"{visit.account.display}: a false answer",
            f"“{one.text}” was answered from {', '.join(sorted(cited))}: {one.said}{right}\n\n"
            f"{url}/console/calls/{row.id}#answers",
            about=one.id, conversation_id=row.id,
        )  # fmt: skip
        for owner in sorted(owners):
            person = loaded.company.person(owner)
            if self.notify is None or person is None:
                continue
            try:
                await self.notify.tell(person, matter)
            except NotifyFailed:
                return  # the article's gap shows in Numbers
