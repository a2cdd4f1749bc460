"""`load(folder, company)`: the authored conversations of a folder, validated together."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path as FilePath
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError

from core.errors import CoreError
from core.evaluation.format import ANY, Conversation, File, TargetFile, fields
from core.evaluation.values import Values
from core.facts.standing import CONTACT_FIELDS
from core.qualification.segments import signals_of
from knowledge.errors import Problem
from knowledge.load import Loaded
from knowledge.positions import Located, Path, complaints, did_you_mean, listed, read_yaml

T = TypeVar("T", bound=BaseModel)
EVALS = "evals"
"""The conversations' subfolder of a company folder."""
TARGETS = "targets.yaml"
PAGE = "docs/evaluate.md"
"""The documentation of the format."""
WITHHELD = "withheld"
OFFERS = ("callback", "more", "permission", "recording", "confirm", "callback_time", "slots",
          "transfer", "cancel", "ai_call", "message")  # fmt: skip
"""What the agent may propose or read back, besides asking for criteria and contact details."""
PLACE, OUT = "location", "disqualifier"


class EvalsInvalid(CoreError):
    """The conversations are invalid; `problems` holds every fault found."""

    code = "evals-invalid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"{count} problem{'s' if count != 1 else ''}:\n{lines}")


@dataclass(frozen=True, slots=True)
class Evals:
    """The conversations in file order, and the targets of a run."""

    conversations: tuple[Conversation, ...]
    targets: TargetFile


def load_evals(folder: FilePath, loaded: Loaded) -> Evals:
    """Read and validate `*.yaml` of a folder. Raises: EvalsInvalid, with every problem at once."""
    problems: list[Problem] = []
    files, targets = _files(folder, problems)
    seen: dict[str, str] = {}
    for file, located in files:
        problems += _check(file, located, loaded, seen)
    if problems:
        raise EvalsInvalid(sorted(problems, key=lambda p: (p.file, p.line)))
    whole = tuple(_with_defaults(c, file, loaded) for file, _ in files for c in file.conversations)
    return Evals(whole, targets)


def faults_of(folder: FilePath, rest: Loaded | None, articles: Collection[str]) -> list[Problem]:
    """Faults of the conversations of a company that is faulty itself: of their form, and names that
    the `rest` of the company does not have. `articles`: ids of articles with faults."""
    problems: list[Problem] = []
    files, _ = _files(folder, problems)
    if rest is not None:
        for file, located in files:
            for n, conversation in enumerate(file.conversations):
                problems += _names(conversation, ("conversations", n), located, rest, articles)
    return sorted(problems, key=lambda p: (p.file, p.line))


def _files(
    folder: FilePath, problems: list[Problem]
) -> tuple[list[tuple[File, Located]], TargetFile]:
    """Each file of conversations that can be understood, and the targets."""
    targets = TargetFile()
    found: list[tuple[File, Located]] = []
    for path in sorted(folder.glob("*.yaml")):
        located = _read(path, problems)
        if path.name == TARGETS:
            targets = _typed(TargetFile, located, problems) or targets
        elif file := _typed(File, located, problems):
            found.append((file, located))
    if not found and not problems:
        remedy = f"Write one as {PAGE} tells, or name another folder."
        problems.append(Problem("*.yaml", 0, "", "conversations", f"none in {folder}", remedy))
    return found, targets


def _read(path: FilePath, problems: list[Problem]) -> Located:
    located = Located(path.name, None)
    try:
        located = read_yaml(path.name, path.read_text(encoding="utf-8"))
    except OSError as error:
        found = error.strerror or str(error)
        remedy = "Make the file readable for this user."
        located.problems.append(Problem(path.name, 0, "", "a readable file", found, remedy))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        found, remedy = f"the byte {error.object[error.start]:#04x}", "Save the file as UTF-8."
        located.problems.append(Problem(path.name, line, "", "UTF-8 text", found, remedy))
    problems.extend(located.problems)
    return located


def _typed(kind: type[T], located: Located, problems: list[Problem]) -> T | None:
    if located.data is None and located.problems:
        return None
    try:
        return kind.model_validate(located.data or {})
    except ValidationError as error:
        problems.extend(complaints(located, error, fields(), kind))
        return None


def _with_defaults(conversation: Conversation, file: File, loaded: Loaded) -> Conversation:
    """The conversation with the file's number and time as defaults, and an aware time."""
    when = conversation.when or file.when
    assert when is not None, "checked before"
    if when.tzinfo is None:
        when = when.replace(tzinfo=ZoneInfo(loaded.company.timezone))
    number = conversation.number or file.number
    changes = {"when": when.astimezone(UTC), "number": None if number == WITHHELD else number}
    return conversation.model_copy(update=changes)


# --- what must exist in the company ----------------------------------------------------------


def _check(file: File, located: Located, loaded: Loaded, seen: dict[str, str]) -> list[Problem]:
    problems: list[Problem] = []
    possible = Values(loaded.company)
    for n, conversation in enumerate(file.conversations):
        at: Path = ("conversations", n)
        if conversation.id in seen:
            expected, found = "an id used once", f"it in {seen[conversation.id]} too"
            problems.append(located.problem((*at, "id"), expected, found, "Choose another id."))
        seen[conversation.id] = located.file
        if conversation.when is None and file.when is None:
            remedy = "Add `when:` here or at the top of the file."
            problems.append(located.problem(at, "a time of the call", "nothing", remedy))
        when = conversation.when or file.when
        if when and not any(a.usable_on(when.date()) for a in loaded.articles):
            expected, found = "a day on which articles are published and in date", f"{when.date()}"
            remedy = "Take a day before the articles' `review_by`, or renew the articles."
            if not any(a.status == "published" for a in loaded.articles):
                remedy = "Publish an article: `status: published`, and who approved it."
            problems.append(located.problem((*at, "when"), expected, found, remedy))
        problems += _names(conversation, at, located, loaded)
        problems += _labels(conversation, at, located, possible)
    return problems


def _names(
    conversation: Conversation, at: Path, located: Located, loaded: Loaded,
    more: Collection[str] = (),
) -> list[Problem]:  # fmt: skip
    """Names of articles, criteria, segments and people that the company does not have; `more` are
    ids of further articles."""
    company = loaded.company
    criteria = signals_of(company)
    known = {*criteria, *CONTACT_FIELDS, PLACE}
    articles, segments = {*more, *(a.id for a in loaded.articles)}, {s.id for s in company.segments}
    expect, here = conversation.expect, (*at, "expect")
    wanted: list[tuple[Path, str, Iterable[str], set[str]]] = []
    for n, line in enumerate(conversation.turns):
        place = (*at, "turns", n)
        cited = [a.strip() for e in (*line.answer, *line.may_answer) for a in e.split("|")]
        wanted.append(((*place, "answer"), "an article", cited, articles))
        wanted.append(((*place, "ask"), "a criterion", _given(line.ask), known | {"none"}))
        wanted.append(((*place, "segment"), "a segment", _given(line.segment), segments | {"none"}))
    for key, reply in conversation.answers.items():
        place = (*at, "answers", key)
        wanted.append((place, "something asked for by the agent", [key], {*known, *OFFERS}))
        wanted.append(((*place, "signals"), "a criterion", reply.signals, known))
    for name in ("signals", "allow", "not_signals"):
        also = {"allow": {ANY, OUT, *_OF_ANYBODY}, "not_signals": {OUT}}.get(name, set[str]())
        named = getattr(expect, name)
        wanted.append(((*here, name), "a criterion", named, known | also))
    wanted.append(((*here, "segment"), "a segment", _given(expect.segment), segments | {"none"}))
    ids = {d.id for d in company.disqualifiers}
    wanted.append(((*here, "disqualifier"), "a disqualifier", _given(expect.disqualifier), ids))
    reps = expect.route.reps if expect.route else ()
    wanted.append(((*here, "route"), "a rep", reps, {*(r.id for r in company.team), "none"}))
    verdicts = {"qualified", "disqualified", "nurture", "needs_human", "insufficient"}
    wanted.append(((*here, "verdict"), "a verdict", expect.verdict, verdicts))
    return [
        located.problem(place, f"{what} of this company", f"`{name}`",
                        did_you_mean(name, existing) or _one_of(existing))
        for place, what, names, existing in wanted
        for name in names
        if name not in existing
    ]  # fmt: skip


def _one_of(existing: Collection[str]) -> str:
    return f"Use one of: {listed(existing)}." if existing else "There is none yet: write it first."


def _labels(
    conversation: Conversation, at: Path, located: Located, possible: Values
) -> Iterator[Problem]:
    """Values that are impossible for their criterion."""
    expect = conversation.expect
    stated: list[tuple[Path, str, Sequence[str]]] = []
    for key, reply in conversation.answers.items():
        stated.append(((*at, "answers", key, "means"), key, reply.means))
        told = (*at, "answers", key, "signals")
        stated += [((*told, name), name, values) for name, values in reply.signals.items()]
    for part in ("signals", "allow", "not_signals"):
        named: dict[str, tuple[str, ...]] = getattr(expect, part)
        stated += [((*at, "expect", part, name), name, v) for name, v in named.items()]
    for path, name, values in stated:
        for value in values:
            if fault := possible.fault(name, value):
                yield located.problem(path, fault[0], f"`{value}`", fault[1])


_OF_ANYBODY = ("employees", "industry", "role", "use_case", "tech_stack", "timeline", "budget")
"""What may be noted about any buyer, whatever the company asks for."""


def _given(name: str | None) -> tuple[str, ...]:
    return (name,) if name else ()
