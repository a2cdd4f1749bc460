"""Colleagues the buyer adds to the meeting invitation. Pure."""

from collections.abc import Sequence

from core.events import Fact, Noted
from core.facts.standing import every
from core.identity.domains import company_domain

COLLEAGUE = "colleague"
"""Kind of the `Noted` that adds a colleague to the invitation; data: email."""
MOST = 5


def invited(addresses: Sequence[str], buyer: str) -> list[str]:
    """The addresses at the buyer's own company; an invitation never goes to an outside mailbox
    except the buyer's own."""
    domain = company_domain(buyer)
    return [a for a in addresses if domain and company_domain(a) == domain][:MOST]


def to_invite(facts: Sequence[Fact]) -> list[str]:
    """The addresses the buyer named, without duplicates."""
    told = (str(f.data.get("email", "")) for f in every(facts, Noted) if f.kind == COLLEAGUE)
    return [address for address in dict.fromkeys(told) if address]
