"""Checks the company's other systems in `company.yaml`."""

import re
from collections.abc import Iterator

from knowledge.errors import Problem
from knowledge.hosts import confidential
from knowledge.positions import Located, Path, did_you_mean
from knowledge.profile import Company

_CHANNEL = re.compile(r"[CGD][A-Z0-9]{8,}")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_EVENT = re.compile(r"[a-z-]+\.([a-z-]+|\*)")
_MEMBER = re.compile(r"[UW][A-Z0-9]{6,}")


def check_systems(company: Company, at: Located, names: set[str]) -> Iterator[Problem]:
    """Every problem under `systems`."""
    yield from _intent(company, at, names)
    yield from _notices(company, at)
    yield from _webhooks(company, at)


def _intent(company: Company, at: Located, names: set[str]) -> Iterator[Problem]:
    for theirs, ours in company.systems.enrichment.intent.topics.items():
        if ours not in names:
            path: Path = ("systems", "enrichment", "intent", "topics", theirs)
            remedy = did_you_mean(ours, names) or "Add the name to the vocabulary first."
            yield at.problem(path, "a name of the vocabulary", ours, remedy)


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


def _webhooks(company: Company, at: Located) -> Iterator[Problem]:
    seen: set[str] = set()
    for n, hook in enumerate(company.systems.webhooks):
        path: Path = ("systems", "webhooks", n)
        if not _ID.fullmatch(hook.id) or hook.id in seen:
            remedy = "Rename it, with letters, digits and - only."
            yield at.problem((*path, "id"), "an id of its own", hook.id, remedy)
        seen.add(hook.id)
        if not confidential(hook.url):
            remedy = "Use https; http only reaches this machine."
            yield at.problem((*path, "url"), "an https address", hook.url, remedy)
        for event in hook.events:
            if not _EVENT.fullmatch(event):
                remedy = "Write it as in `voice-agent check`'s list."
                expected = "an event, e.g. verdict.reached or meeting.*"
                yield at.problem((*path, "events"), expected, event, remedy)
