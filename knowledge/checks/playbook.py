"""Checks the playbook: each rule can apply, and is short enough to read before a call."""

from collections.abc import Iterable, Iterator

from knowledge.errors import Problem
from knowledge.positions import Located, Path, did_you_mean
from knowledge.profile import Company, Criterion, PlaybookRule

MOST_WORDS = 25
CONTACT = ("name", "company", "phone", "email", "location", "industry", "employees", "customer",
           "intent")  # fmt: skip
"""Known about a buyer in addition to their segment's criteria."""


def check_playbook(company: Company, at: Located, topics: set[str]) -> list[Problem]:
    """Every problem of the playbook; `topics` are those of the articles, in lower case."""
    return [
        p for n, rule in enumerate(company.playbook) for p in _rule(n, rule, company, at, topics)
    ]


def _rule(
    n: int, rule: PlaybookRule, company: Company, at: Located, topics: set[str]
) -> Iterator[Problem]:
    path: Path = ("playbook", n)
    if rule.id in [other.id for other in company.playbook[:n]]:
        yield at.problem((*path, "id"), "an id of its own", rule.id, "Rename it.")
    segments = [s.id for s in company.segments]
    criteria = {c.name: c for c in company.criteria}
    known = [*criteria, *CONTACT]
    yield from _each(at, (*path, "segments"), rule.segments, segments, "the id of a segment")
    yield from _each(at, (*path, "unknown"), rule.unknown, list(criteria), "a criterion")
    yield from _each(at, (*path, "topics"), rule.topics, sorted(topics), "a topic of an article")
    yield from _each(at, (*path, "signals"), rule.signals, known, "a criterion or contact field")
    for name, values in rule.signals.items():
        allowed = _values(company, name, criteria.get(name))
        if allowed:
            expected = f"a value of {name}"
            yield from _each(at, (*path, "signals", name), values, allowed, expected)
    for m, words in enumerate(rule.objections):
        if not words.strip():
            remedy = "Write words of the doubt, e.g. expensive."
            yield at.problem((*path, "objections", m), "words", "nothing", remedy)
    if not _conditions(rule):
        remedy = (
            "Say when it applies: segments, verdicts, signals, unknown, topics, objections, owed."
        )
        yield at.problem(path, "at least one condition", "none", remedy)
    count = len(rule.say.split())
    if not 0 < count <= MOST_WORDS:
        remedy = "Say one thing; make a second rule of the rest."
        yield at.problem((*path, "say"), f"1 to {MOST_WORDS} words", f"{count} words", remedy)


def _conditions(rule: PlaybookRule) -> bool:
    listed = (
        rule.segments,
        rule.verdicts,
        rule.signals,
        rule.unknown,
        rule.topics,
        rule.objections,
    )
    return any(listed) or rule.owed is not None


def _values(company: Company, name: str, criterion: Criterion | None) -> list[str]:
    """The possible values of a signal, if they are known in advance."""
    words = company.vocabulary
    names = {
        "industry": words.industries,
        "use_case": words.use_cases,
        "role": words.roles,
        "intent": (*words.use_cases, *words.products, *words.plans, *words.integrations,
                   *words.tools, *words.competitors, *words.terms),
        "tech_stack": (*words.integrations, *words.tools, *words.competitors),
    }.get(name, ())  # fmt: skip
    accepted = (*criterion.any_of, *criterion.none_of) if criterion else ()
    judged = criterion is not None and bool(criterion.tool_kinds)
    tools = [t for line in company.compatibility for t in line.tools] if judged else []
    return list(dict.fromkeys((*accepted, *tools, *names)))


def _each(
    at: Located, path: Path, values: Iterable[str], known: list[str], expected: str
) -> Iterator[Problem]:
    lowered = {k.lower() for k in known}
    for n, value in enumerate(values):
        if value.lower() not in lowered:
            remedy = did_you_mean(value, known) or f"Use one of {', '.join(known[:8])} …"
            place = (*path, value) if path[-1] == "signals" else (*path, n)
            yield at.problem(place, expected, value, remedy)
