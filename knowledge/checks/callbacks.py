"""Checks the promised calls in `company.yaml`, above all those placed by the AI."""

import re
from collections.abc import Iterator
from datetime import time

from knowledge.errors import Problem
from knowledge.positions import Located, Path, did_you_mean
from knowledge.profile import Company

EARLIEST, LATEST = time(8), time(21)
SAYS_AI = re.compile(r"\b(AI|A\.I\.|artificial|automated|virtual|robot|bot)\b", re.IGNORECASE)


def check_callbacks(company: Company, at: Located) -> Iterator[Problem]:
    """Every problem under `callbacks`."""
    rules = company.callbacks
    path: Path = ("callbacks",)
    if rules.escalate_to and company.person(rules.escalate_to) is None:
        known = {person.id for person in company.people}
        remedy = did_you_mean(rules.escalate_to, known) or "Use an id of `team` or `stewards`."
        where: Path = (*path, "escalate_to")
        yield at.problem(where, "somebody of the company", rules.escalate_to, remedy)
    if rules.escalate_minutes > rules.remind_minutes:
        expected = f"no more than the {rules.remind_minutes} minutes of `remind_minutes`"
        found, remedy = f"{rules.escalate_minutes} minutes", "Lower it: who owns it is told first."
        yield at.problem((*path, "escalate_minutes"), expected, found, remedy)
    if not EARLIEST <= rules.earliest < rules.latest <= LATEST:
        found = f"{rules.earliest:%H:%M} to {rules.latest:%H:%M}"
        remedy = "Set `earliest` and `latest` inside that, the earlier one first."
        yield at.problem((*path, "earliest"), "hours from 08:00 to 21:00", found, remedy)
    for name in ("ask", "message"):
        text: str = getattr(rules, name)
        if "{company}" not in text and company.name not in text:
            remedy = "Write {company} where the name belongs."
            yield at.problem((*path, name), "words that name the company", text, remedy)
        if not SAYS_AI.search(text):
            remedy = "Say that it is an AI, e.g. `{company}'s AI assistant`."
            yield at.problem((*path, name), "words that say it is an AI", text, remedy)
