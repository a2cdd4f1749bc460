"""Whom the CRM knows by a number or an address: the fact of it, and how surely it is them. Pure.

Neither is a person by itself: before somebody says who they are, only who owns the account counts,
and nothing of the record can be said. An address proves its person only where the channel proved
the address; one that is typed or dictated can be anybody's.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.crm.records import Found
from core.identity.names import same_name

CUSTOMER, YES = "customer", "yes"
"""Criterion and value of the signal that they are a customer already."""


@dataclass(frozen=True, slots=True)
class CrmContactFound:
    """A contact of the CRM by the buyer's number or address; a later one replaces it."""

    system: str
    record_id: str
    name: str
    company: str
    owner: str
    """A rep's id; empty when nobody of the team owns them, or several people are found."""
    deals: tuple[str, ...]
    """Names of open deals."""
    sure: bool
    """Whether it is certain to be them; if not, nothing of it is ever said to them."""
    after_ms: int = 0
    """When the CRM had answered, from the start."""
    shared: bool = False
    """Several people are found by it."""
    customer: str = ""
    """How the CRM says that they are a customer already; empty: it does not."""


def surely(found: Found, value: Callable[[str], str | None]) -> bool:
    """Whether who is there is the contact: by the name or the address that is known of them."""
    if found.shared:
        return False
    if found.proven:
        return True
    email, name = value("email"), value("name")
    if email and found.email and found.by != "email":
        return email.strip().lower() == found.email.strip().lower()
    return bool(name and found.name and same_name(name, found.name))


def told(found: Found, sure: bool) -> tuple[tuple[str, str, str], ...]:
    """Criteria the CRM has a value for, of somebody who is surely them, and where it says so."""
    if not sure:
        return ()
    values = (
        ("company", found.company, ""), ("role", found.role, ""),
        ("employees", found.employees, ""), ("industry", found.industry, ""),
        (CUSTOMER, YES if found.customer else "", f"{found.system}: {found.customer}"),
    )  # fmt: skip
    return tuple(one for one in values if one[1])


def fact_of(found: Found, sure: bool) -> CrmContactFound:
    """The fact, with the owner only where the number is one person's."""
    return CrmContactFound(
        found.system, found.id, found.name, found.company, "" if found.shared else found.owner,
        tuple(deal.name for deal in found.deals), sure, found.after_ms, found.shared,
        found.customer,
    )  # fmt: skip
