"""Checks articles together with their owners and dates, before any is spoken."""

from collections.abc import Collection, Iterator, Sequence

from knowledge.article_file import ArticleFile
from knowledge.audience import audiences
from knowledge.errors import Problem
from knowledge.fitting import values_of
from knowledge.positions import did_you_mean
from knowledge.profile import Company

_APPROVED = {"approved", "published"}


def check_articles(
    company: Company, files: Sequence[ArticleFile], drafts: Collection[str] = ()
) -> list[Problem]:
    """Every problem of the articles as a whole; `drafts` are ids of unpublished articles."""
    people = {rep.id for rep in company.team} | {steward.id for steward in company.stewards}
    known = {file.article.id for file in files} | set(drafts)
    values = {v for c in company.criteria for v in values_of(company, c)}
    values |= {segment.id for segment in company.segments}
    problems = list(_duplicates(files))
    for file in files:
        problems.extend(_people(file, people))
        problems.extend(_approval(file))
        problems.extend(_references(file, known))
        problems.extend(_implied(file, values))
        problems.extend(_audience(file, audiences(company)))
    return problems


def _duplicates(files: Sequence[ArticleFile]) -> Iterator[Problem]:
    versions: dict[tuple[str, int], str] = {}
    published: dict[str, str] = {}
    for file in files:
        article, at = file.article, file.located
        first = versions.setdefault((article.id, article.version), article.source)
        if first != article.source:
            remedy = "Give one of them another id, or raise its version."
            found = f"{article.id} version {article.version}, also in {first}"
            yield at.problem(("id",), "an id and version of its own", found, remedy)
        elif article.status == "published":
            other = published.setdefault(article.id, article.source)
            if other != article.source:
                found = f"{article.id}, also published in {other}"
                remedy = "Retire the older one: `status: retired`."
                yield at.problem(("status",), "one published version", found, remedy)


def _people(file: ArticleFile, people: set[str]) -> Iterator[Problem]:
    article, at = file.article, file.located
    named = {"owner": article.owner, "author": article.author, "approved_by": article.approved_by}
    for key, person in named.items():
        if person is not None and person not in people:
            remedy = did_you_mean(person, people) or "Add the person to `team` or `stewards`."
            yield at.problem((key,), "the id of a rep or steward", person, remedy)


def _approval(file: ArticleFile) -> Iterator[Problem]:
    article, at = file.article, file.located
    if article.status in _APPROVED and article.approved_by is None:
        remedy = "Name who approved it in `approved_by`, or set `status: in_review`."
        yield at.problem(("status",), "an approval", f"{article.status} without one", remedy)
    writer = article.author or article.owner
    if article.approved_by is not None and article.approved_by == writer:
        remedy = "Have someone else approve it."
        expected = f"someone other than the {'author' if article.author else 'owner'}"
        yield at.problem(("approved_by",), expected, writer, remedy)
    if article.review_by < article.valid_from:
        found = article.review_by.isoformat()
        expected = f"a day on or after {article.valid_from.isoformat()}"
        yield at.problem(("review_by",), expected, found, "Move the review date.")


def _references(file: ArticleFile, known: set[str]) -> Iterator[Problem]:
    for n, other in enumerate(file.article.related):
        if other not in known:
            remedy = did_you_mean(other, known) or "Name an article of this folder."
            yield file.located.problem(("related", n), "the id of an article", other, remedy)


def _audience(file: ArticleFile, known: set[str]) -> Iterator[Problem]:
    for n, name in enumerate(file.article.audience):
        if name not in known:
            remedy = did_you_mean(name, known) or "Add the industry or role to the vocabulary."
            expected = "`all`, a segment, an industry or role of the vocabulary, or a group"
            yield file.located.problem(("audience", n), expected, name, remedy)


def _implied(file: ArticleFile, values: set[str]) -> Iterator[Problem]:
    for n, value in enumerate(file.article.implies):
        if value not in values:
            remedy = did_you_mean(value, values) or "Add it to `any_of` of a criterion."
            expected = "a value some criterion looks for"
            yield file.located.problem(("implies", n), expected, value, remedy)
