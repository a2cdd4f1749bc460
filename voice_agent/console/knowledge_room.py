"""The knowledge room: articles, their versions and drafts, review, approval, lint, and gaps.

Every act goes through the office (`knowledge.governance.office`), in the name of the account's
person; the same rules bind the command line and the page.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import anyio.to_thread
from starlette.responses import RedirectResponse, Response

from core.ports import StructuredModel
from core.store import accounts
from core.store.console_tables import ConsoleAccountRow
from core.store.owed import owed_questions
from core.store.unanswered import unanswered
from knowledge.answer import KnowledgeBase
from knowledge.article_file import parse_article
from knowledge.article_text import front_of, version_of
from knowledge.entry import Article
from knowledge.errors import CompanyInvalid, KnowledgeError
from knowledge.gaps import Gap, gaps, still_open, waiting_for
from knowledge.golden import Result, ask_all, read_golden
from knowledge.governance import lifecycle
from knowledge.governance.compare import compare
from knowledge.governance.lifecycle import Record
from knowledge.governance.office import Done, Office
from knowledge.governance.trail import published
from knowledge.governance.vault import GOLDEN
from knowledge.lint import lint
from knowledge.load import assemble, look
from knowledge.rules.amend import CannotAmend
from knowledge.rules.sections import NotSections
from knowledge.suggested import Judge
from voice_agent.console.access import HOME, came_from
from voice_agent.console.doors import Door, Nav, Room, Visit, allowed
from voice_agent.console.frame import Frame, zone_of
from voice_agent.console.pages import dated
from voice_agent.http import Refused
from voice_agent.knowledge_gaps import begin, in_work, plain
from voice_agent.knowledge_questions import checked_again
from voice_agent.knowledge_wordings import keep_helpful, offered, teach
from voice_agent.suggesting import MOST, suggested

ROOM = f"{HOME}/knowledge"
LARGEST = 200 * 1024
MOST_OWED = 2_000
"""Open questions looked through for those an article answers, the longest waiting first."""
DECIDING = ("approve", "reject", "publish", "retire", "rollback")
"""Managers' acts: they decide what the agent may say."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shown:
    """One article in the list."""

    id: str
    title: str
    kind: str
    owner: str
    live: str
    coming: str
    review_by: date | None


class KnowledgeRoom:
    """The room's routes. `folder` is the company's; `model` suggests wordings."""

    def __init__(self, frame: Frame, folder: Path, model: StructuredModel | None = None) -> None:
        self._frame = frame
        self._folder = folder
        self._model = model

    def room(self) -> Room:
        """Everybody reads and writes drafts; managers decide."""
        one = f"{ROOM}/articles/{{id}}"
        return Room(
            doors=(
                Door(ROOM, self._list),
                Door(f"{ROOM}/adopt", self._adopt, "manager", ("POST",)),
                Door(f"{ROOM}/lint", self._lint),
                Door(f"{ROOM}/gaps", self._gaps),
                Door(f"{ROOM}/gaps", self._begin, methods=("POST",)),
                Door(one, self._article),
                Door(one, self._act, methods=("POST",), most=LARGEST),
            ),
            nav=(Nav("Knowledge", ROOM, key="k"),),
        )

    # --- looking -------------------------------------------------------------------------------

    async def _list(self, visit: Visit) -> Response:
        wanted = {n: visit.query.get(n, "")[:100] for n in ("q", "state", "owner")}

        def read() -> tuple[list[Shown], bool]:
            office = self._office(visit)
            trail = office.vault.trail()
            return [_shown(office.record(name, trail)) for name in office.names()], office.adopted

        every, adopted = await in_thread(read)
        owners = sorted(p.id for p in self._frame.company().company.people)
        stages = Counter(row.coming.split()[-1] for row in every if row.coming)
        return self._frame.page(
            visit, "knowledge.html", rows=[row for row in every if _fits(row, wanted)],
            adopted=adopted, wanted=wanted, owners=owners, stages=stages,
        )  # fmt: skip

    async def _article(self, visit: Visit) -> Response:
        name = visit.path["id"]
        old, new = visit.query.get("old", ""), visit.query.get("new", "")

        def read() -> dict[str, Any]:
            record = self._office(visit).known(name)
            company = self._frame.company().company
            told = _versions(record, zone_of(visit.account, company.timezone, company.team))
            which = visit.query.get("version", "") or ("draft" if record.draft else "live")
            text = _text(record, which)
            changes = compare(_text(record, old), _text(record, new)) if old and new else None
            if changes is None and record.draft is not None and record.live is not None:
                changes, old_, new_ = compare(record.live, record.draft), "live", "draft"
            else:
                old_, new_ = old, new
            file, problems = parse_article(text, name)
            return {
                "record": record, "which": which, "text": text, "versions": told,
                "article": file.article if file else None, "problems": [str(p) for p in problems],
                "stage": lifecycle.stage(record), "retired": _retired(record),
                "writers": lifecycle.writers(record),
                "changes": changes, "old": old_, "new": new_,
                "trail": list(reversed(record.entries)), "adopted": self._office(visit).adopted,
                "suggests": self._model is not None,
            }  # fmt: skip

        shown = await in_thread(read)
        everyone, owed = await self._frame.store.query(
            lambda c: (accounts.everyone(c), owed_questions(c, limit=MOST_OWED))
        )
        waiting = waiting_for((one.text for one in owed), shown["article"])
        return self._frame.page(
            visit, "article.html", approvers=_approvers(everyone, shown["writers"]),
            waiting=[one for one in owed if one.text in waiting], **shown
        )  # fmt: skip

    async def _lint(self, visit: Visit) -> Response:
        def read() -> tuple[Any, list[Result], frozenset[str]]:
            office = self._office(visit)
            loaded, today = assemble(look(office.vault)), office.today(office.company())
            questions = read_golden(office.vault.text(GOLDEN))
            results = ask_all(loaded, questions, today)
            return lint(loaded, today), results, frozenset(office.names())

        findings, results, articles = await in_thread(read)
        wrong = [str(result) for result in results if not result.right]
        return self._frame.page(
            visit, "knowledge_lint.html", findings=findings, golden=len(results), wrong=wrong,
            articles=articles,
        )  # fmt: skip

    async def _gaps(self, visit: Visit) -> Response:
        found, wording = await self._found(visit), visit.query.get("wording", "")
        gap = next((g for g in found if g.wording == wording), None)
        if gap is None:
            office = self._office(visit)
            adopted, begun = await in_thread(lambda: (office.adopted, in_work(office)))
            drafts = {g.wording: begun.get(plain(g.wording), "") for g in found}
            return self._frame.page(
                visit, "knowledge_gaps.html", gaps=found, adopted=adopted, drafts=drafts
            )

        def read() -> dict[str, Any]:
            office = self._office(visit)
            return {"near": offered(self._folder, gap, office), "adopted": office.adopted}

        return self._frame.page(visit, "knowledge_gap.html", gap=gap, **await in_thread(read))

    async def _found(self, visit: Visit) -> list[Gap]:
        loaded, store = self._frame.company(), self._frame.store
        await checked_again(store, loaded, lambda: KnowledgeBase(loaded))
        asked = await store.query(unanswered(loaded.company, None))

        def ranked() -> list[Gap]:
            today = self._office(visit).today(loaded.company)
            return gaps(still_open(asked, loaded.articles, today))

        return await in_thread(ranked)

    # --- acting --------------------------------------------------------------------------------

    async def _adopt(self, visit: Visit) -> Response:
        """Begin the audit trail of a folder that has none."""
        actor = person_of(visit)
        await in_thread(lambda: self._office(visit).adopt(actor))
        await self._frame.audited(visit.did("knowledge adopt"))
        return RedirectResponse(came_from(visit.request), 303)

    async def _begin(self, visit: Visit) -> Response:
        wording = visit.form.get("wording", "")
        gap = next((g for g in await self._found(visit) if g.wording == wording), None)
        if gap is None:
            raise Refused(404, "no-gap", "That question was answered meanwhile.")
        actor, place = person_of(visit), visit.form.get("by", "")

        def work() -> tuple[str, bool]:
            office = self._office(visit)
            if place:
                return teach(office, gap.wordings, place, actor).article, True
            if begun := in_work(office).get(plain(gap.wording)):
                return begun, False  # a colleague was quicker, or it is the second click
            return begin(office, gap, actor).article, True

        article, new = await in_thread(work)
        if new:
            await self._frame.audited(visit.did("knowledge draft", f"article:{article}"))
        return RedirectResponse(f"{ROOM}/articles/{article}", 303)

    async def _act(self, visit: Visit) -> Response:
        name, given, actor = visit.path["id"], visit.form, person_of(visit)
        act = given.get("act", "")
        why = given.get("why", "").strip()[:1000]
        if act in DECIDING and not visit.may("manager"):
            raise Refused(403, "not-allowed", "That is for managers.")

        def work() -> Done:
            return _done(self._office(visit), act, name, actor, why, given)

        done = await (self._suggest(visit, name) if act == "wordings" else in_thread(work))
        await self._frame.audited(
            visit.did(f"knowledge {act}", f"article:{name}", version=done.version, why=why)
        )
        return RedirectResponse(f"{ROOM}/articles/{name}#stage", 303)

    async def _suggest(self, visit: Visit, name: str) -> Done:
        """Add what the model suggests, and nothing answers yet, to the draft. Raises: Refused."""
        loaded, actor = self._frame.company(), person_of(visit)

        def read() -> tuple[Article, Judge]:
            office = self._office(visit)
            office.whole_trail()
            record = office.known(name)
            file, _ = parse_article(record.draft or record.live or "", name)
            if file is None:
                raise Refused(409, "not-readable", "Put right what is wrong with the draft first.")
            return file.article, Judge(loaded, office.today(loaded.company))

        if self._model is None:
            raise Refused(409, "no-model", "No language model is configured.")
        article, judge = await in_thread(read)
        wanted = [(article, passage) for passage in article.passages]
        made = [
            m async for m in suggested(self._model, loaded.company, loaded.articles, wanted, MOST)
        ]

        def write() -> Done | None:
            done = None
            for each in made:
                judged = judge.judged(article, each.passage, each.wordings)
                done = keep_helpful(self._office(visit), each.passage, judged, actor) or done
            return done

        if (done := await in_thread(write)) is not None:
            return done
        failed = next((m.failed for m in made if m.failed), "")
        why = f"The model failed: {failed}" if failed else "Nothing it suggested would help."
        raise Refused(409, "nothing-suggested", why)

    # --- between the two -----------------------------------------------------------------------

    def _office(self, visit: Visit) -> Office:
        return Office(self._folder, visit.at)


async def in_thread(work: Callable[[], T]) -> T:
    """Run slow work in a thread: files, checks, golden questions. Raises: Refused."""
    try:
        return await anyio.to_thread.run_sync(work)
    except CompanyInvalid as error:
        raise Refused(422, "company-invalid", str(error)) from error
    except (NotSections, CannotAmend) as error:
        raise Refused(422, "bad-section", str(error)) from error
    except KnowledgeError as error:
        raise Refused(409, error.code, str(error)) from error


def _done(
    office: Office, act: str, name: str, actor: str, why: str, given: Mapping[str, str]
) -> Done:
    """Carry out an act. Raises: Refused, KnowledgeError."""
    match act:
        case "draft":
            return office.create(name, actor, _further)
        case "save":
            text, seen = (given.get(f, "").replace("\r\n", "\n") for f in ("text", "seen"))
            return office.write(name, actor, text, seen)
        case "submit":
            return office.submit(name, actor)
        case "approve":
            return office.approve(name, actor)
        case "reject" if why:
            return office.reject(name, actor, why)
        case "publish":
            return office.publish(name, actor, why)
        case "retire" if why:
            return office.retire(name, actor, why)
        case "rollback" if given.get("to", "").isdecimal():
            return office.roll_back(name, actor, int(given["to"]), why)
    raise Refused(422, "bad-act", "That needs a reason, or is nothing to be done here.")


def person_of(visit: Visit) -> str:
    """The company's person for an account. Raises: Refused."""
    if not visit.account.rep:
        raise Refused(
            403, "nobody", "Knowledge and rules are changed by people of the company: an admin can "
            "say on the Accounts page who of the team you are.",
        )  # fmt: skip
    return visit.account.rep


def _approvers(everyone: Sequence[ConsoleAccountRow], writers: set[str]) -> list[str]:
    """Who could approve a version by these people: other people of the company, as managers."""
    able = {
        a.rep for a in everyone if a.rep and a.disabled_at is None and allowed(a.role, "manager")
    }
    return sorted(able - writers)


def _shown(record: Record) -> Shown:
    front = front_of(record.live or record.draft or "")
    due = front.get("review_by")
    return Shown(
        record.article, str(front.get("title", record.article)), str(front.get("type", "")),
        str(front.get("owner", "")),
        f"{version_of(record.live)} {front.get('status', '')}" if record.live else "",
        f"{version_of(record.draft)} {lifecycle.stage(record)}" if record.draft else "",
        due if isinstance(due, date) else None,
    )  # fmt: skip


def _fits(row: Shown, wanted: dict[str, str]) -> bool:
    words = f"{row.id} {row.title} {row.kind}".lower()
    state = wanted["state"]
    return (
        wanted["q"].lower() in words
        and wanted["owner"] in ("", row.owner)
        and (not state or state in row.live.split() or state in row.coming.split())
    )


def _versions(record: Record, zone: str) -> list[tuple[str, str]]:
    """The versions that can be shown, each once: name, and description with the day it was
    published."""
    told = [("draft", f"draft, version {version_of(record.draft)}")] if record.draft else []
    dates = published(record.entries)

    def named(version: int) -> str:
        entry = dates.get(version)
        since = datetime.fromisoformat(entry.at).astimezone(ZoneInfo(zone)) if entry else None
        return f"version {version}{f', published {dated(since.date())}' if since else ''}"

    live = version_of(record.live) if record.live is not None else 0
    if live:
        told.append(("live", f"{'retired' if _retired(record) else 'in use'}, {named(live)}"))
    earlier = [version for version in sorted(record.kept, reverse=True) if version != live]
    return told + [(str(version), named(version)) for version in earlier]


def _retired(record: Record) -> bool:
    """Whether the article was taken out of use; its text stays."""
    return record.live is None or front_of(record.live).get("status") == "retired"


def _text(record: Record, which: str) -> str:
    """A version's text. Raises: lifecycle.Refused."""
    text = {"live": record.live, "draft": record.draft}.get(which)
    if text is None and which.isdecimal():
        text = record.kept.get(int(which))
    if text is None:
        raise lifecycle.Refused(f"{record.article} has no version `{which}`")
    return text


def _further(record: Record) -> str:
    """The text a new version starts from."""
    if record.live is None:
        raise lifecycle.Refused(f"`{record.article}` has no version in use to begin from")
    return record.live
