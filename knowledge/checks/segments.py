"""Checks segments and their criteria: each must be reachable, distinct, and possible to meet."""

import math
from collections.abc import Iterator
from itertools import combinations

from knowledge.checks.local import check_local
from knowledge.errors import Problem
from knowledge.positions import Located, Path, did_you_mean
from knowledge.profile import Company, Condition, Criterion, Segment

_UNKNOWN = "Add it to a list of `vocabulary`, such as `use_cases` or `terms`, so it is understood."


def check_segments(
    company: Company, at: Located, names: set[str], topics: set[str]
) -> list[Problem]:
    """Every problem of segments, criteria and meeting types."""
    return [
        *_overlaps(company, at),
        *_segments(company, at, names, topics),
        *_meetings(company, at),
    ]


def _range(segment: Segment) -> tuple[float, float]:
    low, high = segment.employees_at_least, segment.employees_at_most
    return (low if low is not None else 0, high if high is not None else math.inf)


def _overlaps(company: Company, at: Located) -> Iterator[Problem]:
    numbered = list(enumerate(company.segments))
    for (_, first), (n, second) in combinations(numbered, 2):
        if first.id == second.id:
            yield at.problem(("segments", n, "id"), "an id of its own", second.id, "Rename it.")
        if not _beside(first, second):
            found = f"nobody who is not of `{first.id}` before, or sizes that overlap with it"
            remedy = (
                "Put the narrower segment first, or change the sizes so that they do not overlap."
            )
            yield at.problem(("segments", n), "a segment that can be reached", found, remedy)


def _beside(first: Segment, second: Segment) -> bool:
    """Whether buyers of the second can be told from the first: by size, industry or other facts; or
    it takes those left over by the first, which is narrower."""
    (low, high), (low2, high2) = _range(first), _range(second)
    apart = high < low2 or high2 < low
    within = (low2, high2) != (low, high) and low2 <= low and high <= high2
    shared = set(first.industries) & set(second.industries)
    split = bool(first.industries and second.industries) and not shared
    narrower = bool(first.industries) and not second.industries
    return apart or within or split or narrower or first.when != second.when


def _segments(
    company: Company, at: Located, names: set[str], topics: set[str]
) -> Iterator[Problem]:
    for n, segment in enumerate(company.segments):
        path: Path = ("segments", n)
        low, high = _range(segment)
        if low > high:
            found = f"{low:g} to {high:g}"
            yield at.problem(path, "a size range that is not empty", found, "Swap the two.")
        yield from _known(at, (*path, "industries"), segment.industries, names)
        yield from _conditions(company, at, (*path, "when"), segment.when, names)
        if not any(criterion.weight for criterion in segment.criteria):
            remedy = "Give at least one criterion a weight above zero."
            yield at.problem((*path, "criteria"), "a criterion that counts", "none", remedy)
        seen: set[str] = set()
        for m, criterion in enumerate(segment.criteria):
            where: Path = (*path, "criteria", m)
            if criterion.name in seen:
                expected = "each criterion once in a segment"
                yield at.problem((*where, "name"), expected, criterion.name, "Merge the two.")
            seen.add(criterion.name)
            yield from _criterion(at, where, criterion, names)
            yield from _conditions(company, at, (*where, "when"), criterion.when, names)
            yield from check_local(company, at, where, criterion, _criterion, names)
            for k, topic in enumerate(criterion.topics):
                if topic.lower() not in topics:
                    remedy = did_you_mean(topic, topics) or "Use a topic of some article."
                    yield at.problem((*where, "topics", k), "a topic of an article", topic, remedy)


def _criterion(at: Located, path: Path, criterion: Criterion, names: set[str]) -> Iterator[Problem]:
    low, high = criterion.at_least, criterion.at_most
    if low is not None and high is not None and low > high:
        found = f"{low:g} to {high:g}"
        yield at.problem(path, "`at_least` below `at_most`", found, "Swap the two.")
    written = any((*path, key) in at.lines for key in ("at_least", "at_most"))
    if criterion.kind == "number" and low is None and high is None and not written:
        remedy = "Give `at_least` or `at_most`; else nothing can meet it."
        yield at.problem(path, "a bound for a number", "none", remedy)
    soonest, latest = criterion.after_days, criterion.within_days
    if criterion.kind == "date" and soonest is None and latest is None:
        remedy = "Give `within_days` or `after_days`; else nothing can meet it."
        yield at.problem(path, "`within_days` for a date", "none", remedy)
    if soonest is not None and latest is not None and soonest > latest:
        found = f"{soonest} to {latest}"
        yield at.problem(path, "`after_days` below `within_days`", found, "Swap the two.")
    if criterion.kind == "choice":
        if not (criterion.any_of or criterion.none_of or criterion.tool_kinds):
            remedy = "Give `any_of`, `none_of` or `tool_kinds`; else nothing can meet it."
            yield at.problem(path, "values to choose from", "none", remedy)
        for key in ("any_of", "none_of"):
            yield from _known(at, (*path, key), getattr(criterion, key), names)
        for value in set(criterion.any_of) & set(criterion.none_of):
            remedy = "Remove it from one of the lists."
            yield at.problem((*path, "none_of"), "no value on both lists", value, remedy)
    yield from _either(at, path, criterion)
    yield from _counted(at, path, criterion)
    if criterion.required and not criterion.ask:
        remedy = "Write at least one spoken wording under `ask`."
        yield at.problem(path, "a way to ask for a required criterion", "none", remedy)


def _conditions(
    company: Company, at: Located, path: Path, conditions: tuple[Condition, ...], names: set[str]
) -> Iterator[Problem]:
    kinds = {c.name: c.kind for c in company.criteria}
    kinds = {"employees": "number", "industry": "choice", **kinds}
    for n, condition in enumerate(conditions):
        here = (*path, n)
        kind = kinds.get(condition.criterion)
        if kind is None:
            remedy = (
                did_you_mean(condition.criterion, set(kinds)) or "Name a criterion of this file."
            )
            yield at.problem((*here, "criterion"), "a criterion", condition.criterion, remedy)
        elif kind == "number" and condition.at_least is None and condition.at_most is None:
            yield at.problem(here, "a bound for a number", "none", "Give `at_least` or `at_most`.")
        elif kind == "yes_no" and not {*condition.any_of} & {"yes", "no"}:
            yield at.problem(here, "yes or no", "neither", 'Write `any_of: ["yes"]`.')
        elif kind == "choice" and not condition.any_of:
            yield at.problem(here, "values to choose from", "none", "Give `any_of`.")
        elif kind == "choice":
            yield from _known(at, (*here, "any_of"), condition.any_of, names)
        elif kind in ("text", "date"):
            remedy = "Let it depend on a number, a choice or a yes_no."
            yield at.problem(here, "a number, a choice or a yes_no", kind, remedy)


def _either(at: Located, path: Path, criterion: Criterion) -> Iterator[Problem]:
    """Yes-or-no criteria are met by one of the two answers, or both."""
    for n, value in enumerate(criterion.any_of if criterion.kind == "yes_no" else ()):
        if value not in ("yes", "no"):
            remedy = 'Write `["yes"]`, `["no"]`, or `["yes", "no"]` where either answer is fine.'
            yield at.problem((*path, "any_of", n), "yes or no", value, remedy)


def _counted(at: Located, path: Path, criterion: Criterion) -> Iterator[Problem]:
    """Units are matched word by word: "2,400 square metres" by `metre`."""
    for n, word in enumerate(criterion.counts):
        if len(parts := word.split()) > 1:
            remedy = (
                f"Write `{parts[-1]}`, as words between the number and it are passed over, or "
                f"`{'-'.join(parts)}`."
            )
            yield at.problem((*path, "counts", n), "one word", repr(word), remedy)


def _known(at: Located, path: Path, values: tuple[str, ...], names: set[str]) -> Iterator[Problem]:
    for n, value in enumerate(values):
        if value not in names:
            remedy = did_you_mean(value, names) or _UNKNOWN
            yield at.problem((*path, n), "a name of the vocabulary", value, remedy)


def _meetings(company: Company, at: Located) -> Iterator[Problem]:
    segments = {segment.id for segment in company.segments}
    for n, meeting in enumerate(company.meeting_types):
        for m, segment in enumerate(meeting.segments):
            if segment not in segments:
                remedy = did_you_mean(segment, segments) or "Name a segment of this file."
                path: Path = ("meeting_types", n, "segments", m)
                yield at.problem(path, "the id of a segment", segment, remedy)
