"""Checks the chat's invitations: unique ids, and each with a chance to be shown."""

from collections.abc import Iterator

from knowledge.errors import Problem
from knowledge.positions import Located
from knowledge.profile import Company
from knowledge.sections.chat import Invitation


def check_chat(company: Company, at: Located) -> Iterator[Problem]:
    """Every problem of the chat section."""
    before: list[Invitation] = []
    for n, one in enumerate(company.chat.invitations):
        path = ("chat", "invitations", n)
        if any(other.id == one.id for other in before):
            yield at.problem((*path, "id"), "an id of its own", one.id, "Rename one of the two.")
        elif shadow := next((other for other in before if _always_first(other, one)), None):
            remedy = f"Put it before `{shadow.id}`, which asks for less on the same pages."
            yield at.problem((*path, "pages"), "pages on which it can be shown", one.id, remedy)
        before.append(one)


def _always_first(earlier: Invitation, later: Invitation) -> bool:
    """Whether the earlier of two is always due where the later is, and no later than it."""
    return (
        all("/*" in earlier.pages or page in earlier.pages for page in later.pages)
        and earlier.after_seconds <= later.after_seconds
        and earlier.scrolled <= later.scrolled
        and earlier.pages_seen <= later.pages_seen
        and (later.returning or not earlier.returning)
    )
