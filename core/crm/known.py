"""The CRM contact for a number or an address: the fact of it, and how certain it is. Pure.

Neither identifies a person by itself: until somebody says who they are, only the account owner
counts, and nothing in the record may be said. An address identifies its person only if the channel
verified it; a typed or dictated one may be anybody's.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.crm.records import Found
from core.identity.names import same_name

CUSTOMER, YES = "customer", "yes"
"""Criterion and value of the signal that they are already a customer."""


@dataclass(frozen=True, slots=True)
class CrmContactFound:
    """A CRM contact by the buyer's number or address; a later one replaces it."""

    system: str
    record_id: str
    name: str
    company: str
    owner: str
    """A rep's id; empty when no team member owns them, or several people match."""
    deals: tuple[str, ...]
    """Names of open deals."""
    sure: bool
    """Whether the identity is certain; if not, none of it is ever said to them."""
    after_ms: int = 0
    """When the CRM answered, from the start."""
    shared: bool = False
    """Several people match."""
    customer: str = ""
    """How the CRM says that they are already a customer; empty: it does not."""


def surely(found: Found, value: Callable[[str], str | None]) -> bool:
    """Whether the buyer is the contact, by the name or address known for them."""
    if found.shared:
        return False
    if found.proven:
        return True
    email, name = value("email"), value("name")
    if email and found.email and found.by != "email":
        return email.strip().lower() == found.email.strip().lower()
    return bool(name and found.name and same_name(name, found.name))


def told(found: Found, sure: bool) -> tuple[tuple[str, str, str], ...]:
    """Criteria with a value in the CRM, each with its source field; only for a certain contact."""
    if not sure:
        return ()
    values = (
        ("company", found.company, ""), ("role", found.role, ""),
        ("employees", found.employees, ""), ("industry", found.industry, ""),
        (CUSTOMER, YES if found.customer else "", f"{found.system}: {found.customer}"),
    )  # fmt: skip
    return tuple(one for one in values if one[1])


def fact_of(found: Found, sure: bool) -> CrmContactFound:
    """The fact; it includes the owner only if the number belongs to one person."""
    return CrmContactFound(
        found.system, found.id, found.name, found.company, "" if found.shared else found.owner,
        tuple(deal.name for deal in found.deals), sure, found.after_ms, found.shared,
        found.customer,
    )  # fmt: skip
