"""The CRM lookup keys in a conversation: the buyer's address, or the calling number. Pure."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from core.crm.records import Found
from core.events import Fact
from core.identity.identifiers import JOINS, identifiers

Lookup = Callable[[str], Awaitable[Found | None]]
"""The CRM contact for a number or an address. Raises: CrmFailed."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A lookup key: a number (E.164) or an address."""

    value: str
    proven: bool = False


def sought(facts: Sequence[Fact], *, proven: bool = False) -> tuple[Sought, ...]:
    """The lookup keys in these facts, addresses before numbers.

    `proven`: only addresses that the channel verified, on channels where any can be made up.
    """
    seen = identifiers(facts)
    emails = [i for i in seen if i.kind == "email" and i.confidence >= JOINS]
    numbers = [i for i in seen if i.how == "caller_id"]
    found = (Sought(i.value, i.how == "verified") for i in (*emails, *numbers))
    return tuple(s for s in found if s.proven or not proven)


def better(old: Found | None, new: Found) -> Found:
    """The better of two results: an address says more than a number.

    If both are the same record, the number's result stands: the address confirms it.
    """
    if old is None:
        return new
    return replace(old, proven=old.proven or new.proven) if old.id == new.id else new
