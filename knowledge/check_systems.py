"""What must hold of the company's other systems in `company.yaml`."""

import re
from collections.abc import Iterator

from knowledge.errors import Problem
from knowledge.positions import Located, Path
from knowledge.profile import Company

_CHANNEL = re.compile(r"[CGD][A-Z0-9]{8,}")
_MEMBER = re.compile(r"[UW][A-Z0-9]{6,}")


def check_systems(company: Company, at: Located) -> Iterator[Problem]:
    """Every problem under `systems`."""
    yield from _notices(company, at)


def _notices(company: Company, at: Located) -> Iterator[Problem]:
    told, path = company.systems.notices, ("systems", "notices")
    if told.slack_channel and not _CHANNEL.fullmatch(told.slack_channel):
        remedy = "Copy it from the channel's details in Slack; a name such as #sales is no id."
        where: Path = (*path, "slack_channel")
        yield at.problem(where, "a channel's id, e.g. C0123456789", told.slack_channel, remedy)
    for person, member in told.slack_users.items():
        where = (*path, "slack_users", person)
        if company.person(person) is None:
            remedy = "Use an id of `team` or `stewards`."
            yield at.problem(where, "somebody of the company", person, remedy)
        if not _MEMBER.fullmatch(member):
            remedy = "Copy the member ID from their profile in Slack."
            yield at.problem(where, "a member's id, e.g. U0123456789", member, remedy)
