"""Imports documents into the knowledge room as drafts, which the agent does not yet use.

An upload is read in a separate process (`voice_agent.reading_aside`), and never stored, opened or
shown as it is: only the words found in it are, as drafts that one person submits and another
approves.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import anyio
from starlette.responses import Response

from knowledge.article_file import parse_article
from knowledge.article_text import front_of, with_keys
from knowledge.errors import CompanyInvalid
from knowledge.governance.office import Office
from knowledge.governance.vault import DRAFTS
from knowledge.importing.drafting import Drafted
from knowledge.importing.proposal import ImportFailed
from knowledge.lint import lint
from knowledge.load import assemble, look
from voice_agent.console.access import HOME
from voice_agent.console.doors import Door, Room, Visit
from voice_agent.console.frame import Frame
from voice_agent.console.knowledge_room import in_thread, person_of
from voice_agent.console.uploads import Upload
from voice_agent.http import Refused
from voice_agent.reading_aside import FORMS, KINDS, DocumentReading, read_aside

IMPORT = f"{HOME}/knowledge/import"
MOST_FILES = 20
MOST_BYTES = 10_000_000
MOST_TOGETHER = 25_000_000
MOST_PARTS = 300
"""Most drafts from one document; one with more is a whole site."""
TOLD = {
    "new": "new draft",
    "changed": "draft of the next version",
    "unchanged": "unchanged since it was last taken in",
    "edited": "left alone: its draft was edited since; publish or remove that, then try again",
}


@dataclass(frozen=True, slots=True)
class Made:
    """One article a document led to, and what to look at in it."""

    article: str
    title: str
    outcome: str
    place: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """The outcome for one document. `fault`: why it could not be read."""

    document: str
    fault: str = ""
    made: tuple[Made, ...] = ()
    gone: tuple[str, ...] = field(default=())
    """Articles it led to before and no longer contains."""


class Imports:
    """The upload form and its handler. `folder` is the company's."""

    def __init__(self, frame: Frame, folder: Path) -> None:
        self._frame = frame
        self._folder = folder
        self._one = anyio.Lock()

    def room(self) -> Room:
        """For everybody who may write drafts."""
        return Room((
            Door(IMPORT, self._show),
            Door(IMPORT, self._take, methods=("POST",), most=MOST_TOGETHER, files=MOST_FILES),
        ))  # fmt: skip

    async def _show(self, visit: Visit) -> Response:
        return await self._page(visit, None)

    async def _page(self, visit: Visit, taken: Sequence[Taken] | None) -> Response:
        adopted = await in_thread(lambda: Office(self._folder, visit.at).adopted)
        counts = Counter(m.outcome for one in taken or () for m in one.made)
        people = sorted(self._frame.company().company.people, key=lambda p: p.name)
        return self._frame.page(
            visit, "knowledge_import.html", taken=taken, counts=counts, told=TOLD, people=people,
            adopted=adopted, forms=FORMS, kinds=KINDS, most_files=MOST_FILES,
            most_mb=MOST_BYTES // 1_000_000,
        )  # fmt: skip

    async def _take(self, visit: Visit) -> Response:
        actor, owner = person_of(visit), visit.form.get("owner", "") or person_of(visit)
        if not visit.files:
            raise Refused(422, "no-file", "Choose at least one file.")
        office = Office(self._folder, visit.at)
        await in_thread(office.whole_trail)
        taken: list[Taken] = []
        async with self._one:
            for upload in visit.files:
                one = await self._document(office, upload, _how(visit, upload.name), actor, owner)
                taken.append(one)
                made = sum(m.outcome in ("new", "changed") for m in one.made)
                await self._frame.audited(visit.did(
                    "knowledge import", f"document:{one.document}", drafts=made, fault=one.fault,
                    sha256=hashlib.sha256(upload.content).hexdigest(),
                ))  # fmt: skip
            remarks = await in_thread(lambda: _remarks(office, taken))
        return await self._page(visit, [_with(one, remarks) for one in taken])

    async def _document(
        self, office: Office, upload: Upload, how: DocumentReading, actor: str, owner: str
    ) -> Taken:
        """Draft one document; a failure does not stop the others."""
        name = upload.name
        try:
            if len(upload.content) > MOST_BYTES:
                raise ImportFailed(f"{name}: larger than {MOST_BYTES // 1_000_000} MB; split it")
            proposals = await read_aside(upload.content, how)
            if len(proposals) > MOST_PARTS:
                raise ImportFailed(f"{name}: has {len(proposals)} parts; split it into documents")
        except ImportFailed as error:
            return Taken(name, str(error).removeprefix(f"{name}: "))
        titles = {p.place: p.title for p in proposals}
        done = await in_thread(lambda: office.take_in(proposals, actor, owner))
        gone = await in_thread(lambda: office.gone(name, proposals))
        return Taken(name, "", tuple(_made(one, titles) for one in done), tuple(gone))


def _how(visit: Visit, name: str) -> DocumentReading:
    """The form's choices of how to read a document."""
    given = visit.form
    form = next((f for f in FORMS if f == given.get("form")), None)
    kind = next((k for k in KINDS if k == given.get("kind")), KINDS[0])
    ours = tuple(n.strip() for n in given.get("ours", "")[:500].split(",") if n.strip())
    return DocumentReading(name, form, kind, given.get("currency", "").strip()[:8].upper(), ours)


def _made(done: Drafted, titles: dict[str, str]) -> Made:
    return Made(done.article, titles.get(done.place, done.article), done.outcome, done.place)


def _remarks(office: Office, taken: Sequence[Taken]) -> dict[str, list[str]]:
    """By article: what keeps its draft from being submitted, and lint's remarks."""
    made = [m.article for one in taken for m in one.made if m.outcome in ("new", "changed")]
    texts = {name: office.vault.text(f"{DRAFTS}/{name}.md") or "" for name in dict.fromkeys(made)}
    found: dict[str, list[str]] = {
        name: [str(p) for p in parse_article(text, name)[1]] for name, text in texts.items()
    }
    sound = {name: text for name, text in texts.items() if not found[name]}
    snapshot, people = look(office.vault), [p.id for p in office.company().people]
    for _ in range(2):
        live = {name: _as_live(text, people) for name, text in sound.items()}
        articles = {**snapshot.articles, **live}
        try:
            loaded = assemble(replace(snapshot, articles=articles, trail=None))
        except CompanyInvalid as error:
            for problem in error.problems:
                found.setdefault(Path(problem.file).stem, []).append(str(problem))
            sound = {name: text for name, text in sound.items() if not found[name]}
            continue
        for finding in lint(loaded, office.today(loaded.company)):
            kind = finding.kind.replace("-", " ")
            found.setdefault(finding.article, []).append(f"{kind}: {finding.note}")
        break
    return found


def _as_live(text: str, people: Sequence[str]) -> str:
    """A draft as if it were approved, to check it among the others."""
    front = front_of(text)
    others = (p for p in people if p not in (front.get("author"), front.get("owner")))
    return with_keys(text, status="published", approved_by=next(others, None))


def _with(one: Taken, remarks: dict[str, list[str]]) -> Taken:
    made = (
        replace(m, remarks=tuple(remarks.get(m.article, ())))
        if m.outcome in ("new", "changed") else m
        for m in one.made
    )  # fmt: skip
    return replace(one, made=tuple(made))
