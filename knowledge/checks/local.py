"""Checks criteria that differ by place: known places, satisfiable rules, real differences."""

from collections.abc import Callable, Iterator

from knowledge.errors import Problem
from knowledge.places import countries, country_code, covers
from knowledge.positions import Located, Path, did_you_mean
from knowledge.profile import Company, Criterion

REGIONS = ("Europe", "EMEA", "EU")
"""Wider than a country."""
OF_KIND = {
    "number": ("at_least", "at_most"), "date": ("after_days", "within_days"),
    "choice": ("any_of", "none_of", "tool_kinds"),
}  # fmt: skip
Check = Callable[[Located, Path, Criterion, set[str]], Iterator[Problem]]


def check_local(
    company: Company, at: Located, path: Path, criterion: Criterion, check: Check, names: set[str]
) -> Iterator[Problem]:
    """Every problem of a criterion's local rules; `check` finds those of any criterion."""
    known = {*REGIONS, *(t for rep in company.team for t in rep.territories)}
    known |= {t for rule in company.routing for t in rule.territories}
    earlier: list[str] = []
    for n, rule in enumerate(criterion.local):
        where: Path = (*path, "local", n)
        for m, place in enumerate(rule.territories):
            if place not in known and country_code(place) is None:
                remedy = did_you_mean(place, {*known, *countries()}) or "Name a country or region."
                yield at.problem((*where, "territories", m), "a known place", place, remedy)
            if any(covers(one, place) for one in earlier):
                found = f"{place}, where a rule above holds already"
                remedy = "Remove it, or move the narrower place up."
                yield at.problem((*where, "territories", m), "a place of its own", found, remedy)
        earlier += rule.territories
        if not rule.territories:
            remedy = "Name the places, or change the criterion itself."
            yield at.problem(where, "places under `territories`", "none", remedy)
        changes = rule.changes
        for kind, own in OF_KIND.items():
            for name in own if kind != criterion.kind else ():
                if name in changes:
                    remedy = f"Remove it: `{criterion.name}` is of kind {criterion.kind}."
                    yield at.problem((*where, name), f"keys of a {criterion.kind}", name, remedy)
        if all(getattr(criterion, name) == value for name, value in changes.items()):
            remedy = "Give what is other there: a bound, a list, `weight` or `required`."
            yield at.problem(where, "something that differs", "nothing", remedy)
            continue
        yield from check(at, where, criterion.with_rule(rule), names)
