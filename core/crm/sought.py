"""By what the CRM is asked who somebody is: their address, or the number that calls. Pure."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from core.crm.records import Found
from core.events import Fact
from core.identity.identifiers import JOINS, identifiers

Lookup = Callable[[str], Awaitable[Found | None]]
"""Whom the CRM knows by a number or an address. Raises: CrmFailed."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What the CRM is to be asked for: a number (E.164) or an address."""

    value: str
    proven: bool = False


def sought(facts: Sequence[Fact], *, proven: bool = False) -> tuple[Sought, ...]:
    """By what of these facts the CRM can be asked who it is, an address before a number.

    `proven`: only addresses that the channel proved count, where any can be made up.
    """
    seen = identifiers(facts)
    emails = [i for i in seen if i.kind == "email" and i.confidence >= JOINS]
    numbers = [i for i in seen if i.how == "caller_id"]
    found = (Sought(i.value, i.how == "verified") for i in (*emails, *numbers))
    return tuple(s for s in found if s.proven or not proven)


def better(old: Found | None, new: Found) -> Found:
    """Which of two answers stands: an address says more than a number.

    Where both are one record, what the number found stands: the address bears it out.
    """
    if old is None:
        return new
    return replace(old, proven=old.proven or new.proven) if old.id == new.id else new
