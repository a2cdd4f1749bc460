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
    counts = Counter(found.kind for found in lint(loaded, day) if found.kind != "uncovered")
    if counts:
        told = ", ".join(f"{number} × {KINDS[kind]}" for kind, number in counts.most_common())
        yield f"knowledge: {told}; `voice-agent knowledge lint` lists them"


def cut(problems: Iterable[Problem]) -> Iterator[str]:
    """Each problem as it is told, of each file the first few and how many there are besides."""
    counts: Counter[str] = Counter()
    for problem in problems:
        counts[problem.file] += 1
        if counts[problem.file] <= SHOWN:
            yield str(problem)
    for file, number in counts.items():
        if number > SHOWN:
            yield f"{file}: and {number - SHOWN} more"
