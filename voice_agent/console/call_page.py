"""`CallPage`: one conversation with everything known of it, for reviewers.

The transcript is the page; it works without scripts and without sound. The player, word
highlighting and keyboard shortcuts are added by the scripts in `static/call*.js`.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from anyio import to_thread
from starlette.responses import JSONResponse, RedirectResponse, Response

from core.caller_id import buyers_number, e164
from core.events import Fact, Flagged, Logged, Noted, SignalCaptured
from core.facts.standing import every, unmerged
from core.fields import Fields
from core.flags.kinds import kind_of
from core.handoff.brief import brief
from core.handoff.wording import as_judged, label, person
from core.metrics.accuracy import LOOKED_AT
from core.ports import Notify
from core.presence import local_day
from core.privacy.erasure import ERASED
from core.projections.document import document
from core.store import accounts, answer_checks, audit, cards, do_not_call, reviews
from core.store.audit import Audited
from core.store.callbacks import promise_in
from core.store.card_tables import CardRow
from core.store.console_tables import ConsoleAccountRow
from core.store.crm_sync_tables import CrmSyncRow
from core.store.mail_tables import MailOutRow
from core.store.mails import letters_of
from core.store.queues import NO_CONVERSATIONS, QUEUES
from core.store.review_tables import AnswerCheckRow
from core.store.reviews import Review
from core.store.tables import ConversationRow
from knowledge.entry import Passage
from knowledge.gaps import answered_by_now
from knowledge.profile import Company
from voice_agent.audio.archive import Archive
from voice_agent.console import filters
from voice_agent.console.call_answers import CallAnswers, given
from voice_agent.console.call_audio import CallAudio, conversation
from voice_agent.console.call_corrections import CallCorrections, heard, missed
from voice_agent.console.call_crm import CallCrm, differing, records_of
from voice_agent.console.call_data import frames_of_ms, player_data
from voice_agent.console.call_names import Names, Titles
from voice_agent.console.call_outcome import CallOutcome
from voice_agent.console.call_posts import VERDICTS, CallPosts, new_key, person_of
from voice_agent.console.call_questions import AnswerMail, Asked, CallQuestions, asked
from voice_agent.console.call_sources import sources
from voice_agent.console.call_view import Talk, shares, talk
from voice_agent.console.doors import Door, Room, Visit
from voice_agent.console.frame import Frame
from voice_agent.console.just_reviewed import just_reviewed
from voice_agent.console.pages import query, unnamed
from voice_agent.console.queues import QUEUE
from voice_agent.console.sharing import DAYS, Sharing
from voice_agent.corrections import Corrections, Retry, correctable
from voice_agent.handoffs import Handoffs
from voice_agent.waveforms import Waveforms


def call_page(
    frame: Frame,
    handoffs: Handoffs,
    folder: Path,
    archive: Archive,
    mail: AnswerMail | None,
    notify: Notify | None,
    retry: Retry | None,
) -> "CallPage":
    """The page of a company's conversations. `folder` is the company's."""
    audio = CallAudio(frame.store, archive, Waveforms(frame.store, archive, frame.clock))
    posts = CallPosts(frame, handoffs, lambda: frame.company().company.review.marks, notify)
    questions = CallQuestions(frame, folder, mail)
    return CallPage(
        frame,
        folder,
        audio,
        posts,
        questions,
        CallAnswers(questions, notify),
        Sharing(frame, audio),
        CallCrm(frame, retry),
        CallOutcome(frame, handoffs),
        CallCorrections(frame, Corrections(frame.store, frame.company, folder, retry)),
    )


BECAUSE = {
    True: ("It misheard them.", "It did not ask.", "It counted what they did not say.",
           "Our criteria are too loose."),
    False: ("It misheard them.", "It did not ask.", "It did not count what they said.",
            "Our criteria are too strict."),
}  # fmt: skip
"""Reasons why a fit or a reject is wrong, each on one key."""
AUDITED = 60
"""Audit lines shown initially."""


@dataclass(frozen=True, slots=True)
class Known:
    """A conversation's data in the console's own tables."""

    review: Review
    people: Mapping[str, ConsoleAccountRow]
    checks: Mapping[str, AnswerCheckRow]
    trail: Sequence[Audited]
    card: CardRow | None
    records: Sequence[CrmSyncRow]
    promise: Mapping[str, Any] | None
    letters: Sequence[MailOutRow]
    """Our mails in it, oldest first."""
    barred: frozenset[str]
    """Those of the buyer's numbers that nobody may dial."""
    just: Sequence[CardRow]
    """What the visitor just reviewed, and came from."""


@dataclass(frozen=True, slots=True)
class CallPage:
    """The page and everything under it."""

    frame: Frame
    folder: Path
    audio: CallAudio
    posts: CallPosts
    questions: CallQuestions
    answers: CallAnswers
    sharing: Sharing
    crm: CallCrm
    outcome: CallOutcome
    corrections: CallCorrections

    def room(self) -> Room:
        """All routes under `/console/calls/{id}`."""
        parts = (
            self.audio, self.posts, self.questions, self.answers, self.sharing, self.crm,
            self.outcome, self.corrections,
        )  # fmt: skip
        return Room((
            Door("/console/calls/{id}", self.show),
            Door("/console/calls/{id}/sources", self.show_sources),
            Door("/console/calls/{id}/seq", self.seq),
            *(door for part in parts for door in part.room().doors),
        ))  # fmt: skip

    async def show(self, visit: Visit) -> Response:
        """The page. Raises: Refused, StoreFailed."""
        row = await conversation(self.frame.store, visit.path["id"])
        if row.id != visit.path["id"]:
            return RedirectResponse(f"/console/calls/{row.id}", 303)
        logged = await self.frame.store.log.read(row.id)
        numbers = _every_number(row, logged)
        known = await self.frame.store.query(lambda c: _known(c, visit, row.id, numbers))
        there = await self.audio.there(row)
        # In a thread: rendering a long call takes longer than live calls can wait.
        return await to_thread.run_sync(self._page, visit, row, logged, known, there)

    def _page(
        self, visit: Visit, row: ConversationRow, logged: Sequence[Logged], known: Known,
        there: bool,
    ) -> Response:  # fmt: skip
        """Render the page; blocking. `there`: whether the recording exists."""
        company = self.frame.company().company
        told = _told(row.id, logged, company)
        gone = bool(told["recording"]) and not there
        if gone:
            told["recording"] = None
        shown = talk(logged, known.review.comments, names(company, told))
        facts = unmerged([entry.fact for entry in logged])
        said = {s["criterion"]: s["value"] for s in told["signals"] if not s["superseded_by"]}
        reached = row.caller or said.get("phone") or said.get("email")
        mine, me = visit.account.id, person_of(visit.account)
        fields, questions = Fields(company), asked(facts)
        known_of = heard(told, fields)
        return self.frame.page(
            visit, "call.html",
            title=said.get("name") or said.get("company") or unnamed(reached, told["channel"]),
            subtitle=said.get("company", "") if said.get("name") else "",
            buyer_email=said.get("email", ""), numbers=_numbers(told, said, known.barred),
            mine=next((r for r in told["ratings"] if r["by"] == me), None),
            my_marks=next((s for s in known.review.scorecards if s.by == mine), None),
            open_shares=[
                s for s in known.review.shares if not s.revoked_at and s.expires_at > visit.at
            ],
            row=row, card=known.card, crm_rows=known.records, differing=differing, gone=gone,
            promise=known.promise, just=known.just,
            me=me, kind_of=kind_of, query=f"?{visit.request.url.query}".rstrip("?"),
            doc=told, talk=shown, facts=_facts(facts),
            review=known.review, people=known.people, trail=known.trail,
            drafts=[one for one in known.letters if one.status == "draft"],
            letters={one.letter["turn"]: one for one in known.letters
                     if one.kind == "reply" and one.letter.get("turn")},
            seq=logged[-1].seq if logged else 0,
            heard=known_of, missed=missed(known_of, fields), suggested=fields.suggested(),
            open_to_change=correctable(row),
            forgotten=any(line["text"] == ERASED for line in told["transcript"]),
            questions=questions, published=self._published(questions, visit.at),
            answers=given(facts, known.checks),
            labels=Labels(as_judged(facts, company) or company),
            titles=Titles(self.frame.company()),
            data=self._data(row, told, shown), keys=_Keys(), whence=_whence(visit),
            verdicts=VERDICTS, marks=company.review.marks, days=DAYS,
            second_look=self._second_look(known), because=BECAUSE,
            can_mail=self.questions.mail is not None,
            link=partial(self.sharing.link, request=visit.request),
        )  # fmt: skip

    def _published(self, questions: Sequence[Asked], at: datetime) -> dict[str, Passage]:
        """What was published since that answers an open question, by its text."""
        loaded = self.frame.company()
        today = local_day(loaded.company, at)
        open_ones = [question.text for question in questions if not question.answer]
        return answered_by_now(open_ones, loaded.articles, today) if open_ones else {}

    def _second_look(self, known: Known) -> str:
        """The agent's verdict, if the conversation was drawn for a second look and has none yet."""
        card, share = known.card, self.frame.company().company.review.second_looks
        if card is None or card.status == "in_progress" or known.review.override:
            return ""
        own = card.own_verdict or ""
        return own if card.draw < share and own in LOOKED_AT else ""

    async def seq(self, visit: Visit) -> Response:
        """The log's last number, for a page that refreshes itself."""
        row = await conversation(self.frame.store, visit.path["id"])
        return JSONResponse({"seq": row.last_seq})

    async def show_sources(self, visit: Visit) -> Response:
        """The sources of each sentence, for the page to insert.

        Separate from the page: in a long call they are larger than all the rest, and folded away.
        """
        row = await conversation(self.frame.store, visit.path["id"])
        logged = await self.frame.store.log.read(row.id)
        return await to_thread.run_sync(self._sources_page, visit, row, logged)

    def _sources_page(
        self, visit: Visit, row: ConversationRow, logged: Sequence[Logged]
    ) -> Response:
        company = self.frame.company().company
        shown = talk(logged, (), names(company, _told(row.id, logged, company)))
        cited = [c for line in shown.lines for c in line.citations]
        return self.frame.page(
            visit, "call_sources.html", row=row, talk=shown,
            facts=_facts(unmerged([entry.fact for entry in logged])),
            sources=sources(self.folder, visit.at, cited), shares=shares, labels=Labels(company),
        )  # fmt: skip

    def _data(self, row: ConversationRow, told: Mapping[str, Any], shown: Talk) -> dict[str, Any]:
        recording = told["recording"]
        if not recording:
            return player_data(shown, "", "", 0, None)
        base, ms = f"/console/calls/{row.id}", recording["duration_ms"]
        listen = secrets.token_urlsafe(18)
        return player_data(
            shown, f"{base}/audio?listen={listen}", f"{base}/peaks", frames_of_ms(ms), recording
        )


def _whence(visit: Visit) -> Mapping[str, Any]:
    """The queue being worked through, and its next conversation; all queues without one."""
    queue = visit.query.get("queue", "")
    if queue not in QUEUES or queue in NO_CONVERSATIONS:
        return {"name": "Queues", "back": QUEUE, "next": "", "queue": "", "kept": {}}
    kept, place = filters.kept(visit.query), f"{QUEUE}/{queue}"
    return {
        "queue": queue, "kept": kept, "name": QUEUES[queue],
        "back": place + (query(kept) if kept else ""),
        "next": f"{place}/next{query(kept, after=visit.path['id'])}",
    }  # fmt: skip


def _every_number(row: ConversationRow, logged: Sequence[Logged]) -> set[str]:
    """Every number that may be the buyer's: theirs, and those they ever gave."""
    given = every([entry.fact for entry in logged], SignalCaptured)
    return {row.caller or "", row.called or "", *(s.value for s in given if s.criterion == "phone")}


def _numbers(
    told: Mapping[str, Any], said: Mapping[str, str], barred: frozenset[str]
) -> dict[str, bool]:
    """The numbers to call the buyer at, the one they gave first, and whether each is barred."""
    known = (e164(said.get("phone")), e164(buyers_number(told)))
    return {number: number in barred for number in known if number}


def _known(c: sa.Connection, visit: Visit, conversation_id: str, numbers: set[str]) -> Known:
    people = {row.id: row for row in accounts.everyone(c)}
    lines = audit.lines(c, target=f"conversation:{conversation_id}", limit=AUDITED)
    return Known(
        reviews.review_of(c, conversation_id), people,
        answer_checks.checks_of(c, conversation_id), lines, cards.of(c, conversation_id),
        records_of(c, conversation_id), promise_in(c, conversation_id),
        letters_of(c, conversation_id),
        frozenset(number for number in numbers if do_not_call.barred(c, number)),
        just_reviewed(c, visit),
    )  # fmt: skip


def names(company: Company, told: Mapping[str, Any]) -> Names:
    """The speakers' names on the page."""
    said = {s["criterion"]: s["value"] for s in told["signals"] if not s["superseded_by"]}
    buyer = said.get("name") or ("Caller" if told["channel"] == "voice" else "Buyer")
    return Names(company.voice.agent_name, str(buyer), {p.id: p.name for p in company.people})


@dataclass(frozen=True, slots=True)
class Labels:
    """Display names of what is known by id."""

    company: Company

    def criterion(self, name: str) -> str:
        """A criterion or contact field."""
        return label(name, self.company)

    def person(self, person_id: str | None) -> str:
        """A team member; a dash for nobody."""
        return person(person_id, self.company) if person_id else "–"

    def segment(self, name: str | None) -> str:
        """A segment."""
        known = {s.id: s.label for s in self.company.segments}
        return known.get(name or "", name or "–")


class _Keys:
    """A fresh key for each form on a page."""

    def __str__(self) -> str:
        return new_key()


NOTES: Mapping[str, Mapping[str, Any]] = {
    "crm": {"status": "pending", "records": (), "error": ""},
    "calendar": {"status": "", "error": ""},
    "page": {"url": "", "title": ""},
}
"""The notes shown, with defaults for what they do not say."""


def _facts(facts: Sequence[Fact]) -> dict[str, Any]:
    """What the templates look up in the log besides the document."""
    noted = {n.kind: n.data for n in every(facts, Noted)}
    found: dict[str, Any] = {kind: {**rest, **noted.get(kind, {})} for kind, rest in NOTES.items()}
    return found | {
        "blocked": {f.turn: f.note for f in every(facts, Flagged) if f.kind == "gate_blocked"},
        "mails": [n for n in every(facts, Noted) if n.kind == "mail_sent"],
    }


def _told(conversation_id: str, logged: Sequence[Logged], company: Company) -> dict[str, Any]:
    """The call document; for a forgotten buyer with a brief of what is left."""
    told = document(conversation_id, logged, company=company)
    if "summary_lines" not in told["handoff"]:
        told["handoff"] = brief(unmerged([entry.fact for entry in logged]), company)
    told["crm"] = {**NOTES["crm"], **told["crm"]}
    return told
