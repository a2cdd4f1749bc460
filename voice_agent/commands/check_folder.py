"""`voice-agent check` of the company folder beyond faults: what is ignored, or has no effect."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from core.conversation.wording.realise import Realiser
from core.evaluation.load import EVALS, faults_of
from core.qualification.thin import thin
from knowledge.errors import CompanyInvalid, Problem
from knowledge.finding import Finding
from knowledge.golden import Golden, Result, ask_all, read_golden
from knowledge.governance.vault import ARTICLES, GOLDEN, Vault
from knowledge.lint import KINDS, lint
from knowledge.load import Loaded, text_of
from knowledge.unwritten import MARK, unwritten
from voice_agent.call.fillers import unvoiced

SHOWN = 10
"""Problems listed per file by default; a file with more is probably not an article."""
ALIKE = 2
"""Places in which a repeated fault is shown in full."""
PLACES = 4
"""Further places of a fault that are named."""
FEW = 4
"""Remarks of one kind that are shown in full."""
LINT = "voice-agent knowledge lint"
DOCUMENTS = (".docx", ".pdf", ".pptx", ".html", ".htm", ".csv")
"""Suffixes from which `knowledge import` makes drafts."""


def unread(folder: Path) -> list[str]:
    """Files among the articles that are not read as articles: another suffix, a folder."""
    if not folder.is_dir():
        return []  # then nothing at all is read, and said so
    try:
        names = sorted(path.name for path in (folder / ARTICLES).iterdir())
    except OSError:
        return [f"{ARTICLES}/ is no folder that can be read: what the agent may say are files "
                f"{ARTICLES}/<id>.md in it (docs/knowledge.md)"]  # fmt: skip
    return [
        f"{ARTICLES}/{name} is not read: articles are files right in {ARTICLES}/ whose names end "
        "in .md" + _taken_in(folder, name)
        for name in names if not name.startswith(".") and not name.endswith(".md")
    ]  # fmt: skip


def _taken_in(folder: Path, name: str) -> str:
    """How to turn a document into articles."""
    if Path(name).suffix.lower() not in DOCUMENTS:
        return ""
    return (
        f"; take it in with `voice-agent knowledge import {folder / ARTICLES / name} --company "
        f"{folder} --as PERSON`"
    )


def beside_faults(folder: Path, error: CompanyInvalid) -> list[Problem]:
    """What else is wrong in a company folder with faults, as far as that can be told."""
    broken = [p.file for p in error.problems if p.file.startswith(f"{ARTICLES}/")]
    found: list[Problem] = []
    if (folder / EVALS).is_dir():
        faults = faults_of(folder / EVALS, error.rest, {Path(name).stem for name in broken})
        found += [replace(fault, file=f"{EVALS}/{fault.file}") for fault in faults]
    try:
        _golden(folder)
    except CompanyInvalid as faulty:
        found += faulty.problems
    return found


def remarks(folder: Path, loaded: Loaded, day: date, *, whole: bool = True) -> Iterator[str]:
    """What is not a fault but will surprise people who ask the agent something.

    Not `whole`: the company's own rules have faults, and are skipped.
    """
    yield from unread(folder)
    published = [article for article in loaded.articles if article.status == "published"]
    if not any(a.valid_from <= day <= a.review_by for a in published):
        yield "no published article holds today: every question will be deferred to a person"
    for article in unwritten(folder, published):
        yield f"{article.source} is published with a `{MARK}`: write it, and take that out"
    yield from _linted(folder, loaded, day)
    for segment, one in thin(loaded.company) if whole else ():
        given = f"raise `judge_at` above {segment.judge_at:g}"
        remedy = given if segment.judge_at else "set `judge_at` (0.5, say)"
        yield (
            f"segments: {segment.id}: a buyer who meets `{one.name}` and tells nothing else is "
            f"qualified, where no criterion with `when` applies; {remedy} or require a criterion "
            "that always applies, or write `judge_at: 0` if that is meant"
        )
    names = {t.lower() for article in loaded.articles for t in article.topics}
    names |= {name.lower() for name in loaded.company.vocabulary.industries}
    for rep in loaded.company.team if whole else ():
        if vain := [known for known in rep.expertise if known.lower() not in names]:
            yield (
                f"team: {rep.id}: `expertise` {', '.join(vain)} is no topic of an article and no "
                "industry of the vocabulary, so it never decides: use their words"
            )
    for line in unvoiced(Realiser(loaded.company), loaded.company.voice.filler):
        yield (
            f"voice.filler: {line!r} is never said: fillers are voiced beforehand, and know no "
            "name but {company} and {agent}"
        )


def _linted(folder: Path, loaded: Loaded, day: date) -> Iterator[str]:
    """Lint's remarks: the first few of each kind, the rest as a count."""
    files = {article.id: article.source for article in loaded.articles}
    kinds: dict[str, list[Finding]] = defaultdict(list)
    for one in lint(loaded, day):
        if one.kind != "uncovered":
            kinds[one.kind].append(one)
    for kind, alike in sorted(kinds.items(), key=lambda item: -len(item[1])):
        if len(alike) <= FEW:
            yield from (f"{files[one.article]}: {one.note} ({kind})" for one in alike)
            continue
        names = list(dict.fromkeys(one.article for one in alike))
        shown = ", ".join(names[:FEW]) + (f" and {len(names) - FEW} more" * (len(names) > FEW))
        yield f"{len(alike)} × {KINDS[kind]} ({shown}): `{LINT} --company {folder}` lists each"


def golden_questions(folder: Path, loaded: Loaded, day: date) -> tuple[int, list[Result]]:
    """The number of golden questions, and those that fail on `day`. Raises: CompanyInvalid."""
    results = ask_all(loaded, _golden(folder), day)
    return len(results), [result for result in results if not result.right]


def _golden(folder: Path) -> Golden:
    """The golden questions; empty without a file. Raises: CompanyInvalid."""
    problems: list[Problem] = []
    text = text_of(Vault(folder), GOLDEN, problems)
    if problems:
        raise CompanyInvalid(problems)
    return read_golden(text)


def cut(problems: Iterable[Problem], *, every: bool = False) -> Iterator[str]:
    """The first problems of each file, and a count of the rest; problems with the same cause are
    shown once with a count. With `every`, all of them."""
    if every:
        yield from map(str, problems)
        return
    counts: Counter[str] = Counter()
    alike: dict[tuple[str, ...], list[Problem]] = defaultdict(list)
    for problem in (problems := tuple(problems)):
        alike[_cause(problem)].append(problem)
    for problem in problems:
        same = alike[_cause(problem)]
        if len(same) > ALIKE and problem is not same[0]:
            continue
        counts[problem.file] += 1
        if counts[problem.file] <= SHOWN:
            yield str(problem) + (_again(same[1:], problem.file) if len(same) > ALIKE else "")
    for file, number in counts.items():
        if number > SHOWN:
            yield f"{file}: and {number - SHOWN} more; `voice-agent check --all` lists them"


def _again(same: Sequence[Problem], file: str) -> str:
    """Where the same problem occurs: the first few lines, with the file if it is another one."""
    first = [
        f"line {p.line}" if p.file == file else f"{p.file}:{p.line}" for p in same[:PLACES]
    ]  # fmt: skip
    rest = ", …" if len(same) > PLACES else ""
    return f" The same {len(same)} times more: {', '.join(first)}{rest or '.'}"


def _cause(problem: Problem) -> tuple[str, ...]:
    return problem.expected, problem.found, problem.remedy
