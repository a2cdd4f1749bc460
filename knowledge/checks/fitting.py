"""Checks the compatibility matrix, scenarios and kinds of tools: each named, used and covered."""

from collections.abc import Iterator, Sequence

from knowledge.entry import Article
from knowledge.errors import Problem
from knowledge.positions import Located, Path, did_you_mean
from knowledge.profile import Company


def check_fitting(
    company: Company, at: Located, names: set[str], articles: Sequence[Article]
) -> list[Problem]:
    """Every problem in how tools and scenarios are said to fit."""
    known = {article.id for article in articles}
    return [
        *_matrix(company, at, names, known),
        *_scenarios(company, at, known),
        *_kinds(company, at),
    ]


def _matrix(
    company: Company, at: Located, names: set[str], articles: set[str]
) -> Iterator[Problem]:
    seen: set[str] = set()
    for n, line in enumerate(company.compatibility):
        path: Path = ("compatibility", n)
        for m, tool in enumerate(line.tools):
            if tool not in names:
                remedy = did_you_mean(tool, names) or "Add it to `vocabulary.tools`."
                yield at.problem((*path, "tools", m), "a name of the vocabulary", tool, remedy)
            if tool in seen:
                remedy = "Keep one of the two lines."
                yield at.problem((*path, "tools", m), "each tool once", tool, remedy)
            seen.add(tool)
        if line.fit == "through" and not line.because:
            remedy = "Say in `because` what it works through."
            yield at.problem((*path, "because"), "what it works through", "nothing", remedy)
        yield from _article(at, path, line.article, articles)


def _scenarios(company: Company, at: Located, articles: set[str]) -> Iterator[Problem]:
    values = {v for c in company.criteria for v in c.any_of}
    values |= set(company.vocabulary.use_cases)
    seen: set[str] = set()
    for n, scenario in enumerate(company.scenarios):
        path: Path = ("scenarios", n)
        if scenario.value not in values:
            remedy = did_you_mean(scenario.value, values) or "Add it to `any_of` of a criterion."
            expected = "a value some criterion looks for"
            yield at.problem((*path, "value"), expected, scenario.value, remedy)
        if scenario.value in seen:
            remedy = "Merge the two."
            yield at.problem((*path, "value"), "each value once", scenario.value, remedy)
        seen.add(scenario.value)
        if scenario.fit != "full" and not scenario.because:
            remedy = "Say in `because` what is missing."
            yield at.problem((*path, "because"), "what is missing", "nothing", remedy)
        yield from _article(at, path, scenario.article, articles)


def _kinds(company: Company, at: Located) -> Iterator[Problem]:
    kinds = {line.kind for line in company.compatibility}
    for n, segment in enumerate(company.segments):
        for m, criterion in enumerate(segment.criteria):
            for k, kind in enumerate(criterion.tool_kinds):
                if kind not in kinds:
                    remedy = did_you_mean(kind, kinds) or "Use it in `compatibility` first."
                    path: Path = ("segments", n, "criteria", m, "tool_kinds", k)
                    yield at.problem(path, "a kind of the compatibility matrix", kind, remedy)


def _article(at: Located, path: Path, article: str | None, known: set[str]) -> Iterator[Problem]:
    if article is not None and known and article not in known:
        remedy = did_you_mean(article, known) or "Name an article of this folder."
        yield at.problem((*path, "article"), "the id of an article", article, remedy)
