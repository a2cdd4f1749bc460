"""`voice-agent check` of the company folder beyond faults: what is not read, or read in vain."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from knowledge.errors import Problem
from knowledge.governance.vault import ARTICLES
from knowledge.lint import KINDS, lint
from knowledge.load import Loaded

SHOWN = 10
"""Problems of one file that are listed; a file with more is likely no article at all."""


ALIKE = 2
"""Places in which the same fault is told one by one."""


def unread(folder: Path) -> list[str]:
    """That something lies among the articles and is taken for none: another ending, a folder."""
    try:
        names = sorted(path.name for path in (folder / ARTICLES).iterdir())
    except OSError:
        return []  # no folder, or a file in its place: then no article is found either
    return [
        f"{ARTICLES}/{name} is not read: articles are files right in {ARTICLES}/ whose names end "
        "in .md"
        for name in names if not name.startswith(".") and not name.endswith(".md")
    ]  # fmt: skip


def remarks(folder: Path, loaded: Loaded, day: date) -> Iterator[str]:
    """What is no fault and yet will surprise whoever asks the agent something."""
    yield from unread(folder)
    published = [article for article in loaded.articles if article.status == "published"]
    if not any(a.valid_from <= day <= a.review_by for a in published):
        yield "no published article holds today: every question will be put off to a person"
    for article in published:
        path = folder / article.source
        if path.is_file() and "# TO DO" in path.read_text(encoding="utf-8", errors="replace"):
            yield f"{article.source} is published with a `# TO DO`: write it, and take that out"
    remarked = [found for found in lint(loaded, day) if found.kind != "uncovered"]
    counts = Counter(found.kind for found in remarked)
    if counts:
        first = {found.kind: found.article for found in reversed(remarked)}
        told = ", ".join(
            f"{number} × {KINDS[kind]} ({first[kind]}{' and others' * (number > 1)})"
            for kind, number in counts.most_common()
        )
        yield f"knowledge: {told}; `voice-agent knowledge lint` lists them"


def cut(problems: Iterable[Problem]) -> Iterator[str]:
    """Each problem as it is told, of each file the first few and how many there are besides; what
    one cause makes in many places is told with the first and counted."""
    counts: Counter[str] = Counter()
    alike = Counter(map(_cause, problems := tuple(problems)))
    told: set[tuple[str, ...]] = set()
    for problem in problems:
        if (cause := _cause(problem)) in told and alike[cause] > ALIKE:
            continue
        counts[problem.file] += 1
        if counts[problem.file] <= SHOWN:
            more = alike[cause] - 1 if alike[cause] > ALIKE else 0
            yield str(problem) + (f" The same {more} times more." if more else "")
        told.add(cause)
    for file, number in counts.items():
        if number > SHOWN:
            yield f"{file}: and {number - SHOWN} more"


def _cause(problem: Problem) -> tuple[str, ...]:
    return problem.expected, problem.found, problem.remedy
