"""Checks the CRM section: known fields, reps on the team, no property mapped twice."""

from collections.abc import Iterator

from knowledge.errors import Problem
from knowledge.positions import Located, Path, did_you_mean
from knowledge.profile import Company
from knowledge.sections.crm import FIELDS, WITH_SIGNALS


def check_crm(company: Company, at: Located) -> Iterator[Problem]:
    """Every problem of the section `crm`."""
    ids = [rep.id for rep in company.team]
    for rep in company.crm.owners:
        if rep not in ids:
            remedy = did_you_mean(rep, ids) or "Name a rep of `team`."
            yield at.problem(("crm", "owners", rep), "the id of a rep", rep, remedy)
    for system in ("hubspot", "salesforce"):
        told = getattr(company.crm.customers, system)
        if told.field and not told.values:
            remedy = 'Name a value, or turn it off by `field: ""`.'
            where: Path = ("crm", "customers", system, "values")
            yield at.problem(where, "values that tell a customer", "none", remedy)
        for kind, fields in FIELDS.items():
            given: dict[str, str] = getattr(getattr(company.crm, system), kind)
            known = [*fields, *(signals(company) if kind in WITH_SIGNALS else ())]
            taken: dict[str, str] = {}
            for ours, theirs in given.items():
                path: Path = ("crm", system, kind, ours)
                if ours not in known:
                    remedy = did_you_mean(ours, known) or f"Use one of {', '.join(known)}."
                    yield at.problem(path, f"a field of a {kind}", ours, remedy)
                if theirs and theirs in taken:
                    remedy = f"`{taken[theirs]}` is written there; give one of them another name."
                    yield at.problem(path, "a property of its own", theirs, remedy)
                taken[theirs] = ours


def signals(company: Company) -> tuple[str, ...]:
    """The signal fields: `signal_` plus the criterion's name."""
    names = (c.name for c in company.criteria)
    return tuple(dict.fromkeys(f"signal_{name}" for name in names))
