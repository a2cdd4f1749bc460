"""Applies a folder's new rules to a running company, keeping everything else. Pure."""

from collections.abc import Sequence

from knowledge.checks.company import check_company
from knowledge.entry import Article
from knowledge.errors import Problem
from knowledge.governance.vault import PROFILE
from knowledge.positions import Located
from knowledge.profile import Company
from knowledge.rules.sections import OF_TEAM, SECTIONS


def with_rules(running: Company, fresh: Company) -> Company:
    """The running company with the criteria, routing, hours and vocabulary of a fresh one.

    People keep what was set up for them at start-up: addresses and calendars.
    """
    known = {rep.id: rep for rep in fresh.team}
    team = tuple(
        rep.model_copy(update={f: getattr(known[rep.id], f) for f in OF_TEAM})
        if rep.id in known
        else rep
        for rep in running.team
    )
    changed = {name: getattr(fresh, name) for name in SECTIONS if name != "team"}
    return running.model_copy(update={**changed, "team": team})


def misfits(company: Company, articles: Sequence[Article]) -> list[Problem]:
    """Why such a company could not work, e.g. rules that name a person it does not have."""
    return check_company(company, Located(PROFILE, None), articles)
